import { rounded } from '../rounding.js'
import { isUnverified } from '../standard-fact.js'
import {
  heatDifference,
  type HeatDifference,
  type HeatSite,
  type HeatYears,
} from './heat-difference.js'
import { HEAT_RULE, type HeatRule } from './heat-rule.js'

type HeatReason = HeatDifference['reason']

/** Whether one group of sites is no warmer than the other after construction. */
export interface HeatLevel {
  readonly met: boolean | null
  readonly reason: HeatReason
  readonly after: HeatDifference
  readonly unverified: boolean
}

/**
 * Test A of indicator 4 of 建办城函〔2015〕635号 (standards sheet 7.12): in June to September after
 * construction, the sponge area is not warmer than the other area.
 */
export function heatLevel(
  sponge: readonly HeatSite[],
  other: readonly HeatSite[],
  years: HeatYears,
  leftOut: ReadonlySet<string>,
  rule: HeatRule = HEAT_RULE,
): HeatLevel {
  const after = heatDifference(sponge, other, years, rule.years.afterMin, leftOut, rule)
  const { differenceC, reason } = after
  const met = differenceC === null ? null : differenceC <= 0
  return { met, reason, after, unverified: isUnverified(Object.values(rule)) }
}

export interface HeatChange {
  readonly met: boolean | null
  /** Difference after less difference before, °C; negative = relief. */
  readonly changeC: number | null
  readonly reason: HeatReason
  /** ΔT1 and ΔT2: the area less the suburb. */
  readonly before: HeatDifference
  readonly after: HeatDifference
  readonly unverified: boolean
}

/**
 * Difference in differences: the area's lead over the suburb falls, `(Tu2 − Ts2) − (Tu1 − Ts1) < 0`,
 * the suburb carrying what varies by nature. Test B of 635 indicator 4 with the sponge area, item 7
 * of GB/T 51345-2018 (`ΔT2 < ΔT1`) with the built-up area (standards sheet 3.10, 7.12).
 */
export function heatChange(
  area: readonly HeatSite[],
  suburb: readonly HeatSite[],
  years: { readonly before: HeatYears; readonly after: HeatYears },
  leftOut: ReadonlySet<string>,
  rule: HeatRule = HEAT_RULE,
): HeatChange {
  const before = heatDifference(area, suburb, years.before, rule.years.beforeMin, leftOut, rule)
  const after = heatDifference(area, suburb, years.after, rule.years.afterMin, leftOut, rule)
  const unverified = isUnverified(Object.values(rule))
  if (before.differenceC === null || after.differenceC === null) {
    const reason = before.reason ?? after.reason
    return { met: null, changeC: null, reason, before, after, unverified }
  }
  const changeC = rounded(after.differenceC - before.differenceC)
  return { met: changeC < 0, changeC, reason: null, before, after, unverified }
}

/**
 * Indicator 4 of 建办城函〔2015〕635号: test A or test B.
 *
 * @returns null when neither is met and one is not told
 */
export function isHeatRelieved(level: HeatLevel, change: HeatChange): boolean | null {
  if (level.met === true || change.met === true) return true
  return level.met === null || change.met === null ? null : false
}
