import type { DuckDBConnection } from '@duckdb/node-api'
import { FLAG } from '../../domain/flag.js'
import { FLAGS_FROM_BEST, flagOfWeight } from '../../domain/qc/worst-flag.js'
import type { SeriesColumns, SeriesId } from '../../domain/observation.js'
import { emptyColumns, supersedes } from '../../domain/observation.js'
import type { Window } from '../../domain/time.js'
import { DAY_MS } from '../../domain/time.js'
import type { DayCoverage, Revision, SeriesWindow, StepColumns } from '../../ports/series-store.js'
import { chunksOf, fetchColumns } from './columns.js'
import type { SeriesTable } from './series-table.js'

/** Beyond this magnitude nine decimals are not exact, and no quantity is that large. */
const LARGEST_SUMMED = 1e20
const NANO = 1e9

/** Where an observation belongs: a total ending on a boundary lies before it. Totals have a span. */
const BELONGS_MS = 'CASE WHEN span_ms > 0 THEN at_ms - 1 ELSE at_ms END'
const FLAG_WEIGHT = `CASE flag ${FLAGS_FROM_BEST.map((flag, weight) => `WHEN ${flag} THEN ${weight}`).join(' ')} END`

/** Current observations of the asked series in the window, by where they belong. */
const IN_WINDOW = (numbers: readonly number[]): string =>
  `SELECT *, ${BELONGS_MS} AS belongs_ms FROM observation
   WHERE series_id IN (${numbers.join(', ')})
     -- Bounds on the bare column, so that the engine skips row groups outside.
     AND at_ms >= $1 AND at_ms <= $2 AND belongs_ms >= $1 AND belongs_ms < $2`

/** Observations of several windows in one scan: rows lie in the order they came, not by series. */
export async function readSeries(
  connection: DuckDBConnection,
  table: SeriesTable,
  windows: readonly SeriesWindow[],
): Promise<readonly SeriesColumns[]> {
  const numbers = new Set(
    knownNumbers(
      table,
      windows.map(({ series }) => series),
    ),
  )
  if (numbers.size === 0) return windows.map(({ series }) => emptyColumns(series))
  const result = await connection.run(
    `SELECT series_id, at_ms::DOUBLE, span_ms::DOUBLE, value, flag, tests, origin FROM observation
     WHERE series_id IN (${[...numbers].join(', ')}) AND at_ms >= $1 AND at_ms < $2
     ORDER BY series_id, at_ms`,
    [
      Math.min(...windows.map(({ fromMs }) => fromMs)),
      Math.max(...windows.map(({ toMs }) => toMs)),
    ],
  )
  const pieces = new Map<number, Piece[]>()
  for await (const column of chunksOf(result)) {
    const whole: Piece = {
      atMs: column(1, doubles),
      spanMs: column(2, doubles),
      values: column(3, doubles),
      flags: column(4, bytes),
      tests: column(5, (rows) => new Uint16Array(rows)),
      origins: column(6, bytes),
    }
    const runs = runsOf(column(0, (rows) => new Uint32Array(rows)))
    for (const [number, run] of runs) {
      const piece = runs.size === 1 ? whole : cut(whole, run)
      const known = pieces.get(number)
      if (known === undefined) pieces.set(number, [piece])
      else known.push(piece)
    }
  }
  return windows.map(({ series, fromMs, toMs }) => {
    const ofSeries = pieces.get(table.number(series) ?? -1) ?? []
    return { series, ...joined(ofSeries.map((piece) => within(piece, fromMs, toMs))) }
  })
}

/** Consecutive rows of one series. */
type Piece = Omit<SeriesColumns, 'series'>

const doubles = (rows: number): Float64Array => new Float64Array(rows)
const bytes = (rows: number): Uint8Array => new Uint8Array(rows)

function cut(piece: Piece, { from, to }: { readonly from: number; readonly to: number }): Piece {
  return {
    atMs: piece.atMs.subarray(from, to),
    spanMs: piece.spanMs.subarray(from, to),
    values: piece.values.subarray(from, to),
    flags: piece.flags.subarray(from, to),
    tests: piece.tests.subarray(from, to),
    origins: piece.origins.subarray(from, to),
  }
}

function within(piece: Piece, fromMs: number, toMs: number): Piece {
  const all = { from: 0, to: piece.atMs.length }
  const [from, to] = [fromMs, toMs].map((ms) => firstAtOrAfter(piece.atMs, all, ms))
  return cut(piece, { from: from ?? 0, to: to ?? 0 })
}

function joined(pieces: readonly Piece[]): Piece {
  const rows = pieces.reduce((sum, { atMs }) => sum + atMs.length, 0)
  const whole = {
    ...{ atMs: doubles(rows), spanMs: doubles(rows), values: doubles(rows) },
    ...{ flags: bytes(rows), tests: new Uint16Array(rows), origins: bytes(rows) },
  }
  let row = 0
  for (const { atMs, spanMs, values, flags, tests, origins } of pieces) {
    whole.atMs.set(atMs, row)
    whole.spanMs.set(spanMs, row)
    whole.values.set(values, row)
    whole.flags.set(flags, row)
    whole.tests.set(tests, row)
    whole.origins.set(origins, row)
    row += atMs.length
  }
  return whole
}

/** First row of an ascending run at or after a time; its end when there is none. */
function firstAtOrAfter(
  atMs: Float64Array,
  { from, to }: { readonly from: number; readonly to: number },
  wantedMs: number,
): number {
  let low = from
  let high = to
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((atMs[middle] ?? 0) < wantedMs) low = middle + 1
    else high = middle
  }
  return low
}

export async function aggregateSeries(
  connection: DuckDBConnection,
  table: SeriesTable,
  series: readonly SeriesId[],
  window: Window,
  stepMs: number,
): Promise<readonly StepColumns[]> {
  const numbers = knownNumbers(table, series)
  if (numbers.length === 0) return series.map((id) => stepColumns(id, 0))
  // Integers add up to the same sum in any order and on any number of threads; doubles do not.
  const columns = await fetchColumns(
    await connection.run(
      `SELECT series_id, ($1 + step * $3)::DOUBLE, count(summed)::UINTEGER,
              CASE WHEN max(abs(summed)) >= ${LARGEST_SUMMED} THEN NULL ELSE coalesce(sum(
                round(CASE WHEN abs(summed) < ${LARGEST_SUMMED} THEN summed END * ${NANO})::HUGEINT
              ), 0) END,
              min(summed), max(summed), max(weight)
       FROM (SELECT series_id, (belongs_ms - $1) // $3 AS step, ${FLAG_WEIGHT} AS weight,
                    CASE WHEN flag NOT IN (${FLAG.fail}, ${FLAG.missing}) THEN value END AS summed
             FROM (${IN_WINDOW(numbers)}))
       GROUP BY series_id, step ORDER BY series_id, step`,
      [window.fromMs, window.toMs, stepMs],
    ),
  )
  const [ofSeries, fromMs, counts] = [columns.counts(0), columns.doubles(1), columns.counts(2)]
  const sums = columns.values(3)
  const [minima, maxima, weights] = [columns.doubles(4), columns.doubles(5), columns.bytes(6)]
  const runs = runsOf(ofSeries)
  return series.map((id) => {
    const run = runs.get(table.number(id) ?? -1) ?? { from: 0, to: 0 }
    const steps = stepColumns(id, run.to - run.from)
    for (let row = run.from; row < run.to; row++) {
      const step = row - run.from
      steps.fromMs[step] = fromMs[row] ?? 0
      steps.counts[step] = counts[row] ?? 0
      // Converted here, correctly rounded: the engine's own conversion may be a bit off.
      const sum = sums[row] ?? null
      steps.sums[step] = sum === null ? Number.NaN : Number(sum) / NANO
      steps.minima[step] = minima[row] ?? Number.NaN
      steps.maxima[step] = maxima[row] ?? Number.NaN
      steps.flags[step] = flagOfWeight(weights[row] ?? 0)
    }
    return steps
  })
}

export async function seriesCoverage(
  connection: DuckDBConnection,
  table: SeriesTable,
  series: readonly SeriesId[],
  window: Window,
  dayOffsetMs: number,
): Promise<readonly DayCoverage[]> {
  const numbers = knownNumbers(table, series)
  if (numbers.length === 0) return []
  const flags = [FLAG.good, FLAG.notEvaluated, FLAG.suspect, FLAG.fail, FLAG.missing]
  const columns = await fetchColumns(
    await connection.run(
      `SELECT series_id, day * ${DAY_MS} + $3::DOUBLE,
              ${flags.map((flag) => `count(*) FILTER (flag = ${flag})::UINTEGER`).join(', ')}
       FROM (SELECT series_id, flag, floor((belongs_ms - $3)::DOUBLE / ${DAY_MS}) AS day
             FROM (${IN_WINDOW(numbers)}))
       GROUP BY series_id, day ORDER BY series_id, day`,
      [window.fromMs, window.toMs, dayOffsetMs],
    ),
  )
  const dayStartMs = columns.doubles(1)
  const counts = flags.map((_, index) => columns.counts(2 + index))
  const runs = runsOf(columns.counts(0))
  return series.flatMap((id) => {
    const run = runs.get(table.number(id) ?? -1) ?? { from: 0, to: 0 }
    return Array.from({ length: run.to - run.from }, (_, index) => {
      const count = (flag: number): number => counts[flag]?.[run.from + index] ?? 0
      return {
        series: id,
        dayStartMs: dayStartMs[run.from + index] ?? 0,
        good: count(0),
        notEvaluated: count(1),
        suspect: count(2),
        fail: count(3),
        missing: count(4),
      }
    })
  })
}

export async function seriesRevisions(
  connection: DuckDBConnection,
  table: SeriesTable,
  series: SeriesId,
  window: Window,
): Promise<readonly Revision[]> {
  const columns = await fetchColumns(
    await connection.run(
      `SELECT at_ms::DOUBLE, value, rank, origin, seq::DOUBLE FROM revision
       WHERE series_id = $1 AND at_ms >= $2 AND at_ms < $3 ORDER BY at_ms`,
      [table.number(series) ?? -1, window.fromMs, window.toMs],
    ),
  )
  const [atMs, values, ranks] = [columns.doubles(0), columns.doubles(1), columns.doubles(2)]
  const [origins, seqs] = [columns.bytes(3), columns.doubles(4)]
  const rows = Array.from(atMs, (at, row) => ({
    atMs: at,
    value: values[row] ?? Number.NaN,
    rank: ranks[row] ?? -Infinity,
    origin: origins[row] ?? 0,
    seq: seqs[row] ?? 0,
  })).sort((a, b) => a.atMs - b.atMs || (supersedes(a, b) ? -1 : 1))
  return rows.map((row, index) => ({
    ...row,
    value: Number.isNaN(row.value) ? null : row.value,
    current: row.atMs !== rows[index - 1]?.atMs,
  }))
}

function knownNumbers(table: SeriesTable, series: readonly SeriesId[]): readonly number[] {
  return series.flatMap((id) => table.number(id) ?? [])
}

/** Where each series' rows begin and end in a column sorted by series. */
function runsOf(series: Uint32Array): ReadonlyMap<number, { from: number; to: number }> {
  const runs = new Map<number, { from: number; to: number }>()
  for (const [row, number] of series.entries()) {
    const run = runs.get(number)
    if (run === undefined) runs.set(number, { from: row, to: row + 1 })
    else run.to = row + 1
  }
  return runs
}

function stepColumns(series: SeriesId, steps: number): StepColumns {
  return {
    series,
    fromMs: new Float64Array(steps),
    counts: new Uint32Array(steps),
    sums: new Float64Array(steps),
    minima: new Float64Array(steps),
    maxima: new Float64Array(steps),
    flags: new Uint8Array(steps),
  }
}
