/**
 * Durable ingest behind an external broker: how many messages a second go from 20 MQTT clients
 * through a Mosquitto into the service, to rows in the embedded store; and in turn, in the same
 * run, a plain consumer that syncs each message before MQTT.js acknowledges it.
 *
 *     npm run bench -- ingest-external [--seconds 60] [--profile FOLDER]
 *
 * messagesPerSecond counts from the first publish until the last row is stored, Mosquitto's queue
 * included; lagMs is the longest that a message was durable and not yet stored.
 */
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { z } from 'zod'
import { startMosquitto } from '../setup/mosquitto.js'
import { publishFromOutside } from '../setup/publisher-process.js'
import { startServer } from '../setup/server-process.js'
import { temporaryFolder } from '../setup/temp-folder.js'
import { watchLag } from './lag-watch.js'
import { CLIENTS, KEEPS_ALL, loadOn } from './load-city.js'
import { startLoadService } from './load-service.js'
import { machine, processUse, rounded } from './machine.js'

const { values } = parseArgs({
  args: process.argv.slice(2),
  options: { seconds: { type: 'string', default: '60' }, profile: { type: 'string' } },
})
const seconds = Number(values.seconds)
/** The registry stands in the journal before the first message. */
const ENTRIES_BEFORE = 1
const NOBODY = new Map(CLIENTS.map((device) => [device, '']))

const plainSchema = z.object({ messages: z.number(), tookMs: z.number() })

async function ours(folder: string): Promise<{
  readonly messagesPerSecond: number
  readonly lagMs: number
  readonly rows: number
  readonly acked: number
  readonly cpuUs: number
  readonly rssMb: number
}> {
  const broker = await startMosquitto({ settings: KEEPS_ALL })
  const settings = ['--broker', 'external', '--broker-url', broker.url]
  const service = await startLoadService(folder, {
    profile: values.profile ?? null,
    influxd: null,
    settings,
  })
  const { pid } = service.program.process
  try {
    const before = await processUse(pid)
    const lag = watchLag(service)
    const report = await publishFromOutside(loadOn(broker.url, NOBODY, seconds, null))
    const { lagMs, storedMs } = await lag.end(report.acked + ENTRIES_BEFORE)
    const after = await processUse(pid)
    const drainMs = Math.max(0, storedMs - report.lastAckMs)
    const rows = await service.stopAndCount()
    return {
      messagesPerSecond: Math.round((rows / (report.tookMs + drainMs)) * 1000),
      lagMs: Math.round(lagMs),
      rows,
      acked: report.acked,
      cpuUs: rounded(((after.cpuMs - before.cpuMs) / report.acked) * 1000),
      rssMb: after.rssMb,
    }
  } finally {
    await service.program.process.kill()
    await broker.stop()
  }
}

/** Messages a second of the plain consumer while the load lasts; its backlog is left. */
async function plain(folder: string): Promise<number> {
  const broker = await startMosquitto({ settings: KEEPS_ALL })
  const program = join(import.meta.dirname, 'plain-consumer.ts')
  const args = [broker.url, 'rl/v1/small/+/up', join(folder, 'plain.log')]
  const consumer = startServer(process.execPath, ['--import', 'tsx', program, ...args])
  try {
    await consumer.printed(/subscribed/, 30_000)
    await publishFromOutside(loadOn(broker.url, NOBODY, seconds / 2, null))
    process.kill(consumer.pid, 'SIGTERM')
    const [line] = await consumer.printed(/\{"messages".*\}/, 30_000)
    const { messages, tookMs } = plainSchema.parse(JSON.parse(line))
    return (messages / tookMs) * 1000
  } finally {
    await consumer.kill()
    await broker.stop()
  }
}

const folder = await temporaryFolder('bench-ingest-external')
try {
  // Half of it before and half after, so that what else the machine does hits both.
  const before = await plain(folder.path)
  const { rows, acked, messagesPerSecond, ...more } = await ours(folder.path)
  const after = await plain(folder.path)
  const plainPerSecond = (before + after) / 2
  process.stdout.write(
    `${JSON.stringify({
      bench: 'ingest-external',
      seconds,
      clients: CLIENTS.length,
      messagesPerSecond,
      ratio: rounded(messagesPerSecond / plainPerSecond),
      rows,
      acked,
      ...more,
      plainPerSecond: Math.round(plainPerSecond),
      ...(await machine()),
    })}\n`,
  )
  process.exitCode = rows === acked ? 0 : 1
} finally {
  await folder.remove()
}
