import { availableParallelism } from 'node:os'
import type { KeyIndex, Ledger } from '../../ports/ledger.js'
import type { SeriesStore } from '../../ports/series-store.js'
import { openBatchWriter } from './batch-writer.js'
import { openDatabase } from './database.js'
import { keptIn, prepareSchema } from './schema.js'
import { aggregateSeries, readSeries, seriesCoverage, seriesRevisions } from './series-reads.js'
import { loadSeriesTable } from './series-table.js'

export { DatabaseUnusable } from './database.js'
export { finishWithdrawal, openWithdrawal } from './withdrawal.js'

export interface DuckdbOptions {
  /** The database file; its folder must exist. Spill files lie beside it. */
  readonly file: string
  /** Threads of the engine; default: the machine's. */
  readonly threads?: number
  /** Bound of the engine's buffers, MB; default 256. */
  readonly memoryLimitMb?: number
  /** Bound of spill files, MB; default 2048. */
  readonly tempLimitMb?: number
}

export interface EmbeddedStore {
  readonly store: SeriesStore
  readonly ledger: Ledger
}

export interface EmbeddedIndex {
  readonly index: KeyIndex
  readonly ledger: Ledger
  /**
   * Remembers, at the first call, the database that its keys stand for, and resolves with the one
   * remembered: in another one the values would be missing.
   */
  keptIn(database: string): Promise<string>
  /** Lets the staged batch end, then lets go. Safe to call twice. */
  close(): Promise<void>
}

/**
 * Opens the embedded store, or the local half of a store whose values live elsewhere: what was
 * given for which key, the books, the refusals, the device states and the position, in one file.
 *
 * Rejects when another process has the file open, when a newer release has written it, and when it
 * was made for the other of the two uses.
 */
export function openDuckdb(
  options: DuckdbOptions & { readonly values: 'here' },
): Promise<EmbeddedStore>
export function openDuckdb(
  options: DuckdbOptions & { readonly values: 'elsewhere' },
): Promise<EmbeddedIndex>
export async function openDuckdb(
  options: DuckdbOptions & { readonly values: 'here' | 'elsewhere' },
): Promise<EmbeddedStore | EmbeddedIndex> {
  const database = await openDatabase({
    file: options.file,
    threads: options.threads ?? availableParallelism(),
    memoryLimitMb: options.memoryLimitMb ?? 256,
    tempLimitMb: options.tempLimitMb ?? 2048,
  })
  try {
    await prepareSchema(database.writer, options.file, options.values)
    const series = await loadSeriesTable(database.writer)
    const batches = await openBatchWriter(database, series, options.values)
    const close = async (): Promise<void> => {
      await batches.finish()
      await database.close()
    }
    const { ledger } = batches
    if (options.values === 'elsewhere') {
      return {
        index: { stage: async (batch) => await batches.stage(batch) },
        ledger,
        keptIn: async (name) => await keptIn(database.writer, name),
        close,
      }
    }
    const readMany: SeriesStore['readMany'] = async (windows) =>
      await database.read((connection) => readSeries(connection, series, windows))
    return {
      ledger,
      store: {
        async append(batch) {
          const staged = await batches.stage(batch)
          return await staged.commit()
        },
        read: async (id, window) => {
          const [columns] = await readMany([{ series: id, ...window }])
          if (columns === undefined) throw new Error(`no answer for ${id}`)
          return columns
        },
        readMany,
        aggregate: async (ids, window, stepMs) =>
          await database.read((connection) =>
            aggregateSeries(connection, series, ids, window, stepMs),
          ),
        latest: (ids) => Promise.resolve(ids.flatMap((id) => series.latest(id) ?? [])),
        coverage: async (ids, window, dayOffsetMs) =>
          await database.read((connection) =>
            seriesCoverage(connection, series, ids, window, dayOffsetMs),
          ),
        revisions: async (id, window) =>
          await database.read((connection) => seriesRevisions(connection, series, id, window)),
        close,
      },
    }
  } catch (error) {
    await database.close()
    throw error
  }
}
