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

/** What stands outside the durations and return periods that a formula was made for; empty when nothing does. */
export function beyondValidity(
  { validity }: StormFormula,
  asked: { readonly durationMin?: number; readonly periodYears?: number },
): readonly string[] {
  const remarks: string[] = []
  const { durationMin, periodYears } = asked
  if (durationMin !== undefined && isOutside(durationMin, validity?.durationMin)) {
    remarks.push(
      `duration ${durationMin} min lies outside the ${rangeText(validity?.durationMin)} min of the formula`,
    )
  }
  if (periodYears !== undefined && isOutside(periodYears, validity?.periodYears)) {
    remarks.push(
      `return period ${periodYears} a lies outside the ${rangeText(validity?.periodYears)} a of the formula`,
    )
  }
  return remarks
}

function isOutside(value: number, range: readonly [number, number] | undefined): boolean {
  return range !== undefined && (value < range[0] || value > range[1])
}

function rangeText(range: readonly [number, number] | undefined): string {
  return range === undefined ? '' : `${range[0]} to ${range[1]}`
}
