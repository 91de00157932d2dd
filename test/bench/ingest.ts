/**
 * Durable ingest: how many messages a second the service takes, from 20 MQTT clients through
 * broker, journal and projection to rows in the embedded store; and in turn, in the same run, the
 * same broker storing nothing. The publisher runs in a process of its own.
 *
 *     npm run bench -- ingest [--seconds 60] [--profile FOLDER]
 *
 * messagesPerSecond counts from the first publish until the last row is stored; lagMs is the
 * longest that a message was durable and not yet stored; rows are counted in the closed database.
 */
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { publishFromOutside } from '../setup/publisher-process.js'
import { startServer } from '../setup/server-process.js'
import { temporaryFolder } from '../setup/temp-folder.js'
import { CLIENTS, loadOn } from './load-city.js'
import { watchLag } from './lag-watch.js'
import { startLoadService, writeLoadCity } from './load-service.js'
import { machine, processUse, rounded } from './machine.js'

const { values } = parseArgs({
  args: process.argv.slice(2),
  options: { seconds: { type: 'string', default: '60' }, profile: { type: 'string' } },
})
const seconds = Number(values.seconds)
/** The registry stands in the journal before the first message. */
const ENTRIES_BEFORE = 1

interface Storing {
  readonly acked: number
  readonly ackedPerSecond: number
  readonly storedPerSecond: number
  readonly lagMs: number
  readonly rows: number
  readonly p50Ms: number
  readonly p99Ms: number
  /** Processor time of the service, all its threads, per message: what other load disturbs least. */
  readonly cpuUs: number
  readonly publisherCpuUs: number
  readonly rssMb: number
}

/** The service, until everything that was acknowledged is stored. */
async function storing(folder: string): Promise<Storing> {
  const service = await startLoadService(folder, {
    profile: values.profile ?? null,
    influxd: null,
    settings: [],
  })
  const { pid } = service.program.process
  try {
    const before = await processUse(pid)
    const lag = watchLag(service)
    const report = await publishFromOutside(
      loadOn(service.program.mqtt, service.secrets, seconds, null),
    )
    const { lagMs, storedMs } = await lag.end(report.acked + ENTRIES_BEFORE)
    const after = await processUse(pid)
    const drainMs = Math.max(0, storedMs - report.lastAckMs)
    const rows = await service.stopAndCount()
    return {
      acked: report.acked,
      ackedPerSecond: Math.round((report.acked / report.tookMs) * 1000),
      storedPerSecond: Math.round((rows / (report.tookMs + drainMs)) * 1000),
      lagMs: Math.round(lagMs),
      rows,
      p50Ms: rounded(report.latencyMs.p50),
      p99Ms: rounded(report.latencyMs.p99),
      cpuUs: rounded(((after.cpuMs - before.cpuMs) / report.acked) * 1000),
      publisherCpuUs: rounded((report.cpuMs / report.acked) * 1000),
      rssMb: after.rssMb,
    }
  } finally {
    await service.program.process.kill()
  }
}

/** The broker alone; messages a second. */
async function storingNothing(city: string, forSeconds: number): Promise<Alone> {
  const program = join(import.meta.dirname, 'broker-alone.ts')
  const broker = startServer(process.execPath, ['--import', 'tsx', program, city])
  try {
    const [, url = ''] = await broker.printed(/"mqtt":"([^"]+)"/, 30_000)
    const before = await processUse(broker.pid)
    const nobody = new Map(CLIENTS.map((device) => [device, '']))
    const report = await publishFromOutside(loadOn(url, nobody, forSeconds, null))
    const after = await processUse(broker.pid)
    return {
      perSecond: (report.acked / report.tookMs) * 1000,
      cpuUs: ((after.cpuMs - before.cpuMs) / report.acked) * 1000,
    }
  } finally {
    await broker.stop()
  }
}

interface Alone {
  readonly perSecond: number
  readonly cpuUs: number
}

const folder = await temporaryFolder('bench-ingest')
try {
  // Half of it before and half after, so that what else the machine does hits both.
  const city = await writeLoadCity(folder.path)
  const before = await storingNothing(city, seconds / 2)
  const { rows, acked, storedPerSecond, ...more } = await storing(folder.path)
  const after = await storingNothing(city, seconds / 2)
  const alonePerSecond = (before.perSecond + after.perSecond) / 2
  process.stdout.write(
    `${JSON.stringify({
      bench: 'ingest',
      seconds,
      clients: CLIENTS.length,
      messagesPerSecond: storedPerSecond,
      ratio: rounded(storedPerSecond / alonePerSecond),
      rows,
      acked,
      ...more,
      brokerAlonePerSecond: Math.round(alonePerSecond),
      brokerAloneCpuUs: rounded((before.cpuUs + after.cpuUs) / 2),
      ...(await machine()),
    })}\n`,
  )
  process.exitCode = rows === acked ? 0 : 1
} finally {
  await folder.remove()
}
