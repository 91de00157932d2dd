import { join } from 'node:path'
import { existsSync } from 'node:fs'

/** Each benchmark is a program of its own beside this file and prints one JSON line last. */
const BENCHMARKS = {
  'first-reading': 'from the start of the process to the first stored reading',
  ingest: 'messages per second from MQTT to stored rows, beside the same broker storing nothing',
  'ingest-external': 'the same through a Mosquitto, beside plain handleMessage with a sync each',
  peers:
    'messages per second and lost, beside a plain script and Node-RED, on one broker and InfluxDB',
  backlog: 'seconds and memory until the backlog of an outage is stored',
  memory: 'resident memory over minutes of full load',
  stall: 'what the devices notice when the store stands still',
  'ack-latency': 'publish to PUBACK at a steady rate',
  'mass-reconnect': 'all devices of a city connect at once and publish',
  fleet: 'thousands of devices at their pace: time to connect, PUBACKs, nothing lost',
  'share-loss': 'what a $share group loses when one of its members is killed',
  journal: 'durable appends per second, beside lmdb in the same run',
  assess: 'seconds, memory and observations per second of an annual assessment',
  store: 'rows per second into the embedded store, and reads from it',
  codec: 'messages per second that each device model decodes',
} as const

const name = process.argv[2] ?? ''
const file = join(import.meta.dirname, `${name}.ts`)
if (!(name in BENCHMARKS) || !existsSync(file)) {
  const list = Object.entries(BENCHMARKS).map(([key, what]) => `  ${key.padEnd(15)} ${what}`)
  process.stderr.write(`usage: npm run bench -- NAME\n${list.join('\n')}\n`)
  process.exit(2)
}
// The program sees its own arguments, as when it is started by itself.
process.argv.splice(2, 1)
await import(file)
