import type { Duplex } from 'node:stream'
import { Aedes, type AedesPublishPacket, type AuthenticateError, type Client } from 'aedes'
import type { DeviceSecrets } from '../../ports/device-secrets.js'
import type { Logger } from '../../ports/logger.js'
import type { Accept, ArrivedMessage, MessageSource } from '../../ports/message-source.js'
import { admission } from './admission.js'
import { clientCertificate, type ClientCertificate } from './client-certificate.js'
import { connectionLimits, type ConnectionRates } from './connection-limits.js'
import type { DeviceAccess } from './device-access.js'
import { devicePaces, type DeviceRates } from './device-pace.js'
import { openListeners, type ListenerOptions } from './listeners.js'
import { gatePackets, type PacketGate } from './packet-gate.js'

export { registryAccess, type DeviceAccess } from './device-access.js'

export type BrokerLimits = ConnectionRates & DeviceRates

export const NO_LIMITS: BrokerLimits = {
  maxConnections: 0,
  deviceConnectsPerMinute: 0,
  addressConnectsPerMinute: 0,
  messagesPerS: 0,
  bytesPerS: 0,
}

export interface EmbeddedBrokerOptions extends Pick<ListenerOptions, 'plain' | 'tls'> {
  /** Largest MQTT packet, bytes; a connection that announces more is cut. */
  readonly maxPacketBytes: number
  readonly access: DeviceAccess
  readonly secrets: DeviceSecrets
  readonly limits: BrokerLimits
  readonly accept: Accept
  readonly logger: Logger
}

export interface BrokerCounts {
  readonly connectedClients: number
  /** Connections refused or cut: protocol version, credentials, client id, foreign topic, size, limits. */
  readonly connectionsRefused: number
  /** Those of them that only a limit refused. */
  readonly connectionsLimited: number
  /** How often reading from a connection stood still to keep its device's pace. */
  readonly readPauses: number
  /** Connections whose reading stands still now. */
  readonly connectionsHeld: number
  /** QoS 0 messages that could not be made durable; nobody else would know of them. */
  readonly messagesDropped: number
}

export interface EmbeddedBroker extends MessageSource {
  /** Ports listened on; null where nobody does. */
  readonly tcpPort: number | null
  readonly wsPort: number | null
  readonly tlsPort: number | null
  counts(): BrokerCounts
}

/** What is known of a connection. */
interface Connection {
  readonly address: string
  readonly certificate: ClientCertificate
  readonly gate: PacketGate
  device?: string
}

/** A client that connects and then says nothing is let go after this long. */
const CONNECT_TIMEOUT_MS = 10_000

/** Sockets beyond the limit of connections, so that those refused can still be told why. */
const SOCKETS_TO_REFUSE = 100

/** A device that is held is told of in the log at most this often. */
const TELL_HELD_MS = 60_000

/**
 * Opens the embedded MQTT 3.1.1 broker, on TCP and WebSocket in clear, on TLS, or both.
 *
 * aedes writes the PUBACK after `authorizePublish` has called back, so the journal stands there:
 * `accept` resolves when the message is durable, and only then does the device hear of it. When
 * durability cannot be had the connection is closed without a PUBACK and the device sends again.
 *
 * Refused: MQTT 5 (CONNACK 1), an empty client id that asks for a session [MQTT-3.1.3-8] or another
 * device's client id (CONNACK 2), what exceeds a limit (CONNACK 3), a wrong device or secret
 * (CONNACK 4), a wrong certificate (CONNACK 5). MQTT 3.1.1 has no answer to a forbidden PUBLISH but
 * closing the connection.
 *
 * Rejects when a port cannot be bound; the error's `code` is the system's (EADDRINUSE, EACCES).
 */
export async function openEmbeddedBroker(options: EmbeddedBrokerOptions): Promise<EmbeddedBroker> {
  const { logger, access, secrets, accept } = options
  const nowMs = (): number => performance.now()
  const rules = { access, secrets, limits: connectionLimits(options.limits, nowMs) }
  const paceOf = devicePaces(options.limits, nowMs)
  const connections = new WeakMap<object, Connection>()
  const admitted = new Set<Connection>()
  /** Who is connected under a client id now. */
  const holderOf = new Map<string, Client>()
  const withoutId = new WeakSet<Client>()
  const toldHeldMs = new Map<string, number>()
  const counts = {
    connectionsRefused: 0,
    connectionsLimited: 0,
    readPauses: 0,
    connectionsHeld: 0,
    messagesDropped: 0,
  }
  let stopping = false

  function refuse(reason: string, fields: Record<string, unknown>): void {
    counts.connectionsRefused++
    logger.info({ ...fields, reason }, 'mqtt refused')
  }
  function deviceOf(client: Client | undefined): string | undefined {
    return client === undefined ? undefined : connections.get(client.conn)?.device
  }

  const broker = await Aedes.createBroker({
    connectTimeout: CONNECT_TIMEOUT_MS,
    preConnect: (client, packet, done) => {
      if (stopping) return done(null, false)
      if (packet.protocolVersion === 5) {
        refuse('MQTT 5 is not spoken here; set the client to MQTT 3.1.1', {
          clientId: packet.clientId,
        })
      }
      if (packet.clientId === '') withoutId.add(client)
      done(null, true)
    },
    authenticate: (client, username, password, done) => {
      const connection = connections.get(client.conn)
      if (connection === undefined) return done(connackError(3, 'the connection has ended'), false)
      const { address, certificate } = connection
      const answer = admission(
        {
          address,
          certificate,
          username: username ?? undefined,
          password: password ?? new Uint8Array(),
          clientId: client.id,
          isUnnamed: withoutId.has(client),
          clean: client.clean,
          holder: deviceOf(holderOf.get(client.id)),
          open: admitted.size,
        },
        rules,
      )
      if ('returnCode' in answer) {
        const { device, reason, returnCode } = answer
        if (answer.isLimit) counts.connectionsLimited++
        refuse(reason, { address, device })
        return done(connackError(returnCode, reason), false)
      }
      connection.device = answer.device
      admitted.add(connection)
      done(null, true)
    },
    authorizePublish: (client, packet, done) => {
      const device = deviceOf(client ?? undefined)
      if (client === null || device === undefined) return done(new Error('no device'))
      // A stop closes every connection, which would publish every last will: devices that are well.
      if (stopping) return done(new Error('the broker is stopping'))
      const denial = access.publish(device, packet.topic)
      if (denial !== null) {
        refuse(denial.reason, { device })
        return done(new Error(denial.reason))
      }
      accept(arrived(device, client.id, packet)).then(
        () => done(null),
        (error: unknown) => {
          if (packet.qos === 0) counts.messagesDropped++
          logger.error({ device, error }, 'a message could not be made durable; not acknowledged')
          done(new Error('not durable', { cause: error }))
        },
      )
    },
    authorizeSubscribe: (client, subscription, done) => {
      const device = deviceOf(client) ?? ''
      const denial = access.subscribe(device, subscription.topic)
      if (denial === null) return done(null, subscription)
      logger.info({ device, reason: denial.reason }, 'mqtt subscription refused')
      // A null subscription answers SUBACK 0x80, the protocol's own word for it [MQTT-3.9.3-2].
      done(null, null)
    },
  })

  broker.on('client', (client) => {
    if (deviceOf(client) !== undefined) holderOf.set(client.id, client)
  })
  broker.on('clientReady', (client) => {
    const connection = connections.get(client.conn)
    if (connection?.device !== undefined) connection.gate.open(paceOf(connection.device))
  })
  broker.on('clientDisconnect', (client) => {
    // A device that comes back takes its id over; its old connection may end after that.
    if (holderOf.get(client.id) === client) holderOf.delete(client.id)
  })
  const stopWatching = secrets.onReplaced((device) => {
    for (const client of holderOf.values()) {
      if (deviceOf(client) !== device) continue
      logger.info({ device, clientId: client.id }, 'mqtt connection ended: the secret was replaced')
      client.close()
    }
  })
  broker.on('clientError', (client, error) => {
    logger.debug({ clientId: client.id, error: error.message }, 'mqtt client error')
  })
  broker.on('connectionError', (_client, error) => {
    logger.debug({ error: error.message }, 'mqtt connection error')
  })

  function tellHeld(device: string): void {
    const now = nowMs()
    const told = toldHeldMs.get(device)
    if (told !== undefined && now - told < TELL_HELD_MS) return
    toldHeldMs.set(device, now)
    logger.info({ device }, 'mqtt device sends faster than it may; reading from it pauses')
  }

  function serve(stream: Duplex, address: string): void {
    const gate = gatePackets(stream, {
      maxPacketBytes: options.maxPacketBytes,
      onTooLarge: (announcedBytes) => {
        refuse(`a packet of ${announcedBytes} bytes; at most ${options.maxPacketBytes}`, {
          address,
          device: connection.device,
        })
      },
      onHold: (held) => {
        counts.connectionsHeld += held ? 1 : -1
        if (!held) return
        counts.readPauses++
        tellHeld(connection.device ?? '')
      },
    })
    const connection: Connection = { address, gate, certificate: clientCertificate(stream) }
    connections.set(stream, connection)
    stream.once('close', () => admitted.delete(connection))
    broker.handle(stream)
  }

  const { maxConnections } = options.limits
  const listeners = await openListeners({
    plain: options.plain,
    tls: options.tls,
    maxPacketBytes: options.maxPacketBytes,
    maxSockets: maxConnections === 0 ? 0 : maxConnections + SOCKETS_TO_REFUSE,
    onStream: serve,
    onCut: (reason, address) => {
      counts.connectionsLimited++
      refuse(reason, { address })
    },
    logger,
  }).catch((error: unknown) => {
    broker.close()
    throw error
  })

  let stopped: Promise<void> | undefined
  async function stop(): Promise<void> {
    stopping = true
    stopWatching()
    const closed = listeners.close()
    await new Promise<void>((resolve) => broker.close(() => resolve()))
    listeners.destroyAll()
    await closed
  }

  return {
    tcpPort: listeners.tcpPort,
    wsPort: listeners.wsPort,
    tlsPort: listeners.tlsPort,
    counts: () => ({ connectedClients: broker.connectedClients, ...counts }),
    stop: () => (stopped ??= stop()),
  }
}

function arrived(
  device: string,
  clientId: string,
  packet: Pick<AedesPublishPacket, 'topic' | 'qos' | 'dup' | 'payload'>,
): ArrivedMessage {
  return {
    device,
    clientId,
    topic: packet.topic,
    qos: packet.qos,
    // The device's own RETAIN asks for a copy to be kept; this is the message itself [MQTT-3.3.1-9].
    retain: false,
    dup: packet.dup,
    payload: typeof packet.payload === 'string' ? Buffer.from(packet.payload) : packet.payload,
  }
}

function connackError(
  returnCode: AuthenticateError['returnCode'],
  message: string,
): AuthenticateError {
  return Object.assign(new Error(message), { returnCode })
}
