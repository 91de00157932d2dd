import type { DuckDBConnection, DuckDBValue } from '@duckdb/node-api'
import type { Candidate } from './candidate.js'
import { currentOf } from './candidate.js'
import type { Classification, NumberedRows } from './classify.js'
import { candidateOf } from './classify.js'
import type { Reflag } from './judging.js'
import { appendColumns, restage } from './columns.js'
import {
  CHANGED_OBSERVATION,
  CHANGED_REVISION,
  columnNames,
  OBSERVATION,
  REFLAG,
  REVISION,
  type Table,
} from './schema.js'
import { maximum, minimum } from './stored-keys.js'

/** Rows of `observation` or `revision` on their way into the file. */
interface ValueRow {
  readonly series: number
  readonly atMs: number
  readonly candidate: Candidate
}

/** What a classification means for the two tables of values. */
export interface ValueChanges {
  /** Current values of new keys. */
  readonly newObservations: readonly ValueRow[]
  /** Stored keys whose current value is now another, or better known. */
  readonly changedObservations: readonly ValueRow[]
  readonly newRevisions: readonly ValueRow[]
  readonly changedRevisions: readonly ValueRow[]
  /** Current values that get another flag and nothing else. */
  readonly reflags: readonly Reflag[]
}

export function valueChanges(
  rows: NumberedRows,
  classified: Classification,
  reflags: readonly Reflag[],
): ValueChanges {
  const { seriesIndex, atMs } = rows.columns
  const changes = {
    newObservations: classified.plain.map((row) => ({
      series: rows.numbers[seriesIndex[row] ?? 0] ?? 0,
      atMs: atMs[row] ?? 0,
      candidate: candidateOf(rows, row, 0),
    })),
    changedObservations: [] as ValueRow[],
    newRevisions: [] as ValueRow[],
    changedRevisions: [] as ValueRow[],
    reflags: reflags.filter(({ state }) => state === 'current'),
  }
  for (const { key, before, after, currentChanges, verdict } of classified.keys) {
    if (after.length === 0) continue
    const row = (candidate: Candidate): ValueRow => ({
      series: rows.numbers[key.seriesIndex] ?? 0,
      atMs: key.atMs,
      candidate,
    })
    const current = row({ ...currentOf(after), ...verdict })
    if (before.length === 0) changes.newObservations.push(current)
    else if (currentChanges) changes.changedObservations.push(current)
    if (after.length === 1) continue
    // A lone value is not in `revision`; it gets there with the second one.
    const kept = before.length > 1 ? before : []
    for (const candidate of after) {
      const stored = kept.find((other) => other.number === candidate.number)
      if (stored === undefined) changes.newRevisions.push(row(candidate))
      else if (stored !== candidate) changes.changedRevisions.push(row(candidate))
    }
  }
  return changes
}

/** Lays out the changed rows before the transaction begins. */
export async function stageValues(writer: DuckDBConnection, changes: ValueChanges): Promise<void> {
  if (changes.changedObservations.length > 0) {
    await restage(writer, CHANGED_OBSERVATION, valueColumns(changes.changedObservations))
  }
  if (changes.changedRevisions.length > 0) {
    await restage(writer, CHANGED_REVISION, valueColumns(changes.changedRevisions))
  }
  const { reflags } = changes
  if (reflags.length > 0) {
    await restage(writer, REFLAG, [
      reflags.map(({ seriesNumber }) => seriesNumber),
      reflags.map(({ atMs }) => BigInt(atMs)),
      reflags.map(({ flag }) => flag),
      reflags.map(({ tests }) => tests),
    ])
  }
}

/** Writes them, inside the transaction. */
export async function writeValues(writer: DuckDBConnection, changes: ValueChanges): Promise<void> {
  await appendColumns(writer, OBSERVATION, valueColumns(changes.newObservations))
  await appendColumns(writer, REVISION, valueColumns(changes.newRevisions))
  const { changedObservations, changedRevisions, reflags } = changes
  if (changedObservations.length > 0) {
    await writer.run(update(OBSERVATION, CHANGED_OBSERVATION, changedObservations))
  }
  if (changedRevisions.length > 0) {
    await writer.run(update(REVISION, CHANGED_REVISION, changedRevisions))
  }
  if (reflags.length > 0) await writer.run(update(OBSERVATION, REFLAG, reflags))
}

/** Replaces the rows of a table by those staged at the same key (and number, where a key has several). */
function update(table: Table, stage: Table, rows: readonly { readonly atMs: number }[]): string {
  const keys = table === REVISION ? ['series_id', 'at_ms', 'number'] : ['series_id', 'at_ms']
  const set = columnNames(stage)
    .filter((name) => !keys.includes(name))
    .map((name) => `${name} = changed.${name}`)
  const times = rows.map(({ atMs }) => atMs)
  const same = keys.map((name) => `${table.name}.${name} = changed.${name}`)
  return `UPDATE ${table.name} SET ${set.join(', ')} FROM ${stage.name} AS changed
    WHERE ${same.join(' AND ')}
      AND ${table.name}.at_ms BETWEEN ${minimum(times)} AND ${maximum(times)}`
}

/** In the order of the tables' columns. */
function valueColumns(rows: readonly ValueRow[]): DuckDBValue[][] {
  return [
    rows.map(({ series }) => series),
    rows.map(({ atMs }) => BigInt(atMs)),
    rows.map(({ candidate }) => candidate.number),
    rows.map(({ candidate: { value } }) => (Number.isNaN(value) ? null : value)),
    rows.map(({ candidate }) => BigInt(candidate.spanMs)),
    rows.map(({ candidate }) => candidate.flag),
    rows.map(({ candidate }) => candidate.tests),
    rows.map(({ candidate }) => candidate.origin),
    rows.map(({ candidate }) => candidate.rank),
    rows.map(({ candidate }) => BigInt(candidate.seq)),
  ]
}
