import type { StormFormula } from './formula-registry.js'

/** Parameters of `q = A/(t + b)^n` at one return period, and the form they come from. */
export interface StormParameters {
  /** L/(s·hm²) */
  readonly A: number
  /** min */
  readonly b: number
  readonly n: number
  readonly form: 'single-period' | 'interval' | 'general'
}

/**
 * The parameters of a formula at a return period, of the best form there is for it: the
 * single-period row of exactly that period, else the interval parameters, else the general formula
 * (order of preference after the Guangzhou report of 2021: the general formula is fitted to all
 * periods at once and may be 13 % off).
 *
 * @param periodYears > 0
 * @param qPerMmMin L/(s·hm²) of one mm/min
 * @returns null when no form reaches the period
 */
export function stormParameters(
  formula: StormFormula,
  periodYears: number,
  qPerMmMin: number,
): StormParameters | null {
  const row = formula.singlePeriod?.find((candidate) => candidate.periodYears === periodYears)
  if (row !== undefined) return { A: row.A, b: row.b, n: row.n, form: 'single-period' }
  return smoothParameters(formula, periodYears, qPerMmMin)
}

/** The same without single-period rows, which say nothing between them. */
export function smoothParameters(
  formula: StormFormula,
  periodYears: number,
  qPerMmMin: number,
): StormParameters | null {
  // Where two intervals meet the upper one agrees with the single-period row (Shenzhen 2024).
  const part = formula.interval?.findLast(
    ({ periodYears: [low, high] }) => periodYears >= low && periodYears <= high,
  )
  if (part !== undefined) {
    const at = ([p1, p2, p3]: readonly [number, number, number]): number =>
      p1 + p2 * Math.log(periodYears - p3)
    return { A: qPerMmMin * at(part.Amm), b: at(part.b), n: at(part.n), form: 'interval' }
  }
  const { general } = formula
  if (general === undefined) return null
  const { A, period, b, n } = general
  const growth =
    period.form === 'log'
      ? 1 + period.C * Math.log10(periodYears + period.shift)
      : periodYears ** period.exponent
  if (!(growth > 0)) return null
  const parameters: StormParameters = {
    A: A * growth,
    b: typeof b === 'number' ? b : b.atOne * periodYears ** b.periodExponent,
    n: typeof n === 'number' ? n : n.factor * Math.log10(periodYears) ** n.logExponent,
    form: 'general',
  }
  return Number.isFinite(parameters.n) ? parameters : null
}

/**
 * Depth of a storm of constant design intensity: `q/qPerMmMin · t` with `q = A/(t + b)^n`.
 *
 * @param durationMin >= 0
 * @returns mm
 */
export function stormDepthMm(
  { A, b, n }: StormParameters,
  durationMin: number,
  qPerMmMin: number,
): number {
  return durationMin === 0 ? 0 : ((A / (durationMin + b) ** n) * durationMin) / qPerMmMin
}

/** Return periods that are told at all when the formula does not say, years (recommended). */
export const PERIOD_RANGE: readonly [number, number] = [1, 100]

/** The longest duration that formulas are compiled from, min (S22), for those that do not say. */
const COMPILED_MIN: readonly [number, number] = [1, 180]

/**
 * What stands outside the durations and return periods that a formula was made for; empty when nothing
 * does. One that names no range is held to 1 to 180 min and 1 to 100 years.
 */
export function beyondValidity(
  { validity }: StormFormula,
  asked: { readonly durationMin?: number; readonly periodYears?: number },
): readonly string[] {
  const { durationMin, periodYears } = asked
  return [
    ...outside('duration', durationMin, 'min', validity?.durationMin, COMPILED_MIN),
    ...outside('return period', periodYears, 'a', validity?.periodYears, PERIOD_RANGE),
  ]
}

function outside(
  what: string,
  value: number | undefined,
  unit: string,
  own: readonly [number, number] | undefined,
  usual: readonly [number, number],
): readonly string[] {
  const [least, most] = own ?? usual
  if (value === undefined || (value >= least && value <= most)) return []
  const whose =
    own === undefined ? 'such formulas are compiled for (recommended)' : 'of the formula'
  return [`${what} ${value} ${unit} lies outside the ${least} to ${most} ${unit} ${whose}`]
}
