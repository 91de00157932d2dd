import type { SeriesColumns, SeriesId } from '../domain/observation.js'
import { DAY_MS, MINUTE_MS, type Window } from '../domain/time.js'
import type { SeriesReads } from '../ports/series-store.js'

/** Rows that one read should bring; a read holds all of its rows in memory. */
const TARGET_ROWS = 5_000
const GROWTH = 8

/**
 * Reads a long window in stretches, so that memory stays bounded however long it is. The length
 * of a stretch follows the density found: it starts at a day and grows up to 8-fold where rows
 * are few. Stretches without rows are not handed out.
 */
export async function* seriesInStretches(
  store: Pick<SeriesReads, 'read'>,
  series: SeriesId,
  window: Window,
): AsyncGenerator<SeriesColumns> {
  let lengthMs = DAY_MS
  for (let fromMs = window.fromMs; fromMs < window.toMs;) {
    const toMs = Math.min(fromMs + lengthMs, window.toMs)
    const columns = await store.read(series, { fromMs, toMs })
    const rows = columns.atMs.length
    if (rows > 0) yield columns
    const factor = Math.min(GROWTH, TARGET_ROWS / Math.max(rows, 1))
    lengthMs = Math.max(MINUTE_MS, Math.floor(lengthMs * factor))
    fromMs = toMs
  }
}
