import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { connectAsync } from 'mqtt'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { registryIndex } from '../../src/domain/city/registry-index.js'
import {
  BrokerRefusal,
  openExternalSource,
  type ExternalBrokerOptions,
  type ExternalSource,
} from '../../src/adapters/mqtt-client/index.js'
import { readRegistry, registrySha256 } from '../../src/adapters/city-file/index.js'
import type { ArrivedMessage } from '../../src/ports/message-source.js'
import { READ_OPTIONS } from '../../src/app/read-options.js'
import { NO_LIMITS, openEmbeddedBroker, registryAccess } from '../../src/adapters/mqtt/index.js'
import { makeCertificates } from '../setup/certificates.js'
import { startMosquitto, type Mosquitto } from '../setup/mosquitto.js'
import { ANY_PORTS } from '../setup/program.js'
import { runCommand } from '../setup/server-process.js'
import { smallCity } from '../setup/small-city.js'
import { temporaryFolder } from '../setup/temp-folder.js'

/** What the promise needs of Mosquitto: nothing dropped from a queue, everything kept. */
const SETTINGS = ['max_queued_messages 0', 'max_queued_bytes 0', 'max_inflight_messages 0']
/** Refused and broken connections are what is tried here. */
const SILENT = {
  error: () => undefined,
  warn: () => undefined,
  info: () => undefined,
  debug: () => undefined,
}
const TOPIC = 'rl/v1/small/W-1/up'
const VERSIONS = [['3.1.1', 4] as const, ['5', 5] as const]

/** Every message that was handed over, and the power to make it durable or not. */
interface Taken {
  readonly message: ArrivedMessage
  readonly durable: () => void
  readonly failed: () => void
}

const closings: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closings.splice(0).reverse()) await close()
})

async function mosquitto(settings: readonly string[] = SETTINGS): Promise<Mosquitto> {
  const broker = await startMosquitto({ settings })
  closings.push(() => broker.stop())
  return broker
}

function version(text: string): ReturnType<ExternalBrokerOptions['registry']> {
  const reading = readRegistry(text, READ_OPTIONS)
  if (!reading.ok) throw new Error(JSON.stringify(reading.faults))
  return { registry: reading.registry, sha256: registrySha256(reading.registry) }
}

const CITY = smallCity({
  sensors: [
    {
      device: 'W-1',
      field: 'level',
      quantity: 'level',
      unit: 'm',
      kind: '{ type: instant }',
      reporting: '{ type: periodic, intervalS: 60 }',
    },
  ],
})

async function source(
  broker: Mosquitto,
  more: Partial<ExternalBrokerOptions> = {},
): Promise<{ readonly taken: Taken[]; readonly opened: ExternalSource }> {
  const taken: Taken[] = []
  const everything: Taken[] = []
  const inForce = version(CITY)
  const opened = await openExternalSource({
    url: broker.url,
    clientId: 'rainledger-test',
    protocolVersion: 5,
    member: null,
    isKnownSession: false,
    receiveMaximum: 5_000,
    keepaliveS: 30,
    registry: () => inForce,
    accept: (message) =>
      new Promise((resolve, reject) => {
        const one = { message, durable: resolve, failed: () => reject(new Error('no room')) }
        taken.push(one)
        everything.push(one)
      }),
    logger: SILENT,
    ...more,
  })
  // What is never made durable must not keep the test from ending.
  closings.push(async () => {
    for (const { durable } of everything) durable()
    await opened.stop()
  })
  return { taken, opened }
}

async function publish(broker: Mosquitto, from: number, to: number, topic = TOPIC): Promise<void> {
  const client = await connectAsync(broker.url)
  const numbers = Array.from({ length: to - from }, (_, index) => String(from + index))
  await Promise.all(numbers.map((number) => client.publishAsync(topic, number, { qos: 1 })))
  await client.endAsync()
}

function numbersOf(taken: readonly Taken[]): number[] {
  return taken.map(({ message }) => Number(Buffer.from(message.payload).toString()))
}

/** Looks until the expectations hold. */
async function seen(look: () => void | Promise<void>, withinMs = 20_000): Promise<void> {
  await vi.waitFor(look, { timeout: withinMs, interval: 20 })
}

function upTo(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index)
}

describe.each(VERSIONS)('a session at Mosquitto, MQTT %s', (_, protocolVersion) => {
  test('what the broker had kept before the subscription is told from what is published now', async () => {
    const broker = await mosquitto()
    const client = await connectAsync(broker.url)
    closings.push(() => client.endAsync())
    const retained = { qos: 1, retain: true } as const
    await client.publishAsync(TOPIC, '1', retained)
    const { taken } = await source(broker, { protocolVersion })
    await seen(() => expect(taken).toHaveLength(1))
    await client.publishAsync(TOPIC, '2', retained)
    await seen(() => expect(taken).toHaveLength(2))
    expect(numbersOf(taken)).toEqual([1, 2])
    expect(taken.map(({ message }) => message.retain)).toEqual([true, false])
  })

  test('500 unacknowledged messages and one behind them come again after a reconnect, and no acknowledgement is stale', async () => {
    const broker = await mosquitto()
    const { taken } = await source(broker, { protocolVersion })
    await publish(broker, 0, 600)
    await seen(() => expect(taken).toHaveLength(600))
    expect(numbersOf(taken)).toEqual(upTo(600))
    const first = taken.splice(0)
    for (const { durable } of first.slice(0, 100)) durable()
    // The broker has read the acknowledgements when it has sent what came after them.
    await publish(broker, 600, 601)
    await seen(() => expect(taken).toHaveLength(1))
    taken.splice(0)[0]?.durable()

    await broker.restart()
    // The 601st is durable, but those before it are not: in order means that it waits.
    await seen(() => expect(taken).toHaveLength(501))
    expect(numbersOf(taken)).toEqual(upTo(601).slice(100))
    expect(taken.every(({ message }) => message.dup)).toBe(true)
    const second = taken.splice(0)
    // Durable at last, but on a connection that has ended: the new one must not hear of it.
    for (const { durable } of first.slice(100)) durable()
    await broker.restart()
    await seen(() => expect(taken).toHaveLength(501))
    expect(numbersOf(taken)).toEqual(upTo(601).slice(100))
    for (const { durable } of [...second, ...taken.splice(0)]) durable()
    await publish(broker, 601, 602)
    await seen(() => expect(numbersOf(taken)).toEqual([601]))
  })

  test('acknowledgements wait for the one before them', async () => {
    const broker = await mosquitto()
    const { taken } = await source(broker, { protocolVersion })
    await publish(broker, 0, 10)
    await seen(() => expect(taken).toHaveLength(10))
    for (const { durable } of taken.splice(0).slice(1)) durable()
    await broker.restart()
    await seen(() => expect(taken).toHaveLength(10))
    expect(numbersOf(taken)).toEqual(upTo(10))
  })

  test('a backlog beyond the 65,535 packet ids is taken whole, once, in order', async () => {
    const broker = await mosquitto(['max_queued_messages 0', 'max_queued_bytes 0'])
    const count = 70_000
    // The session is made, then left: the broker keeps what comes.
    const left = await source(broker, { protocolVersion })
    await left.opened.stop()
    for (let from = 0; from < count; from += 5_000) await publish(broker, from, from + 5_000)
    const numbers: number[] = []
    const { opened } = await source(broker, {
      protocolVersion,
      accept: async ({ payload }) => {
        numbers.push(Number(Buffer.from(payload).toString()))
        await new Promise((resolve) => setImmediate(resolve))
      },
    })
    await seen(() => expect(numbers).toHaveLength(count), 60_000)
    expect(numbers).toEqual(upTo(count))
    await opened.stop()
    const after = await source(broker, { protocolVersion })
    await publish(broker, count, count + 1)
    await seen(() => expect(numbersOf(after.taken)).toEqual([count]))
  })

  test('the connection holds while nothing can be made durable for longer than the keepalive', async () => {
    const broker = await mosquitto()
    const { taken, opened } = await source(broker, { protocolVersion, keepaliveS: 1 })
    await publish(broker, 0, 50)
    await seen(() => expect(taken).toHaveLength(50))
    // Time itself is what is tried here: 1.5 keepalives end a silent connection [MQTT-3.1.2-24].
    await new Promise((resolve) => setTimeout(resolve, 4_000))
    expect(opened.trouble()).toBeNull()
    for (const { durable } of taken) durable()
    await publish(broker, 50, 51)
    await seen(() => expect(taken).toHaveLength(51))
    expect(numbersOf(taken)).toEqual(upTo(51))
  })

  test('what the journal would not take is delivered again', async () => {
    const broker = await mosquitto()
    const { taken } = await source(broker, { protocolVersion })
    await publish(broker, 0, 3)
    await seen(() => expect(taken).toHaveLength(3))
    const [first, second, third] = taken.splice(0)
    first?.durable()
    second?.failed()
    third?.durable()
    await seen(() => expect(taken.length).toBeGreaterThanOrEqual(2))
    // The first may come again as well: its acknowledgement may have been on its way.
    expect(numbersOf(taken)).toEqual(expect.arrayContaining([1, 2]))
  })
})

test('QoS 2 arrives as QoS 1, QoS 0 as it is, and each names its device by its topic', async () => {
  const broker = await mosquitto()
  const { taken } = await source(broker)
  const client = await connectAsync(broker.url)
  await client.publishAsync(TOPIC, 'two', { qos: 2 })
  await client.publishAsync('rl/v1/small/nobody/state', 'zero', { qos: 0 })
  await client.publishAsync('rl/v1/other/W-1/up', 'elsewhere', { qos: 1 })
  await client.endAsync()
  await seen(() => expect(taken).toHaveLength(2))
  expect(taken.map(({ message }) => [message.device, message.qos])).toEqual([
    ['W-1', 1],
    ['nobody', 0],
  ])
})

test('the vendor topic of a new registry version is subscribed to without a restart', async () => {
  const broker = await mosquitto()
  let inForce = version(CITY)
  const { taken } = await source(broker, { registry: () => inForce })
  inForce = version(
    CITY.replace('model: senml-json', "model: senml-json\n    vendorTopic: 'maker/17/telemetry'"),
  )
  await seen(async () => {
    await publish(broker, 0, 1, 'maker/17/telemetry')
    expect(taken.map(({ message }) => message.device)).toContain('W-1')
  })
})

test('a broker that comes back without its memory is subscribed to anew', async () => {
  const broker = await mosquitto([...SETTINGS, 'autosave_interval 0'])
  const { taken, opened } = await source(broker)
  await broker.kill()
  await seen(() => expect(opened.trouble()).not.toBeNull())
  await broker.restart()
  await seen(() => expect(opened.trouble()).toBeNull())
  await publish(broker, 7, 8)
  await seen(() => expect(numbersOf(taken)).toEqual([7]))
})

test('a broker that is away does not stop the start, and is reached when it comes', async () => {
  const broker = await mosquitto()
  await broker.kill()
  const { taken, opened } = await source(broker)
  expect(opened.trouble()).toContain(broker.url)
  await broker.restart()
  await seen(() => expect(opened.trouble()).toBeNull())
  await publish(broker, 1, 2)
  await seen(() => expect(numbersOf(taken)).toEqual([1]))
})

test.each(VERSIONS)(
  'a broker that refuses us ends the start, MQTT %s',
  async (_, protocolVersion) => {
    const broker = await startMosquitto({ users: { other: 'secret' } })
    closings.push(() => broker.stop())
    await expect(source(broker, { protocolVersion })).rejects.toThrow(BrokerRefusal)
  },
)

test('a journal that takes nothing is asked ever less often', async () => {
  const broker = await mosquitto()
  let asked = 0
  const { opened } = await source(broker, {
    accept: () => {
      asked++
      return Promise.reject(new Error('no room'))
    },
  })
  await publish(broker, 0, 1)
  // Time itself is what is tried: 0.25, 0.5, 1, 2 s apart make at most five times, 0.25 s each 20.
  await new Promise((resolve) => setTimeout(resolve, 5_000))
  expect(asked).toBeGreaterThanOrEqual(3)
  expect(asked).toBeLessThanOrEqual(6)
  await opened.stop()
})

test('20,000 messages that are not durable yet stop the reading; it goes on when they are', async () => {
  const broker = await mosquitto()
  const { taken } = await source(broker, { protocolVersion: 4 })
  for (let from = 0; from < 25_000; from += 5_000) await publish(broker, from, from + 5_000)
  await seen(() => expect(taken).toHaveLength(20_000))
  for (const { durable } of taken.slice(0, 20_000)) durable()
  await seen(() => expect(taken).toHaveLength(25_000))
  expect(numbersOf(taken)).toEqual(upTo(25_000))
})

test('two services with one client id are told so, and neither loses a message', async () => {
  const broker = await mosquitto()
  const numbers: number[] = []
  const accept = (message: ArrivedMessage): Promise<void> => {
    numbers.push(Number(Buffer.from(message.payload).toString()))
    return Promise.resolve()
  }
  const first = await source(broker, { accept })
  const second = await source(broker, { accept })
  await seen(() =>
    expect(`${first.opened.trouble()} ${second.opened.trouble()}`).toContain('--broker-client-id'),
  )
  await publish(broker, 0, 20)
  await seen(() => expect(new Set(numbers)).toEqual(new Set(upTo(20))))
})

test('topics that the broker does not grant end the start, by name', async () => {
  const inForce = version(CITY)
  const access = { ...inForce, index: registryIndex(inForce.registry) }
  const local = { host: '127.0.0.1', port: 0 }
  const broker = await openEmbeddedBroker({
    plain: { tcp: local, ws: local },
    tls: null,
    maxPacketBytes: 1_000,
    limits: NO_LIMITS,
    access: registryAccess(() => access),
    secrets: {
      matches: () => true,
      issue: () => Promise.resolve(''),
      onReplaced: () => () => undefined,
      devices: () => [],
    },
    accept: () => Promise.resolve(),
    logger: SILENT,
  })
  closings.push(() => broker.stop())
  const opening = openExternalSource({
    url: `mqtt://127.0.0.1:${broker.tcpPort}`,
    clientId: 'W-1',
    username: 'W-1',
    protocolVersion: 4,
    member: null,
    isKnownSession: false,
    receiveMaximum: 10,
    keepaliveS: 30,
    registry: () => inForce,
    accept: () => Promise.resolve(),
    logger: SILENT,
  })
  await expect(opening).rejects.toThrow('rl/v1/small/+/up, rl/v1/small/+/state')
})

test('TLS with a certificate on both sides', async () => {
  const files = await temporaryFolder('certificates')
  closings.push(() => files.remove())
  await makeCertificates(files.path)
  const file = (name: string): string => join(files.path, name)
  const broker = await mosquitto([
    ...SETTINGS,
    `cafile ${file('ca.crt')}`,
    `certfile ${file('broker.crt')}`,
    `keyfile ${file('broker.key')}`,
    'require_certificate true',
  ])
  const url = broker.url.replace('mqtt:', 'mqtts:')
  const tls = {
    ca: await readFile(file('ca.crt'), 'utf8'),
    cert: await readFile(file('client.crt'), 'utf8'),
    key: await readFile(file('client.key'), 'utf8'),
  }
  const { taken } = await source(broker, { url, tls })
  const client = await connectAsync(url, tls)
  await client.publishAsync(TOPIC, '5', { qos: 1 })
  await client.endAsync()
  await seen(() => expect(numbersOf(taken)).toEqual([5]))
  // Without trust in who signed the broker's certificate nothing is said to it.
  const distrusting = await source(broker, { url, clientId: 'other' })
  expect(distrusting.opened.counts().connectedClients).toBe(0)
  expect(distrusting.opened.trouble()).toMatch(/self-signed|certificate/)
})

test('the service ends with 3 when the broker refuses it, and says where', async () => {
  const broker = await startMosquitto({ users: { other: 'secret' } })
  closings.push(() => broker.stop())
  const data = await temporaryFolder('refused')
  closings.push(() => data.remove())
  const ended = await runCommand(process.execPath, [
    ...['dist/src/app/main.js', 'up', '--demo', '--data', join(data.path, 'data'), ...ANY_PORTS],
    ...['--log-level', 'error', '--broker', 'external', '--broker-url', broker.url],
  ])
  expect(ended.code).toBe(3)
  expect(ended.stderr).toContain(`${broker.url} refused rainledger`)
})
