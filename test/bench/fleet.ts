/**
 * A city of simulated devices against the embedded broker, each an MQTT client of its own with
 * persistent session, birth and last will, speaking every few seconds at its own moment.
 *
 *     npm run bench -- fleet [--devices 5000] [--messages 12] [--everyS 5] [--pace real|fast] [--network calm|rough]
 *
 * connectMs until all had their CONNACK, at 300 a second; pubackMs from the way out to the PUBACK.
 * `lost` is what was acknowledged and has no row, counted in the closed database; the ledger must
 * close and say the same. Exits 1 when a message was not acknowledged or one was lost.
 */
import { randomBytes } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { stringify } from 'yaml'
import { simulated } from '../setup/fleet-process.js'
import { keptSecrets } from '../setup/kept-secrets.js'
import { untilProjected } from '../setup/ledger.js'
import { startProgram, type Program } from '../setup/program.js'
import { temporaryFolder } from '../setup/temp-folder.js'
import { benchArguments, oneOf, positive, say } from './arguments.js'
import { buildWhenOld } from './load-service.js'
import { machine, processUse, rounded } from './machine.js'
import { rowsInDuckdb } from './stored-rows.js'

const { devices, messages, everyS, pace, network } = benchArguments(
  'fleet',
  'thousands of devices',
  {
    devices: positive(5_000, 'how many connect'),
    messages: positive(12, 'how many messages each sends'),
    everyS: positive(5, 'seconds between two messages of a device'),
    pace: oneOf(['real', 'fast'], 'real: in real time; fast: as fast as acknowledged'),
    network: oneOf(
      ['calm', 'rough'],
      'rough: outages, a mass reconnect, lost PUBACKs, copies, garbage',
    ),
  },
)

const stepS = Math.ceil(everyS)
const durationS = messages * stepS
const ROUGH = [
  // A tenth of the devices, by the last digit.
  { kind: 'offline', devices: '*3', fromS: durationS * 0.5, toS: durationS * 0.7 },
  { kind: 'mass-reconnect', devices: '*', atS: durationS * 0.8 },
  { kind: 'lost-acks', devices: '*', share: 0.01 },
  { kind: 'duplicates', devices: '*', share: 0.02 },
  { kind: 'malformed', devices: '*', share: 0.02 },
]
const scenario = {
  ...{ format: 1, name: `fleet of ${devices}`, seed: 1 },
  city: {
    generate: {
      groups: [{ prefix: 'level', count: devices, kind: 'level-gauge', model: 'senml-cbor' }],
    },
  },
  time: {
    ...{ durationS, stepS, spreadS: stepS },
    pace: pace === 'real' ? { realTimeFactor: 1 } : 'asFastAsAcked',
  },
  limits: { seconds: durationS + 300 },
  network: network === 'rough' ? ROUGH : [],
}

const folder = await temporaryFolder('bench-fleet')
const path = (name: string): string => join(folder.path, name)

async function start(mqttPort: string): Promise<Program> {
  return await startProgram([
    ...['--data', path('data'), '--city', path('city.yaml'), '--log-level', 'warn'],
    ...['--http-port', '0', '--ws-port', '0', '--mqtt-port', mqttPort],
  ])
}

let program: Program | undefined
try {
  await buildWhenOld()
  await writeFile(path('scenario.yaml'), stringify(scenario))
  const written = await simulated([path('scenario.yaml'), '--write-city', path('city.yaml')])
  if (written.code !== 0) throw new Error(written.stderr)
  const digits = String(devices).length
  const secrets = new Map(
    Array.from({ length: devices }, (_, index) => [
      `level-${String(index + 1).padStart(digits, '0')}`,
      randomBytes(24).toString('base64url'),
    ]),
  )
  await writeFile(path('secrets.json'), JSON.stringify(Object.fromEntries(secrets)), {
    mode: 0o600,
  })

  program = await start('0')
  const { port } = new URL(program.mqtt)
  await program.process.kill()
  await writeFile(path('data/secrets.json'), keptSecrets(secrets), { mode: 0o600 })
  program = await start(port)

  say(`${devices} devices, ${messages} messages each`)
  const before = await processUse(program.process.pid)
  const run = await simulated([
    ...[path('scenario.yaml'), '--broker', program.mqtt, '--secrets', path('secrets.json')],
  ])
  const { summary } = run
  if (summary === undefined) throw new Error(run.stderr)
  const books = await untilProjected(program)
  const after = await processUse(program.process.pid)
  await program.process.stop(30_000)
  const rowsInStore = await rowsInDuckdb(path('data/store.duckdb'))

  const { inserted } = summary.books
  const lost = Math.max(0, inserted - rowsInStore)
  const { latencyMs, connections } = summary
  process.stdout.write(
    `${JSON.stringify({
      ...{ bench: 'fleet', devices, pace, network },
      connectMs: connections.connectMs === null ? null : Math.round(connections.connectMs),
      connects: connections.made,
      failedConnects: connections.failed,
      messages: summary.messages.made,
      acked: summary.messages.acked,
      pubackMs: {
        ...{ p50: rounded(latencyMs.p50), p95: rounded(latencyMs.p95) },
        ...{ p99: rounded(latencyMs.p99), max: rounded(latencyMs.max) },
      },
      tookMs: Math.round(summary.tookMs),
      observations: inserted,
      rowsInStore,
      booksSay: books.inserted,
      lost,
      cpuMs: after.cpuMs - before.cpuMs,
      rssMb: after.rssMb,
      fleetCpuMs: summary.simulator.cpuMs,
      fleetRssMb: summary.simulator.rssMaxMb,
      ...(await machine()),
    })}\n`,
  )
  const isWhole = lost === 0 && books.inserted === inserted && rowsInStore === inserted
  process.exitCode = run.code === 0 && isWhole ? 0 : 1
} finally {
  await program?.process.kill()
  await folder.remove()
}
