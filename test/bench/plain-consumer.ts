/**
 * What a careful user of MQTT.js writes without us: one message at a time is appended to a file and
 * synced, then acknowledged. A process of its own; says when it is subscribed, and on SIGTERM how
 * many messages it took in which time.
 *
 * A client id gives it a session that outlives it; without one it begins anew each time.
 *
 *     tsx test/bench/plain-consumer.ts URL FILTER FILE [CLIENT-ID]
 */
import { open } from 'node:fs/promises'
import { connect } from 'mqtt'

const [url = '', filter = '', file = '', clientId] = process.argv.slice(2)
const NEVER_EXPIRES = 0xffff_ffff
const log = await open(file, 'a')
const client = connect(url, {
  clientId: clientId ?? `plain-consumer-${process.pid}`,
  clean: clientId === undefined,
  protocolVersion: 5,
  ...(clientId === undefined ? {} : { properties: { sessionExpiryInterval: NEVER_EXPIRES } }),
})
let messages = 0
let firstMs = 0
let lastMs = 0

async function keep(payload: string | Buffer): Promise<void> {
  await log.appendFile(payload)
  await log.datasync()
  messages++
  lastMs = performance.now()
  if (messages === 1) firstMs = lastMs
}

client.handleMessage = (packet, done) => {
  keep(packet.payload).then(
    () => done(),
    (error: unknown) => done(error as Error),
  )
}
// Set before the connection is made: what waits in a session comes with it.
await new Promise((resolve) => client.once('connect', resolve))
await client.subscribeAsync(filter, { qos: 1 })
process.stdout.write('subscribed\n')
process.on('SIGTERM', () => {
  process.stdout.write(`${JSON.stringify({ messages, tookMs: lastMs - firstMs })}\n`)
  process.exit(0)
})
