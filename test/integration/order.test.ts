import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { deviceModel } from '../../devices/index.js'
import { demoCityText } from '../../simulators/demo-city/index.js'
import { readRegistry, registrySha256 } from '../../src/adapters/city-file/index.js'
import { openDuckdb } from '../../src/adapters/duckdb/index.js'
import { openInflux } from '../../src/adapters/influx/index.js'
import { openJournal } from '../../src/adapters/journal/index.js'
import { shippedSchemes } from '../../src/app/schemes.js'
import { canonicalBytes, openAssess } from '../../src/assess/index.js'
import { startIngest } from '../../src/ingest/index.js'
import type { Registry } from '../../src/domain/city/registry.js'
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../src/domain/time.js'
import type { EntryDraft } from '../../src/ports/journal.js'
import type { Ledger } from '../../src/ports/ledger.js'
import type { SeriesStore } from '../../src/ports/series-store.js'
import { startInfluxd, type Influxd } from '../setup/influxd.js'
import { quietLogger } from '../setup/quiet-logger.js'
import { randomFrom, shuffled } from '../setup/random.js'
import { temporaryFolder, type TemporaryFolder } from '../setup/temp-folder.js'
import { message, townMessages } from '../setup/town-messages.js'

const FROM_MS = Date.UTC(2026, 5, 3)
const TO_MS = FROM_MS + 4 * DAY_MS

let folder: TemporaryFolder
let influxd: Influxd

beforeAll(async () => {
  folder = await temporaryFolder('order')
  influxd = await startInfluxd()
})

afterAll(async () => {
  await influxd.stop()
  await folder.remove()
})

test('the same journal shuffled and with a tenth doubled gives the same bytes of indicators and assessments in both stores, on one thread and two', async () => {
  const entries = [...townMessages(FROM_MS, TO_MS), ...disturbances()]
  expect(entries.length).toBeGreaterThan(400)
  const random = randomFrom(42)
  const mixed = shuffled([...entries, ...entries.filter(() => random() < 0.1)], random)
  expect(mixed.length).toBeGreaterThan(entries.length * 1.05)

  const plain = await assessed(entries, 'plain', 'duckdb', 1)
  // Something must have been computed, or equal bytes would prove nothing.
  expect(plain.withValue).toBeGreaterThan(8)
  expect(await assessed(entries, 'two-threads', 'duckdb', 2)).toEqual(plain)
  expect(await assessed(mixed, 'mixed', 'duckdb', 2)).toEqual(plain)
  expect(await assessed(entries, 'plain', 'influx')).toEqual(plain)
  expect(await assessed(mixed, 'mixed', 'influx')).toEqual(plain)
})

/** What real devices do besides: other values for the same time, wrong clocks, garbage, missing values. */
function disturbances(): EntryDraft[] {
  const noonMs = FROM_MS + 36 * HOUR_MS
  const corrected = Array.from({ length: 30 }, (_, minute) => {
    const t = (noonMs + minute * MINUTE_MS) / 1000
    const pack = [{ n: 'rain', u: 'mm', v: minute % 3 === 0 ? 0.4 : 0, t }]
    return message('RG-01', Buffer.from(JSON.stringify(pack)), noonMs + 7_200_000 + minute)
  })
  const future = [{ n: 'rain', u: 'mm', v: 3, t: (TO_MS + DAY_MS) / 1000 }]
  // Read by hand, without a clock: the second is a copy of the first, the third another reading.
  const byHand = [0, 4_000, 1_200_000].map((after) =>
    message('HAND-01', Buffer.from('{"depth": 180}'), noonMs + after),
  )
  return [
    ...corrected,
    ...byHand,
    message('RG-01', Buffer.from(JSON.stringify(future)), noonMs),
    message('FM-01', Buffer.from('not cbor'), noonMs),
    message(
      'PD-01',
      Buffer.from(
        JSON.stringify([{ name: 'depth', value: null, time: new Date(noonMs).toISOString() }]),
      ),
      noonMs,
    ),
    message('NOBODY', Buffer.from('{}'), noonMs),
  ]
}

/** Runs entries through journal, projection, store, every indicator over every subject and every scheme. */
async function assessed(
  entries: readonly EntryDraft[],
  name: string,
  kind: 'duckdb' | 'influx',
  threads = 2,
): Promise<{ readonly withValue: number; readonly bytes: readonly string[] }> {
  const path = join(folder.path, `${name}-${kind}`)
  const journal = await openJournal({ folder: path, clock: { nowMs: () => TO_MS } })
  await Promise.all(entries.map((entry) => journal.append(entry)))
  const { store, ledger, close } = await open(kind, name, threads)
  const ingest = await startIngest({
    journal,
    store,
    ledger,
    models: deviceModel,
    readRegistry,
    registrySha256,
    initialRegistry: { text: await demoCityText('.'), person: 'test', reason: 'test' },
    clock: { nowMs: () => TO_MS },
    logger: quietLogger,
    futureToleranceMs: 300_000,
  })
  // The registry is the newest entry: whatever stands before it is projected under it.
  await ingest.reached(journal.head())
  const assess = openAssess({
    store,
    registry: ingest.registry,
    schemes: await shippedSchemes(),
    labResults: async (window) => (await ingest.shown.labResults(window)).items,
  })
  const window = { fromMs: FROM_MS, toMs: TO_MS }
  const bytes: string[] = []
  let withValue = 0
  for (const { id, subjectKind } of assess.indicators()) {
    for (const subject of subjects(ingest.registry.current().registry, subjectKind)) {
      const answer = await assess.evaluate({ indicator: id, subject, window, parameters: {} })
      if (!answer.ok) throw new Error(`${id} of ${subject}: ${JSON.stringify(answer.faults)}`)
      if (answer.result.value !== null) withValue++
      bytes.push(Buffer.from(canonicalBytes(answer.result)).toString())
    }
  }
  for (const { id: scheme } of assess.schemes()) {
    const answer = await assess.assess({ scheme, window, statements: [] })
    if (!answer.ok) throw new Error(`${scheme}: ${JSON.stringify(answer.faults)}`)
    const written = Buffer.from(canonicalBytes(answer.assessment))
    expect(answer.sha256).toBe(createHash('sha256').update(written).digest('hex'))
    bytes.push(written.toString())
  }
  await ingest.stop()
  await close()
  await journal.close()
  return { withValue, bytes }
}

async function open(
  kind: 'duckdb' | 'influx',
  name: string,
  threads: number,
): Promise<{ store: SeriesStore; ledger: Ledger; close: () => Promise<void> }> {
  const file = join(folder.path, `${name}-${kind}.duckdb`)
  if (kind === 'duckdb') {
    const { store, ledger } = await openDuckdb({ file, values: 'here', threads })
    return { store, ledger, close: () => store.close() }
  }
  const local = await openDuckdb({ file, values: 'elsewhere', threads })
  const { url } = influxd
  const store = await openInflux({ url, database: name, index: local.index, logger: quietLogger })
  async function close(): Promise<void> {
    await store.close()
    await local.close()
  }
  return { store, ledger: local.ledger, close }
}

function subjects(registry: Registry, kind: string): string[] {
  switch (kind) {
    case 'gauge':
      return ['RG-01.rain', 'RG-02.rain']
    case 'catchment':
      return registry.catchments.map(({ id }) => id)
    case 'outfall':
      return registry.outfalls.map(({ id }) => id)
    case 'ponding-point':
      return registry.pondingPoints.map(({ id }) => id)
    case 'zone':
      return registry.drainageZones.map(({ id }) => id)
    case 'city':
      return [registry.city.id]
    default:
      throw new Error(`no subjects of kind ${kind}`)
  }
}
