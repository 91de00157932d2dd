import type { DuckDBConnection, DuckDBType } from '@duckdb/node-api'
import {
  BIGINT,
  BLOB,
  DOUBLE,
  INTEGER,
  UINTEGER,
  USMALLINT,
  UTINYINT,
  VARCHAR,
} from '@duckdb/node-api'
import { DatabaseUnusable } from './database.js'

/** Raised when a table changes; a file written by a newer release is refused, never guessed at. */
const SCHEMA_VERSION = 6

/** Whether the values are read from this file, or it only knows them for a store elsewhere. */
export type ValuesKept = 'here' | 'elsewhere'

export interface Table {
  readonly name: string
  readonly columns: Readonly<Record<string, DuckDBType>>
}

/**
 * What is known of one value of a key: `number` is 0 for the first and k for the k-th further one.
 * `value` is NULL exactly where the flag is 9; `rank` is -inf without one.
 */
const VALUE_COLUMNS = {
  series_id: INTEGER,
  at_ms: BIGINT,
  number: UINTEGER,
  value: DOUBLE,
  span_ms: BIGINT,
  flag: UTINYINT,
  tests: USMALLINT,
  origin: UTINYINT,
  rank: DOUBLE,
  seq: BIGINT,
} as const

/** The text of a series id stands here once; everywhere else it is a number. */
export const SERIES: Table = { name: 'series', columns: { series_id: INTEGER, series: VARCHAR } }

/** The current value of every key (series_id, at_ms), one row each, in order of arrival. */
export const OBSERVATION: Table = { name: 'observation', columns: VALUE_COLUMNS }

/** All values of the keys that have more than one, the current one among them. */
export const REVISION: Table = { name: 'revision', columns: VALUE_COLUMNS }

export const BOOK: Table = {
  name: 'book',
  columns: {
    device: VARCHAR,
    hour_ms: BIGINT,
    projected: BIGINT,
    refused: BIGINT,
    decoded: BIGINT,
    inserted: BIGINT,
    duplicate: BIGINT,
    revised: BIGINT,
    observations_refused: BIGINT,
  },
}

export const REFUSAL: Table = {
  name: 'refusal',
  columns: {
    id: BIGINT,
    seq: BIGINT,
    item_index: INTEGER,
    device: VARCHAR,
    topic: VARCHAR,
    arrival_ms: BIGINT,
    code: VARCHAR,
    reason: VARCHAR,
  },
}

/** The bytes of a refused message, once, however many of its observations were refused. */
export const REFUSED_PAYLOAD: Table = {
  name: 'refused_payload',
  columns: { seq: BIGINT, payload: BLOB },
}

export const DEVICE: Table = {
  name: 'device',
  columns: {
    device: VARCHAR,
    last_arrival_ms: BIGINT,
    last_at_ms: BIGINT,
    offset_hour_ms: BIGINT,
    clock_offset_ms: BIGINT,
    state: VARCHAR,
    state_seq: BIGINT,
    messages: BIGINT,
  },
}

/** Persons' judgements; `flag` is NULL where values are given back to the tests. */
export const MARK: Table = {
  name: 'mark',
  columns: {
    seq: BIGINT,
    series: VARCHAR,
    from_ms: BIGINT,
    to_ms: BIGINT,
    flag: UTINYINT,
    marked_ms: BIGINT,
    person: VARCHAR,
    reason: VARCHAR,
  },
}

/** Results of laboratories, every version of them; `value` is NULL below the detection limit. */
export const LAB_RESULT: Table = {
  name: 'lab_result',
  columns: {
    seq: BIGINT,
    sample: VARCHAR,
    section: VARCHAR,
    sampled_ms: BIGINT,
    parameter: VARCHAR,
    value: DOUBLE,
    unit: VARCHAR,
    detection_limit: DOUBLE,
    weather: VARCHAR,
    laboratory: VARCHAR,
    cma: VARCHAR,
    report_sha256: VARCHAR,
    file_sha256: VARCHAR,
    file_name: VARCHAR,
    revision: INTEGER,
    person: VARCHAR,
  },
}

/** Assessments that were kept; `document` is the JSON as it was sealed. */
export const ASSESSMENT: Table = {
  name: 'assessment',
  columns: {
    seq: BIGINT,
    sha256: VARCHAR,
    kept_ms: BIGINT,
    person: VARCHAR,
    reason: VARCHAR,
    scheme: VARCHAR,
    edition: VARCHAR,
    from_ms: BIGINT,
    to_ms: BIGINT,
    verdict: VARCHAR,
    score: DOUBLE,
    document: VARCHAR,
  },
}

/** Numbers that devices gave their messages, in runs without a hole, per UTC day. */
export const NUMBER_RUN: Table = {
  name: 'number_run',
  columns: { device: VARCHAR, day_ms: BIGINT, first: BIGINT, last: BIGINT },
}

const TABLES = [
  ...[SERIES, OBSERVATION, REVISION, BOOK, REFUSAL, REFUSED_PAYLOAD, DEVICE],
  ...[MARK, NUMBER_RUN, LAB_RESULT, ASSESSMENT],
]

/** Where a batch lays rows out before SQL merges them: not in the file, nothing of them is logged. */
export const KEY_PROBE: Table = {
  name: 'key_probe',
  columns: { series_id: INTEGER, at_ms: BIGINT },
}
export const CHANGED_OBSERVATION: Table = { ...OBSERVATION, name: 'changed_observation' }
export const CHANGED_REVISION: Table = { ...REVISION, name: 'changed_revision' }
/** Rows that get another flag and nothing else. */
export const REFLAG: Table = {
  name: 'reflag',
  columns: { series_id: INTEGER, at_ms: BIGINT, flag: UTINYINT, tests: USMALLINT },
}
/** Stretches of series to read, each under its number. */
export const SPAN_PROBE: Table = {
  name: 'span_probe',
  columns: { span: INTEGER, series_id: INTEGER, from_ms: BIGINT, to_ms: BIGINT },
}
export const BOOK_ADDITION: Table = { ...BOOK, name: 'book_addition' }
export const CHANGED_DEVICE: Table = { ...DEVICE, name: 'changed_device' }
/** Days whose runs are looked up, or replaced by those of the next. */
export const NUMBERED_DAY: Table = {
  name: 'numbered_day',
  columns: { device: VARCHAR, day_ms: BIGINT },
}
export const CHANGED_RUN: Table = { ...NUMBER_RUN, name: 'changed_run' }

const STAGES = [
  KEY_PROBE,
  SPAN_PROBE,
  CHANGED_OBSERVATION,
  CHANGED_REVISION,
  REFLAG,
  BOOK_ADDITION,
  CHANGED_DEVICE,
  NUMBERED_DAY,
  CHANGED_RUN,
]

export function columnNames(table: Table): readonly string[] {
  return Object.keys(table.columns)
}

/**
 * Makes the tables of a new file, or checks that this release knows those of an old one.
 * Throws naming both versions when the file is newer, and when it was made for the other use.
 */
export async function prepareSchema(
  writer: DuckDBConnection,
  file: string,
  values: ValuesKept,
): Promise<void> {
  const found = await writer.runAndReadAll(
    `SELECT count(*) FROM duckdb_tables() WHERE table_name = 'store' AND NOT temporary`,
  )
  if (Number(found.value(0, 0)) === 0) await createTables(writer, values)
  else await checkTables(writer, file, values)
  for (const stage of STAGES) await writer.run(`CREATE TEMP TABLE ${definition(stage)}`)
}

async function createTables(writer: DuckDBConnection, values: ValuesKept): Promise<void> {
  await writer.run('BEGIN')
  for (const table of TABLES) await writer.run(`CREATE TABLE ${definition(table)}`)
  await writer.run(
    'CREATE TABLE store (schema_version INTEGER, "values" VARCHAR, journal_id VARCHAR, "position" BIGINT, kept_in VARCHAR)',
  )
  await writer.run('INSERT INTO store VALUES ($1, $2, NULL, 0, NULL)', [SCHEMA_VERSION, values])
  await writer.run('COMMIT')
}

async function checkTables(
  writer: DuckDBConnection,
  file: string,
  values: ValuesKept,
): Promise<void> {
  const version = Number(
    (await writer.runAndReadAll('SELECT schema_version FROM store')).value(0, 0),
  )
  if (version > SCHEMA_VERSION) {
    throw new DatabaseUnusable(
      `${file} has schema version ${version}; this release knows ${SCHEMA_VERSION}. Use the release that wrote it, or a newer one`,
    )
  }
  if (version < 2) await addKeptIn(writer)
  if (version < 3) await addTable(writer, MARK, 3)
  if (version < 4) await addTable(writer, NUMBER_RUN, 4)
  if (version < 5) await addTable(writer, LAB_RESULT, 5)
  if (version < 6) await addTable(writer, ASSESSMENT, 6)
  const kept = (await writer.runAndReadAll('SELECT "values" FROM store')).value(0, 0)
  if (kept !== values) {
    throw new DatabaseUnusable(
      `${file} was made for values kept ${String(kept)}, not ${values}. Use another data folder, or rebuild it from the journal`,
    )
  }
}

/** Remembers at the first call which database the keys of this file stand for; says which it is. */
export async function keptIn(writer: DuckDBConnection, database: string): Promise<string> {
  await writer.run('UPDATE store SET kept_in = $1 WHERE kept_in IS NULL', [database])
  return String((await writer.runAndReadAll('SELECT kept_in FROM store')).value(0, 0))
}

/** Version 2 remembers where values that are kept elsewhere are. */
async function addKeptIn(writer: DuckDBConnection): Promise<void> {
  await writer.run('BEGIN')
  await writer.run('ALTER TABLE store ADD COLUMN kept_in VARCHAR')
  await writer.run('UPDATE store SET schema_version = 2')
  await writer.run('COMMIT')
}

async function addTable(writer: DuckDBConnection, table: Table, version: number): Promise<void> {
  await writer.run('BEGIN')
  await writer.run(`CREATE TABLE ${definition(table)}`)
  await writer.run('UPDATE store SET schema_version = $1', [version])
  await writer.run('COMMIT')
}

/** Column definitions; the one place where a type becomes SQL. */
function definition(table: Table): string {
  const columns = Object.entries(table.columns).map(([name, type]) => `${name} ${type.toString()}`)
  return `${table.name} (${columns.join(', ')})`
}
