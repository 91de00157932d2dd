import type { Sensor } from '../city/registry.js'
import { MINUTE_MS } from '../time.js'
import { MISSING_SPAN, type RainRecordWriter } from './rain-record.js'

/** What the record of a gauge is made with. */
export type Gauge = Pick<Sensor, 'kind' | 'reporting' | 'calibrations' | 'unit' | 'quantity'>

/**
 * Longest time that rain reported on change is spread over, ms: five minutes, the coarsest interval
 * we ask of a rain gauge (recommended; a rule asks for 15 min, 建办城函〔2015〕635号, annex, indicator 1).
 */
export const CHANGE_SPREAD_MS = 5 * MINUTE_MS

/** Silence of a gauge that reports on change: dry while the last message vouches for it, then missing. */
export function quiet(
  writer: RainRecordWriter,
  untilMs: number,
  vouchedMs: number,
  flag: number,
): void {
  writer.push(Math.min(untilMs, vouchedMs), { depthPm: 0, flag })
  if (Number.isFinite(untilMs)) writer.push(untilMs, MISSING_SPAN)
}
