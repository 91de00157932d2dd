import { FLAG } from '../../domain/flag.js'
import type { SeriesId } from '../../domain/observation.js'
import { supersedes } from '../../domain/observation.js'
import { amongSeries, duringMs } from './influxql.js'
import { MEASUREMENT, NO_RANK } from './line.js'
import type { InfluxServer, ResultRows } from './server.js'

/** One value of a key, as the server holds it. */
export interface StoredPoint {
  readonly atMs: number
  readonly spanMs: number
  /** NaN when missing. */
  readonly value: number
  readonly flag: number
  readonly tests: number
  readonly origin: number
  readonly rank: number
  readonly seq: number
}

/** What every reading statement selects; `pointsOf` reads it. */
export const POINT_COLUMNS = '"value", "flag", "tests", "origin", "span", "rank", "seq"'

/** All points of a series in [fromMs, toMs), ascending by time. */
export async function storedPoints(
  server: InfluxServer,
  series: SeriesId,
  fromMs: number,
  toMs: number,
): Promise<readonly StoredPoint[]> {
  const statement = `SELECT ${POINT_COLUMNS} FROM "${MEASUREMENT}" WHERE ${amongSeries([series])} AND ${duringMs(fromMs, toMs)}`
  const points: StoredPoint[] = []
  for await (const rows of server.query([statement]))
    for (const point of pointsOf(rows)) points.push(point)
  return points
}

/** Reads the rows of a statement that selected POINT_COLUMNS. */
export function* pointsOf(rows: ResultRows): Generator<StoredPoint> {
  const column = (name: string): number => rows.columns.indexOf(name)
  const [time, value, flag] = [column('time'), column('value'), column('flag')]
  const [tests, origin, span, rank, seq] = [
    column('tests'),
    column('origin'),
    column('span'),
    column('rank'),
    column('seq'),
  ]
  for (const row of rows.values) {
    const flagged = numeric(row[flag])
    const ranked = numeric(row[rank])
    yield {
      atMs: numeric(row[time]),
      spanMs: numeric(row[span]),
      value: flagged === FLAG.missing ? Number.NaN : numeric(row[value]),
      flag: flagged,
      tests: numeric(row[tests]),
      origin: numeric(row[origin]),
      rank: ranked === NO_RANK ? -Infinity : ranked,
      seq: numeric(row[seq]),
    }
  }
}

/** The points of each key, one after another; the points are ascending by time. */
export function* byKey(points: readonly StoredPoint[]): Generator<readonly StoredPoint[]> {
  let from = 0
  for (let to = 1; to <= points.length; to++) {
    if (to < points.length && points[to]?.atMs === points[from]?.atMs) continue
    yield points.slice(from, to)
    from = to
  }
}

/** The current value of every key; the points are ascending by time. */
export function currentPoints(points: readonly StoredPoint[]): readonly StoredPoint[] {
  const current: StoredPoint[] = []
  for (const point of points) {
    const last = current.at(-1)
    if (last?.atMs !== point.atMs) current.push(point)
    else if (supersedes(point, last)) current[current.length - 1] = point
  }
  return current
}

/** A number of a result; NaN for a field that the point does not have. */
export function numeric(cell: number | string | boolean | null | undefined): number {
  return typeof cell === 'number' ? cell : Number.NaN
}
