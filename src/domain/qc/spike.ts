import { FLAG } from '../flag.js'
import type { Context } from './quality-record.js'
import { flagAbove, type Thresholds } from './threshold.js'

/** How far a value may stand from the mean of its two neighbours, unit of the quantity. */
export type SpikeSettings = Thresholds

export const SPIKE_CONTEXT: Context = { rowsBefore: 1, rowsAfter: 1, msBefore: 0, msAfter: 0 }

/**
 * Spike test (U.S. IOOS QARTOD, spike test; variant: mean of the two neighbours). A value is beyond
 * a threshold when |x − mean of the row before and the row after| is strictly greater.
 *
 * @returns 9 for NaN; 2 at both ends of the record and beside a missing value
 */
export function spike(values: Float64Array, thresholds: SpikeSettings): Uint8Array {
  const flags = new Uint8Array(values.length)
  for (const [i, value] of values.entries()) {
    // NaN beyond the ends, so an end is the neighbour of something missing.
    const reference = ((values[i - 1] ?? Number.NaN) + (values[i + 1] ?? Number.NaN)) / 2
    if (Number.isNaN(value)) flags[i] = FLAG.missing
    else if (Number.isNaN(reference)) flags[i] = FLAG.notEvaluated
    else flags[i] = flagAbove(Math.abs(value - reference), thresholds)
  }
  return flags
}
