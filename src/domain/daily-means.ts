import type { LocalTime } from './local-time.js'
import type { SeriesColumns } from './observation.js'
import { isTaken, type Selection } from './selection.js'
import { HOUR_MS } from './time.js'

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
 * not weigh more. A mean over a span belongs to the hour of its middle.
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
  const days = new Map<string, Map<string, { sum: number; count: number }>>()
  for (const [i, atMs] of columns.atMs.entries()) {
    if (!isTaken(columns.flags[i] ?? 0, columns.origins[i] ?? 0, selection)) continue
    const middleMs = atMs - (columns.spanMs[i] ?? 0) / 2
    const hourMs = Math.floor((middleMs + time.offsetMs(middleMs)) / HOUR_MS) * HOUR_MS
    const local = new Date(hourMs).toISOString()
    const day = local.slice(0, 10)
    const hours = days.get(day) ?? new Map<string, { sum: number; count: number }>()
    const hour = hours.get(local) ?? { sum: 0, count: 0 }
    hours.set(local, { sum: hour.sum + (columns.values[i] ?? Number.NaN), count: hour.count + 1 })
    days.set(day, hours)
  }
  return [...days].map(([day, hours]) => {
    const means = [...hours.values()].map(({ sum, count }) => sum / count)
    const value = means.reduce((total, mean) => total + mean, 0) / means.length
    return { day, value: means.length >= hoursMin ? value : null, hours: means.length }
  })
}
