import { createServer as createHttpServer } from 'node:http'
import { createServer, type Server, type Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { Aedes, type AedesPublishPacket, type AuthenticateError, type Client } from 'aedes'
import { createWebSocketStream, WebSocketServer } from 'ws'
import type { DeviceSecrets } from '../../ports/device-secrets.js'
import type { Logger } from '../../ports/logger.js'
import type { Accept, ArrivedMessage, MessageSource } from '../../ports/message-source.js'
import {
  clientIdDenial,
  publishDenial,
  subscribeDenial,
  type AccessRegistry,
} from './device-access.js'
import { boundPackets } from './packet-bound.js'

export interface EmbeddedBrokerOptions {
  readonly host: string
  /** 0: the system chooses. */
  readonly tcpPort: number
  readonly wsPort: number
  /** Largest MQTT packet, bytes; a connection that announces more is cut. */
  readonly maxPacketBytes: number
  /** The registry in force now; asked on every connect and topic, so a change needs no restart. */
  readonly registry: () => AccessRegistry
  readonly secrets: DeviceSecrets
  readonly accept: Accept
  readonly logger: Logger
}

export interface BrokerCounts {
  readonly connectedClients: number
  /** Connections refused or cut: protocol version, credentials, client id, foreign topic, size. */
  readonly connectionsRefused: number
  /** QoS 0 messages that could not be made durable; nobody else would know of them. */
  readonly messagesDropped: number
}

export interface EmbeddedBroker extends MessageSource {
  readonly tcpPort: number
  readonly wsPort: number
  counts(): BrokerCounts
}

/** CONNACK return codes of MQTT 3.1.1, table 3.1. */
const IDENTIFIER_REJECTED = 2
const BAD_USER_NAME_OR_PASSWORD = 4

/** A client that connects and then says nothing is let go after this long. */
const CONNECT_TIMEOUT_MS = 10_000

/**
 * Socket reads of this size let aedes release a few fast clients' messages in larger batches;
 * it handles one read as one batch.
 */
const READ_BYTES = 256 * 1024

/**
 * Opens the embedded MQTT 3.1.1 broker on TCP and WebSocket.
 *
 * aedes writes the PUBACK after `authorizePublish` has called back, so the journal stands there:
 * `accept` resolves when the message is durable, and only then does the device hear of it. When
 * durability cannot be had the connection is closed without a PUBACK and the device sends again.
 *
 * Refused: MQTT 5 (CONNACK 1), a wrong device or secret (CONNACK 4), an empty client id that asks
 * for a session [MQTT-3.1.3-8] or another device's client id (CONNACK 2). MQTT 3.1.1 has no answer
 * to a forbidden PUBLISH but closing the connection.
 *
 * Rejects when a port cannot be bound; the error's `code` is the system's (EADDRINUSE, EACCES).
 */
export async function openEmbeddedBroker(options: EmbeddedBrokerOptions): Promise<EmbeddedBroker> {
  const { logger, registry, secrets, accept } = options
  const deviceOf = new WeakMap<Client, string>()
  /** Who is connected under a client id now. */
  const holderOf = new Map<string, Client>()
  const withoutId = new WeakSet<Client>()
  let connectionsRefused = 0
  let messagesDropped = 0
  let stopping = false

  function refuse(reason: string, fields: Record<string, unknown>): void {
    connectionsRefused++
    logger.info({ ...fields, reason }, 'mqtt refused')
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
      const device = username ?? ''
      if (!secrets.matches(device, password ?? new Uint8Array())) {
        refuse('unknown device or wrong secret', { device })
        return done(
          connackError(BAD_USER_NAME_OR_PASSWORD, 'unknown device or wrong secret'),
          false,
        )
      }
      if (withoutId.has(client) && !client.clean) {
        refuse('empty client id with a persistent session [MQTT-3.1.3-8]', { device })
        return done(connackError(IDENTIFIER_REJECTED, 'empty client id with clean=false'), false)
      }
      const holder = holderOf.get(client.id)
      const heldBy = holder === undefined ? undefined : deviceOf.get(holder)
      const denial = clientIdDenial(registry(), device, client.id, heldBy)
      if (denial !== null) {
        refuse(denial.reason, { device })
        return done(connackError(IDENTIFIER_REJECTED, denial.reason), false)
      }
      deviceOf.set(client, device)
      done(null, true)
    },
    authorizePublish: (client, packet, done) => {
      const device = client === null ? undefined : deviceOf.get(client)
      if (client === null || device === undefined) return done(new Error('no device'))
      // A stop closes every connection, which would publish every last will: devices that are well.
      if (stopping) return done(new Error('the broker is stopping'))
      const denial = publishDenial(registry(), device, packet.topic)
      if (denial !== null) {
        refuse(denial.reason, { device })
        return done(new Error(denial.reason))
      }
      accept(arrived(device, client.id, packet)).then(
        () => done(null),
        (error: unknown) => {
          if (packet.qos === 0) messagesDropped++
          logger.error({ device, error }, 'a message could not be made durable; not acknowledged')
          done(new Error('not durable', { cause: error }))
        },
      )
    },
    authorizeSubscribe: (client, subscription, done) => {
      const device = deviceOf.get(client) ?? ''
      const denial = subscribeDenial(registry(), device, subscription.topic)
      if (denial === null) return done(null, subscription)
      logger.info({ device, reason: denial.reason }, 'mqtt subscription refused')
      // A null subscription answers SUBACK 0x80, the protocol's own word for it [MQTT-3.9.3-2].
      done(null, null)
    },
  })

  broker.on('client', (client) => {
    if (deviceOf.has(client)) holderOf.set(client.id, client)
  })
  broker.on('clientDisconnect', (client) => {
    // A device that comes back takes its id over; its old connection may end after that.
    if (holderOf.get(client.id) === client) holderOf.delete(client.id)
  })
  const stopWatching = secrets.onReplaced((device) => {
    for (const client of holderOf.values()) {
      if (deviceOf.get(client) !== device) continue
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

  function serve(stream: Duplex): void {
    boundPackets(stream, options.maxPacketBytes, (announcedBytes) => {
      refuse(`a packet of ${announcedBytes} bytes; at most ${options.maxPacketBytes}`, {})
    })
    broker.handle(stream)
  }

  const sockets = new Set<Socket>()
  function follow(socket: Socket): void {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  }
  const tcp = createServer({ highWaterMark: READ_BYTES, noDelay: true }, (socket) => {
    follow(socket)
    serve(socket)
  })
  const http = createHttpServer((_request, response) => {
    response.writeHead(426, { upgrade: 'websocket' }).end('MQTT over WebSocket is spoken here\n')
  })
  try {
    await listening(tcp, options.tcpPort, options.host)
    await listening(http, options.wsPort, options.host)
  } catch (error) {
    tcp.close()
    broker.close()
    throw error
  }
  const webSockets = new WebSocketServer({
    server: http,
    maxPayload: options.maxPacketBytes + 5,
    // [MQTT-6.0.0-3]: the subprotocol's name.
    handleProtocols: (protocols) => (protocols.has('mqtt') ? 'mqtt' : false),
  })
  http.on('connection', (socket) => follow(socket))
  webSockets.on('connection', (socket) => {
    const stream = createWebSocketStream(socket)
    // An error of the stream reaches aedes too, which closes the client; without a listener it would throw.
    stream.on('error', (error) => logger.debug({ error: error.message }, 'websocket error'))
    serve(stream)
  })

  let stopped: Promise<void> | undefined
  async function stop(): Promise<void> {
    stopping = true
    stopWatching()
    const closed = [tcp, http, webSockets].map(
      (server) => new Promise<void>((resolve) => server.close(() => resolve())),
    )
    await new Promise<void>((resolve) => broker.close(() => resolve()))
    for (const socket of webSockets.clients) socket.terminate()
    // Also those that have sent half a request, or nothing yet: nobody else would end them.
    for (const socket of sockets) socket.destroy()
    await Promise.all(closed)
  }

  return {
    tcpPort: boundPort(tcp.address()),
    wsPort: boundPort(http.address()),
    counts: () => ({
      connectedClients: broker.connectedClients,
      connectionsRefused,
      messagesDropped,
    }),
    stop: () => (stopped ??= stop()),
  }
}

function arrived(
  device: string,
  clientId: string,
  packet: Pick<AedesPublishPacket, 'topic' | 'qos' | 'retain' | 'dup' | 'payload'>,
): ArrivedMessage {
  return {
    device,
    clientId,
    topic: packet.topic,
    qos: packet.qos,
    retain: packet.retain,
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

function listening(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => {
      server.off('error', reject)
      resolve()
    })
  })
}

function boundPort(address: ReturnType<Server['address']>): number {
  if (address === null || typeof address === 'string') throw new Error('not a network address')
  return address.port
}
