import { DAY_MS } from '../time.js'

/** A station's daily rain by column; a day without a row is a missing day. */
export interface DailyRain {
  /** Days since 1970-01-01, each once, any order. */
  readonly day: Int32Array
  /** Depth of the day, mm; NaN where missing. */
  readonly depthMm: Float64Array
  /** 1 on days with snow; null when the record does not say. */
  readonly snow: Uint8Array | null
}

/** What a capture curve asks of a record (code appendix A.0.1 as read in standards sheet S13). */
export interface CurveRule {
  readonly minYears: number
  /** A day counts with more than this, mm. */
  readonly dropUpToMm: number
  /** A year with more missing days than this cannot serve (recommended: no rule fixes it). */
  readonly maxMissingDays: number
}

/** At least 30 years; days of 2 mm or less and snow dropped; at most 10 missing days a year. */
export const CURVE_RULE: CurveRule = { minYears: 30, dropUpToMm: 2, maxMissingDays: 10 }

export interface YearDays {
  readonly year: number
  readonly missing: number
}

/** The days that a capture curve rests on, or why there is no curve. */
export interface CurveDays {
  readonly years: number
  /** Depths of the days kept, mm, in the record's order. */
  readonly depthsMm: readonly number[]
  /** Days of the years taken that have no value. */
  readonly daysMissing: number
  /** Years with missing days, few enough to be taken. */
  readonly gaps: readonly YearDays[]
  /** Years with too many missing days: with any of them there is no curve. */
  readonly refused: readonly YearDays[]
  /** Days dropped for their snow; null when the record does not say which had any. */
  readonly snowDays: number | null
}

/**
 * Picks the days of whole calendar years.
 *
 * @param years ascending or not, each once
 */
export function curveDays(rain: DailyRain, years: readonly number[], rule: CurveRule): CurveDays {
  const wanted = new Set(years)
  const present = new Map<number, number>(years.map((year) => [year, 0]))
  const depthsMm: number[] = []
  let snowDays = 0
  for (const [i, day] of rain.day.entries()) {
    const year = yearOf(day)
    const depth = rain.depthMm[i] ?? Number.NaN
    if (!wanted.has(year) || Number.isNaN(depth)) continue
    present.set(year, (present.get(year) ?? 0) + 1)
    if (depth <= rule.dropUpToMm) continue
    if (rain.snow?.[i] === 1) snowDays++
    else depthsMm.push(depth)
  }
  const missing = years
    .map((year) => ({ year, missing: daysIn(year) - (present.get(year) ?? 0) }))
    .filter((year) => year.missing > 0)
  return {
    years: years.length,
    depthsMm,
    daysMissing: missing.reduce((days, year) => days + year.missing, 0),
    gaps: missing.filter((year) => year.missing <= rule.maxMissingDays),
    refused: missing.filter((year) => year.missing > rule.maxMissingDays),
    snowDays: rain.snow === null ? null : snowDays,
  }
}

function yearOf(day: number): number {
  return new Date(day * DAY_MS).getUTCFullYear()
}

function daysIn(year: number): number {
  return (Date.UTC(year + 1, 0, 1) - Date.UTC(year, 0, 1)) / DAY_MS
}
