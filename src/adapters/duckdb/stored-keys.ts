import type { DuckDBConnection } from '@duckdb/node-api'
import type { Candidate } from './candidate.js'
import type { DoubtfulKey } from './classify.js'
import type { FetchedColumns } from './columns.js'
import { fetchColumns, restage } from './columns.js'
import { KEY_PROBE } from './schema.js'

/**
 * Looks up what the file holds at keys of a batch.
 *
 * The bounds on time are what makes it cheap: they let the engine skip all row groups outside,
 * and late data is mostly a little late.
 */
export async function storedValues(
  writer: DuckDBConnection,
  keys: readonly DoubtfulKey[],
  numbers: Int32Array,
): Promise<(key: DoubtfulKey) => readonly Candidate[]> {
  if (keys.length === 0) return () => []
  const seriesOf = (key: DoubtfulKey): number => numbers[key.seriesIndex] ?? 0
  await restage(writer, KEY_PROBE, [keys.map(seriesOf), keys.map(({ atMs }) => BigInt(atMs))])
  const times = keys.map(({ atMs }) => atMs)
  const between = `BETWEEN ${minimum(times)} AND ${maximum(times)}`
  const found = new Map<number, Map<number, Candidate[]>>()
  // A key in `revision` has all its values there, the current one of `observation` too.
  for (const table of ['revision', 'observation'] as const) {
    const columns = await fetchColumns(
      await writer.run(
        `SELECT stored.series_id, stored.at_ms::DOUBLE, stored.number, stored.value,
                stored.span_ms::DOUBLE, stored.flag, stored.tests, stored.origin, stored.rank,
                stored.seq::DOUBLE
         FROM ${table} AS stored JOIN key_probe USING (series_id, at_ms)
         WHERE stored.at_ms ${between} ORDER BY 1, 2, 3`,
      ),
    )
    collect(columns, found, table)
  }
  return (key) => found.get(seriesOf(key))?.get(key.atMs) ?? []
}

function collect(
  columns: FetchedColumns,
  found: Map<number, Map<number, Candidate[]>>,
  table: 'revision' | 'observation',
): void {
  const [series, atMs, numbers] = [columns.counts(0), columns.doubles(1), columns.counts(2)]
  const [values, spanMs, flags] = [columns.doubles(3), columns.doubles(4), columns.bytes(5)]
  const [tests, origins] = [columns.counts(6), columns.bytes(7)]
  const [ranks, seqs] = [columns.doubles(8), columns.doubles(9)]
  const revised = table === 'observation' ? new Set(keysOf(found)) : new Set<string>()
  for (let row = 0; row < columns.rows; row++) {
    const number = series[row] ?? 0
    const at = atMs[row] ?? 0
    if (revised.has(`${number} ${at}`)) continue
    const ofSeries = found.get(number) ?? new Map<number, Candidate[]>()
    found.set(number, ofSeries)
    const candidates = ofSeries.get(at) ?? []
    ofSeries.set(at, candidates)
    candidates.push({
      number: numbers[row] ?? 0,
      value: values[row] ?? Number.NaN,
      spanMs: spanMs[row] ?? 0,
      flag: flags[row] ?? 0,
      tests: tests[row] ?? 0,
      origin: origins[row] ?? 0,
      rank: ranks[row] ?? -Infinity,
      seq: seqs[row] ?? 0,
    })
  }
}

function keysOf(found: ReadonlyMap<number, ReadonlyMap<number, unknown>>): string[] {
  return [...found].flatMap(([series, times]) => [...times.keys()].map((at) => `${series} ${at}`))
}

/** Not Math.min(...times): a spread of a large batch would overflow the stack. */
export function minimum(times: readonly number[]): number {
  return times.reduce((least, time) => Math.min(least, time), Infinity)
}

export function maximum(times: readonly number[]): number {
  return times.reduce((most, time) => Math.max(most, time), -Infinity)
}
