/**
 * A backlog after an outage: how long the service needs until all of it is stored, and how much
 * memory. Held by a Mosquitto while the service was away, or by the journal while InfluxDB was.
 *
 *     npm run bench -- backlog [--messages 1440000] [--store duckdb|influx] [--held broker|journal]
 *
 * drainSeconds counts from the start of the process (broker) or of the server (journal) until the
 * last row is stored; rssMaxMb is the most the draining process has had at any time.
 */
import { startInfluxd, type Influxd } from '../setup/influxd.js'
import { startMosquitto } from '../setup/mosquitto.js'
import { publishFromOutside } from '../setup/publisher-process.js'
import { temporaryFolder } from '../setup/temp-folder.js'
import { benchArguments, oneOf, positive, say } from './arguments.js'
import { watchLag } from './lag-watch.js'
import { CLIENTS, KEEPS_ALL, loadOn } from './load-city.js'
import { startLoadService, type LoadService } from './load-service.js'
import { machine, processUse, rounded } from './machine.js'

const options = benchArguments('backlog', 'how fast a backlog is stored after an outage', {
  messages: positive(1_440_000, 'messages of the outage'),
  rate: positive(20_000, 'messages a second while it lasts'),
  store: oneOf(['duckdb', 'influx'], 'duckdb or influx'),
  held: oneOf(['broker', 'journal'], 'by a Mosquitto (broker), or by the journal (needs influx)'),
})
const { messages, rate, store, held } = options
if (held === 'journal' && store !== 'influx') {
  say('--held journal needs --store influx: the embedded store is never away')
  process.exit(2)
}
/** The registry stands in the journal before the first message. */
const ENTRIES_BEFORE = 1
const NOBODY = new Map(CLIENTS.map((device) => [device, '']))

interface Drained {
  readonly acked: number
  readonly rows: number
  readonly drainSeconds: number
  readonly rssMaxMb: number
  readonly cpuUs: number
}

async function publishBacklog(
  url: string,
  secrets: ReadonlyMap<string, string>,
): Promise<{ readonly acked: number }> {
  say(`publishing ${messages} messages at ${rate}/s`)
  // Half a message more than wanted, so that no rounding takes one away.
  return await publishFromOutside(loadOn(url, secrets, (messages + 0.5) / rate, rate))
}

/** Waits until all is stored; `fromMs` is when draining could begin, UTC epoch ms. */
async function drained(service: LoadService, acked: number, fromMs: number): Promise<Drained> {
  say('draining')
  const { pid } = service.program.process
  const { storedMs } = await watchLag(service).end(acked + ENTRIES_BEFORE)
  const { rssMaxMb, cpuMs } = await processUse(pid)
  const rows = await service.stopAndCount()
  const drainSeconds = rounded((storedMs - fromMs) / 1000)
  return { acked, rows, drainSeconds, rssMaxMb, cpuUs: rounded((cpuMs / acked) * 1000) }
}

async function heldByBroker(folder: string, influxd: Influxd | null): Promise<Drained> {
  const broker = await startMosquitto({ settings: KEEPS_ALL })
  const settings = ['--broker', 'external', '--broker-url', broker.url]
  const parts = { profile: null, influxd, settings }
  try {
    // Its subscription stays at the broker when it goes.
    const first = await startLoadService(folder, parts)
    await first.program.process.stop(30_000)
    const { acked } = await publishBacklog(broker.url, NOBODY)
    const fromMs = Date.now()
    const service = await startLoadService(folder, parts)
    try {
      return await drained(service, acked, fromMs)
    } finally {
      await service.program.process.kill()
    }
  } finally {
    await broker.stop()
  }
}

async function heldByJournal(folder: string, influxd: Influxd): Promise<Drained> {
  const service = await startLoadService(folder, { profile: null, influxd, settings: [] })
  try {
    await influxd.kill()
    const { acked } = await publishBacklog(service.program.mqtt, service.secrets)
    const fromMs = Date.now()
    await influxd.restart()
    return await drained(service, acked, fromMs)
  } finally {
    await service.program.process.kill()
  }
}

const folder = await temporaryFolder('bench-backlog')
const influxd = store === 'influx' ? await startInfluxd() : null
try {
  const result =
    held === 'journal' && influxd !== null
      ? await heldByJournal(folder.path, influxd)
      : await heldByBroker(folder.path, influxd)
  const lost = result.acked - result.rows
  process.stdout.write(
    `${JSON.stringify({
      bench: 'backlog',
      store,
      held,
      ...result,
      lost,
      perSecond: Math.round(result.rows / result.drainSeconds),
      ...(await machine()),
    })}\n`,
  )
  process.exitCode = lost === 0 ? 0 : 1
} finally {
  await influxd?.stop()
  await folder.remove()
}
