import type { LocalTime } from './local-time.js'
import type { SeriesColumns } from './observation.js'
import { isTaken, type Selection } from './selection.js'
import { DAY_MS, HOUR_MS } from './time.js'

export interface DailyMean {
  /** Local date, YYYY-MM-DD. */
  readonly day: string
  /** In the unit of the series; null with too few hours. */
  readonly value: number | null
  /** Hours of the day with a value. */
  readonly hours: number
}

/**
 * Means of local calendar days: the mean of the day's hours, an hour being the mean of its values.
 * So a quarter-hourly and an hourly sensor weigh the hours alike, and an hour read more often does
 * not weigh more. A mean over a span belongs to the hour of its middle; over more than an hour it
 * stands for every hour whose middle it covers, so that a published daily mean has 24 of them.
 *
 * @param columns ascending, of one series
 * @param hoursMin fewest hours with a value that make a day, 1 to 24
 * @returns a row per day with a value, ascending; days without any are not in it
 */
export function dailyMeans(
  columns: SeriesColumns,
  selection: Selection,
  time: LocalTime,
  hoursMin: number,
): DailyMean[] {
  const days = new Map<number, Map<number, { sum: number; count: number }>>()
  for (const [i, atMs] of columns.atMs.entries()) {
    if (!isTaken(columns.flags[i] ?? 0, columns.origins[i] ?? 0, selection)) continue
    const value = columns.values[i] ?? Number.NaN
    for (const localHour of localHours(atMs, columns.spanMs[i] ?? 0, time)) {
      const localDay = Math.floor(localHour / 24)
      let hours = days.get(localDay)
      if (hours === undefined) days.set(localDay, (hours = new Map()))
      const hour = hours.get(localHour)
      if (hour === undefined) hours.set(localHour, { sum: value, count: 1 })
      else {
        hour.sum += value
        hour.count++
      }
    }
  }
  const ascending = [...days].sort(([a], [b]) => a - b)
  return ascending.map(([localDay, hours]) => {
    const day = new Date(localDay * DAY_MS).toISOString().slice(0, 10)
    const means = [...hours.values()].map(({ sum, count }) => sum / count)
    const value = means.reduce((total, mean) => total + mean, 0) / means.length
    return { day, value: means.length >= hoursMin ? value : null, hours: means.length }
  })
}

/** Local hours, counted from 1970, that a value stands for; the offset is that of its middle. */
function* localHours(atMs: number, spanMs: number, time: LocalTime): Generator<number> {
  const middleMs = atMs - spanMs / 2
  const localMs = middleMs + time.offsetMs(middleMs)
  if (spanMs <= HOUR_MS) {
    yield Math.floor(localMs / HOUR_MS)
    return
  }
  const first = Math.ceil((localMs - spanMs / 2) / HOUR_MS - 0.5)
  const end = Math.ceil((localMs + spanMs / 2) / HOUR_MS - 0.5)
  for (let hour = first; hour < end; hour++) yield hour
}
