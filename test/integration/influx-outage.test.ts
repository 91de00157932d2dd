import { afterEach, expect, test } from 'vitest'
import { TransientFault } from '../../src/domain/fault.js'
import { OUTCOME } from '../../src/domain/observation.js'
import { MINUTE_MS } from '../../src/domain/time.js'
import { rowsBatch, START_MS } from '../contract/series-store/batch.js'
import { ALWAYS } from '../contract/series-store/subject.js'
import { startInfluxProxy } from '../setup/influx-proxy.js'
import type { Influxd } from '../setup/influxd.js'
import { startInfluxd } from '../setup/influxd.js'
import { openInfluxSubject } from './influx-subject.js'

/** What a test has opened, closed in reverse order. */
const opened: (() => Promise<void>)[] = []

afterEach(async () => {
  for (const close of opened.splice(0).reverse()) await close()
})

async function server(): Promise<Influxd> {
  const influxd = await startInfluxd()
  opened.push(async () => await influxd.stop())
  return influxd
}

const row = (index: number) => ({
  series: `S${index % 3}.flow`,
  atMs: START_MS + index * MINUTE_MS,
  value: index,
})

test('a server killed in the middle of a batch leaves nothing counted, and the same batch goes through later', async () => {
  const influxd = await server()
  let writes = 0
  // Hands requests on; at the second stretch of the batch the server dies with it half written.
  const proxy = await startInfluxProxy(influxd.url, async ({ path }, forward) => {
    if (!path.startsWith('/write') || ++writes !== 2) return await forward()
    await influxd.kill()
    return null
  })
  opened.push(async () => await proxy.stop())
  const subject = await openInfluxSubject({ url: proxy.url, database: 'city' })
  opened.push(async () => await subject.dispose())
  await subject.store.append(rowsBatch(1, []))

  const rows = Array.from({ length: 12_000 }, (_, index) => row(index))
  const batch = rowsBatch(2, rows)
  await expect(subject.store.append(batch)).rejects.toBeInstanceOf(TransientFault)
  expect(writes).toBe(2)
  expect(await subject.ledger.position()).toBe(1)
  const [book] = (await subject.ledger.books(ALWAYS)).rows
  expect([book?.projected, book?.decoded, book?.inserted]).toEqual([1, 0, 0])

  await influxd.restart()
  const half = await subject.store.read('S0.flow', ALWAYS)
  expect(half.values.length).toBeGreaterThan(0)
  expect(half.values.length).toBeLessThan(4_000)
  const outcomes = await subject.store.append(batch)
  expect(outcomes.length).toBe(12_000)
  expect(outcomes.every((outcome) => outcome === OUTCOME.inserted)).toBe(true)
  expect(await subject.ledger.position()).toBe(2)
  for (const series of ['S0.flow', 'S1.flow', 'S2.flow']) {
    const { values } = await subject.store.read(series, ALWAYS)
    expect([...values]).toEqual(rows.filter((r) => r.series === series).map((r) => r.value))
  }
})

test('a server that is away when the store opens is met later', async () => {
  const influxd = await server()
  await influxd.kill()
  const subject = await openInfluxSubject({ url: influxd.url, database: 'city' })
  opened.push(async () => await subject.dispose())
  const batch = rowsBatch(1, [row(0)])
  await expect(subject.store.append(batch)).rejects.toBeInstanceOf(TransientFault)
  await expect(subject.store.read('S0.flow', ALWAYS)).rejects.toBeInstanceOf(TransientFault)
  await influxd.restart()
  expect([...(await subject.store.append(batch))]).toEqual([OUTCOME.inserted])
  expect([...(await subject.store.read('S0.flow', ALWAYS)).values]).toEqual([0])
})

test('a server that holds its connections and says nothing is a transient fault, and what it did is not counted twice', async () => {
  const influxd = await server()
  const limits = { writeMs: 300, queryMs: 300 }
  const subject = await openInfluxSubject({ url: influxd.url, database: 'city', ...limits })
  opened.push(async () => await subject.dispose())
  influxd.pause()
  const batch = rowsBatch(1, [row(0), row(1)])
  await expect(subject.store.append(batch)).rejects.toBeInstanceOf(TransientFault)
  await expect(subject.store.latest(['S0.flow'])).rejects.toBeInstanceOf(TransientFault)
  influxd.resume()
  // A server that has just woken up may still need longer than the short limit of this test.
  await expect
    .poll(async () => await subject.store.append(batch).catch((error: unknown) => String(error)), {
      timeout: 20_000,
    })
    .toEqual(new Uint8Array([OUTCOME.inserted, OUTCOME.inserted]))
  const [book] = (await subject.ledger.books(ALWAYS)).rows
  expect([book?.decoded, book?.inserted, book?.duplicate]).toEqual([2, 2, 0])
  expect([...(await subject.store.read('S1.flow', ALWAYS)).values]).toEqual([1])
})

test('batches given at once behind one that fails fail with it or go through, in order', async () => {
  const influxd = await server()
  const subject = await openInfluxSubject({ url: influxd.url, database: 'city' })
  opened.push(async () => await subject.dispose())
  await influxd.kill()
  const both = [1, 2].map(async (seq) => await subject.store.append(rowsBatch(seq, [row(seq)])))
  for (const append of await Promise.allSettled(both)) expect(append.status).toBe('rejected')
  expect(await subject.ledger.position()).toBe(0)
  await influxd.restart()
  for (const seq of [1, 2]) {
    expect([...(await subject.store.append(rowsBatch(seq, [row(seq)])))]).toEqual([
      OUTCOME.inserted,
    ])
  }
})
