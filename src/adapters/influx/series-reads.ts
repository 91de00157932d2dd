import type { SeriesColumns, SeriesId } from '../../domain/observation.js'
import { supersedes } from '../../domain/observation.js'
import type { Window } from '../../domain/time.js'
import type { LatestObservation, Revision } from '../../ports/series-store.js'
import { amongSeries, duringMs } from './influxql.js'
import { MEASUREMENT } from './line.js'
import type { InfluxServer } from './server.js'
import { joined } from './spans.js'
import type { StoredPoint } from './stored-points.js'
import {
  byKey,
  currentPoints,
  numeric,
  POINT_COLUMNS,
  pointsOf,
  storedPoints,
} from './stored-points.js'

/** `read` of the port. */
export async function seriesColumns(
  server: InfluxServer,
  series: SeriesId,
  window: Window,
): Promise<SeriesColumns> {
  const points = currentPoints(await storedPoints(server, series, window.fromMs, window.toMs))
  return {
    series,
    atMs: Float64Array.from(points, ({ atMs }) => atMs),
    spanMs: Float64Array.from(points, ({ spanMs }) => spanMs),
    values: Float64Array.from(points, ({ value }) => value),
    flags: Uint8Array.from(points, ({ flag }) => flag),
    tests: Uint16Array.from(points, ({ tests }) => tests),
    origins: Uint8Array.from(points, ({ origin }) => origin),
  }
}

/** `latest` of the port: the newest point of each (series, revision number), then the current one of the newest key. */
export async function latestObservations(
  server: InfluxServer,
  series: readonly SeriesId[],
): Promise<readonly LatestObservation[]> {
  if (series.length === 0) return []
  const statement =
    `SELECT ${POINT_COLUMNS} FROM "${MEASUREMENT}" WHERE ${amongSeries(series)} ` +
    'GROUP BY "series", "rev" ORDER BY time DESC LIMIT 1'
  const newest = new Map<SeriesId, StoredPoint>()
  for await (const rows of server.query([statement])) {
    const id = rows.tags['series'] ?? ''
    for (const point of pointsOf(rows)) {
      const known = newest.get(id)
      if (known === undefined || isLater(point, known)) newest.set(id, point)
    }
  }
  return series.flatMap((id) => {
    const point = newest.get(id)
    if (point === undefined) return []
    const { atMs, flag, origin } = point
    return { series: id, atMs, value: valueOf(point), flag, origin }
  })
}

/** `revisions` of the port. */
export async function seriesRevisions(
  server: InfluxServer,
  series: SeriesId,
  window: Window,
): Promise<readonly Revision[]> {
  const further =
    `SELECT "flag" FROM "${MEASUREMENT}" WHERE ${amongSeries([series])} AND "rev" != '0' ` +
    `AND ${duringMs(window.fromMs, window.toMs)}`
  const times = new Set<number>()
  for await (const rows of server.query([further])) {
    for (const [time] of rows.values) times.add(numeric(time))
  }
  const instants = [...times].map((atMs) => ({ fromMs: atMs, toMs: atMs + 1 }))
  const revisions: Revision[] = []
  for (const { fromMs, toMs } of joined(instants)) {
    for (const points of byKey(await storedPoints(server, series, fromMs, toMs))) {
      if (points.length === 1) continue
      const ordered = [...points].sort((a, b) => (supersedes(a, b) ? -1 : 1))
      for (const [place, point] of ordered.entries()) {
        const { atMs, rank, origin, seq } = point
        revisions.push({ atMs, value: valueOf(point), rank, origin, seq, current: place === 0 })
      }
    }
  }
  return revisions
}

function isLater(point: StoredPoint, known: StoredPoint): boolean {
  if (point.atMs !== known.atMs) return point.atMs > known.atMs
  return supersedes(point, known)
}

function valueOf({ value }: StoredPoint): number | null {
  return Number.isNaN(value) ? null : value
}
