import { openDuckdb, type EmbeddedIndex } from '../adapters/duckdb/index.js'
import { openInflux, type InfluxCredentials } from '../adapters/influx/index.js'
import type { Ledger } from '../ports/ledger.js'
import type { Logger } from '../ports/logger.js'
import type { SeriesStore } from '../ports/series-store.js'
import type { UpConfig } from './config.js'
import { CommandError, EXIT } from './exit.js'

export interface OpenStore {
  readonly store: SeriesStore
  readonly ledger: Ledger
  close(): Promise<void>
}

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
  const local = await openDuckdb({ file, values: 'elsewhere' })
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
  const { influxUrl: url = '', influxDatabase: database, influxOrganisation } = config
  const credentials = influxCredentials(config)
  const store = await openInflux({
    url,
    database,
    index: local.index,
    contents,
    logger,
    ...(influxOrganisation === undefined ? {} : { organisation: influxOrganisation }),
    ...(credentials === undefined ? {} : { credentials }),
  })
  const known = await local.keptIn(database)
  if (known === database) return store
  await store.close()
  throw new CommandError(
    EXIT.badInput,
    `${file} knows the keys of InfluxDB database ${known}, not ${database}: start with --influx-database ${known}; to move to another database: rainledger rebuild --into ${database}`,
  )
}

function influxCredentials(config: UpConfig): InfluxCredentials | undefined {
  if (config.influxToken !== undefined) return { token: config.influxToken }
  if (config.influxUsername === undefined) return undefined
  return { username: config.influxUsername, password: config.influxPassword ?? '' }
}
