import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { openDuckdb, type EmbeddedIndex } from '../../src/adapters/duckdb/index.js'
import { openInflux } from '../../src/adapters/influx/index.js'
import { OUTCOME } from '../../src/domain/observation.js'
import { DAY_MS, MINUTE_MS } from '../../src/domain/time.js'
import type { KeyIndex } from '../../src/ports/ledger.js'
import type { SeriesStore } from '../../src/ports/series-store.js'
import { rowsBatch, START_MS, type RowDraft } from '../contract/series-store/batch.js'
import { judgedCity } from '../contract/series-store/judges.js'
import { ALWAYS } from '../contract/series-store/subject.js'
import { startInfluxd, type Influxd } from '../setup/influxd.js'
import { quietLogger } from '../setup/quiet-logger.js'
import { temporaryFolder, type TemporaryFolder } from '../setup/temp-folder.js'

/** `spiky` is suspect when more than 1 from the mean of its neighbours, failing beyond 3. */
const { judges } = judgedCity('')

let influxd: Influxd
let folder: TemporaryFolder
let local: EmbeddedIndex
let databases = 0

beforeAll(async () => {
  influxd = await startInfluxd()
})
afterAll(async () => {
  await influxd.stop()
})
beforeEach(async () => {
  databases++
  folder = await temporaryFolder('influx-judged')
  local = await openDuckdb({ file: join(folder.path, 'index.duckdb'), values: 'elsewhere' })
})
afterEach(async () => {
  await local.close()
  await folder.remove()
})

async function opened(index: KeyIndex): Promise<SeriesStore> {
  const database = `judged${databases}`
  return await openInflux({ url: influxd.url, database, index, logger: quietLogger })
}

/** Rows of `spiky` at minutes. */
function spiky(rows: readonly (readonly [minute: number, value: number])[]): readonly RowDraft[] {
  return rows.map(([minute, value]) => {
    return { series: 'spiky', atMs: START_MS + minute * MINUTE_MS, value, flag: 2 }
  })
}

async function flags(store: SeriesStore): Promise<readonly number[]> {
  return [...(await store.read('spiky', ALWAYS)).flags]
}

test('what stands beside a row that the server refuses is flagged as if it had never come', async () => {
  const store = await opened(local.index)
  // Somebody else has written text where we write numbers: nothing can be kept in that week.
  const spoilt = await fetch(`${influxd.url}/write?db=judged${databases}&precision=ms`, {
    method: 'POST',
    body: `observation,series=other,rev=0 value="a lot" ${START_MS}`,
  })
  expect(spoilt.status).toBe(204)
  const months = (28 * DAY_MS) / MINUTE_MS
  const sound = spiky([
    [-months - 1, 0],
    [-months, 3],
    [months, 0],
    [months + 1, 0],
  ])
  await store.append({ ...rowsBatch(1, sound), judges })
  expect(await flags(store)).toEqual([2, 3, 3, 2])
  // Between 0 and 6 the 3 would be good.
  const outcomes = await store.append({ ...rowsBatch(2, spiky([[0, 6]])), judges })
  expect([...outcomes]).toEqual([OUTCOME.refused])
  expect(await flags(store)).toEqual([2, 3, 3, 2])
  await store.close()
})

test('a batch that was written and not committed leaves no flag behind', async () => {
  const store = await opened(local.index)
  const stored = spiky([
    [0, 0],
    [1, 3],
    [4, 0],
  ])
  await store.append({ ...rowsBatch(1, stored), judges })
  expect(await flags(store)).toEqual([2, 3, 2])
  await store.close()

  const dying = await opened({
    stage: async (batch) => {
      const staged = await local.index.stage(batch)
      const commit = async (): Promise<never> => {
        await staged.rollback()
        throw new Error('killed before the commit')
      }
      return { ...staged, commit }
    },
  })
  const lost = { ...rowsBatch(2, spiky([[2, 6]])), judges }
  await expect(dying.append(lost)).rejects.toThrow('killed')
  // The server has it already: the 3 stands between 0 and 6.
  expect(await flags(dying)).toEqual([2, 1, 4, 2])
  await dying.close()
  await local.close()

  local = await openDuckdb({ file: join(folder.path, 'index.duckdb'), values: 'elsewhere' })
  const again = await opened(local.index)
  const more = spiky([
    [2, 6],
    [1.5, 0],
  ])
  await again.append({ ...rowsBatch(2, more), judges })
  expect(await flags(again)).toEqual([2, 3, 4, 4, 2])
  await again.close()
})
