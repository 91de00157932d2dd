import { writeFile, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { readRegistry, registrySha256, toWgs84 } from '../../src/adapters/city-file/index.js'
import { openDuckdb } from '../../src/adapters/duckdb/index.js'
import { openJournal } from '../../src/adapters/journal/index.js'
import { openDeviceSecrets } from '../../src/adapters/secrets/index.js'
import { startApi, type ApiOptions } from '../../src/api/index.js'
import { shippedSchemes } from '../../src/app/schemes.js'
import { openAssess } from '../../src/assess/index.js'
import { startIngest } from '../../src/ingest/index.js'
import type { DecodedRecord, DeviceModel } from '../../src/ports/device-model.js'
import type { Logger } from '../../src/ports/logger.js'
import type { ReadinessCheck } from '../../src/ports/service-counts.js'
import { temporaryFolder } from '../setup/temp-folder.js'

/** 2026-07-01T00:00:00Z: the clock of these tests starts here and goes only when told to. */
export const START_MS = 1_782_864_000_000

export const TOKEN = 'a-token-made-up-for-this-test'

export const CITY = `
format: 1
city:
  id: demo
  name: { zh: 示范市, en: Demo }
  timeZone: Asia/Shanghai
  coordinateReference: GCJ-02
  captureRatioZone: { zone: III, lowerBound: 0.75, provenance: { document: made up } }
drainageZones:
  - { id: Z1, name: { zh: 一区, en: Zone 1 }, system: separate }
catchments:
  - id: C1
    name: { zh: 汇水区一, en: Catchment 1 }
    zone: Z1
    area: { m2: 10000, provenance: { document: made up } }
    gauges: [{ sensor: RG-1.rain, weight: 1 }]
outfalls:
  - id: O1
    name: { zh: 排口一, en: Outfall 1 }
    zone: Z1
    catchments: [C1]
    metering: [{ state: metered, from: '2026-01-01T00:00:00Z', sensor: FM-1.flow }]
stations:
  - id: S1
    name: { zh: 站一, en: Station 1 }
    position: { lon: 120.6, lat: 31.3 }
devices:
  - id: RG-1
    station: S1
    model: test-lines
    installedAt: '2026-01-01T00:00:00Z'
    sensors:
      - id: RG-1.rain
        field: rain
        quantity: rain_depth
        unit: mm
        kind: { type: increment }
        reporting: { type: periodic, intervalS: 300 }
  - id: FM-1
    station: S1
    model: test-lines
    installedAt: '2026-01-01T00:00:00Z'
    sensors:
      - id: FM-1.flow
        field: flow
        quantity: flow
        unit: m3/s
        kind: { type: instant }
        reporting: { type: periodic, intervalS: 60 }
        limits: { fail: [0, 10] }
`

/** `field value atMs`, a line each; the simplest payload that carries what these tests need. */
const testLines: DeviceModel = {
  id: 'test-lines',
  decode(payload) {
    const records: DecodedRecord[] = []
    for (const line of Buffer.from(payload).toString().split('\n')) {
      const [, name, value, atMs] = /^(\S+) (-?[\d.]+) (\d+)$/.exec(line) ?? []
      if (name === undefined) {
        return { code: 'payload_unreadable', reason: `“${line}” is not: field value atMs` }
      }
      records.push({ name, unit: null, value: Number(value), atMs: Number(atMs), fromMs: null })
    }
    return { rank: null, timeBase: 'device', records, refused: [] }
  },
  encode: (records) =>
    Buffer.from(records.map((it) => `${it.name} ${it.value} ${it.atMs}`).join('\n')),
}

export interface LogLine {
  readonly level: 'error' | 'warn' | 'info' | 'debug'
  readonly fields: Readonly<Record<string, unknown>>
  readonly message: string
}

export interface ApiService {
  readonly url: string
  readonly log: readonly LogLine[]
  /** What /readyz is to find. */
  readiness: readonly ReadinessCheck[]
  /** The time of day of the service, UTC epoch ms. */
  nowMs: number
  /** Sends a payload as the device would, and waits until it has taken effect. */
  readonly publish: (device: string, payload: string | Uint8Array) => Promise<void>
  /** A request below the address of the service. */
  readonly ask: (path: string, request?: RequestInit) => Promise<Response>
  readonly stop: () => Promise<void>
}

export type Overrides = Partial<Pick<ApiOptions, 'live'>> & {
  readonly parts?: Partial<ApiOptions['parts']>
}

/** Journal, projection, DuckDB, books, secrets and API as they run; only the broker is left out. */
export async function startApiService(overrides: Overrides = {}): Promise<ApiService> {
  const folder = await temporaryFolder('api')
  const dashboardFolder = join(folder.path, 'dashboards')
  await mkdir(join(dashboardFolder, 'assets'), { recursive: true })
  await writeFile(join(dashboardFolder, 'index.html'), '<!doctype html><title>page</title>')
  await writeFile(join(dashboardFolder, 'assets', 'page-1a2b.js'), 'export {}')

  const log: LogLine[] = []
  const write =
    (level: LogLine['level']) =>
    (fields: Readonly<Record<string, unknown>>, message: string): void => {
      log.push({ level, fields, message })
    }
  const logger: Logger = {
    error: write('error'),
    warn: write('warn'),
    info: write('info'),
    debug: write('debug'),
  }
  const clock = { nowMs: () => service.nowMs }
  const service: ApiService = {
    url: '',
    log,
    readiness: [{ part: 'store', ok: true, detail: '' }],
    nowMs: START_MS,
    publish: () => Promise.reject(new Error('not started')),
    ask: (path, request) => fetch(service.url + path, request),
    stop: () => Promise.resolve(),
  }

  const journal = await openJournal({ folder: join(folder.path, 'journal'), clock })
  const { store, ledger } = await openDuckdb({
    file: join(folder.path, 'series.duckdb'),
    threads: 1,
    values: 'here',
  })
  const secrets = await openDeviceSecrets(join(folder.path, 'secrets.json'))
  const ingest = await startIngest({
    journal,
    store,
    ledger,
    models: (id) => (id === testLines.id ? testLines : undefined),
    readRegistry: (text) => readRegistry(text, { models: [testLines.id] }),
    registrySha256,
    initialRegistry: { text: CITY, person: 'test', reason: 'start' },
    clock,
    logger,
    futureToleranceMs: 600_000,
  })
  await ingest.reached(journal.head())
  const api = await startApi({
    host: '127.0.0.1',
    port: 0,
    writeToken: TOKEN,
    dashboardFolder,
    logger,
    parts: {
      registry: ingest.registry,
      member: null,
      store,
      ledger: ingest.shown,
      books: ingest.books,
      assess: openAssess({
        store,
        registry: ingest.registry,
        schemes: await shippedSchemes(),
        labResults: async (window) => (await ingest.shown.labResults(window)).items,
      }),
      live: ingest.live,
      intake: ingest.intake,
      judgements: ingest.judgements,
      keptAssessments: ingest.keptAssessments,
      secrets,
      status: {
        counts: () => {
          const counts = ingest.counts()
          return {
            messagesReceived: counts.received,
            messagesDropped: 0,
            observationsInserted: counts.inserted,
            observationsDuplicate: counts.duplicate,
            observationsRevised: counts.revised,
            refusalsByCode: counts.refusals,
            connectedClients: 0,
            connectionsRefused: 0,
            connectionsLimited: 0,
            readPauses: 0,
            connectionsHeld: 0,
            journalHead: journal.head(),
            clockInDoubt: false,
            journalBytes: journal.bytes(),
            journalMaxBytes: journal.maxBytes,
            projectionPosition: counts.position,
          }
        },
        readiness: () => Promise.resolve(service.readiness),
      },
      clock,
      toWgs84,
      ...overrides.parts,
    },
    ...(overrides.live === undefined ? {} : { live: overrides.live }),
  })

  return Object.assign(service, {
    url: api.url,
    publish: async (device: string, payload: string | Uint8Array) => {
      await ingest.accept({
        device,
        clientId: device,
        topic: `rl/v1/demo/${device}/up`,
        qos: 1 as const,
        retain: false,
        dup: false,
        payload: Buffer.from(payload),
      })
      await ingest.reached(journal.head())
    },
    stop: async () => {
      await api.stop()
      await ingest.stop()
      await store.close()
      await journal.close()
      await folder.remove()
    },
  })
}
