/**
 * A city comes back: the service is killed, started again, and all its devices connect in the same
 * moment, each publishing what it has kept, QoS 1. With the limits of the broker as they are by default.
 *
 *     npm run bench -- mass-reconnect [--devices 5000] [--messages 3]
 *
 * connectMs counts from the first SYN to the CONNACK, refused and repeated attempts and the wait in
 * the listening queue included; pubackMs from the CONNACK's arrival. rowsInStore is counted in the
 * closed database. Exits 1 when a message was not acknowledged, or was and has no row.
 */
import { randomBytes } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { eventually } from '../setup/eventually.js'
import { keptSecrets } from '../setup/kept-secrets.js'
import { startProgram, type Program } from '../setup/program.js'
import { smallCity } from '../setup/small-city.js'
import { temporaryFolder } from '../setup/temp-folder.js'
import { benchArguments, positive, say } from './arguments.js'
import { buildWhenOld, standing } from './load-service.js'
import { machine, processUse, rounded } from './machine.js'
import { returnOf, type Return, type ReturningDevice } from './returning-device.js'
import { rowsInDuckdb } from './stored-rows.js'

const { devices: count, messages } = benchArguments('mass-reconnect', 'all devices at once', {
  devices: positive(5_000, 'how many connect'),
  messages: positive(3, 'how many messages each has kept'),
})
const FIRST_AT_S = Date.UTC(2024, 0, 1) / 1000
const DRAIN_WITHIN_MS = 120_000

const devices: readonly ReturningDevice[] = Array.from({ length: count }, (_, number) => {
  const device = `gauge-${number}`
  return {
    device,
    secret: randomBytes(24).toString('base64url'),
    topic: `rl/v1/small/${device}/up`,
    payloads: Array.from({ length: messages }, (_each, index) =>
      JSON.stringify([{ n: 'level', u: 'm', v: index, t: FIRST_AT_S + index * 60 }]),
    ),
  }
})

const secrets = new Map(devices.map(({ device, secret }) => [device, secret]))

const folder = await temporaryFolder('bench-mass-reconnect')
const data = join(folder.path, 'data')

async function start(mqttPort: string): Promise<Program> {
  return await startProgram([
    ...['--data', data, '--city', join(folder.path, 'city.yaml'), '--log-level', 'warn'],
    ...['--http-port', '0', '--ws-port', '0', '--mqtt-port', mqttPort],
  ])
}

function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return rounded(sorted[Math.ceil(sorted.length * share) - 1] ?? Number.NaN)
}

let program: Program | undefined
try {
  await buildWhenOld()
  const level = {
    ...{ field: 'level', quantity: 'level', unit: 'm', kind: '{ type: instant }' },
    reporting: '{ type: periodic, intervalS: 60 }',
  }
  const sensors = devices.map(({ device }) => ({ device, ...level }))
  await writeFile(join(folder.path, 'city.yaml'), smallCity({ sensors }))
  program = await start('0')
  const { port } = new URL(program.mqtt)
  await program.process.kill()
  await writeFile(join(data, 'secrets.json'), keptSecrets(secrets), { mode: 0o600 })
  program = await start(port)

  say(`${count} devices connect`)
  const { http, process: server } = program
  const before = await processUse(server.pid)
  const begunMs = performance.now()
  const returns: Return[] = await Promise.all(
    devices.map((device) => returnOf(Number(port), device)),
  )
  const tookMs = performance.now() - begunMs
  const after = await processUse(server.pid)
  await eventually(async () => {
    const { head, position } = await standing({ http })
    return position >= head ? true : undefined
  }, DRAIN_WITHIN_MS)
  await server.stop(30_000)
  const rowsInStore = await rowsInDuckdb(join(data, 'store.duckdb'))

  const connectMs = returns.map((one) => one.connectMs)
  const pubackMs = returns.flatMap((one) => one.pubackMs)
  const acked = pubackMs.length
  const lost = Math.max(0, acked - rowsInStore)
  process.stdout.write(
    `${JSON.stringify({
      bench: 'mass-reconnect',
      devices: count,
      connectMs: { p50: percentile(connectMs, 0.5), p99: percentile(connectMs, 0.99) },
      pubackMs: { p50: percentile(pubackMs, 0.5), p99: percentile(pubackMs, 0.99) },
      tookMs: Math.round(tookMs),
      failedAttempts: returns.reduce((sum, one) => sum + one.failedAttempts, 0),
      acked,
      rowsInStore,
      lost,
      cpuMs: after.cpuMs - before.cpuMs,
      rssMb: after.rssMb,
      ...(await machine()),
    })}\n`,
  )
  process.exitCode = lost === 0 && acked === count * messages ? 0 : 1
} finally {
  await program?.process.kill()
  await folder.remove()
}
