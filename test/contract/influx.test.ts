import { join } from 'node:path'
import { afterAll, beforeAll } from 'vitest'
import { openDuckdb } from '../../src/adapters/duckdb/index.js'
import { openInflux } from '../../src/adapters/influx/index.js'
import type { Influxd } from '../setup/influxd.js'
import { startInfluxd } from '../setup/influxd.js'
import { quietLogger } from '../setup/quiet-logger.js'
import { temporaryFolder } from '../setup/temp-folder.js'
import type { OpenedStore } from './series-store.js'
import { seriesStoreContract } from './series-store.js'

let influxd: Influxd
/** Each test gets a database of its own on the one server. */
let databases = 0

beforeAll(async () => {
  influxd = await startInfluxd()
})

afterAll(async () => {
  await influxd.stop()
})

seriesStoreContract('the store on InfluxDB 1.6.7', async () => {
  const folder = await temporaryFolder('influx-contract')
  const database = `contract ${++databases}`

  const opened = async (): Promise<OpenedStore> => {
    const local = await openDuckdb({
      file: join(folder.path, 'index.duckdb'),
      values: 'elsewhere',
      threads: 1,
    })
    const { index, ledger } = local
    const { url } = influxd
    const store = await openInflux({ url, database, index, logger: quietLogger })
    const end = async (): Promise<void> => {
      await store.close()
      await local.close()
    }
    return {
      store,
      ledger,
      reopen: async () => {
        await end()
        return await opened()
      },
      dispose: async () => {
        await end()
        await folder.remove()
      },
    }
  }
  return await opened()
})
