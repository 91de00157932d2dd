import { FLAG } from '../flag.js'
import { SECOND_MS } from '../time.js'
import type { Context, QualityRecord } from './quality-record.js'
import { flagAbove } from './threshold.js'

/** How fast a value may change from the row before; unit of the quantity per second. */
export interface RateOfChangeSettings {
  readonly suspectPerS?: number | undefined
  readonly failPerS?: number | undefined
}

export const RATE_OF_CHANGE_CONTEXT: Context = {
  rowsBefore: 1,
  rowsAfter: 0,
  msBefore: 0,
  msAfter: 0,
}

/**
 * Rate of change test (U.S. IOOS QARTOD, rate of change test; variant: fixed rate per second in
 * place of standard deviations). A value is beyond a threshold when its change from the row
 * before, divided by the time between them, is strictly greater. The row before alone decides:
 * the way back from a jump is a jump.
 *
 * @returns 9 for NaN; 2 for the first row, after a missing value, and where a time is repeated
 */
export function rateOfChange(
  { atMs, values }: Pick<QualityRecord, 'atMs' | 'values'>,
  settings: RateOfChangeSettings,
): Uint8Array {
  const thresholds = { suspect: settings.suspectPerS, fail: settings.failPerS }
  const flags = new Uint8Array(values.length)
  for (const [i, value] of values.entries()) {
    const change = Math.abs(value - (values[i - 1] ?? Number.NaN))
    const elapsedS = ((atMs[i] ?? 0) - (atMs[i - 1] ?? 0)) / SECOND_MS
    if (Number.isNaN(value)) flags[i] = FLAG.missing
    else if (Number.isNaN(change) || elapsedS === 0) flags[i] = FLAG.notEvaluated
    else flags[i] = flagAbove(change / elapsedS, thresholds)
  }
  return flags
}
