import { FLAG } from '../flag.js'
import type { LocalTime } from '../local-time.js'
import type { SeriesColumns } from '../observation.js'
import { isTaken, type Selection } from '../selection.js'
import type { Window } from '../time.js'
import { counterRain } from './counter-rain.js'
import {
  depthPm,
  MISSING_SPAN,
  rainRecordWriter,
  type RainRecord,
  type RainRecordWriter,
} from './rain-record.js'
import { CHANGE_SPREAD_MS, quiet, type Gauge } from './gauge.js'

/**
 * The rain record of a gauge over a window, from its observations.
 *
 * - Increments belong to the span that ends at their time: its own length, else the reporting
 *   interval. Tips, and increments reported on change without a span, belong to the time since the
 *   message before, at most five minutes.
 * - Counters are differenced in time order (counter-rain.ts).
 * - Periodic reporting: time that no observation covers is missing; jitter of up to half an
 *   interval is closed by letting the later span begin where the earlier ended.
 * - Reporting on change: silence up to the heartbeat after a message is dry, silence beyond it is
 *   missing, never zero.
 * - An observation that is not taken (fail, missing; suspect or filled when so chosen) leaves its
 *   span missing. A negative increment has no meaning and leaves its span missing, too.
 *
 * @param columns depths in mm, ascending; those that end outside the window are cut at its edges,
 *   and a counter wants one reading before the window
 */
export function observedRain(
  columns: SeriesColumns,
  gauge: Gauge,
  window: Window,
  selection: Selection,
  time: LocalTime,
): RainRecord {
  const writer = rainRecordWriter(window)
  if (gauge.kind.type === 'counter') {
    counterRain(columns, gauge, gauge.kind, selection, time, writer)
  } else {
    incrementRain(columns, gauge, selection, writer)
  }
  return writer.finish()
}

function incrementRain(
  columns: SeriesColumns,
  gauge: Gauge,
  selection: Selection,
  writer: RainRecordWriter,
): void {
  const { atMs, spanMs, values, flags, origins } = columns
  const { reporting } = gauge
  const intervalMs = reporting.type === 'periodic' ? reporting.intervalS * 1000 : 0
  let previousMs = Number.NEGATIVE_INFINITY
  let previousFlag: number = FLAG.notEvaluated

  for (let i = 0; i < atMs.length; i++) {
    const at = atMs[i] ?? 0
    const own = spanMs[i] ?? 0
    const flag = flags[i] ?? FLAG.missing
    const depth = depthPm(values[i] ?? Number.NaN)
    const taken = isTaken(flag, origins[i] ?? 0, selection) && depth >= 0

    if (reporting.type === 'periodic') {
      if (taken) {
        let begin = at - (own > 0 ? own : intervalMs)
        if (begin - previousMs <= intervalMs / 2) begin = previousMs
        writer.push(begin, MISSING_SPAN)
        writer.push(at, { depthPm: depth, flag, beginMs: begin })
        previousMs = at
      }
      continue
    }

    const begin = Math.max(previousMs, at - (own > 0 ? own : CHANGE_SPREAD_MS))
    quiet(writer, begin, previousMs + reporting.heartbeatS * 1000, previousFlag)
    writer.push(at, taken ? { depthPm: depth, flag, beginMs: begin } : MISSING_SPAN)
    previousMs = at
    if (taken) previousFlag = flag
  }

  if (reporting.type === 'on-change') {
    quiet(writer, Number.POSITIVE_INFINITY, previousMs + reporting.heartbeatS * 1000, previousFlag)
  }
}
