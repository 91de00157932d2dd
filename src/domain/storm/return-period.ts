import type { StormFormula } from './formula-registry.js'
import { PERIOD_RANGE, smoothParameters, stormDepthMm } from './storm-intensity.js'

/** Return period of a depth within a duration, by a storm formula. */
export interface ReturnPeriod {
  /** Years; the end of the range when the depth lies beyond it. */
  readonly periodYears: number
  /** `below`: less than `periodYears`; `above`: more than it. Never extrapolated. */
  readonly bound: 'within' | 'below' | 'above'
  readonly method: 'row' | 'inverted' | 'bisection' | 'between-rows'
}

/** A depth this near a single-period row is the row's, mm: to this the Shenzhen table reproduces. */
const ROW_TOLERANCE_MM = 0.002

/** Halvings of the interval: 100 years to less than a microsecond of a year. */
const HALVINGS = 60

/**
 * The return period at which a formula gives a depth within a duration.
 *
 * A general formula with constant b and n is inverted: `P = 10^([q·(t + b)^n/A − 1]/C)`. Interval
 * parameters, and general ones with b or n that depend on P, are solved by bisection, the depth
 * growing with P; where there are single-period rows, too, they decide between which of them it lies,
 * because neighbouring intervals need not meet. Single-period rows alone are read between neighbours, linear in lg P, which is how
 * the general form grows (recommended: the rows say nothing between them).
 *
 * Beyond the formula's own range of return periods, or 1 to 100 years when it names none, only the
 * bound is told.
 *
 * @param depthMm >= 0
 * @param durationMin > 0
 */
export function returnPeriod(
  formula: StormFormula,
  depthMm: number,
  durationMin: number,
  qPerMmMin: number,
): ReturnPeriod {
  const range = periodRange(formula)
  const solved =
    formula.interval === undefined && formula.general === undefined
      ? betweenRows(formula, depthMm, durationMin, qPerMmMin)
      : solve(formula, depthMm, durationMin, qPerMmMin, range)
  if (solved.periodYears < range[0] || solved.bound === 'below') {
    return { periodYears: range[0], bound: 'below', method: solved.method }
  }
  if (solved.periodYears > range[1] || solved.bound === 'above') {
    return { periodYears: range[1], bound: 'above', method: solved.method }
  }
  return solved
}

function periodRange({ validity, singlePeriod, interval, general }: StormFormula) {
  if (validity?.periodYears !== undefined) return validity.periodYears
  const ends = [
    ...(general === undefined && singlePeriod !== undefined
      ? singlePeriod.map(({ periodYears }) => periodYears)
      : []),
    ...(interval ?? []).flatMap(({ periodYears }) => periodYears),
  ]
  return ends.length === 0 ? PERIOD_RANGE : ([Math.min(...ends), Math.max(...ends)] as const)
}

function solve(
  formula: StormFormula,
  depthMm: number,
  durationMin: number,
  qPerMmMin: number,
  [low, high]: readonly [number, number],
): ReturnPeriod {
  const { general, interval } = formula
  if (
    interval === undefined &&
    general !== undefined &&
    typeof general.b === 'number' &&
    typeof general.n === 'number'
  ) {
    const { A, period, b, n } = general
    const growth = ((depthMm / durationMin) * qPerMmMin * (durationMin + b) ** n) / A
    const periodYears =
      period.form === 'log'
        ? 10 ** ((growth - 1) / period.C) - period.shift
        : growth ** (1 / period.exponent)
    return { periodYears, bound: 'within', method: 'inverted' }
  }
  const depthAt = (periodYears: number): number => {
    const parameters = smoothParameters(formula, periodYears, qPerMmMin)
    return parameters === null ? Number.NaN : stormDepthMm(parameters, durationMin, qPerMmMin)
  }
  const rows = rowDepths(formula, durationMin, qPerMmMin)
  const row = rows.find(({ depth }) => Math.abs(depth - depthMm) <= ROW_TOLERANCE_MM)
  if (row !== undefined) return { periodYears: row.periodYears, bound: 'within', method: 'row' }
  const shallower = rows.findLast(({ depth }) => depth < depthMm)
  const deeper = rows.find(({ depth }) => depth > depthMm)
  if (shallower === undefined && depthMm < depthAt(low)) {
    return { periodYears: low, bound: 'below', method: 'bisection' }
  }
  if (deeper === undefined && depthMm > depthAt(high)) {
    return { periodYears: high, bound: 'above', method: 'bisection' }
  }
  let below = shallower?.periodYears ?? low
  let above = deeper?.periodYears ?? high
  for (let i = 0; i < HALVINGS; i++) {
    const middle = (below + above) / 2
    if (depthAt(middle) < depthMm) below = middle
    else above = middle
  }
  return { periodYears: (below + above) / 2, bound: 'within', method: 'bisection' }
}

function rowDepths(
  { singlePeriod }: StormFormula,
  durationMin: number,
  qPerMmMin: number,
): readonly { readonly periodYears: number; readonly depth: number }[] {
  return (singlePeriod ?? []).map(({ periodYears, ...row }) => ({
    periodYears,
    depth: stormDepthMm({ ...row, form: 'single-period' }, durationMin, qPerMmMin),
  }))
}

function betweenRows(
  formula: StormFormula,
  depthMm: number,
  durationMin: number,
  qPerMmMin: number,
): ReturnPeriod {
  const rows = rowDepths(formula, durationMin, qPerMmMin)
  const method = 'between-rows'
  const deeper = rows.findIndex(({ depth }) => depth + ROW_TOLERANCE_MM >= depthMm)
  const row = rows[deeper]
  if (row === undefined) {
    return { periodYears: rows.at(-1)?.periodYears ?? 0, bound: 'above', method }
  }
  const { periodYears, depth } = row
  if (Math.abs(depth - depthMm) <= ROW_TOLERANCE_MM) {
    return { periodYears, bound: 'within', method: 'row' }
  }
  const before = rows[deeper - 1]
  if (before === undefined) return { periodYears, bound: 'below', method }
  const share = (depthMm - before.depth) / (depth - before.depth)
  const lg = (1 - share) * Math.log10(before.periodYears) + share * Math.log10(periodYears)
  return { periodYears: 10 ** lg, bound: 'within', method }
}
