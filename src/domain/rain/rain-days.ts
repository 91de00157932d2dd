import { dailyInstants, type LocalTime } from '../local-time.js'
import { DAY_MS } from '../time.js'
import { depthMm, type RainRecord } from './rain-record.js'
import { rainTotal } from './rain-total.js'

/** Local hour at which a day begins: calendar 0, hydrological 8 (水文日), meteorological 20 (气象日). */
export const DAY_START_HOUR = { calendar: 0, hydrological: 8, meteorological: 20 } as const

export type DayKind = keyof typeof DAY_START_HOUR

/** Rain of one day. */
export interface RainDay {
  readonly fromMs: number
  readonly toMs: number
  /** Local date; of a meteorological day, from 20:00, the date it ends on. */
  readonly date: string
  readonly depthMm: number
  /** Share of the day with a valid record, 0 to 1. */
  readonly coverage: number
}

/**
 * The record cut into days by the local clock, the first and last one whole; time outside the record
 * is missing. Which day a station's own daily series uses is a field of that series, not known here.
 */
export function rainDays(record: RainRecord, kind: DayKind, time: LocalTime): readonly RainDay[] {
  const { fromMs, toMs } = record.window
  const starts = dailyInstants(time, DAY_START_HOUR[kind], fromMs - 2 * DAY_MS, toMs + 2 * DAY_MS)
  const days: RainDay[] = []
  for (const [i, start] of starts.entries()) {
    const end = starts[i + 1]
    if (end === undefined || end <= fromMs || start >= toMs) continue
    const { depthPm, knownMs } = rainTotal(record, { fromMs: start, toMs: end })
    const dated = kind === 'meteorological' ? end : start
    days.push({
      fromMs: start,
      toMs: end,
      date: new Date(dated + time.offsetMs(dated)).toISOString().slice(0, 10),
      depthMm: depthMm(depthPm),
      coverage: knownMs / (end - start),
    })
  }
  return days
}
