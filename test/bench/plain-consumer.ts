/**
 * What a careful user of MQTT.js writes without us: one message at a time is appended to a file and
 * synced, then acknowledged. A process of its own; says when it is subscribed, and on SIGTERM how
 * many messages it took in which time.
 *
 *     tsx test/bench/plain-consumer.ts URL FILTER FILE
 */
import { open } from 'node:fs/promises'
import { connectAsync } from 'mqtt'

const [url = '', filter = '', file = ''] = process.argv.slice(2)
const log = await open(file, 'a')
const client = await connectAsync(url, { clientId: 'plain-consumer', clean: true })
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
await client.subscribeAsync(filter, { qos: 1 })
process.stdout.write('subscribed\n')
process.on('SIGTERM', () => {
  process.stdout.write(`${JSON.stringify({ messages, tookMs: lastMs - firstMs })}\n`)
  process.exit(0)
})
