import { DAY_MS } from '../../src/domain/time.js'

/** What a place's rain is like in one month of the year. */
export interface MonthCharacter {
  /** Chance that a day is wet after a dry one and after a wet one. */
  readonly wetAfterDry: number
  readonly wetAfterWet: number
  /** Depths of its wet days in the record, mm, ascending; empty where it never rained. */
  readonly depthsMm: Float64Array
}

/** January first. */
export type RainCharacter = readonly MonthCharacter[]

/** Less than this in a day is dry, mm: the resolution of daily records. */
const WET_FROM_MM = 0.1

/**
 * The character of a daily record, month by month: how wet days follow one another (a Markov chain of
 * first order: Gabriel & Neumann, Q. J. R. Meteorol. Soc. 88, 1962) and how much they bring.
 *
 * @param daily days since 1970-01-01, ascending, each once; depth in mm, NaN where missing: such a day and
 *   the step to the day after it say nothing
 * @throws RangeError for a record with a month of the year that has no day at all
 */
export function rainCharacter(daily: {
  readonly day: Int32Array
  readonly depthMm: Float64Array
}): RainCharacter {
  const months = Array.from({ length: 12 }, () => ({
    after: { dry: [0, 0], wet: [0, 0] } as Record<'dry' | 'wet', [days: number, wet: number]>,
    depths: [] as number[],
    days: 0,
  }))
  for (let i = 0; i < daily.day.length; i++) {
    const depthMm = daily.depthMm[i] ?? Number.NaN
    const day = daily.day[i] ?? 0
    const month = months[new Date(day * DAY_MS).getUTCMonth()]
    if (month === undefined || Number.isNaN(depthMm)) continue
    month.days++
    const isWet = depthMm >= WET_FROM_MM
    if (isWet) month.depths.push(depthMm)
    const before = daily.depthMm[i - 1] ?? Number.NaN
    if (daily.day[i - 1] !== day - 1 || Number.isNaN(before)) continue
    const counts = month.after[before >= WET_FROM_MM ? 'wet' : 'dry']
    counts[0]++
    if (isWet) counts[1]++
  }
  const empty = months.findIndex(({ days }) => days === 0)
  if (empty >= 0) throw new RangeError(`the record has no day of month ${empty + 1}`)
  return months.map(({ after, depths, days }) => ({
    wetAfterDry: share(after.dry, depths.length / days),
    wetAfterWet: share(after.wet, depths.length / days),
    depthsMm: Float64Array.from(depths).sort(),
  }))
}

/** @param otherwise what stands for it where such a day never came */
function share([days, wet]: readonly [days: number, wet: number], otherwise: number): number {
  return days === 0 ? otherwise : wet / days
}
