import { isUnverified } from '../standard-fact.js'
import {
  BLACK_ODOUR_GRADES,
  BLACK_ODOUR_INDICATORS,
  BLACK_ODOUR_RULE,
  type BlackOdourGrade,
  type BlackOdourIndicator,
  type BlackOdourRule,
} from './black-odour-limits.js'
import { gradeRange, worstRange, type GradeRange } from './grade-range.js'
import { standing, type Bound, type LabValue } from './lab-value.js'

/** Values of one test, in the units of the indicators; null or absent where not measured. */
export type BlackOdourValues = Partial<Record<BlackOdourIndicator, LabValue | null>>

export type SampleReason =
  'indicators_missing' | 'depth_missing' | 'shallow_grade_open' | 'detection_limit_too_high'

export interface IndicatorGrade extends GradeRange<BlackOdourGrade> {
  readonly indicator: BlackOdourIndicator
  /** Why best and worst differ; null when they do not. */
  readonly reason: SampleReason | null
}

export interface SampleGrade extends GradeRange<BlackOdourGrade> {
  /** null when best and worst differ. */
  readonly grade: BlackOdourGrade | null
  readonly reason: SampleReason | null
  readonly indicators: readonly IndicatorGrade[]
  readonly unverified: boolean
}

/**
 * Grade of one test: the worst of its indicators (standards sheet 3.7.4).
 *
 * @param depthCm depth of the water, > 0; null when not known, which leaves a transparency at or
 *   under the deep-water limit open
 */
export function blackOdourSample(
  values: BlackOdourValues,
  depthCm: number | null,
  rule: BlackOdourRule = BLACK_ODOUR_RULE,
): SampleGrade {
  const indicators = BLACK_ODOUR_INDICATORS.map((indicator) =>
    indicatorGrade(indicator, values[indicator] ?? null, depthCm, rule),
  )
  const { best, worst } = worstRange(indicators, BLACK_ODOUR_GRADES)
  const told = best === worst
  const rank = (one: BlackOdourGrade) => BLACK_ODOUR_GRADES.indexOf(one)
  const open = indicators.find((one) => one.reason !== null && rank(one.worst) > rank(best))
  const shallow = isShallow(depthCm, rule)
  const used = [...Object.values(rule.limits), ...(shallow === false ? [] : [rule.shallow])]
  return {
    grade: told ? best : null,
    reason: told ? null : (open?.reason ?? null),
    best,
    worst,
    indicators,
    unverified: isUnverified(used),
  }
}

/**
 * Grade of one indicator. In shallow water only the limit against `none` is known: what keeps it is
 * clear, what does not is black-odorous, and whether light or heavy stays open.
 *
 * @param measured null when not measured: any grade
 */
export function indicatorGrade(
  indicator: BlackOdourIndicator,
  measured: LabValue | null,
  depthCm: number | null,
  rule: BlackOdourRule,
): IndicatorGrade {
  if (measured === null) {
    return { indicator, best: 'none', worst: 'heavy', reason: 'indicators_missing' }
  }
  const { none, light } = rule.limits[indicator]
  const steps = [
    { grade: 'none', bounds: [none] },
    { grade: 'light', bounds: [light] },
  ] as const
  const deep = gradeRange<BlackOdourGrade>(measured, steps, 'heavy')
  const limited = deep.best === deep.worst ? null : 'detection_limit_too_high'
  if (indicator !== 'transparency') return { indicator, ...deep, reason: limited }
  const shallow = isShallow(depthCm, rule)
  if (shallow === false || deep.worst === 'none') return { indicator, ...deep, reason: limited }
  if (shallow === null) {
    // The bottom may be in sight: clear water of that depth, or turbid water of a greater one.
    return { indicator, best: 'none', worst: deep.worst, reason: 'depth_missing' }
  }
  const clear = standing(measured, clearBound(indicator, depthCm, rule) ?? none)
  if (clear === 'meets') return { indicator, best: 'none', worst: 'none', reason: null }
  if (clear === 'breaks') {
    return { indicator, best: 'light', worst: 'heavy', reason: 'shallow_grade_open' }
  }
  return { indicator, best: 'none', worst: 'heavy', reason: 'detection_limit_too_high' }
}

/**
 * What an indicator keeps in water that is not black-odorous; for transparency in shallow water a
 * share of the depth.
 *
 * @returns null for transparency when the depth is not known
 */
export function clearBound(
  indicator: BlackOdourIndicator,
  depthCm: number | null,
  rule: BlackOdourRule,
): Bound | null {
  const { none } = rule.limits[indicator]
  if (indicator !== 'transparency') return none
  if (depthCm === null) return null
  return isShallow(depthCm, rule) === true
    ? { side: none.side, limit: depthCm * rule.shallow.shareOfDepth }
    : none
}

function isShallow(depthCm: number | null, rule: BlackOdourRule): boolean | null {
  return depthCm === null ? null : depthCm < rule.shallow.belowCm
}
