/**
 * Counterparts of the ten checks of Eclipse Paho's interoperability suite for MQTT 3.1.1
 * (github.com/eclipse/paho.mqtt.testing, interoperability/client_test.py), each under its name there,
 * on the suite's topics. They run on the broker with access rules that grant those topics; what our
 * own rules make of them stands at the end. Clauses: OASIS MQTT Version 3.1.1, 29 October 2014.
 */
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { generate, type Packet } from 'mqtt-packet'
import {
  NO_LIMITS,
  openEmbeddedBroker,
  registryAccess,
  type DeviceAccess,
  type EmbeddedBroker,
} from '../../src/adapters/mqtt/index.js'
import { readRegistry } from '../../src/adapters/city-file/index.js'
import { READ_OPTIONS } from '../../src/app/read-options.js'
import { registryIndex } from '../../src/domain/city/registry-index.js'
import { connectPacket, openWire, type WireClient } from '../setup/mqtt-wire.js'
import { quietLogger } from '../setup/quiet-logger.js'
import { smallCity } from '../setup/small-city.js'

const A = 'myclientid'
const B = 'myclientid2'
/** Named as in the suite. */
const TOPICS = ['TopicA', 'TopicA/B', 'Topic/C', 'TopicA/C', '/TopicA'] as const
const NO_SUBSCRIBE = 'test/nosubscribe'
const FAILURE = 0x80

const GRANTED: DeviceAccess = {
  isKnown: () => true,
  clientId: () => null,
  publish: () => null,
  subscribe: (_device, filter) =>
    filter === NO_SUBSCRIBE ? { reason: 'not granted, for the suite' } : null,
}

/** Two devices whose vendor topics are two of the suite's. */
function ourRules(): DeviceAccess {
  const level = {
    ...{ field: 'level', quantity: 'level', unit: 'm', kind: '{ type: instant }' },
    reporting: '{ type: periodic, intervalS: 60 }',
  }
  const sensors = [A, B].map((device) => ({ device, ...level }))
  const text = smallCity({ sensors })
    .replace(`- id: ${A}\n`, `- id: ${A}\n    vendorTopic: TopicA/B\n`)
    .replace(`- id: ${B}\n`, `- id: ${B}\n    vendorTopic: Topic/C\n`)
  const reading = readRegistry(text, READ_OPTIONS)
  if (!reading.ok) throw new Error(JSON.stringify(reading.faults))
  const inForce = { registry: reading.registry, index: registryIndex(reading.registry) }
  return registryAccess(() => inForce)
}

let broker: EmbeddedBroker
/** Topics of what was handed over to become durable. */
const accepted: string[] = []

async function open(access: DeviceAccess): Promise<void> {
  accepted.length = 0
  const local = { host: '127.0.0.1', port: 0 }
  broker = await openEmbeddedBroker({
    ...{ plain: { tcp: local, ws: local }, tls: null, maxPacketBytes: 65_536, limits: NO_LIMITS },
    access,
    secrets: {
      matches: () => true,
      issue: () => Promise.resolve(''),
      onReplaced: () => () => undefined,
      devices: () => [],
    },
    accept: ({ topic }) => {
      accepted.push(topic)
      return Promise.resolve()
    },
    logger: quietLogger,
  })
}

afterEach(() => broker.stop())

async function wire(): Promise<WireClient> {
  return await openWire(broker.tcpPort ?? 0)
}

async function connected(
  clientId: string,
  more: Parameters<typeof connectPacket>[1] = {},
): Promise<WireClient> {
  const client = await wire()
  client.send(connectPacket(clientId, more))
  expect(await client.next('connack')).toMatchObject({ returnCode: 0 })
  return client
}

/** Takes the next message and ends its exchange. */
async function message(client: WireClient): Promise<Extract<Packet, { cmd: 'publish' }>> {
  const publish = await client.next('publish')
  const { messageId } = publish
  if (publish.qos === 1) client.send({ cmd: 'puback', ...numbered(messageId) })
  if (publish.qos === 2) {
    client.send({ cmd: 'pubrec', ...numbered(messageId) })
    await client.next('pubrel')
    client.send({ cmd: 'pubcomp', ...numbered(messageId) })
  }
  return publish
}

function numbered(messageId: number | undefined): { messageId: number } {
  if (messageId === undefined) throw new Error('a message of QoS 1 or 2 without an id')
  return { messageId }
}

/** The bytes of a CONNECT that asks for a session, which `generate` refuses for an empty client id. */
function withoutClean(packet: Packet): Buffer {
  const bytes = generate(packet)
  // Connect flags stand behind fixed header, protocol name and level; bit 1 is clean session [MQTT-3.1.2.4].
  bytes[9] = (bytes[9] ?? 0) & ~0x02
  return bytes
}

/** Every message that has come to a client so far: a last one is sent to tell the end. */
async function messagesUntilNow(client: WireClient): Promise<string[]> {
  const last = `last ${Math.random()}`
  const publisher = await connected(`publisher ${last}`)
  await client.subscribe({ last: 1 })
  await publisher.publish('last', last, 1)
  const topics: string[] = []
  for (;;) {
    const { topic, payload } = await message(client)
    if (topic === 'last' && String(payload) === last) break
    topics.push(topic)
  }
  await publisher.disconnect()
  return topics
}

describe('on the topics of the suite', () => {
  beforeEach(() => open(GRANTED))

  test('testBasic: a message of each QoS comes back; a second CONNECT and a wrong protocol end the connection', async () => {
    await (await connected(A)).disconnect()
    const client = await connected(A)
    expect(await client.subscribe({ [TOPICS[0]]: 2 })).toEqual([2])
    for (const qos of [0, 1, 2] as const) {
      await client.publish(TOPICS[0], `qos ${qos}`, qos)
      const { payload, qos: delivered } = await message(client)
      expect([String(payload), delivered]).toEqual([`qos ${qos}`, qos])
    }
    await client.disconnect()
    expect(accepted).toEqual([TOPICS[0], TOPICS[0], TOPICS[0]])

    // [MQTT-3.1.0-2] The Server MUST process a second CONNECT Packet sent from a Client as a
    // protocol violation and disconnect the Client.
    const twice = await connected(A)
    twice.send(connectPacket(A))
    await twice.closed
    // [MQTT-3.1.2-1] If the protocol name is incorrect the Server MAY disconnect the Client.
    const wrong = await wire()
    wrong.sendBytes(Buffer.from('10100002686a04020000000a6d79636c69656e746964', 'hex'))
    await wrong.closed
    expect(wrong.rest()).toEqual([])
  })

  test('test_retained_messages: kept for new subscriptions, and removed by an empty one', async () => {
    const client = await connected(A)
    const kept = [TOPICS[1], TOPICS[2], TOPICS[3]]
    for (const [qos, topic] of kept.entries()) {
      await client.publish(topic, `qos ${qos}`, qos as 0 | 1 | 2, true)
    }
    // [MQTT-3.3.1-6] When a new subscription is established, the last retained message, if any, on
    // each matching topic name MUST be sent to the subscriber.
    await client.subscribe({ '+/+': 2 })
    const found = [await message(client), await message(client), await message(client)]
    expect(found.map(({ topic }) => topic).sort()).toEqual([...kept].sort())
    // [MQTT-3.3.1-8] RETAIN is 1 in a message sent because of a new subscription.
    expect(found.every(({ retain }) => retain)).toBe(true)
    await client.disconnect()

    const clearing = await connected(A)
    for (const [qos, topic] of kept.entries()) {
      await clearing.publish(topic, '', qos as 0 | 1 | 2, true)
    }
    // [MQTT-3.3.1-10] An empty retained message removes the one that was kept.
    await clearing.subscribe({ '+/+': 2 })
    expect(await messagesUntilNow(clearing)).toEqual([])
    await clearing.disconnect()
  })

  test('test_zero_length_clientid: only with a clean session', async () => {
    // [MQTT-3.1.3-8] CONNACK 0x02 and the end of the connection.
    const session = await wire()
    const hello = connectPacket('', { username: A })
    session.send(hello)
    expect(await session.next('connack')).toMatchObject({ returnCode: 0 })
    await session.disconnect()
    const refused = await wire()
    refused.sendBytes(withoutClean(hello))
    expect(await refused.next('connack')).toMatchObject({ returnCode: 2 })
    await refused.closed
  })

  test('test_offline_message_queueing: QoS 1 and 2 wait for a session that is away', async () => {
    const first = await connected(A, { clean: false })
    await first.subscribe({ '+/+': 2 })
    await first.disconnect()
    const other = await connected(B)
    await other.publish(TOPICS[1], 'qos 0', 0)
    await other.publish(TOPICS[2], 'qos 1', 1)
    await other.publish(TOPICS[3], 'qos 2', 2)
    await other.disconnect()
    // [MQTT-3.1.2-5] The Server MUST store further QoS 1 and QoS 2 messages that match; QoS 0 it
    // may, and does not.
    const again = await connected(A, { clean: false })
    expect(await messagesUntilNow(again)).toEqual([TOPICS[2], TOPICS[3]])
    await again.disconnect()
  })

  test('test_overlapping_subscriptions: one message, with the highest QoS of the filters of the suite', async () => {
    // [MQTT-3.3.5-1] The Server MUST deliver the message to the Client respecting the maximum QoS of
    // all the matching subscriptions.
    const client = await connected(A)
    await client.subscribe({ 'TopicA/#': 2, 'TopicA/+': 1 })
    await client.publish(TOPICS[3], 'overlapping topic filters', 2)
    expect((await message(client)).qos).toBe(2)
    expect(await messagesUntilNow(client)).toEqual([])
    await client.disconnect()

    // The suite does not look at a filter without wildcards among them. aedes follows that filter
    // alone, short of the clause; no device can meet it, because our rules grant one filter each.
    const exact = await connected(A)
    await exact.subscribe({ 'TopicA/#': 2, [TOPICS[3]]: 1 })
    await exact.publish(TOPICS[3], 'overlapping topic filters', 2)
    expect((await message(exact)).qos).toBe(1)
    expect(await messagesUntilNow(exact)).toEqual([])
    await exact.disconnect()
  })

  test('test_keepalive: who says nothing is let go, and its last will is published', async () => {
    const listener = await connected(B, { keepalive: 0 })
    await listener.subscribe({ [TOPICS[4]]: 2 })
    const silent = await connected(A, {
      keepalive: 1,
      will: { topic: TOPICS[4], payload: Buffer.from('keepalive expiry'), qos: 0, retain: false },
    })
    // [MQTT-3.1.2-24] Without a Control Packet within one and a half times the Keep Alive time.
    await silent.closed
    expect(String((await message(listener)).payload)).toBe('keepalive expiry')
    expect(await messagesUntilNow(listener)).toEqual([])
    await listener.disconnect()
  })

  test('test_redelivery_on_reconnect: what was not acknowledged comes again, with its id', async () => {
    const session = await connected(B, { clean: false })
    await session.subscribe({ 'TopicA/#': 2 })
    await session.publish(TOPICS[1], 'one', 1)
    await session.publish(TOPICS[3], 'two', 2)
    const first = [await session.next('publish'), await session.next('publish')]
    await session.cut()
    // [MQTT-4.4.0-1] The Server MUST re-send any unacknowledged PUBLISH Packets (where QoS > 0) and
    // PUBREL Packets using their original Packet Identifiers.
    const again = await connected(B, { clean: false })
    const second = [await message(again), await message(again)]
    const told = (packets: typeof second): unknown[] =>
      packets.map(({ topic, qos, messageId }) => ({ topic, qos, messageId }))
    expect(told(second)).toEqual(told(first))
    await again.disconnect()
  })

  test('test_subscribe_failure: SUBACK 0x80 for a filter that is not granted', async () => {
    const client = await connected(A)
    // [MQTT-3.8.4-5] A return code for each filter: the granted QoS, or that it failed.
    expect(await client.subscribe({ [NO_SUBSCRIBE]: 2, [TOPICS[0]]: 1 })).toEqual([FAILURE, 1])
    await client.disconnect()
  })

  test('test_dollar_topics: a filter that begins with a wildcard does not match them', async () => {
    const client = await connected(B, { keepalive: 0 })
    await client.subscribe({ '+/+': 2 })
    // [MQTT-4.7.2-1]
    await client.publish(`$${TOPICS[1]}`, '', 1)
    expect(await messagesUntilNow(client)).toEqual([])
    await client.disconnect()
  })

  test('test_unsubscribe: nothing comes of a topic that was given up, all of the others', async () => {
    const client = await connected(B)
    await client.subscribe({ [TOPICS[0]]: 2, [TOPICS[1]]: 2, [TOPICS[2]]: 2 })
    client.send({ cmd: 'unsubscribe', messageId: 99, unsubscriptions: [TOPICS[0]] })
    expect(await client.next('unsuback')).toMatchObject({ messageId: 99 })
    const other = await connected(A)
    for (const topic of TOPICS.slice(0, 3)) await other.publish(topic, 'x', 1)
    await other.disconnect()
    // [MQTT-3.10.4-2] It MUST stop adding any new messages for delivery to the Client.
    expect(await messagesUntilNow(client)).toEqual([TOPICS[1], TOPICS[2]])
    await client.disconnect()
  })
})

describe('under our own rules', () => {
  beforeEach(() => open(ourRules()))

  test('a device reads its own commands only, so the filters of the suite are refused with 0x80', async () => {
    const client = await connected(A)
    const filters = ['TopicA/+', '+/C', '#', '/#', '/+', '+/+', 'TopicA/#', TOPICS[1]]
    const wanted = Object.fromEntries(filters.map((filter) => [filter, 2 as const]))
    expect(await client.subscribe(wanted)).toEqual(filters.map(() => FAILURE))
    expect(await client.subscribe({ [`rl/v1/small/${A}/down`]: 2 })).toEqual([2])
    await client.disconnect()
  })

  test('a device publishes on topics of its own; on any other its connection is closed, unacknowledged', async () => {
    const client = await connected(A)
    for (const qos of [0, 1, 2] as const) await client.publish(TOPICS[1], 'x', qos)
    client.send({
      ...{ cmd: 'publish', topic: TOPICS[2], payload: 'x', qos: 1, messageId: 9 },
      ...{ retain: false, dup: false },
    })
    // [MQTT-3.3.5-2] A Server that does not authorise a PUBLISH MUST either make a positive
    // acknowledgement, or close the Network Connection.
    await client.closed
    expect(client.rest()).toEqual([])
    expect(accepted).toEqual([TOPICS[1], TOPICS[1], TOPICS[1]])
  })

  test('MQTT 5 is answered in the words of 3.1.1, for all of the suite’s checks of MQTT 5', async () => {
    const client = await wire()
    client.send(connectPacket(A, { protocolVersion: 5 }))
    // [MQTT-3.1.2-2] CONNACK 0x01 (unacceptable protocol level) and the end of the connection.
    expect(await client.next('connack')).toMatchObject({ returnCode: 1 })
    await client.closed
  })
})
