import { FLAG } from '../flag.js'
import { grossRange, type RangeLimits } from './gross-range.js'
import type { QualityRecord } from './quality-record.js'

/** What is usual in a part of every year. */
export interface Season extends RangeLimits {
  /** First local day, month × 100 + day: 1101 is the first of November. */
  readonly fromDay: number
  /** Last local day, inclusive; before `fromDay` when the season spans the turn of the year. */
  readonly toDay: number
}

/** The last listed season that holds a day decides. */
export type ClimatologySettings = readonly Season[]

/**
 * Climatology test (U.S. IOOS QARTOD, climatology test): the gross range test with the limits of
 * the season that the value's local day falls in. Limits are inclusive.
 *
 * @returns 9 for NaN; 2 on days without a season
 */
export function climatology(
  { atMs, values, utcOffsetMs }: Pick<QualityRecord, 'atMs' | 'values' | 'utcOffsetMs'>,
  seasons: ClimatologySettings,
): Uint8Array {
  const flags = Uint8Array.from(values, (value) =>
    Number.isNaN(value) ? FLAG.missing : FLAG.notEvaluated,
  )
  const bySeason = seasons.map((season) => grossRange(values, season))
  for (const [i, at] of atMs.entries()) {
    const local = new Date(at + utcOffsetMs(at))
    const day = (local.getUTCMonth() + 1) * 100 + local.getUTCDate()
    const season = seasons.findLastIndex((candidate) => isInSeason(day, candidate))
    flags[i] = bySeason[season]?.[i] ?? flags[i] ?? FLAG.notEvaluated
  }
  return flags
}

function isInSeason(day: number, { fromDay, toDay }: Season): boolean {
  if (fromDay <= toDay) return day >= fromDay && day <= toDay
  return day >= fromDay || day <= toDay
}
