import type { SeriesId } from '../../domain/observation.js'
import type { Window } from '../../domain/time.js'
import { amongSeries, byStepMs, duringMs } from './influxql.js'
import { MEASUREMENT } from './line.js'
import type { InfluxServer } from './server.js'
import { joined } from './spans.js'
import type { StoredPoint } from './stored-points.js'
import { currentPoints, numeric, storedPoints } from './stored-points.js'

/** Series in one request: statements stay readable for the server. */
const SERIES_PER_REQUEST = 50

/** Where buckets lie: one begins at `anchorMs`, each is `lengthMs` long, the window cuts the outer ones. */
export interface BucketGrid {
  readonly window: Window
  readonly anchorMs: number
  readonly lengthMs: number
}

/** What is counted in a bucket, in two ways that agree: from the engine's rows and from single points. */
export interface BucketCount<Tally> {
  /** Per statement: what the engine selects, of which points. */
  readonly selections: readonly { readonly select: string; readonly where: string }[]
  empty(): Tally
  /** Adds the engine's answer to one selection. */
  add(tally: Tally, selection: number, row: readonly number[]): void
  /** Adds one current observation. */
  observe(tally: Tally, point: StoredPoint): void
  /** Whether the engine's answer is beyond doubt; otherwise the bucket is counted from its points. */
  isExact(tally: Tally): boolean
}

/** Tallies of one series by the start of their bucket. */
type Tallies<Tally> = Map<number, Tally>

/**
 * Counts the observations of many series in buckets, inside the engine.
 *
 * The engine sees points, of which a revised key has several: buckets with such keys, and those
 * whose answer is not exact, are counted again from their points.
 */
export async function bucketed<Tally>(
  server: InfluxServer,
  series: readonly SeriesId[],
  grid: BucketGrid,
  count: BucketCount<Tally>,
): Promise<ReadonlyMap<SeriesId, ReadonlyMap<number, Tally>>> {
  const answers = new Map<SeriesId, Tallies<Tally>>(series.map((id) => [id, new Map()]))
  const ids = [...answers.keys()]
  if (grid.window.fromMs >= grid.window.toMs) return answers
  for (let from = 0; from < ids.length; from += SERIES_PER_REQUEST) {
    const some = ids.slice(from, from + SERIES_PER_REQUEST)
    await countInEngine(server, some, grid, count, answers)
    const revised = await revisedTimes(server, some, grid.window)
    for (const id of some) {
      const tallies = answers.get(id) ?? new Map<number, Tally>()
      const doubtful = new Set([...(revised.get(id) ?? [])].flatMap((at) => bucketsAt(grid, at)))
      for (const [start, tally] of tallies) if (!count.isExact(tally)) doubtful.add(start)
      if (doubtful.size > 0) await countAgain(server, id, grid, count, doubtful, tallies)
    }
  }
  return answers
}

/** Instants belong where they stand, totals a millisecond before: a statement for each, told apart by their span. */
const KINDS = [
  { belongs: '"span" = 0', shiftMs: 0 },
  { belongs: '"span" > 0', shiftMs: 1 },
] as const

async function countInEngine<Tally>(
  server: InfluxServer,
  series: readonly SeriesId[],
  grid: BucketGrid,
  count: BucketCount<Tally>,
  answers: ReadonlyMap<SeriesId, Tallies<Tally>>,
): Promise<void> {
  const { fromMs, toMs } = grid.window
  const asked = KINDS.flatMap(({ belongs, shiftMs }) =>
    count.selections.map(({ select, where }, selection) => ({
      selection,
      shiftMs,
      statement:
        `SELECT ${select} FROM "${MEASUREMENT}" WHERE ${amongSeries(series)} AND ${where} ` +
        `AND ${belongs} AND ${duringMs(fromMs + shiftMs, toMs + shiftMs)} ` +
        byStepMs(grid.anchorMs + shiftMs, grid.lengthMs),
    })),
  )
  for await (const rows of server.query(asked.map(({ statement }) => statement))) {
    const { selection, shiftMs } = asked[rows.statement] ?? { selection: 0, shiftMs: 0 }
    const tallies = answers.get(rows.tags['series'] ?? '')
    if (tallies === undefined) continue
    for (const [time, ...cells] of rows.values) {
      const start = numeric(time) - shiftMs
      const tally = tallies.get(start) ?? count.empty()
      tallies.set(start, tally)
      count.add(tally, selection, cells.map(numeric))
    }
  }
}

/** Times of keys with further values, by series; the window's end included, where totals may stand. */
async function revisedTimes(
  server: InfluxServer,
  series: readonly SeriesId[],
  window: Window,
): Promise<ReadonlyMap<SeriesId, ReadonlySet<number>>> {
  const times = new Map<SeriesId, Set<number>>(series.map((id) => [id, new Set()]))
  const statement =
    `SELECT "flag" FROM "${MEASUREMENT}" WHERE ${amongSeries(series)} AND "rev" != '0' ` +
    `AND ${duringMs(window.fromMs, window.toMs + 1)} GROUP BY "series"`
  for await (const rows of server.query([statement])) {
    const found = times.get(rows.tags['series'] ?? '')
    for (const [time] of rows.values) found?.add(numeric(time))
  }
  return times
}

/** Counts the buckets from their points; a bucket that turns out empty is left out. */
async function countAgain<Tally>(
  server: InfluxServer,
  series: SeriesId,
  grid: BucketGrid,
  count: BucketCount<Tally>,
  starts: ReadonlySet<number>,
  tallies: Tallies<Tally>,
): Promise<void> {
  const { window, lengthMs } = grid
  for (const start of starts) tallies.delete(start)
  const spans = [...starts].map((start) => ({
    fromMs: Math.max(window.fromMs, start),
    toMs: Math.min(window.toMs, start + lengthMs) + 1,
  }))
  for (const { fromMs, toMs } of joined(spans, lengthMs)) {
    for (const point of currentPoints(await storedPoints(server, series, fromMs, toMs))) {
      const belongsMs = point.spanMs > 0 ? point.atMs - 1 : point.atMs
      const start = bucketStart(grid, belongsMs)
      if (!starts.has(start) || belongsMs < window.fromMs || belongsMs >= window.toMs) continue
      const tally = tallies.get(start) ?? count.empty()
      tallies.set(start, tally)
      count.observe(tally, point)
    }
  }
}

/** The buckets that a key may belong to: its instants to one, its totals to the other. */
function bucketsAt(grid: BucketGrid, atMs: number): readonly number[] {
  return [bucketStart(grid, atMs), bucketStart(grid, atMs - 1)]
}

function bucketStart({ anchorMs, lengthMs }: BucketGrid, atMs: number): number {
  return anchorMs + Math.floor((atMs - anchorMs) / lengthMs) * lengthMs
}
