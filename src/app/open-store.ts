import { openDuckdb, type EmbeddedIndex } from '../adapters/duckdb/index.js'
import {
  openInflux,
  openInfluxReads,
  type InfluxAddress,
  type InfluxCredentials,
} from '../adapters/influx/index.js'
import type { Ledger } from '../ports/ledger.js'
import type { Logger } from '../ports/logger.js'
import type { SeriesReads, SeriesStore } from '../ports/series-store.js'
import type { ServeConfig, UpConfig } from './config.js'
import { CommandError, EXIT } from './exit.js'

export interface OpenStore {
  readonly store: SeriesStore
  readonly ledger: Ledger
  close(): Promise<void>
}

/** Buffers of the index beside InfluxDB: it is written in order and looked up rarely. */
const INDEX_MB = 128

/**
 * Opens the store that the configuration names, with its half of the books in a file of the data folder.
 *
 * @param file the database file: all of the store, or its half of the books
 * @param contents `empty`: an InfluxDB database must hold nothing yet
 */
export async function openStore(
  config: UpConfig,
  file: string,
  logger: Logger,
  contents: 'any' | 'empty' = 'any',
): Promise<OpenStore> {
  if (config.store === 'duckdb') {
    const { store, ledger } = await openDuckdb({ file, values: 'here' })
    return { store, ledger, close: () => store.close() }
  }
  const local = await openDuckdb({ file, values: 'elsewhere', memoryLimitMb: INDEX_MB })
  try {
    const store = await openValues(config, local, file, logger, contents)
    const close = async (): Promise<void> => {
      await store.close()
      await local.close()
    }
    return { store, ledger: local.ledger, close }
  } catch (error) {
    await local.close()
    throw error
  }
}

async function openValues(
  config: UpConfig,
  local: EmbeddedIndex,
  file: string,
  logger: Logger,
  contents: 'any' | 'empty',
): Promise<SeriesStore> {
  const address = influxAddress(config, logger)
  const { database } = address
  const store = await openInflux({ ...address, index: local.index, contents })
  const known = await local.keptIn(database)
  if (known === database) return store
  await store.close()
  throw new CommandError(
    EXIT.badInput,
    `${file} knows the keys of InfluxDB database ${known}, not ${database}: start with --influx-database ${known}; to move to another database: rainledger rebuild --into ${database}`,
  )
}

/** Opens what members store, to be read. */
export async function openSharedStore(
  config: ServeConfig,
  logger: Logger,
): Promise<{ readonly reads: SeriesReads; close(): Promise<void> }> {
  return await openInfluxReads(influxAddress(config, logger))
}

type InfluxConfig = Pick<UpConfig, Extract<keyof UpConfig, `influx${string}`>>

function influxAddress(config: InfluxConfig, logger: Logger): InfluxAddress {
  const credentials = influxCredentials(config)
  const { influxUrl: url = '', influxDatabase: database, influxOrganisation } = config
  return {
    url,
    database,
    logger,
    ...(influxOrganisation === undefined ? {} : { organisation: influxOrganisation }),
    ...(credentials === undefined ? {} : { credentials }),
  }
}

function influxCredentials(config: InfluxConfig): InfluxCredentials | undefined {
  if (config.influxToken !== undefined) return { token: config.influxToken }
  if (config.influxUsername === undefined) return undefined
  return { username: config.influxUsername, password: config.influxPassword ?? '' }
}
