import { openDuckdb } from '../adapters/duckdb/index.js'
import { openInflux, type InfluxCredentials } from '../adapters/influx/index.js'
import type { Ledger } from '../ports/ledger.js'
import type { Logger } from '../ports/logger.js'
import type { SeriesStore } from '../ports/series-store.js'
import type { UpConfig } from './config.js'
import type { DataFolder } from './data-folder.js'

export interface OpenStore {
  readonly store: SeriesStore
  readonly ledger: Ledger
  close(): Promise<void>
}

/** Opens the store that the configuration names, with its half of the books in the data folder. */
export async function openStore(
  config: UpConfig,
  folder: DataFolder,
  logger: Logger,
): Promise<OpenStore> {
  if (config.store === 'duckdb') {
    const { store, ledger } = await openDuckdb({ file: folder.database, values: 'here' })
    return { store, ledger, close: () => store.close() }
  }
  const local = await openDuckdb({ file: folder.database, values: 'elsewhere' })
  const credentials = influxCredentials(config)
  const { influxUrl: url = '', influxDatabase: database, influxOrganisation } = config
  const store = await openInflux({
    url,
    database,
    index: local.index,
    logger,
    ...(influxOrganisation === undefined ? {} : { organisation: influxOrganisation }),
    ...(credentials === undefined ? {} : { credentials }),
  })
  async function close(): Promise<void> {
    await store.close()
    await local.close()
  }
  return { store, ledger: local.ledger, close }
}

function influxCredentials(config: UpConfig): InfluxCredentials | undefined {
  if (config.influxToken !== undefined) return { token: config.influxToken }
  if (config.influxUsername === undefined) return undefined
  return { username: config.influxUsername, password: config.influxPassword ?? '' }
}
