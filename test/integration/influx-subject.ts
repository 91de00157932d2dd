import { join } from 'node:path'
import type { EmbeddedIndex } from '../../src/adapters/duckdb/index.js'
import { openDuckdb } from '../../src/adapters/duckdb/index.js'
import type { InfluxOptions } from '../../src/adapters/influx/index.js'
import { openInflux } from '../../src/adapters/influx/index.js'
import type { Ledger } from '../../src/ports/ledger.js'
import type { SeriesStore } from '../../src/ports/series-store.js'
import { quietLogger } from '../setup/quiet-logger.js'
import { temporaryFolder } from '../setup/temp-folder.js'

export interface InfluxSubject {
  readonly store: SeriesStore
  readonly ledger: Ledger
  dispose(): Promise<void>
}

/** The store on an InfluxDB, with a local index of its own. */
export async function openInfluxSubject(
  options: Omit<InfluxOptions, 'index' | 'logger'> & Partial<Pick<InfluxOptions, 'logger'>>,
): Promise<InfluxSubject> {
  const folder = await temporaryFolder('influx')
  const local: EmbeddedIndex = await openDuckdb({
    file: join(folder.path, 'index.duckdb'),
    values: 'elsewhere',
    threads: 1,
  })
  const release = async (): Promise<void> => {
    await local.close()
    await folder.remove()
  }
  try {
    const store = await openInflux({ logger: quietLogger, ...options, index: local.index })
    return {
      store,
      ledger: local.ledger,
      dispose: async () => {
        await store.close()
        await release()
      },
    }
  } catch (error) {
    await release()
    throw error
  }
}
