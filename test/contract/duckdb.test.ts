import { join } from 'node:path'
import { openDuckdb } from '../../src/adapters/duckdb/index.js'
import { temporaryFolder } from '../setup/temp-folder.js'
import type { OpenedStore } from './series-store.js'
import { seriesStoreContract } from './series-store.js'

seriesStoreContract('the embedded store', async () => {
  const folder = await temporaryFolder('duckdb')
  const open = async (): Promise<OpenedStore> => {
    const { store, ledger } = await openDuckdb({
      file: join(folder.path, 'series.duckdb'),
      values: 'here',
    })
    return {
      store,
      ledger,
      reopen: async () => {
        await store.close()
        return await open()
      },
      dispose: async () => {
        await store.close()
        await folder.remove()
      },
    }
  }
  return await open()
})
