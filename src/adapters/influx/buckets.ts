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

/** What is counted in a bucket, in two ways that agree: by the engine and from single points. */
export interface BucketCount<Tally> {
  /** What the engine selects for a bucket. */
  readonly select: string
  /** The engine's answer as a tally; null when it is not beyond doubt. */
  answered(cells: readonly number[]): Tally | null
  empty(): Tally
  /** Adds one current observation. */
  observe(tally: Tally, point: StoredPoint): void
}

/** Tallies of one series by the start of their bucket; null is counted from its points. */
type Tallies<Tally> = Map<number, Tally | null>

/**
 * Counts the observations of many series in buckets, inside the engine. By series and start of the
 * bucket, in no order; empty buckets are left out.
 *
 * The engine sees points, of which a revised key has several: buckets with such keys, and those
 * whose answer is not beyond doubt, are counted again from their points.
 */
export async function bucketed<Tally>(
  server: InfluxServer,
  series: readonly SeriesId[],
  grid: BucketGrid,
  count: BucketCount<Tally>,
): Promise<ReadonlyMap<SeriesId, ReadonlyMap<number, Tally>>> {
  const answers = new Map<SeriesId, ReadonlyMap<number, Tally>>()
  const { fromMs, toMs } = grid.window
  if (fromMs >= toMs) return answers
  const ids = [...new Set(series)]
  for (let from = 0; from < ids.length; from += SERIES_PER_REQUEST) {
    const kinds = await seriesKinds(server, ids.slice(from, from + SERIES_PER_REQUEST), grid.window)
    const tallies = new Map<SeriesId, Tallies<Tally>>(
      [...kinds.keys()].map((id) => [id, new Map()]),
    )
    await countInEngine(server, kinds, grid, count, tallies)
    for (const [id, atMs] of await revisedTimes(server, [...kinds.keys()], grid.window)) {
      // The values of a key may be instants and totals, which belong to one bucket or the other.
      for (const belongsMs of [atMs, atMs - 1]) tallies.get(id)?.set(startOf(grid, belongsMs), null)
    }
    for (const [id, ofSeries] of tallies) {
      const whole = kinds.get(id) === 'mixed' ? [grid.window] : null
      answers.set(id, await countAgain(server, id, grid, count, ofSeries, whole))
    }
  }
  return answers
}

/** Instants belong where they stand, totals a millisecond before. */
const SHIFT_MS = { instants: 0, totals: 1 } as const

/** What the points of a series are in a window; a sensor hardly ever changes. */
type SeriesKind = keyof typeof SHIFT_MS | 'mixed'

/** By series, those without points left out. The window's end is included, where totals may stand. */
async function seriesKinds(
  server: InfluxServer,
  series: readonly SeriesId[],
  window: Window,
): Promise<ReadonlyMap<SeriesId, SeriesKind>> {
  const kinds = new Map<SeriesId, SeriesKind>()
  const statement =
    `SELECT min("span"), max("span") FROM "${MEASUREMENT}" WHERE ${amongSeries(series)} ` +
    `AND ${duringMs(window.fromMs, window.toMs + 1)} GROUP BY "series"`
  for await (const rows of server.query([statement])) {
    for (const [, shortest, longest] of rows.values) {
      const id = rows.tags['series'] ?? ''
      if (numeric(longest) === 0) kinds.set(id, 'instants')
      else kinds.set(id, numeric(shortest) > 0 ? 'totals' : 'mixed')
    }
  }
  return kinds
}

async function countInEngine<Tally>(
  server: InfluxServer,
  kinds: ReadonlyMap<SeriesId, SeriesKind>,
  grid: BucketGrid,
  count: BucketCount<Tally>,
  tallies: ReadonlyMap<SeriesId, Tallies<Tally>>,
): Promise<void> {
  const { fromMs, toMs } = grid.window
  for (const kind of ['instants', 'totals'] as const) {
    const series = [...kinds].flatMap(([id, itsKind]) => (itsKind === kind ? [id] : []))
    if (series.length === 0) continue
    const shiftMs = SHIFT_MS[kind]
    const statement =
      `SELECT ${count.select} FROM "${MEASUREMENT}" WHERE ${amongSeries(series)} AND "rev" = '0' ` +
      `AND ${duringMs(fromMs + shiftMs, toMs + shiftMs)} ` +
      byStepMs(grid.anchorMs + shiftMs, grid.lengthMs)
    for await (const rows of server.query([statement])) {
      const ofSeries = tallies.get(rows.tags['series'] ?? '')
      for (const [time, ...cells] of rows.values) {
        ofSeries?.set(numeric(time) - shiftMs, count.answered(cells.map(numeric)))
      }
    }
  }
}

/** Keys with further values; the window's end included, where totals may stand. */
async function revisedTimes(
  server: InfluxServer,
  series: readonly SeriesId[],
  window: Window,
): Promise<readonly (readonly [SeriesId, number])[]> {
  if (series.length === 0) return []
  const keys: (readonly [SeriesId, number])[] = []
  const statement =
    `SELECT "flag" FROM "${MEASUREMENT}" WHERE ${amongSeries(series)} AND "rev" != '0' ` +
    `AND ${duringMs(window.fromMs, window.toMs + 1)} GROUP BY "series"`
  for await (const rows of server.query([statement])) {
    const id = rows.tags['series'] ?? ''
    for (const [time] of rows.values) keys.push([id, numeric(time)])
  }
  return keys
}

/**
 * The tallies with every null replaced by a count of its points.
 *
 * @param whole what to read when all buckets are in doubt; null reads the doubtful ones
 */
async function countAgain<Tally>(
  server: InfluxServer,
  series: SeriesId,
  grid: BucketGrid,
  count: BucketCount<Tally>,
  tallies: Tallies<Tally>,
  whole: readonly Window[] | null,
): Promise<ReadonlyMap<number, Tally>> {
  const { window, lengthMs } = grid
  const result = new Map<number, Tally>()
  const doubtful: Window[] = []
  for (const [start, tally] of tallies) {
    if (tally === null) doubtful.push({ fromMs: start, toMs: start + lengthMs })
    else result.set(start, tally)
  }
  const recounted = new Map<number, Tally>()
  for (const span of whole ?? joined(doubtful)) {
    const fromMs = Math.max(window.fromMs, span.fromMs)
    const toMs = Math.min(window.toMs, span.toMs)
    for (const point of currentPoints(await storedPoints(server, series, fromMs, toMs + 1))) {
      const belongsMs = point.spanMs > 0 ? point.atMs - 1 : point.atMs
      if (belongsMs < fromMs || belongsMs >= toMs) continue
      const start = startOf(grid, belongsMs)
      // Read only because it lies between doubtful ones.
      if (result.has(start)) continue
      const tally = recounted.get(start) ?? count.empty()
      recounted.set(start, tally)
      count.observe(tally, point)
    }
  }
  for (const [start, tally] of recounted) result.set(start, tally)
  return result
}

function startOf({ anchorMs, lengthMs }: BucketGrid, atMs: number): number {
  return anchorMs + Math.floor((atMs - anchorMs) / lengthMs) * lengthMs
}
