import { BIGINT, VARCHAR, type DuckDBConnection } from '@duckdb/node-api'
import { DAY_MS } from '../../domain/time.js'
import { ORIGIN } from '../../domain/flag.js'
import { appendColumns } from './columns.js'
import { openDatabase, type Database } from './database.js'
import { prepareSchema, type Table } from './schema.js'

/** Stored values of a series that entries of one UTC day of arrival brought. */
export interface StoredExtent {
  readonly series: string
  readonly dayMs: number
  /** UTC epoch ms. */
  readonly firstMs: number
  readonly lastMs: number
}

/** A device and a UTC day of arrival. */
export interface DeviceDay {
  readonly device: string
  readonly dayMs: number
}

/**
 * A store whose entries are taken back in part, to be projected again. Between `withdraw` and
 * `finish` the file is no store to be served: work on a copy.
 */
export interface Withdrawal {
  /** Where what is stored lies. */
  extents(
    runs: readonly { readonly firstSeq: number; readonly dayMs: number }[],
  ): Promise<readonly StoredExtent[]>
  /**
   * Takes back what entries brought: values, refusals, books. Afterwards the store takes entries from
   * the first on.
   *
   * @param entries their sequences: all that the devices sent on the days
   * @param series with the device that they belong to now
   */
  withdraw(
    entries: AsyncIterable<readonly number[]>,
    days: readonly DeviceDay[],
    series: ReadonlyMap<string, string>,
  ): Promise<void>
  /** Checkpoints and closes. */
  close(): Promise<void>
}

const RUN: Table = { name: 'run', columns: { first_seq: BIGINT, day_ms: BIGINT } }
const CHOSEN: Table = { name: 'chosen', columns: { seq: BIGINT } }
const DEVICE_DAY: Table = { name: 'device_day', columns: { device: VARCHAR, day_ms: BIGINT } }
const OF_DEVICE: Table = { name: 'of_device', columns: { series: VARCHAR, device: VARCHAR } }
/** What `finish` needs; it stands in the file until then. */
const BEFORE = 'withdrawn_from'

const VALUES = `(SELECT series_id, at_ms, seq, origin FROM observation
  UNION ALL SELECT series_id, at_ms, seq, origin FROM revision)`

export async function openWithdrawal(file: string): Promise<Withdrawal> {
  const database = await opened(file)
  const { writer } = database
  return {
    async extents(runs) {
      await fill(writer, RUN, [
        runs.map(({ firstSeq }) => BigInt(firstSeq)),
        runs.map(({ dayMs }) => BigInt(dayMs)),
      ])
      const found = await writer.runAndReadAll(
        `SELECT series.series, run.day_ms, min(given.at_ms), max(given.at_ms)
         FROM ${VALUES} AS given ASOF JOIN run ON given.seq >= run.first_seq
         JOIN series ON series.series_id = given.series_id
         GROUP BY series.series, run.day_ms`,
      )
      return found.getRows().map(([series, dayMs, firstMs, lastMs]) => ({
        series: String(series),
        dayMs: Number(dayMs),
        firstMs: Number(firstMs),
        lastMs: Number(lastMs),
      }))
    },
    async withdraw(entries, days, series) {
      await writer.run('CREATE TEMP TABLE chosen (seq BIGINT)')
      for await (const seqs of entries) {
        await appendColumns(writer, CHOSEN, [seqs.map((seq) => BigInt(seq))])
      }
      await fill(writer, DEVICE_DAY, [
        days.map(({ device }) => device),
        days.map(({ dayMs }) => BigInt(dayMs)),
      ])
      await fill(writer, OF_DEVICE, [[...series.keys()], [...series.values()]])
      await writer.run('BEGIN')
      // The number of messages is that of the entries, and they stay.
      await writer.run(
        `CREATE TABLE ${BEFORE} AS SELECT device.device, device.messages, store.position FROM store LEFT JOIN device ON true`,
      )
      for (const table of ['observation', 'revision', 'refusal', 'refused_payload']) {
        await writer.run(`DELETE FROM ${table} WHERE seq IN (SELECT seq FROM chosen)`)
      }
      await writer.run(
        `DELETE FROM book USING device_day WHERE book.device = device_day.device
         AND book.hour_ms >= device_day.day_ms AND book.hour_ms < device_day.day_ms + ${DAY_MS}`,
      )
      await writer.run(
        `UPDATE device SET last_at_ms = (
           SELECT max(given.at_ms) FROM ${VALUES} AS given
           JOIN series ON series.series_id = given.series_id
           JOIN of_device ON of_device.series = series.series
           WHERE of_device.device = device.device
           AND given.origin NOT IN (${ORIGIN.corrected}, ${ORIGIN.imported}))
         WHERE device IN (SELECT device FROM device_day)`,
      )
      await writer.run('UPDATE store SET "position" = 0')
      await writer.run('COMMIT')
    },
    close: () => database.close(),
  }
}

/** Once the entries have been projected again: the store stands where it stood before. */
export async function finishWithdrawal(file: string): Promise<void> {
  const database = await opened(file)
  const { writer } = database
  try {
    await writer.run('BEGIN')
    await writer.run(
      `UPDATE device SET messages = ${BEFORE}.messages FROM ${BEFORE} WHERE ${BEFORE}.device = device.device`,
    )
    await writer.run(`UPDATE store SET "position" = (SELECT max("position") FROM ${BEFORE})`)
    // Refusals are listed by number, and came in the order of the entries.
    await writer.run(
      `UPDATE refusal SET id = numbered.id FROM (
         SELECT rowid AS place, row_number() OVER (ORDER BY seq, item_index NULLS FIRST, id) AS id FROM refusal
       ) AS numbered WHERE refusal.rowid = numbered.place`,
    )
    await writer.run(`DROP TABLE ${BEFORE}`)
    await writer.run('COMMIT')
  } finally {
    await database.close()
  }
}

async function opened(file: string): Promise<Database> {
  const database = await openDatabase({ file, threads: 2, memoryLimitMb: 512, tempLimitMb: 8192 })
  try {
    await prepareSchema(database.writer, file, 'here')
    return database
  } catch (error) {
    await database.close()
    throw error
  }
}

async function fill(
  writer: DuckDBConnection,
  table: Table,
  columns: Parameters<typeof appendColumns>[2],
): Promise<void> {
  const types = Object.entries(table.columns).map(([name, type]) => `${name} ${type.toString()}`)
  await writer.run(`CREATE OR REPLACE TEMP TABLE ${table.name} (${types.join(', ')})`)
  await appendColumns(writer, table, columns)
}
