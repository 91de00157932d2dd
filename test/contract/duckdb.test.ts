import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openDuckdb } from '../../src/adapters/duckdb/index.js'
import { OUTCOME } from '../../src/domain/observation.js'
import { HOUR_MS } from '../../src/domain/time.js'
import { startServer } from '../setup/server-process.js'
import type { TemporaryFolder } from '../setup/temp-folder.js'
import { temporaryFolder } from '../setup/temp-folder.js'
import type { OpenedStore } from './series-store.js'
import { seriesStoreContract } from './series-store.js'
import { projectionBatch, rowsBatch, START_MS } from './series-store/batch.js'
import { ALWAYS } from './series-store/subject.js'

const { inserted, duplicate, revised, refused } = OUTCOME

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

describe('the embedded store', () => {
  let folder: TemporaryFolder
  let file: string
  beforeEach(async () => {
    folder = await temporaryFolder('duckdb')
    file = join(folder.path, 'series.duckdb')
  })
  afterEach(async () => {
    await folder.remove()
  })

  test('sums are the same bits on one, two and four threads, and in any order', async () => {
    // Values whose double sum depends on the order; the seed is the row itself.
    const rows = Array.from({ length: 150_000 }, (_, index) => ({
      series: `S${index % 3}`,
      atMs: START_MS + index,
      value: Math.sin(index * 12.9898) * 10 ** (index % 7),
    }))
    const sums: number[][] = []
    for (const [turn, threads] of [1, 2, 4].entries()) {
      const { store } = await openDuckdb({ file: `${file}-${threads}`, threads, values: 'here' })
      await store.append(rowsBatch(1, turn === 1 ? rows.toReversed() : rows))
      const window = { fromMs: START_MS, toMs: START_MS + HOUR_MS }
      const steps = await store.aggregate(['S0', 'S1', 'S2'], window, HOUR_MS)
      sums.push(steps.map((step) => step.sums[0] ?? Number.NaN))
      await store.close()
    }
    const exact = [0, 1, 2].map((series) => {
      const scaled = rows
        .filter((_, index) => index % 3 === series)
        .reduce((sum, { value }) => sum + BigInt(roundedHalfAway(value * 1e9)), 0n)
      return Number(scaled) / 1e9
    })
    expect(sums).toEqual([exact, exact, exact])
  })

  test('a newer file is refused by naming both versions', async () => {
    const { store } = await openDuckdb({ file, values: 'here' })
    await store.close()
    await changed(file, ['UPDATE store SET schema_version = 99'])
    await expect(openDuckdb({ file, values: 'here' })).rejects.toThrow(
      /schema version 99; this release knows 6/,
    )
  })

  test('a file made for values elsewhere is refused for values here', async () => {
    const index = await openDuckdb({ file, values: 'elsewhere' })
    await index.close()
    await index.close()
    await expect(openDuckdb({ file, values: 'here' })).rejects.toThrow(
      /made for values kept elsewhere/,
    )
  })

  test('the first name of the database elsewhere is kept, also in a file of the first version', async () => {
    const made = await openDuckdb({ file, values: 'elsewhere' })
    await made.ledger.follow('journal-1')
    await made.close()
    // As the first release made it.
    await changed(file, [
      'DROP TABLE mark',
      'DROP TABLE number_run',
      'DROP TABLE lab_result',
      'DROP TABLE assessment',
      'ALTER TABLE store DROP COLUMN kept_in',
      'UPDATE store SET schema_version = 1',
    ])
    for (const name of ['city', 'other']) {
      const index = await openDuckdb({ file, values: 'elsewhere' })
      expect(await index.keptIn(name)).toBe('city')
      expect(await index.ledger.follow('journal-2')).toBe('journal-1')
      await index.close()
    }
  })

  test('a file that another process has open is refused, saying so', async () => {
    const { store } = await openDuckdb({ file, values: 'here' })
    await store.close()
    const script = `
      const { DuckDBInstance } = require('@duckdb/node-api')
      DuckDBInstance.create(process.argv[1]).then(() => { console.log('open'); setInterval(() => {}, 1000) })`
    const other = startServer(process.execPath, ['-e', script, file])
    try {
      await other.printed(/open/, 20_000)
      await expect(openDuckdb({ file, values: 'here' })).rejects.toThrow(/open in another process/)
    } finally {
      await other.kill()
    }
    const again = await openDuckdb({ file, values: 'here' })
    await again.store.close()
  })

  test('a batch that cannot be written leaves nothing, and the next one is taken', async () => {
    const { store, ledger } = await openDuckdb({ file, values: 'here' })
    const good = { series: 'A.flow', atMs: START_MS, value: 1 }
    await store.append(rowsBatch(1, [good]))
    const broken = projectionBatch(2, [
      {
        rows: [
          { ...good, value: 2 },
          { ...good, series: 'B.flow' },
          { ...good, atMs: START_MS + 1, value: 3, spanMs: 0.5 },
        ],
        refusals: [{ index: 3 }],
      },
    ])
    await expect(store.append(broken)).rejects.toThrow(RangeError)
    expect(await ledger.position()).toBe(1)
    expect([...(await store.read('A.flow', ALWAYS)).values]).toEqual([1])
    expect(await store.revisions('A.flow', ALWAYS)).toEqual([])
    expect(await ledger.refusals({ limit: 9 })).toEqual([])
    const outcomes = await store.append(
      rowsBatch(2, [{ ...good, series: 'C.flow' }, { ...good, series: 'B.flow' }, good]),
    )
    expect([...outcomes]).toEqual([inserted, inserted, duplicate])
    expect(await store.latest(['B.flow', 'C.flow'])).toHaveLength(2)
    await store.close()
    const again = await openDuckdb({ file, values: 'here' })
    expect([...(await again.store.read('B.flow', ALWAYS)).values]).toEqual([1])
    await again.store.close()
  })

  test('readers see whole batches while batches are written', async () => {
    const { store, ledger } = await openDuckdb({ file, values: 'here' })
    const BATCHES = 40
    const ROWS = 500
    const writing = (async () => {
      for (let batch = 0; batch < BATCHES; batch++) {
        const rows = Array.from({ length: ROWS }, (_, row) => ({
          series: 'A.flow',
          atMs: START_MS + batch * ROWS + row,
          value: 1,
        }))
        await store.append(rowsBatch(batch + 1, rows))
      }
    })()
    const state = { ended: false, looks: 0 }
    const ended = writing.finally(() => {
      state.ended = true
    })
    while (!state.ended) {
      const { length } = (await store.read('A.flow', ALWAYS)).atMs
      expect(length % ROWS).toBe(0)
      const { position, rows } = await ledger.books(ALWAYS)
      expect(rows[0]?.inserted ?? 0).toBe(position * ROWS)
      state.looks++
    }
    await ended
    expect(state.looks).toBeGreaterThan(3)
    expect((await store.read('A.flow', ALWAYS)).atMs.length).toBe(BATCHES * ROWS)
    await store.close()
  })

  test('closing lets the running batch and reads end, and rejects later ones', async () => {
    const { store } = await openDuckdb({ file, values: 'here' })
    const appended = store.append(rowsBatch(1, [{ series: 'A', atMs: START_MS, value: 1 }]))
    const read = store.read('A', ALWAYS)
    await Promise.all([store.close(), appended, read])
    await expect(store.append(projectionBatch(2, [{}]))).rejects.toThrow('closed')
    await expect(store.read('A', ALWAYS)).rejects.toThrow('closed')
    expect(existsSync(`${file}.wal`)).toBe(false)
  })
})

describe('the local half of a store whose values live elsewhere', () => {
  let folder: TemporaryFolder
  let opened: Awaited<ReturnType<typeof openElsewhere>>
  const openElsewhere = async () =>
    await openDuckdb({ file: join(folder.path, 'keys.duckdb'), values: 'elsewhere' })
  beforeEach(async () => {
    folder = await temporaryFolder('duckdb')
    opened = await openElsewhere()
  })
  afterEach(async () => {
    await opened.close()
    await folder.remove()
  })
  const key = { series: 'A.flow', atMs: START_MS }

  test('numbers the values of a key and says which rows must be written', async () => {
    const staged = await opened.index.stage(
      rowsBatch(1, [
        { ...key, value: 1, rank: 5 },
        { ...key, value: 2, rank: 5 },
        { ...key, value: 1, rank: 5 },
        { ...key, value: 2, rank: 6 },
        { ...key, value: 3, rank: 1 },
        { ...key, atMs: START_MS + 1, value: 3 },
      ]),
    )
    expect([...staged.outcomes]).toEqual([
      inserted,
      revised,
      duplicate,
      duplicate,
      revised,
      inserted,
    ])
    expect([...staged.revisionNumbers]).toEqual([0, 1, 0, 1, 2, 0])
    expect([...staged.written]).toEqual([1, 1, 0, 1, 1, 1])
    await staged.commit()
    await opened.close()
    opened = await openElsewhere()
    const next = await opened.index.stage(
      rowsBatch(2, [
        { ...key, value: 2, rank: 6 },
        { ...key, value: 4 },
        { ...key, value: 1, rank: 9 },
      ]),
    )
    expect([...next.revisionNumbers]).toEqual([1, 3, 0])
    expect([...next.written]).toEqual([0, 1, 1])
    await next.rollback()
  })

  test('a batch rolled back has left nothing; staged again it is classified the same', async () => {
    const batch = rowsBatch(1, [{ ...key, value: 1 }])
    const first = await opened.index.stage(batch)
    await first.rollback()
    expect(await opened.ledger.position()).toBe(0)
    expect((await opened.ledger.books(ALWAYS)).rows).toEqual([])
    const second = await opened.index.stage(batch)
    expect([...second.outcomes]).toEqual([inserted])
    await second.commit()
    await expect(second.commit()).rejects.toThrow('ended')
    expect(await opened.ledger.position()).toBe(1)
  })

  test('rows the values’ store refused are counted and listed, with those that repeat them', async () => {
    const staged = await opened.index.stage(
      projectionBatch(1, [
        { device: 'D-01', rows: [{ ...key, atMs: START_MS - 1, value: 1 }] },
        {
          device: 'D-02',
          rows: [
            { ...key, value: 1 },
            { ...key, value: 2 },
            { ...key, value: 1 },
            { ...key, atMs: START_MS + 1, value: 1 },
            { ...key, atMs: START_MS + 2, value: 1 },
          ],
        },
      ]),
    )
    const rest = await staged.without([
      { row: 1, reason: 'field type conflict' },
      { row: 4, reason: 'beyond retention' },
    ])
    const outcomes = await rest.commit()
    expect([...outcomes]).toEqual([inserted, refused, revised, refused, refused, inserted])
    const { rows } = await opened.ledger.books(ALWAYS)
    expect(
      rows.map((row) => [row.device, row.decoded, row.inserted, row.observationsRefused]),
    ).toEqual([
      ['D-01', 1, 1, 0],
      ['D-02', 5, 1, 3],
    ])
    const listed = await opened.ledger.refusals({ limit: 9 })
    expect(
      listed.map(({ id: _id, payload, ...item }) => ({ ...item, payload: [...payload] })),
    ).toEqual(
      [3, 2, 0].map((index) => ({
        seq: 2,
        index,
        device: 'D-02',
        topic: 'rl/v1/testcity/D-02/up',
        arrivalMs: START_MS,
        code: 'store_rejected',
        reason: index === 3 ? 'beyond retention' : 'field type conflict',
        payloadBytes: 1,
        payload: [2],
      })),
    )
    const again = await opened.index.stage(
      rowsBatch(3, [
        { ...key, value: 2 },
        { ...key, value: 1 },
        { ...key, atMs: START_MS + 1, value: 1 },
      ]),
    )
    expect([...again.outcomes]).toEqual([duplicate, revised, inserted])
    expect([...again.revisionNumbers]).toEqual([1, 2, 0])
    await again.rollback()
  })
})

/** As the store rounds: half away from zero; Math.round rounds half up. */
function roundedHalfAway(value: number): number {
  return Math.sign(value) * Math.round(Math.abs(value))
}

/** Changes a closed file behind the store's back. */
async function changed(file: string, statements: readonly string[]): Promise<void> {
  const instance = await DuckDBInstance.create(file)
  const connection = await instance.connect()
  for (const statement of statements) await connection.run(statement)
  connection.closeSync()
  instance.closeSync()
}
