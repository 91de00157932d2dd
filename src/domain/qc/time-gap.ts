import { FLAG } from '../flag.js'
import type { Context, QualityRecord } from './quality-record.js'
import { flagAbove } from './threshold.js'

/** How long a sensor may be silent. */
export interface TimeGapSettings {
  readonly suspectAboveMs?: number | undefined
  readonly failAboveMs?: number | undefined
}

export const TIME_GAP_CONTEXT: Context = { rowsBefore: 1, rowsAfter: 0, msBefore: 0, msAfter: 0 }

/**
 * Timing and gap test (U.S. IOOS QARTOD, timing/gap test): the first row after a silence strictly
 * longer than a threshold is beyond it. A row that says its value is missing did arrive, so it
 * ends a silence.
 *
 * The manuals hold the last stamp against the present; in a record, each row is held against the
 * stamp before it. How long a sensor has been silent by now is told by domain/device-health.ts.
 *
 * @returns 9 for NaN; 2 for the first row
 */
export function timeGap(
  { atMs, values }: Pick<QualityRecord, 'atMs' | 'values'>,
  { suspectAboveMs, failAboveMs }: TimeGapSettings,
): Uint8Array {
  const thresholds = { suspect: suspectAboveMs, fail: failAboveMs }
  const flags = new Uint8Array(values.length)
  for (const [i, value] of values.entries()) {
    const silenceMs = (atMs[i] ?? 0) - (atMs[i - 1] ?? Number.NaN)
    if (Number.isNaN(value)) flags[i] = FLAG.missing
    else if (Number.isNaN(silenceMs)) flags[i] = FLAG.notEvaluated
    else flags[i] = flagAbove(silenceMs, thresholds)
  }
  return flags
}
