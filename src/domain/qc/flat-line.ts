import { FLAG } from '../flag.js'
import type { Context, QualityRecord } from './quality-record.js'
import { trailingWindows } from './trailing-windows.js'
import { worstFlag } from './worst-flag.js'

/** How long a value may stand still. */
export interface FlatLineSettings {
  /** Values whose range is smaller than this stand still; unit of the quantity. 0: none ever do. */
  readonly tolerance: number
  readonly suspectAfterMs?: number | undefined
  readonly failAfterMs?: number | undefined
}

export function flatLineContext({
  suspectAfterMs = 0,
  failAfterMs = 0,
}: FlatLineSettings): Context {
  const msBefore = Math.max(suspectAfterMs, failAfterMs)
  return { rowsBefore: 0, rowsAfter: 0, msBefore, msAfter: 0 }
}

/**
 * Flat line test (U.S. IOOS QARTOD, flat line test). A value is flat when the range of the values
 * in the window that ends at it, both ends included, is strictly smaller than the tolerance.
 *
 * Could tell: a range of at least the tolerance shows life however short the window; stillness
 * counts only when the rows reach back over the window (less one step) and at least half of the
 * values it should hold, and at least two, are there.
 *
 * @returns 9 for NaN; 2 where it could not tell, and for all values of a sensor that reports on
 *   change, whose silence is what stillness looks like
 */
export function flatLine(
  record: Pick<QualityRecord, 'atMs' | 'values' | 'intervalMs'>,
  settings: FlatLineSettings,
): Uint8Array {
  const { suspectAfterMs, failAfterMs, tolerance } = settings
  const flags = Uint8Array.from(record.values, (value) =>
    Number.isNaN(value) ? FLAG.missing : FLAG.notEvaluated,
  )
  for (const [windowMs, flag] of [
    [suspectAfterMs, FLAG.suspect],
    [failAfterMs, FLAG.fail],
  ] as const) {
    if (windowMs === undefined || record.intervalMs === null) continue
    markStill(flags, record, record.intervalMs, { windowMs, tolerance, flag })
  }
  return flags
}

function markStill(
  flags: Uint8Array,
  { atMs, values }: Pick<QualityRecord, 'atMs' | 'values'>,
  intervalMs: number,
  { windowMs, tolerance, flag }: { windowMs: number; tolerance: number; flag: number },
): void {
  const { firstRow, present, range } = trailingWindows(atMs, values, windowMs, 'included')
  const enough = Math.max(2, (Math.floor(windowMs / intervalMs) + 1) / 2)
  for (const [i, value] of values.entries()) {
    if (Number.isNaN(value)) continue
    const reachMs = (atMs[i] ?? 0) - (atMs[firstRow[i] ?? i] ?? 0)
    const isWhole = reachMs + intervalMs > windowMs && (present[i] ?? 0) >= enough
    const isStill = (range[i] ?? Number.NaN) < tolerance
    const verdict = !isStill ? FLAG.good : isWhole ? flag : FLAG.notEvaluated
    flags[i] = worstFlag(flags[i] ?? FLAG.notEvaluated, verdict)
  }
}
