import { connect, type IConnackPacket, type MqttClient } from 'mqtt'
import type { IPublishPacket } from 'mqtt-packet'
import type { Registry } from '../../domain/city/registry.js'
import { asError } from '../../domain/fault.js'
import type { MessageSource } from '../../ports/message-source.js'
import { ackQueue, type AckQueue } from './ack-queue.js'
import { BrokerRefusal } from './broker-refusal.js'
import {
  clientOptions,
  FIRST_RECONNECT_MS,
  NEVER_EXPIRES,
  stateTopic,
  type ExternalBrokerOptions,
} from './client-options.js'
import { openSubscriptions } from './subscriptions.js'
import { topicDevices } from './topics.js'

export { BrokerRefusal } from './broker-refusal.js'
export type { ExternalBrokerOptions } from './client-options.js'

export interface ExternalBrokerCounts {
  /** 1 while connected, else 0. */
  readonly connectedClients: number
  /** Times the broker refused the connection. */
  readonly connectionsRefused: number
  /** QoS 0 messages that could not be made durable. */
  readonly messagesDropped: number
}

export interface ExternalSource extends MessageSource {
  counts(): ExternalBrokerCounts
  /** Why no or not all messages come; null while they do. */
  trouble(): string | null
}

const LONGEST_RECONNECT_MS = 30_000
/** A connection that holds so long is a good one: the next pause is short again. */
const STEADY_MS = 10_000
/** So many connections in a row that did not hold are a fault to be told. */
const FLAPPING = 3
/** A broker that does not answer by then does not hold up the start. */
const FIRST_CONNECT_MS = 5_000
/** How soon a vendor topic of a new registry version is subscribed to. */
const REGISTRY_LOOK_MS = 1_000
/** Messages being made durable at once; beyond it no more are read from the connection. */
const LONGEST_QUEUE = 20_000
/** CONNACK codes by which credentials or rights are refused: 3.1.1 table 3.1; 5.0 section 3.2.2.2. */
const REFUSED_FOR_GOOD: ReadonlySet<number> = new Set([1, 2, 4, 5, 132, 133, 134, 135, 138, 140])

/**
 * Takes a city's messages from an external broker by a persistent session.
 *
 * MQTT.js acknowledges a message as soon as `handleMessage` calls back, one message at a time. So
 * it is called back at once with an error, which makes it skip the PUBACK and go on, and the PUBACK
 * is written here once the message is durable, in order, on the stream that carried it. What is
 * not acknowledged when a connection ends is delivered again by the broker on the next.
 *
 * Subscriptions ask for QoS 1: the broker then hands on what was published with QoS 2 as QoS 1
 * [MQTT-3.8.4-6], a copy is a duplicate to the store, and no message is released by a PUBREC before
 * it is durable.
 *
 * Resolves when the topics are granted, or after a few seconds when the broker is away: it is then
 * tried without end. Throws BrokerRefusal when the broker refuses credentials, client or topics.
 */
export async function openExternalSource(options: ExternalBrokerOptions): Promise<ExternalSource> {
  const { logger, accept, clientId, protocolVersion } = options
  const running = new Set<Promise<void>>()
  let queue: AckQueue | null = null
  let queueStream: MqttClient['stream'] | null = null
  let held: (() => void) | null = null
  let connectionsRefused = 0
  let messagesDropped = 0
  let trouble: string | null = `${options.url} has not answered yet`
  let stopping = false
  /** The broker ought to know our session. */
  let isKnown = options.isKnownSession
  /** Connections in a row that ended soon: the journal refused, or another client takes our session. */
  let shortConnections = 0
  let steadyTimer: NodeJS.Timeout | undefined
  let devices = { sha256: '', of: (_topic: string): string => '' }

  const flapping = `connections to ${options.url} end soon after they are made: either messages cannot be made durable, or another client uses the client id ${clientId}; give each service a --broker-client-id of its own`

  const client = connect(options.url, clientOptions(options))
  const subscriptions = openSubscriptions(
    client,
    options.member,
    `${options.url}, client ${clientId}`,
  )

  function deviceOf(topic: string): string {
    const { registry, sha256 } = options.registry()
    if (devices.sha256 !== sha256) devices = { sha256, of: topicDevices(registry) }
    return devices.of(topic)
  }

  function release(): void {
    if ((queue?.waiting ?? 0) >= LONGEST_QUEUE) return
    const go = held
    held = null
    go?.()
  }

  /** The queue of the connection that messages come by now. */
  function currentQueue(): AckQueue {
    if (queue !== null && queueStream === client.stream) return queue
    queue?.giveUp()
    queueStream = client.stream
    queue = ackQueue(client.stream, protocolVersion, release)
    return queue
  }

  function onMessage(packet: IPublishPacket, next: (error?: Error) => void): void {
    // Not called back: nothing more is read, and what is not acknowledged comes again.
    if (stopping) return
    const acks = currentQueue()
    const stream = client.stream
    const acknowledge = packet.qos === 0 ? null : acks.place(packet.messageId ?? 0)
    const durable = accept({
      device: deviceOf(packet.topic),
      clientId,
      topic: packet.topic,
      qos: packet.qos,
      retain: packet.retain,
      dup: packet.dup,
      payload: typeof packet.payload === 'string' ? Buffer.from(packet.payload) : packet.payload,
    }).then(
      () => acknowledge?.(),
      (error: unknown) => {
        if (acknowledge === null) messagesDropped++
        // Once per connection: all that came by it fails for the same reason.
        if (stream.destroyed) return
        logger.error({ error, topic: packet.topic }, 'a message could not be made durable')
        if (acknowledge === null) return
        // Only a new connection makes the broker deliver it again.
        acks.giveUp()
        stream.destroy()
      },
    )
    running.add(durable)
    void durable.finally(() => running.delete(durable))
    const skipped = (): void => next(acknowledge === null ? undefined : SKIP_PUBACK)
    if (acks.waiting < LONGEST_QUEUE) skipped()
    else held = skipped
  }
  client.handleMessage = onMessage

  async function onConnect(connack: IConnackPacket): Promise<void> {
    steadyTimer = setTimeout(() => {
      client.options.reconnectPeriod = FIRST_RECONNECT_MS
      shortConnections = 0
      steadyTimer = undefined
    }, STEADY_MS)
    if (!connack.sessionPresent) {
      subscriptions.forget()
      if (isKnown) {
        logger.warn(
          { url: options.url, clientId },
          'the broker has forgotten our session: what it had queued for us is gone; let it keep sessions on disk',
        )
      }
    }
    isKnown = true
    const properties = connack.properties ?? {}
    const expiryS = properties.sessionExpiryInterval
    if (protocolVersion === 5 && expiryS !== undefined && expiryS < NEVER_EXPIRES) {
      logger.warn(
        { expiryS },
        'the broker keeps our session for so long only; messages of a longer outage are lost',
      )
    }
    logger.info(
      { url: options.url, clientId, sessionPresent: connack.sessionPresent, properties },
      'connected to the external broker',
    )
    await subscriptions.update(options.registry().registry)
    trouble = null
    await client.publishAsync(stateTopic(clientId), 'online', { qos: 1, retain: true })
  }

  let failFirst: (error: unknown) => void = () => undefined
  const first = new Promise<void>((resolve, reject) => {
    failFirst = reject
    client.on('connect', (connack) => {
      onConnect(connack).then(resolve, (error: unknown) => {
        trouble = asError(error).message
        logger.error({ error }, 'the external broker gives no or not all messages')
        if (error instanceof BrokerRefusal) reject(error)
      })
    })
  })
  // Also read when nobody waits for it any more.
  first.catch(() => undefined)

  client.on('error', (error) => {
    trouble = `${options.url}: ${asError(error).message}`
    const code = 'code' in error ? error.code : undefined
    if (typeof code !== 'number') {
      logger.debug({ error }, 'external broker')
      return
    }
    connectionsRefused++
    logger.error({ error, code }, 'the external broker refused the connection')
    if (REFUSED_FOR_GOOD.has(code)) {
      failFirst(new BrokerRefusal(`${options.url} refused ${clientId}: ${asError(error).message}`))
    }
  })
  client.on('close', () => {
    if (steadyTimer !== undefined) {
      clearTimeout(steadyTimer)
      steadyTimer = undefined
      shortConnections++
      if (shortConnections === FLAPPING) logger.error({ clientId }, flapping)
    }
    queue?.giveUp()
    held = null
    if (!stopping && trouble === null) trouble = `the connection to ${options.url} has ended`
  })
  client.on('reconnect', () => {
    const { reconnectPeriod = FIRST_RECONNECT_MS } = client.options
    client.options.reconnectPeriod = Math.min(reconnectPeriod * 2, LONGEST_RECONNECT_MS)
  })

  async function followRegistry(registry: Registry): Promise<void> {
    try {
      await subscriptions.update(registry)
      trouble = null
    } catch (error) {
      trouble = asError(error).message
      logger.error({ error }, 'topics of the new registry are not granted')
    }
  }

  let looked = options.registry().sha256
  const look = setInterval(() => {
    const { registry, sha256 } = options.registry()
    if (sha256 === looked || !client.connected) return
    looked = sha256
    void followRegistry(registry)
  }, REGISTRY_LOOK_MS)

  let stopped: Promise<void> | undefined
  async function stop(): Promise<void> {
    stopping = true
    clearInterval(look)
    clearTimeout(steadyTimer)
    await Promise.all(running)
    // The acknowledgements of the last messages go out before the DISCONNECT.
    await new Promise((resolve) => setImmediate(resolve))
    if (client.connected) {
      await client.publishAsync(stateTopic(clientId), 'offline', { qos: 0, retain: true })
    }
    await client.endAsync(!client.connected)
  }

  try {
    await withinMs(first, FIRST_CONNECT_MS, () => {
      logger.warn({ url: options.url }, 'the external broker does not answer; it is tried on')
    })
  } catch (error) {
    await stop()
    throw error
  }
  return {
    counts: () => ({
      connectedClients: client.connected ? 1 : 0,
      connectionsRefused,
      messagesDropped,
    }),
    trouble: () => trouble ?? (shortConnections >= FLAPPING ? flapping : null),
    stop: () => (stopped ??= stop()),
  }
}

/** Never thrown: what MQTT.js is called back with so that it leaves the PUBACK to us. */
const SKIP_PUBACK = new Error('acknowledged later')

async function withinMs(work: Promise<void>, limitMs: number, onLate: () => void): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(() => {
      onLate()
      resolve()
    }, limitMs)
  })
  try {
    await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}
