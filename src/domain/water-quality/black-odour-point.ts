import { rounded } from '../rounding.js'
import { isUnverified } from '../standard-fact.js'
import { DAY_MS } from '../time.js'
import {
  BLACK_ODOUR_INDICATORS,
  BLACK_ODOUR_RULE,
  type BlackOdourGrade,
  type BlackOdourIndicator,
  type BlackOdourRule,
} from './black-odour-limits.js'
import {
  clearBound,
  indicatorGrade,
  type BlackOdourValues,
  type SampleReason,
} from './black-odour-sample.js'
import type { GradeRange } from './grade-range.js'
import { standing, type LabValue, type Standing } from './lab-value.js'

export interface BlackOdourTest {
  /** Local date of sampling, YYYY-MM-DD. */
  readonly day: string
  readonly values: BlackOdourValues
}

export type PointReason = 'too_few_tests' | 'test_spacing' | SampleReason

export interface IndicatorShares {
  readonly indicator: BlackOdourIndicator
  readonly tests: number
  /** Share of the tests in the heavy range: surely, and at most; null with too few tests. */
  readonly heavyShare: number | null
  readonly heavyShareAtMost: number | null
  /** How the mean stands to the limit of water that is not black-odorous. */
  readonly mean: Standing
}

export interface PointGrade extends GradeRange<BlackOdourGrade> {
  /** null when best and worst differ. */
  readonly grade: BlackOdourGrade | null
  readonly reason: PointReason | null
  readonly indicators: readonly IndicatorShares[]
  readonly unverified: boolean
}

const OPEN = { best: 'none', worst: 'heavy' } as const

/**
 * Grade of a point from the tests of one month (standards sheet 3.7.4, 3.7.3).
 *
 * Heavy when one indicator has more than 60 % of its data in the heavy range, or two have more than
 * 30 %. Otherwise not black-odorous when the mean of every indicator keeps its limit, else light.
 *
 * @param tests at least three, one to seven days apart, any order; else no grade
 * @param depthCm depth of the water at the point, > 0; null when not known
 */
export function blackOdourPoint(
  tests: readonly BlackOdourTest[],
  depthCm: number | null,
  rule: BlackOdourRule = BLACK_ODOUR_RULE,
): PointGrade {
  const indicators = BLACK_ODOUR_INDICATORS.map((one) => shares(one, tests, depthCm, rule))
  const unverified = isUnverified([...Object.values(rule.limits), rule.shallow, rule.monthlyMean])
  const untold = { grade: null, ...OPEN, indicators, unverified }
  if (tests.length < rule.tests.min) return { ...untold, reason: 'too_few_tests' }
  if (!isSpaced(tests, rule)) return { ...untold, reason: 'test_spacing' }
  const range = pointRange(indicators, rule)
  const told = range.best === range.worst
  const reason = told ? null : openReason(indicators, tests, depthCm, rule)
  return { grade: told ? range.best : null, reason, ...range, indicators, unverified }
}

function isSpaced(tests: readonly BlackOdourTest[], rule: BlackOdourRule): boolean {
  const [least, most] = rule.tests.daysBetween
  const days = tests.map(({ day }) => Date.parse(`${day}T00:00:00Z`) / DAY_MS)
  days.sort((a, b) => a - b)
  return days.slice(1).every((day, i) => {
    const between = day - (days[i] ?? Number.NaN)
    return between >= least && between <= most
  })
}

function shares(
  indicator: BlackOdourIndicator,
  tests: readonly BlackOdourTest[],
  depthCm: number | null,
  rule: BlackOdourRule,
): IndicatorShares {
  const measured = tests
    .map(({ values }) => values[indicator] ?? null)
    .filter((one) => one !== null)
  if (measured.length < rule.tests.min) {
    const none = { heavyShare: null, heavyShareAtMost: null, mean: 'undecided' } as const
    return { indicator, tests: measured.length, ...none }
  }
  const grades = measured.map((one) => indicatorGrade(indicator, one, depthCm, rule))
  return {
    indicator,
    tests: measured.length,
    heavyShare: grades.filter(({ best }) => best === 'heavy').length / grades.length,
    heavyShareAtMost: grades.filter(({ worst }) => worst === 'heavy').length / grades.length,
    mean: meanStanding(indicator, measured, depthCm, rule),
  }
}

/** A mean over values below their detection limit lies between the two means with them lowest and highest. */
function meanStanding(
  indicator: BlackOdourIndicator,
  measured: readonly LabValue[],
  depthCm: number | null,
  rule: BlackOdourRule,
): Standing {
  const lowest = indicator === 'redoxPotential' ? Number.NEGATIVE_INFINITY : 0
  const mean = (values: readonly number[]) =>
    rounded(values.reduce((sum, value) => sum + value, 0) / values.length)
  const ends = [
    mean(measured.map(({ value, belowLimit }) => (belowLimit ? lowest : value))),
    mean(measured.map(({ value }) => value)),
  ]
  const known = clearBound(indicator, depthCm, rule)
  const bound = known ?? rule.limits[indicator].none
  const [low, high] = ends.map((value) => standing({ value, belowLimit: false }, bound))
  if (low === undefined || low !== high) return 'undecided'
  // Of unknown depth: what is clear in deep water is clear, the rest may be shallow.
  return known === null && low === 'breaks' ? 'undecided' : low
}

function pointRange(
  indicators: readonly IndicatorShares[],
  rule: BlackOdourRule,
): GradeRange<BlackOdourGrade> {
  const { one, two } = rule.heavyShare
  const isHeavy = (of: readonly number[]) =>
    of.some((share) => share > one) || of.filter((share) => share > two).length >= 2
  if (isHeavy(indicators.map(({ heavyShare }) => heavyShare ?? 0))) {
    return { best: 'heavy', worst: 'heavy' }
  }
  const best = indicators.some(({ mean }) => mean === 'breaks') ? 'light' : 'none'
  if (isHeavy(indicators.map(({ heavyShareAtMost }) => heavyShareAtMost ?? 1))) {
    return { best, worst: 'heavy' }
  }
  const clear = indicators.every(({ mean }) => mean === 'meets')
  return { best, worst: clear ? 'none' : 'light' }
}

function openReason(
  indicators: readonly IndicatorShares[],
  tests: readonly BlackOdourTest[],
  depthCm: number | null,
  rule: BlackOdourRule,
): PointReason {
  if (indicators.some(({ heavyShare }) => heavyShare === null)) return 'indicators_missing'
  for (const { values } of tests) {
    for (const indicator of BLACK_ODOUR_INDICATORS) {
      const measured = values[indicator] ?? null
      if (measured === null) continue
      const { reason } = indicatorGrade(indicator, measured, depthCm, rule)
      if (reason !== null) return reason
    }
  }
  return 'detection_limit_too_high'
}
