import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client'
import { REFUSAL_CODES, type RefusalCode } from '../domain/fault.js'
import { DAY_MS, SECOND_MS } from '../domain/time.js'
import type { Books } from '../ports/books.js'
import type { Clock } from '../ports/clock.js'
import type { Logger } from '../ports/logger.js'
import type { ServiceCounts } from '../ports/service-counts.js'
import type { Api, ApiParts } from './parts.js'

const PREFIX = 'rainledger_'

/** Reading a day of books costs a query; scrapers come as often as they like. */
const BOOKS_FRESH_MS = 15 * SECOND_MS

/** From a cached answer to a long window of a large city, s. */
const DURATION_BUCKETS_S = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30]

export interface Metrics {
  /** The text that Prometheus scrapes. */
  text(): Promise<string>
  readonly contentType: string
}

/** The service's own figures, in a registry of its own, so that two services fit in one process. */
export function openMetrics(
  api: Api,
  parts: Pick<ApiParts, 'status' | 'books' | 'clock'>,
  liveStreams: () => number,
  logger: Logger,
): Metrics {
  const register = new Registry()
  collectDefaultMetrics({ register, prefix: PREFIX })
  if (parts.status.counts !== null) addCounts(register, parts.status.counts)
  addLiveStreams(register, liveStreams)
  addBooks(register, parts.books, parts.clock, logger)
  addDurations(register, api)
  return { text: () => register.metrics(), contentType: register.contentType }
}

const COUNTERS: Readonly<
  Record<string, readonly [help: string, of: (c: ServiceCounts) => number]>
> = {
  messages_received_total: ['Messages made durable', (c) => c.messagesReceived],
  messages_dropped_total: [
    'QoS 0 messages that could not be made durable',
    (c) => c.messagesDropped,
  ],
  observations_stored_total: [
    'Observations stored: inserted and revised',
    (c) => c.observationsInserted + c.observationsRevised,
  ],
  observations_duplicate_total: [
    'Observations that were known already',
    (c) => c.observationsDuplicate,
  ],
  observations_revised_total: [
    'Observations that gave a further value for a known time',
    (c) => c.observationsRevised,
  ],
  connections_refused_total: ['MQTT connections refused', (c) => c.connectionsRefused],
  connections_limited_total: [
    'MQTT connections refused by a limit on their number or rate; among those refused',
    (c) => c.connectionsLimited,
  ],
  read_pauses_total: [
    'Times that reading from an MQTT connection paused because its device sends faster than it may',
    (c) => c.readPauses,
  ],
}

const GAUGES: Readonly<Record<string, readonly [help: string, of: (c: ServiceCounts) => number]>> =
  {
    journal_head: ['Sequence of the last durable journal entry', (c) => c.journalHead],
    journal_bytes: ['Bytes of all files of the journal', (c) => c.journalBytes],
    journal_max_bytes: [
      'Bytes the journal may fill; beyond them nothing is acknowledged',
      (c) => c.journalMaxBytes,
    ],
    projection_position: [
      'Sequence of the last entry that has taken effect',
      (c) => c.projectionPosition,
    ],
    projection_lag_entries: [
      'Entries that are durable and have not taken effect',
      (c) => c.journalHead - c.projectionPosition,
    ],
    server_clock_in_doubt: [
      'The server clock stands before the journal’s latest entry: 1 while time refusals are held',
      (c) => (c.clockInDoubt ? 1 : 0),
    ],
    connected_clients: ['MQTT clients connected', (c) => c.connectedClients],
    connections_held: [
      'MQTT connections whose reading pauses now because their device sends faster than it may',
      (c) => c.connectionsHeld,
    ],
  }

function addCounts(register: Registry, counts: () => ServiceCounts): void {
  for (const [name, [help, of]] of Object.entries(COUNTERS)) {
    register.registerMetric(
      new Counter({
        name: PREFIX + name,
        help,
        registers: [],
        collect() {
          this.reset()
          this.inc(of(counts()))
        },
      }),
    )
  }
  for (const [name, [help, of]] of Object.entries(GAUGES)) {
    register.registerMetric(
      new Gauge({
        name: PREFIX + name,
        help,
        registers: [],
        collect() {
          this.set(of(counts()))
        },
      }),
    )
  }
  register.registerMetric(
    new Counter({
      name: `${PREFIX}refusals_total`,
      help: 'Messages and observations refused, by code; every code is present',
      labelNames: ['code'],
      registers: [],
      collect() {
        this.reset()
        const { refusalsByCode } = counts()
        for (const code of Object.keys(REFUSAL_CODES) as RefusalCode[]) {
          this.inc({ code }, refusalsByCode.get(code) ?? 0)
        }
      },
    }),
  )
}

function addLiveStreams(register: Registry, liveStreams: () => number): void {
  register.registerMetric(
    new Gauge({
      name: `${PREFIX}live_streams`,
      help: 'Live streams open',
      registers: [],
      collect() {
        this.set(liveStreams())
      },
    }),
  )
}

/** Both from one reading, however often somebody scrapes. */
function addBooks(register: Registry, books: Books, clock: Clock, logger: Logger): void {
  let readMs = Number.NEGATIVE_INFINITY
  let reading: Promise<BooksFigures> = Promise.resolve(UNREAD)
  async function figures(): Promise<BooksFigures> {
    const nowMs = clock.nowMs()
    if (nowMs >= readMs && nowMs - readMs < BOOKS_FRESH_MS) return await reading
    readMs = nowMs
    reading = booksFigures(books, nowMs).catch((error: unknown) => {
      logger.warn({ error }, 'books could not be read for the metrics')
      return UNREAD
    })
    return await reading
  }
  register.registerMetric(
    new Gauge({
      name: `${PREFIX}books_difference`,
      help: 'Sum of absolute differences of the books over the last 24 h; 0 when they close, NaN when they could not be read',
      registers: [],
      async collect() {
        this.set((await figures()).difference)
      },
    }),
  )
  register.registerMetric(
    new Gauge({
      name: `${PREFIX}books_missing_members`,
      help: 'Processes whose books are not in the sum; 0 when the books are complete',
      registers: [],
      async collect() {
        this.set((await figures()).missing)
      },
    }),
  )
}

interface BooksFigures {
  readonly difference: number
  readonly missing: number
}

const UNREAD: BooksFigures = { difference: Number.NaN, missing: Number.NaN }

async function booksFigures(books: Books, nowMs: number): Promise<BooksFigures> {
  const { rows, missing } = await books.rows({ fromMs: nowMs - DAY_MS, toMs: nowMs + 1 })
  let difference = 0
  for (const row of rows) {
    difference += Math.abs(row.messageDifference) + Math.abs(row.observationDifference)
  }
  return { difference, missing: missing.length }
}

function addDurations(register: Registry, api: Api): void {
  const durations = new Histogram({
    name: `${PREFIX}http_request_duration_seconds`,
    help: 'HTTP requests by route; live streams are left out',
    labelNames: ['method', 'route', 'status'],
    buckets: DURATION_BUCKETS_S,
    registers: [register],
  })
  api.addHook('onResponse', async (request, reply) => {
    const { url: route } = request.routeOptions
    if (route === '/api/v1/live') return
    const labels = {
      method: request.method,
      // Never the path asked for: a scanner would make a label of every guess.
      route: route ?? 'none',
      status: String(reply.statusCode),
    }
    durations.observe(labels, reply.elapsedTime / SECOND_MS)
  })
}
