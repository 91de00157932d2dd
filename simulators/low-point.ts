/** A low point of a street where water stands when more comes than the inlet takes. */
export interface LowPointMakeup {
  /** Flow of the catchment above which the sewer backs up, m³/s. */
  readonly sewerCapacityM3s: number
  /** Share of the surplus that reaches this low point, 0..1. */
  readonly share: number
  /** Area under water, m²; the sides are steep. */
  readonly areaM2: number
  /** What the inlet takes away, m³/s. */
  readonly inletM3s: number
}

/** Returns the depth after each step, mm. */
export function simulatedLowPoint(
  makeup: LowPointMakeup,
): (flowM3s: number, stepMs: number) => number {
  let volumeM3 = 0
  return (flowM3s, stepMs) => {
    const surplus = Math.max(0, flowM3s - makeup.sewerCapacityM3s) * makeup.share
    volumeM3 = Math.max(0, volumeM3 + ((surplus - makeup.inletM3s) * stepMs) / 1000)
    return (volumeM3 / makeup.areaM2) * 1000
  }
}
