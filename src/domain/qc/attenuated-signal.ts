import { FLAG } from '../flag.js'
import type { Context, QualityRecord } from './quality-record.js'
import { flagBelow } from './threshold.js'
import { trailingWindows, type TrailingWindows } from './trailing-windows.js'

/** How lively a signal must be within a window. */
export interface AttenuatedSignalSettings {
  readonly windowMs: number
  /** Greatest minus least, or the sample standard deviation (n − 1). */
  readonly measure: 'range' | 'standard-deviation'
  /** Suspect below it, unit of the quantity. */
  readonly suspectBelow?: number | undefined
  /** Fail below it, unit of the quantity. */
  readonly failBelow?: number | undefined
  /** Fewest values in the window that give a verdict; half of those it should hold unless given. */
  readonly minValues?: number | undefined
}

export function attenuatedSignalContext({ windowMs }: AttenuatedSignalSettings): Context {
  return { rowsBefore: 0, rowsAfter: 0, msBefore: windowMs, msAfter: 0 }
}

/**
 * Attenuated signal test (U.S. IOOS QARTOD, attenuated signal test): a value is beyond a threshold
 * when the measure of the values in the window (t − windowMs, t] is strictly smaller.
 *
 * @returns 9 for NaN; 2 where the window holds too few values, or one only for a deviation
 */
export function attenuatedSignal(
  record: Pick<QualityRecord, 'atMs' | 'values' | 'intervalMs'>,
  settings: AttenuatedSignalSettings,
): Uint8Array {
  const { windowMs, measure, suspectBelow, failBelow } = settings
  const { atMs, values, intervalMs } = record
  const windows = trailingWindows(atMs, values, windowMs, 'excluded')
  const thresholds = { suspect: suspectBelow, fail: failBelow }
  const enough =
    settings.minValues ?? Math.max(2, intervalMs === null ? 2 : windowMs / intervalMs / 2)
  const flags = new Uint8Array(values.length)
  for (const [i, value] of values.entries()) {
    const present = windows.present[i] ?? 0
    if (Number.isNaN(value)) flags[i] = FLAG.missing
    else if (present < enough) flags[i] = FLAG.notEvaluated
    else if (measure === 'range') flags[i] = flagBelow(windows.range[i] ?? 0, thresholds)
    else if (present < 2) flags[i] = FLAG.notEvaluated
    else flags[i] = flagBelow(deviation(values, windows, i), thresholds)
  }
  return flags
}

/**
 * Sample standard deviation (n − 1, two passes) of the window that ends at a row. Computed afresh
 * for each window, not carried along: the same bits however a record is split.
 */
function deviation(
  values: Float64Array,
  { firstRow, present }: TrailingWindows,
  row: number,
): number {
  const first = firstRow[row] ?? row
  const count = present[row] ?? 0
  let sum = 0
  for (let i = first; i <= row; i++) {
    const value = values[i] ?? Number.NaN
    if (!Number.isNaN(value)) sum += value
  }
  const mean = sum / count
  let squares = 0
  for (let i = first; i <= row; i++) {
    const value = values[i] ?? Number.NaN
    if (!Number.isNaN(value)) squares += (value - mean) ** 2
  }
  return Math.sqrt(squares / (count - 1))
}
