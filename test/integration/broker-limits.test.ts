import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { connect as connectTcp } from 'node:net'
import { join } from 'node:path'
import { connectAsync, type IClientOptions, type MqttClient } from 'mqtt'
import { generate } from 'mqtt-packet'
import { afterEach, expect, test } from 'vitest'
import {
  NO_LIMITS,
  openEmbeddedBroker,
  registryAccess,
  type BrokerLimits,
  type EmbeddedBroker,
} from '../../src/adapters/mqtt/index.js'
import { readRegistry } from '../../src/adapters/city-file/index.js'
import { READ_OPTIONS } from '../../src/app/read-options.js'
import { registryIndex } from '../../src/domain/city/registry-index.js'
import type { ArrivedMessage } from '../../src/ports/message-source.js'
import { eventually } from '../setup/eventually.js'
import { ANY_PORTS, startProgram } from '../setup/program.js'
import { quietLogger } from '../setup/quiet-logger.js'
import { smallCity } from '../setup/small-city.js'
import { temporaryFolder } from '../setup/temp-folder.js'

/** CONNACK return codes of MQTT 3.1.1, table 3.1. */
const SERVER_UNAVAILABLE = 3
const BAD_USER_NAME_OR_PASSWORD = 4

const DEVICES = ['A', 'B', 'C', 'D']
const CITY = smallCity({
  sensors: DEVICES.map((device) => ({
    device,
    field: 'level',
    quantity: 'level',
    unit: 'm',
    kind: '{ type: instant }',
    reporting: '{ type: periodic, intervalS: 60 }',
  })),
})

const closings: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closings.splice(0).reverse()) await close()
})

/** The broker with the given limits; each device's secret is its id. */
async function brokerWith(
  limits: Partial<BrokerLimits>,
): Promise<{ broker: EmbeddedBroker; taken: ArrivedMessage[] }> {
  const reading = readRegistry(CITY, READ_OPTIONS)
  if (!reading.ok) throw new Error('the city has faults')
  const inForce = { registry: reading.registry, index: registryIndex(reading.registry) }
  const taken: ArrivedMessage[] = []
  const local = { host: '127.0.0.1', port: 0 }
  const broker = await openEmbeddedBroker({
    plain: { tcp: local, ws: local },
    tls: null,
    maxPacketBytes: 10_000,
    limits: { ...NO_LIMITS, ...limits },
    access: registryAccess(() => inForce),
    secrets: {
      matches: (device, secret) => Buffer.from(secret).toString() === device,
      issue: () => Promise.resolve(''),
      onReplaced: () => () => undefined,
      devices: () => DEVICES,
    },
    accept: (message) => {
      taken.push(message)
      return Promise.resolve()
    },
    logger: quietLogger,
  })
  closings.push(() => broker.stop())
  return { broker, taken }
}

async function connected(
  broker: EmbeddedBroker,
  device: string,
  more: IClientOptions = {},
): Promise<MqttClient> {
  const client = await connectAsync(`mqtt://127.0.0.1:${broker.tcpPort}`, {
    ...{ clientId: device, username: device, password: device, reconnectPeriod: 0, ...more },
  })
  closings.push(() => client.endAsync(true))
  return client
}

/** The CONNACK's return code with which a connection is refused; null when it is not. */
async function refusal(
  broker: EmbeddedBroker,
  device: string,
  more: IClientOptions = {},
): Promise<unknown> {
  try {
    await connected(broker, device, more)
    return null
  } catch (error) {
    return error instanceof Error && 'code' in error ? error.code : error
  }
}

function pack(atS: number): string {
  return JSON.stringify([{ n: 'level', u: 'm', v: 1, t: atS }])
}

test('the flood of one device waits while the messages of all others are acknowledged, and nothing of it is lost', async () => {
  const folder = await temporaryFolder('broker-limits')
  closings.push(() => folder.remove())
  const city = join(folder.path, 'city.yaml')
  await writeFile(city, CITY)
  const program = await startProgram([
    ...['--data', join(folder.path, 'data'), '--city', city, ...ANY_PORTS],
    ...['--mqtt-device-messages-per-s', '20'],
  ])
  closings.push(() => program.process.stop())
  const clients = new Map<string, MqttClient>()
  for (const device of DEVICES) {
    const password = await program.secretOf(device)
    // A connection that is cut must show, so none is made anew.
    const options = { clientId: device, username: device, password, reconnectPeriod: 0 }
    clients.set(device, await connectAsync(program.mqtt, options))
  }
  let closed = 0
  for (const client of clients.values()) client.on('close', () => closed++)
  const fromS = Math.floor(Date.now() / 1000) - 100_000
  const acked = new Map<string, number>()
  async function publish(device: string, count: number): Promise<void> {
    const numbers = Array.from({ length: count }, (_, index) => index)
    const topic = `rl/v1/small/${device}/up`
    await Promise.all(
      numbers.map(async (number) => {
        await clients.get(device)?.publishAsync(topic, pack(fromS + number), { qos: 1 })
        acked.set(device, (acked.get(device) ?? 0) + 1)
      }),
    )
  }
  // Five times what may pass at once; the rest takes 4 s at the least.
  const flood = publish('A', 100)
  await Promise.all(['B', 'C', 'D'].map((device) => publish(device, 15)))
  expect(acked.get('A') ?? 0).toBeLessThan(100)
  const metrics = async (): Promise<string> => (await fetch(`${program.http}/metrics`)).text()
  expect(await metrics()).toMatch(/^rainledger_read_pauses_total [1-9]/m)

  await flood
  expect(closed).toBe(0)
  await program.process.printed(/sends faster than it may/, 10_000)
  await eventually(async () =>
    /^rainledger_observations_stored_total 145$/m.test(await metrics()) ? true : undefined,
  )
  expect(await metrics()).toMatch(/^rainledger_connections_held 0$/m)
  await Promise.all([...clients.values()].map((client) => client.endAsync()))
})

test('a flood of QoS 0 that ends with DISCONNECT is taken whole, at the pace of its device', async () => {
  const { broker, taken } = await brokerWith({ messagesPerS: 100 })
  const client = await connected(broker, 'A')
  for (let number = 0; number < 250; number++) {
    client.publish('rl/v1/small/A/up', String(number), { qos: 0 })
  }
  await client.endAsync()
  await eventually(async () => await Promise.resolve(taken.length === 250 ? true : undefined))
  expect(broker.counts().readPauses).toBeGreaterThan(0)
  const numbers = taken.map(({ payload }) => Number(Buffer.from(payload).toString()))
  expect(numbers).toEqual(Array.from({ length: 250 }, (_, index) => index))
})

test('bytes count as well: large packets of one device wait for each other', async () => {
  const { broker, taken } = await brokerWith({ bytesPerS: 10_000 })
  const client = await connected(broker, 'A')
  const large = Array.from({ length: 3 }, () => Buffer.alloc(9_000))
  await Promise.all(
    large.map((payload) => client.publishAsync('rl/v1/small/A/up', payload, { qos: 1 })),
  )
  expect(taken).toHaveLength(3)
  expect(broker.counts().readPauses).toBeGreaterThan(0)
})

test('messages that follow their CONNECT at once are all taken', async () => {
  const { broker, taken } = await brokerWith({})
  const socket = connectTcp(broker.tcpPort ?? 0, '127.0.0.1')
  const packets = Array.from({ length: 300 }, (_, index) =>
    generate({
      ...{ cmd: 'publish', topic: 'rl/v1/small/A/up', payload: String(index), qos: 0 },
      ...{ dup: false, retain: false },
    }),
  )
  const credentials = { clientId: 'A', username: 'A', password: Buffer.from('A') }
  const hello = generate({
    ...{ cmd: 'connect', protocolId: 'MQTT', protocolVersion: 4, clean: true, keepalive: 0 },
    ...credentials,
  })
  socket.end(Buffer.concat([hello, ...packets]))
  socket.resume()
  await once(socket, 'close')
  expect(taken).toHaveLength(300)
})

test('as many connections as may be, and one more is refused until one has ended', async () => {
  const { broker } = await brokerWith({ maxConnections: 2 })
  const first = await connected(broker, 'A')
  await connected(broker, 'B')
  expect(await refusal(broker, 'C')).toBe(SERVER_UNAVAILABLE)
  // Taking over the own client id opens none more.
  expect(await refusal(broker, 'B')).toBeNull()
  await first.endAsync()
  await eventually(async () => ((await refusal(broker, 'C')) === null ? true : undefined))
  const { connectionsLimited, connectionsRefused } = broker.counts()
  expect(connectionsLimited).toBeGreaterThan(0)
  expect(connectionsRefused).toBe(connectionsLimited)
})

test('a device that connects too often is refused, and a stranger cannot use up its turns', async () => {
  const { broker } = await brokerWith({ deviceConnectsPerMinute: 2 })
  for (let attempt = 0; attempt < 5; attempt++) {
    const guess = await refusal(broker, 'A', { password: 'wrong' })
    expect(guess).toBe(BAD_USER_NAME_OR_PASSWORD)
  }
  expect(await refusal(broker, 'A')).toBeNull()
  expect(await refusal(broker, 'A')).toBeNull()
  expect(await refusal(broker, 'A')).toBe(SERVER_UNAVAILABLE)
  expect(await refusal(broker, 'B')).toBeNull()
})

test('an address that connects too often is refused, whoever it says it is', async () => {
  const { broker } = await brokerWith({ addressConnectsPerMinute: 3 })
  expect(await refusal(broker, 'A', { password: 'wrong' })).toBe(BAD_USER_NAME_OR_PASSWORD)
  expect(await refusal(broker, 'A')).toBeNull()
  expect(await refusal(broker, 'B')).toBeNull()
  expect(await refusal(broker, 'C')).toBe(SERVER_UNAVAILABLE)
})
