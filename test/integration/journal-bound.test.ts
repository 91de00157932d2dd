import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { connectAsync, type MqttClient } from 'mqtt'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { eventually } from '../setup/eventually.js'
import { untilProjected } from '../setup/ledger.js'
import { ANY_PORTS, startProgram, type Program } from '../setup/program.js'
import { smallCity } from '../setup/small-city.js'
import { temporaryFolder, type TemporaryFolder } from '../setup/temp-folder.js'

const TOPIC = 'rl/v1/small/A/up'
/** Large enough for the registry and some dozens of messages. */
const SMALL_BOUND_MB = '0.05'
const ENOUGH_MB = '10'

let folder: TemporaryFolder

beforeAll(async () => {
  folder = await temporaryFolder('journal-bound')
  const level = {
    ...{ device: 'A', field: 'level', quantity: 'level', unit: 'm' },
    ...{ kind: '{ type: instant }', reporting: '{ type: periodic, intervalS: 60 }' },
  }
  await writeFile(join(folder.path, 'city.yaml'), smallCity({ sensors: [level] }))
})

afterAll(async () => {
  await folder.remove()
})

async function start(maxMb: string): Promise<Program> {
  const places = ['--data', join(folder.path, 'data'), '--city', join(folder.path, 'city.yaml')]
  return await startProgram([...places, '--journal-max-mb', maxMb, ...ANY_PORTS])
}

async function connected(program: Program, password: string): Promise<MqttClient> {
  const client = await connectAsync(program.mqtt, { username: 'A', password, reconnectPeriod: 0 })
  // A connection that the full journal ends is what is tried here.
  client.on('error', () => undefined)
  return client
}

/** About 1 KB each, so that some dozens fill the bound. */
function reading(number: number): string {
  const padding = ' '.repeat(1_000)
  return `[{"n":"level","u":"m","v":${number},"t":${1_700_000_000 + number * 60}}${padding}]`
}

async function metric(program: Program, name: string): Promise<number> {
  const text = await (await fetch(`${program.http}/metrics`)).text()
  const line = new RegExp(`^rainledger_${name} (\\S+)$`, 'm').exec(text)
  return Number(line?.[1] ?? Number.NaN)
}

/** Publishes one after the other until the service closes the connection instead of acknowledging. */
async function publishUntilRefused(client: MqttClient): Promise<number> {
  const closed = new Promise<'closed'>((resolve) => client.once('close', () => resolve('closed')))
  for (let acknowledged = 0; acknowledged < 500; acknowledged++) {
    const published = client
      .publishAsync(TOPIC, reading(acknowledged), { qos: 1 })
      .then(() => 'acknowledged')
    if ((await Promise.race([closed, published])) === 'closed') return acknowledged
  }
  throw new Error('500 messages went into a journal of 50 KB')
}

test('at the bound nothing is acknowledged, and with room again everything that was is there', async () => {
  const full = await start(SMALL_BOUND_MB)
  const secret = await full.secretOf('A')
  expect((await fetch(`${full.http}/readyz`)).status).toBe(200)
  const acknowledged = await publishUntilRefused(await connected(full, secret))
  expect(acknowledged).toBeGreaterThan(10)

  const unready = await fetch(`${full.http}/readyz`)
  expect(unready.status).toBe(503)
  expect(await unready.text()).toContain('raise --journal-max-mb')
  expect(await metric(full, 'journal_max_bytes')).toBe(Number(SMALL_BOUND_MB) * 1024 * 1024)
  const bytes = await metric(full, 'journal_bytes')
  expect(bytes).toBeGreaterThan(0)
  expect(bytes).toBeLessThanOrEqual(Number(SMALL_BOUND_MB) * 1024 * 1024)
  await full.process.printed(/the journal fills its disk bound/, 10_000)

  // QoS 0 asks for no acknowledgement, so nothing can be withheld: it is counted as dropped.
  const careless = await connected(full, secret)
  await careless.publishAsync(TOPIC, reading(999), { qos: 0 })
  await eventually(async () =>
    (await metric(full, 'messages_dropped_total')) === 1 ? true : undefined,
  )
  expect((await untilProjected(full, 'A')).received).toBe(acknowledged)
  await full.process.stop(5_000)

  const roomy = await start(ENOUGH_MB)
  expect((await fetch(`${roomy.http}/readyz`)).status).toBe(200)
  const again = await connected(roomy, secret)
  await again.publishAsync(TOPIC, reading(acknowledged), { qos: 1 })
  await again.endAsync()
  const totals = await untilProjected(roomy, 'A')
  expect(totals.inserted).toBe(acknowledged + 1)
  await roomy.process.stop(5_000)
})
