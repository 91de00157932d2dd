import type { DuckDBConnection } from '@duckdb/node-api'
import type { SeriesId } from '../../domain/observation.js'
import type { LatestObservation } from '../../ports/series-store.js'
import type { Candidate } from './candidate.js'
import { fetchColumns } from './columns.js'

/** A batch's series by their numbers in the file; `fresh` ones get into the file with the batch. */
export interface NumberedSeries {
  readonly numbers: Int32Array
  readonly fresh: readonly { readonly number: number; readonly series: SeriesId }[]
}

/**
 * Every series with its number and its newest observation, held in memory: a row later than its
 * series' newest is new without asking the file, and `latest` needs no query.
 * Changed only after a commit.
 */
export interface SeriesTable {
  number(series: SeriesId): number | undefined
  /** Numbers for a batch's series; unknown ones get the next numbers, which stay free until `adopt`. */
  numbered(series: readonly SeriesId[]): NumberedSeries
  adopt(fresh: NumberedSeries['fresh']): void
  /** UTC epoch ms of the newest observation; -Infinity without one. */
  newestAtMs(number: number): number
  /** UTC epoch ms of the oldest observation; Infinity without one. */
  oldestAtMs(number: number): number
  /** The value at a key has another flag now. */
  reflag(number: number, atMs: number, flag: number): void
  /** Takes note of a key's current value; older keys than the newest are of no interest. */
  observe(number: number, atMs: number, current: Pick<Candidate, 'value' | 'flag' | 'origin'>): void
  latest(series: SeriesId): LatestObservation | null
}

interface Newest {
  readonly atMs: number
  readonly value: number
  readonly flag: number
  readonly origin: number
}

export async function loadSeriesTable(connection: DuckDBConnection): Promise<SeriesTable> {
  const numbers = new Map<SeriesId, number>()
  const newest: (Newest | undefined)[] = []
  const oldest: (number | undefined)[] = []

  const known = await connection.runAndReadAll('SELECT series_id, series FROM series')
  for (const [number, series] of known.getRows()) numbers.set(String(series), Number(number))
  await loadEnds(connection, newest, oldest)

  return {
    number: (series) => numbers.get(series),
    numbered(series) {
      const fresh: { number: number; series: SeriesId }[] = []
      const ofBatch = Int32Array.from(series, (id) => {
        const number = numbers.get(id)
        if (number !== undefined) return number
        fresh.push({ number: numbers.size + fresh.length, series: id })
        return numbers.size + fresh.length - 1
      })
      return { numbers: ofBatch, fresh }
    },
    adopt(fresh) {
      for (const { number, series } of fresh) numbers.set(series, number)
    },
    newestAtMs: (number) => newest[number]?.atMs ?? -Infinity,
    oldestAtMs: (number) => oldest[number] ?? Infinity,
    observe(number, atMs, { value, flag, origin }) {
      const known = newest[number]
      if (known === undefined || atMs >= known.atMs) newest[number] = { atMs, value, flag, origin }
      if (atMs < (oldest[number] ?? Infinity)) oldest[number] = atMs
    },
    reflag(number, atMs, flag) {
      const known = newest[number]
      if (known?.atMs === atMs) newest[number] = { ...known, flag }
    },
    latest(series) {
      const found = newest[numbers.get(series) ?? -1]
      if (found === undefined) return null
      const { atMs, value, flag, origin } = found
      return { series, atMs, value: Number.isNaN(value) ? null : value, flag, origin }
    },
  }
}

async function loadEnds(
  connection: DuckDBConnection,
  newest: (Newest | undefined)[],
  oldest: (number | undefined)[],
): Promise<void> {
  // arg_max skips rows whose value is NULL, so the row is packed into a struct, which never is.
  const columns = await fetchColumns(
    await connection.run(
      `SELECT series_id, at_ms, newest.value, newest.flag, newest.origin, oldest_ms FROM (
         SELECT series_id, max(at_ms)::DOUBLE AS at_ms, min(at_ms)::DOUBLE AS oldest_ms,
                arg_max({value: value, flag: flag, origin: origin}, at_ms) AS newest
         FROM observation GROUP BY series_id)`,
    ),
  )
  const [series, atMs, values] = [columns.counts(0), columns.doubles(1), columns.doubles(2)]
  const [flags, origins, oldestMs] = [columns.bytes(3), columns.bytes(4), columns.doubles(5)]
  for (let row = 0; row < columns.rows; row++) {
    oldest[series[row] ?? 0] = oldestMs[row] ?? Infinity
    newest[series[row] ?? 0] = {
      atMs: atMs[row] ?? 0,
      value: values[row] ?? Number.NaN,
      flag: flags[row] ?? 0,
      origin: origins[row] ?? 0,
    }
  }
}
