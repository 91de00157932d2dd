import { linearRegression, mean, rSquared } from 'simple-statistics'

/** One sample: turbidity of the sonde and suspended solids of the laboratory, of one rain event. */
export interface PairedSample {
  readonly turbidityNtu: number
  readonly solidsMgL: number
  /** Which event it was taken in. */
  readonly event: string
}

/** What a site regression asks of its samples (standards sheet 7.4, recommended). */
export interface RegressionRule {
  readonly minPairs: number
  readonly minEvents: number
}

export const REGRESSION_RULE: RegressionRule = { minPairs: 20, minEvents: 3 }

/** `SS = smearing · exp(a + k·ln NTU)`. */
export interface TurbidityRegression {
  readonly a: number
  readonly k: number
  /** Duan's smearing factor: mean of exp(residual); 1 for a perfect fit. */
  readonly smearing: number
  readonly rSquared: number
  readonly pairs: number
  readonly events: number
  /** NTU that the samples cover; beyond it the relation is not known. */
  readonly range: readonly [low: number, high: number]
}

export type RegressionReading =
  | { readonly ok: true; readonly regression: TurbidityRegression }
  | {
      readonly ok: false
      readonly reason: 'too-few-pairs' | 'too-few-events' | 'not-positive' | 'no-spread'
    }

/**
 * Fits ln(SS) = a + k·ln(NTU) by least squares. Coefficients hold for one site and one sensor only;
 * back-transformed values are multiplied by the smearing factor (Duan, J. Am. Stat. Assoc. 78, 1983).
 * What it gives supports a result; where an accredited test decides, the laboratory's value does.
 */
export function turbidityRegression(
  samples: readonly PairedSample[],
  rule: RegressionRule = REGRESSION_RULE,
): RegressionReading {
  if (samples.some(({ turbidityNtu, solidsMgL }) => !(turbidityNtu > 0 && solidsMgL > 0))) {
    return { ok: false, reason: 'not-positive' }
  }
  if (samples.length < rule.minPairs) return { ok: false, reason: 'too-few-pairs' }
  const events = new Set(samples.map(({ event }) => event)).size
  if (events < rule.minEvents) return { ok: false, reason: 'too-few-events' }
  const turbidities = samples.map(({ turbidityNtu }) => turbidityNtu)
  const range = [Math.min(...turbidities), Math.max(...turbidities)] as const
  if (range[0] === range[1]) return { ok: false, reason: 'no-spread' }
  const points = samples.map(({ turbidityNtu, solidsMgL }) => [
    Math.log(turbidityNtu),
    Math.log(solidsMgL),
  ])
  const { m: k, b: a } = linearRegression(points)
  const residuals = points.map(([x = 0, y = 0]) => y - (a + k * x))
  return {
    ok: true,
    regression: {
      a,
      k,
      smearing: mean(residuals.map(Math.exp)),
      rSquared: rSquared(points, (x) => a + k * x),
      pairs: samples.length,
      events,
      range,
    },
  }
}

/** Suspended solids by a site's regression, and whether the turbidity lies beyond what was sampled. */
export interface EstimatedSolids {
  readonly solidsMgL: number
  readonly beyond: 'below' | 'above' | null
}

/** @param turbidityNtu >= 0; none at all carries no solids */
export function estimatedSolids(
  { a, k, smearing, range }: TurbidityRegression,
  turbidityNtu: number,
): EstimatedSolids {
  const solidsMgL = turbidityNtu === 0 ? 0 : smearing * Math.exp(a + k * Math.log(turbidityNtu))
  const beyond = turbidityNtu < range[0] ? 'below' : turbidityNtu > range[1] ? 'above' : null
  return { solidsMgL, beyond }
}
