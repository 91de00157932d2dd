/** What a facility that infiltrates, filters or retains is sized by. */
export interface RetentionFacility {
  /** Effective storage below the overflow, voids of the media included, m³. */
  readonly storageM3: number
  /** Saturated conductivity of soil or medium, m/h; field-measured (unverified). */
  readonly conductivityMh: number
  /** Hydraulic gradient; usually 1 (unverified). */
  readonly gradient: number
  /** Effective infiltration area, m². */
  readonly areaM2: number
  /** How long it infiltrates during rain, h: the local mean event duration; without data 2 to 12. */
  readonly rainH: number
}

/** Control scale and the part of it that passes during rain. */
export interface ControlScale {
  readonly duringRainM3: number
  readonly totalM3: number
}

/**
 * `Vin = Vs + Win`, `Win = K·J·A·ts` (GB/T 51345-2018, clauses 5.1.1–5.1.3 as read in an excerpt,
 * standards sheet S5).
 */
export function retentionScale(facility: RetentionFacility): ControlScale {
  const { storageM3, conductivityMh, gradient, areaM2, rainH } = facility
  const duringRainM3 = conductivityMh * gradient * areaM2 * rainH
  return { duringRainM3, totalM3: storageM3 + duringRainM3 }
}

/**
 * `Ved = Vs + Wed`, `Wed = Vs/Td·tp` of a facility with timed release (the same clauses; the last
 * subscript is illegible in the source, tp is assumed).
 *
 * @param drawdownH Td, design drawdown time, h, > 0
 * @param rainH tp, how long it releases during rain, h
 */
export function detentionScale(storageM3: number, drawdownH: number, rainH: number): ControlScale {
  const duringRainM3 = (storageM3 / drawdownH) * rainH
  return { duringRainM3, totalM3: storageM3 + duringRainM3 }
}

/**
 * Volume method (容积法): `V = 10·H·φ·F` (technical guide 2014, (unverified)).
 *
 * @param depthMm design rainfall
 * @param coefficient composite volumetric runoff coefficient, 0 to 1
 * @returns m³
 */
export function requiredVolumeM3(depthMm: number, coefficient: number, areaM2: number): number {
  return (depthMm * coefficient * areaM2) / 1000
}

/** Depth that a volume controls: the volume method turned round, mm. */
export function controlledDepthMm(volumeM3: number, coefficient: number, areaM2: number): number {
  return (1000 * volumeM3) / (coefficient * areaM2)
}
