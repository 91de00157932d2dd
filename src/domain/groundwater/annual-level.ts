import { DAY_MS } from '../time.js'
import { GROUNDWATER_GBT_51345, type GroundwaterRule } from './groundwater-rule.js'

/** Daily mean of a phreatic level, m above the city's datum. */
export interface DailyLevel {
  /** Local date, YYYY-MM-DD; each at most once. */
  readonly day: string
  /** null where the day has none. */
  readonly levelM: number | null
}

export interface AnnualLevel {
  readonly year: number
  /** Mean of the twelve monthly means. */
  readonly levelM: number | null
  readonly reason: 'too_few_days' | 'month_missing' | null
  readonly validDays: number
  readonly daysOfYear: number
}

/**
 * Annual mean of a well: days to months, months to the year (standards sheet 7.10), so that a month
 * with gaps weighs as much as a full one. At least 90 % of the days need a level (recommended), and
 * every month one.
 *
 * @param days any order; other years are passed over
 */
export function annualLevel(
  year: number,
  days: readonly DailyLevel[],
  rule: GroundwaterRule = GROUNDWATER_GBT_51345,
): AnnualLevel {
  const months = Array.from({ length: 12 }, () => ({ sum: 0, count: 0 }))
  let validDays = 0
  for (const { day, levelM } of days) {
    const month = months[Number(day.slice(5, 7)) - 1]
    if (Number(day.slice(0, 4)) !== year || levelM === null || month === undefined) continue
    month.sum += levelM
    month.count++
    validDays++
  }
  const daysOfYear = (Date.UTC(year + 1, 0) - Date.UTC(year, 0)) / DAY_MS
  const untold = { year, levelM: null, validDays, daysOfYear }
  if (validDays / daysOfYear < rule.completeness.daysShareMin) {
    return { ...untold, reason: 'too_few_days' }
  }
  if (months.some(({ count }) => count === 0)) return { ...untold, reason: 'month_missing' }
  const levelM = months.reduce((sum, month) => sum + month.sum / month.count, 0) / 12
  return { ...untold, levelM, reason: null }
}

/**
 * Level of the water from its depth below the ground, m above the datum.
 *
 * @param surfaceM elevation of the ground at the well, m above the datum
 * @param depthM depth to the water, m, positive downwards
 */
export function levelFromDepthM(surfaceM: number, depthM: number): number {
  return surfaceM - depthM
}
