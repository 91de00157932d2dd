import { stormDepthMm, type StormParameters } from './storm-intensity.js'

/** Rain of one step of a design storm. */
export interface DesignStep {
  readonly fromMin: number
  readonly toMin: number
  readonly depthMm: number
}

/**
 * Chicago hyetograph (Keifer & Chu, J. Hydraulics Div. ASCE 83(HY4), 1957) of a storm formula, from
 * the differenced cumulative curve. With `a = A/qPerMmMin` and the peak at `r·T`, the depth from the
 * peak outwards is `a·tb/(tb/r + b)^n` before it and `a·ta/(ta/(1 − r) + b)^n` after it; the steps
 * add up to `a·T/(T + b)^n`. Sampling the point intensity instead would overstate the peak step.
 *
 * @param durationMin T, > 0
 * @param peak r, share of the duration before the peak, above 0 and below 1
 * @param stepMin > 0; the last step is shorter when it does not divide the duration
 */
export function chicagoHyetograph(
  parameters: StormParameters,
  durationMin: number,
  peak: number,
  stepMin: number,
  qPerMmMin: number,
): readonly DesignStep[] {
  const peakMin = peak * durationMin
  // Outwards from the peak the depth of a part is its share of a whole storm that long.
  const before = (min: number): number => peak * stormDepthMm(parameters, min / peak, qPerMmMin)
  const after = (min: number): number =>
    (1 - peak) * stormDepthMm(parameters, min / (1 - peak), qPerMmMin)
  const upTo = (min: number): number =>
    min <= peakMin
      ? before(peakMin) - before(peakMin - min)
      : before(peakMin) + after(min - peakMin)
  const steps: DesignStep[] = []
  const count = Math.ceil(durationMin / stepMin)
  for (let k = 0; k < count; k++) {
    const fromMin = k * stepMin
    const toMin = Math.min(durationMin, (k + 1) * stepMin)
    steps.push({ fromMin, toMin, depthMm: upTo(toMin) - upTo(fromMin) })
  }
  return steps
}
