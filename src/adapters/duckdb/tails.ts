import type { DuckDBConnection } from '@duckdb/node-api'
import { fetchColumns, restage } from './columns.js'
import { SPAN_PROBE, type ValuesKept } from './schema.js'
import type { SeriesTable } from './series-table.js'
import { maximum, minimum } from './stored-keys.js'
import { NOTHING, tailOf, lowerBound, UNSURE, type Stretch } from './stretch.js'

/** Keys of a series that somebody wants to see. */
export interface Span {
  /** The series' number. */
  readonly series: number
  readonly fromMs: number
  readonly toMs: number
}

/**
 * The stored values around what a batch changes. The newest stretch of each series is remembered,
 * so that rows which come in order ask the file for nothing; it is a copy and can be forgotten at
 * any time.
 */
export interface Tails {
  /** One stretch per span, each at least as wide; one query at most. */
  load(spans: readonly Span[]): Promise<readonly Stretch[]>
  /** The remembered end of a series. */
  remembered(series: number): Stretch | undefined
  /** Remembers the end of a series after a commit, as far as `horizonMs` before its newest key. */
  remember(series: number, stretch: Stretch, horizonMs: number): void
  forgetAll(): void
}

/** Kept of each series whatever its horizon: a little late is the usual late. */
const LEAST_ROWS = 64
/** Rows remembered of all series together, 23 bytes each. */
const MOST_ROWS = 2_000_000

/** As far as a BIGINT and a double both reach. */
const EARLIEST_MS = -8.64e15
const LATEST_MS = 8.64e15

/**
 * @param values elsewhere: flags read from the file are unsure, because a batch that was written
 *   there and not committed here may have left others
 */
export function openTails(writer: DuckDBConnection, table: SeriesTable, values: ValuesKept): Tails {
  /** In the order of use, the longest unused first. */
  const tails = new Map<number, Stretch>()
  let rows = 0

  function forget(series: number): void {
    rows -= tails.get(series)?.atMs.length ?? 0
    tails.delete(series)
  }

  return {
    async load(spans) {
      const stretches = spans.map((span) => inMemory(span))
      const missing = spans.filter((_, index) => stretches[index] === undefined)
      if (missing.length === 0) return stretches.filter((stretch) => stretch !== undefined)
      const read = await readSpans(writer, table, missing, values)
      let next = 0
      return stretches.map((stretch) => stretch ?? read[next++] ?? NOTHING)
    },
    remembered: (series) => tails.get(series),
    remember(series, stretch, horizonMs) {
      forget(series)
      const newestMs = stretch.atMs.at(-1)
      if (newestMs === undefined || stretch.toMs !== Infinity) return
      const bySpan = lowerBound(stretch.atMs, newestMs - horizonMs)
      const tail = tailOf(stretch, Math.min(bySpan, stretch.atMs.length - LEAST_ROWS))
      tails.set(series, tail)
      rows += tail.atMs.length
      for (const oldest of tails.keys()) {
        if (rows <= MOST_ROWS) break
        forget(oldest)
      }
    },
    forgetAll() {
      tails.clear()
      rows = 0
    },
  }

  function inMemory({ series, fromMs }: Span): Stretch | undefined {
    if (table.newestAtMs(series) === -Infinity) return NOTHING
    const tail = tails.get(series)
    return tail !== undefined && tail.fromMs <= fromMs ? tail : undefined
  }
}

async function readSpans(
  writer: DuckDBConnection,
  table: SeriesTable,
  spans: readonly Span[],
  values: ValuesKept,
): Promise<readonly Stretch[]> {
  const from = spans.map(({ fromMs }) => Math.max(EARLIEST_MS, Math.floor(fromMs)))
  const to = spans.map(({ toMs }) => Math.min(LATEST_MS, Math.ceil(toMs)))
  await restage(writer, SPAN_PROBE, [
    spans.map((_, span) => span),
    spans.map(({ series }) => series),
    from.map(BigInt),
    to.map(BigInt),
  ])
  const columns = await fetchColumns(
    await writer.run(
      `SELECT span, stored.at_ms::DOUBLE, stored.value, stored.flag, stored.tests, stored.number
       FROM observation AS stored JOIN span_probe USING (series_id)
       -- Bounds on the bare column, so that the engine skips row groups outside.
       WHERE stored.at_ms BETWEEN ${minimum(from)} AND ${maximum(to)}
         AND stored.at_ms BETWEEN from_ms AND to_ms
       ORDER BY span, stored.at_ms`,
    ),
  )
  const ofSpan = columns.counts(0)
  const atMs = columns.doubles(1)
  const read = columns.doubles(2)
  const flags = values === 'here' ? columns.bytes(3) : new Uint8Array(columns.rows).fill(UNSURE)
  const tests = Uint16Array.from(columns.counts(4))
  const numbers = columns.counts(5)
  return spans.map(({ series, fromMs, toMs }, span) => {
    const first = lowerBound(ofSpan, span)
    const end = lowerBound(ofSpan, span + 1)
    return {
      fromMs: fromMs <= table.oldestAtMs(series) ? -Infinity : fromMs,
      toMs: toMs >= table.newestAtMs(series) ? Infinity : toMs,
      atMs: atMs.subarray(first, end),
      values: read.subarray(first, end),
      flags: flags.subarray(first, end),
      tests: tests.subarray(first, end),
      numbers: numbers.subarray(first, end),
    }
  })
}
