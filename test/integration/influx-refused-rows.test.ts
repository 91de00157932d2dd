import { afterAll, beforeAll, expect, test } from 'vitest'
import { OUTCOME } from '../../src/domain/observation.js'
import { DAY_MS } from '../../src/domain/time.js'
import { projectionBatch, rowsBatch, START_MS } from '../contract/series-store/batch.js'
import { ALWAYS } from '../contract/series-store/subject.js'
import type { Influxd } from '../setup/influxd.js'
import { startInfluxd } from '../setup/influxd.js'
import { openInfluxSubject } from './influx-subject.js'

const { inserted, duplicate, revised, refused } = OUTCOME
/** influxd keeps a week per shard, and a field has one type per shard. */
const SPOILT_MS = START_MS
const SOUND_MS = START_MS + 28 * DAY_MS

let influxd: Influxd

beforeAll(async () => {
  influxd = await startInfluxd()
})

afterAll(async () => {
  await influxd.stop()
})

/** Somebody else has written text where we write numbers, in the week of START_MS. */
async function spoil(database: string): Promise<void> {
  const response = await fetch(`${influxd.url}/write?db=${database}&precision=ms`, {
    method: 'POST',
    body: `observation,series=B.flow,rev=0 value="a lot" ${SPOILT_MS}`,
  })
  expect(response.status).toBe(204)
}

test('rows the server refuses are set aside with its reason, and all others are kept', async () => {
  const subject = await openInfluxSubject({ url: influxd.url, database: 'conflict' })
  await spoil('conflict')
  const rows = Array.from({ length: 40 }, (_, index) => ({
    series: index % 13 === 5 ? 'B.flow' : 'A.flow',
    atMs: (index % 13 === 5 ? SPOILT_MS : SOUND_MS) + index,
    value: index,
  }))
  const outcomes = await subject.store.append(
    projectionBatch(1, [{ device: 'D-01', rows: rows.slice(0, 20) }, { rows: rows.slice(20) }]),
  )
  expect([...outcomes]).toEqual(
    rows.map(({ series }) => (series === 'B.flow' ? refused : inserted)),
  )
  const kept = rows.filter(({ series }) => series === 'A.flow')
  const read = await subject.store.read('A.flow', ALWAYS)
  expect([...read.values]).toEqual(kept.map(({ value }) => value))

  const [book] = (await subject.ledger.books(ALWAYS)).rows
  expect([book?.decoded, book?.inserted, book?.observationsRefused]).toEqual([40, 37, 3])
  const listed = await subject.ledger.refusals({ limit: 9 })
  expect(listed.map(({ seq, code, device }) => [seq, code, device])).toEqual([
    [2, 'store_rejected', 'D-01'],
    [1, 'store_rejected', 'D-01'],
    [1, 'store_rejected', 'D-01'],
  ])
  expect(listed[0]?.reason).toMatch(/field type conflict/)
  expect([...(listed[0]?.payload ?? [])]).toEqual([2])
  await subject.dispose()
})

test('a refused value is not known afterwards: given again elsewhere it is new', async () => {
  const subject = await openInfluxSubject({ url: influxd.url, database: 'again' })
  await spoil('again')
  const key = { series: 'B.flow', atMs: SPOILT_MS + 1 }
  const first = await subject.store.append(
    rowsBatch(1, [
      { ...key, value: 1 },
      { ...key, value: 1 },
      { ...key, value: null },
      { ...key, value: null },
    ]),
  )
  // Without a value there is nothing of the wrong type, so the missing observation is kept.
  expect([...first]).toEqual([refused, refused, revised, duplicate])
  const read = await subject.store.read('B.flow', { fromMs: key.atMs, toMs: key.atMs + 1 })
  expect([...read.flags]).toEqual([9])
  expect(await subject.store.revisions('B.flow', { fromMs: key.atMs, toMs: ALWAYS.toMs })).toEqual(
    [],
  )
  await subject.dispose()
})

test('a time the server cannot keep and an id a line cannot carry are refused alone', async () => {
  const subject = await openInfluxSubject({ url: influxd.url, database: 'edges' })
  const outcomes = await subject.store.append(
    rowsBatch(1, [
      { series: 'A.flow', atMs: START_MS, value: 1 },
      { series: 'A.flow', atMs: 8_640_000_000_000_000, value: 2 },
      { series: 'two\nlines', atMs: START_MS, value: 3 },
      { series: 'ends with \\', atMs: START_MS, value: 4 },
      { series: '', atMs: START_MS, value: 5 },
      { series: 'B.flow', atMs: START_MS, value: 6 },
    ]),
  )
  expect([...outcomes]).toEqual([inserted, refused, refused, refused, refused, inserted])
  const reasons = (await subject.ledger.refusals({ limit: 9 })).map(({ reason }) => reason)
  expect(reasons.filter((reason) => reason.includes('cannot carry'))).toHaveLength(3)
  expect(reasons.filter((reason) => reason.startsWith('InfluxDB:'))).toHaveLength(1)
  expect((await subject.store.latest(['A.flow', 'B.flow'])).map(({ value }) => value)).toEqual([
    1, 6,
  ])
  await subject.dispose()
})
