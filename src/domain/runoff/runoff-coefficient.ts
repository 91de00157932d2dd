/** Rain volume on an area, m³: 1 mm on 1 m² is 1 litre (10·H·F with F in hm²). */
export function rainVolumeM3(depthMm: number, areaM2: number): number {
  return (depthMm * areaM2) / 1000
}

/**
 * Event runoff coefficient `φ = V / (10·H·F)`. Plausible from 0 to 1; more than
 * 1 tells of external inflow, a wrong area or a gauge that caught too little.
 *
 * @param rainM3 > 0; without rain there is no coefficient
 * @returns null when no rain fell
 */
export function runoffCoefficient(volumeM3: number, rainM3: number): number | null {
  return rainM3 > 0 ? volumeM3 / rainM3 : null
}
