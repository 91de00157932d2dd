import { createServer as createHttpServer } from 'node:http'
import { createServer, type Server, type Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { createServer as createTlsServer } from 'node:tls'
import { createWebSocketStream, WebSocketServer } from 'ws'
import type { Logger } from '../../ports/logger.js'

export interface Endpoint {
  readonly host: string
  /** 0: the system chooses. */
  readonly port: number
}

/** PEM texts. */
export interface TlsFiles {
  readonly cert: string
  readonly key: string
  /** Authorities whose certificates name devices; without them no client is asked for one. */
  readonly ca?: string
}

export interface ListenerOptions {
  /** MQTT in clear over TCP, and over WebSocket; null: not listened for. */
  readonly plain: { readonly tcp: Endpoint; readonly ws: Endpoint } | null
  readonly tls: (Endpoint & TlsFiles) | null
  readonly maxPacketBytes: number
  /** Sockets that may be open, with or without a CONNECT; what comes beyond is cut. 0: no limit. */
  readonly maxSockets: number
  /** A connection that speaks MQTT from now on. */
  readonly onStream: (stream: Duplex, address: string) => void
  readonly onCut: (reason: string, address: string) => void
  readonly logger: Logger
}

export interface Listeners {
  /** Ports listened on; null where nobody does. */
  readonly tcpPort: number | null
  readonly wsPort: number | null
  readonly tlsPort: number | null
  /** Listens no more; resolves once every connection has ended. */
  readonly close: () => Promise<void>
  /** Ends connections that nobody else ends: those that have sent half a request, or nothing yet. */
  destroyAll(): void
}

/**
 * Socket reads of this size let aedes release a few fast clients' messages in larger batches;
 * it handles one read as one batch.
 */
const READ_BYTES = 256 * 1024

/**
 * Connections that wait to be taken; what the system allows, if that is less. Node's own 511 make most
 * of a city that comes back at once wait for repeated SYNs.
 */
const BACKLOG = 8_192

/** A client that does not finish its TLS handshake is let go after this long. */
const HANDSHAKE_TIMEOUT_MS = 10_000

/** Listens on what is given. Rejects when a port cannot be bound, and listens on none then. */
export async function openListeners(options: ListenerOptions): Promise<Listeners> {
  const { plain, tls, logger, onStream } = options
  const sockets = new Set<Socket>()
  const servers: Server[] = []
  let webSockets: WebSocketServer | undefined

  function follow(socket: Socket): void {
    if (options.maxSockets > 0 && sockets.size >= options.maxSockets) {
      options.onCut(`${sockets.size} sockets are open, as many as may be`, addressOf(socket))
      socket.destroy()
      return
    }
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  }
  async function listen(server: Server, { host, port }: Endpoint): Promise<number> {
    server.on('connection', follow)
    servers.push(server)
    await listening(server, port, host)
    return boundPort(server.address())
  }
  async function close(): Promise<void> {
    const open = [...servers, ...(webSockets === undefined ? [] : [webSockets])]
    const closed = open.map(
      (server) => new Promise<void>((resolve) => server.close(() => resolve())),
    )
    await Promise.all(closed)
  }
  function serveSocket(socket: Socket): void {
    if (!socket.destroyed) onStream(socket, addressOf(socket))
  }

  let tcpPort: number | null = null
  let wsPort: number | null = null
  let tlsPort: number | null = null
  try {
    if (plain !== null) {
      const tcp = createServer({ highWaterMark: READ_BYTES, noDelay: true })
      tcpPort = await listen(tcp, plain.tcp)
      tcp.on('connection', serveSocket)
      const http = createHttpServer((_request, response) => {
        response
          .writeHead(426, { upgrade: 'websocket' })
          .end('MQTT over WebSocket is spoken here\n')
      })
      wsPort = await listen(http, plain.ws)
      webSockets = mqttOverWebSocket(http, options)
    }
    if (tls !== null) {
      const { cert, key, ca } = tls
      const secure = createTlsServer({
        cert,
        key,
        ...(ca === undefined ? {} : { ca, requestCert: true }),
        // A certificate that does not hold is refused with a CONNACK and a line in the log.
        rejectUnauthorized: false,
        handshakeTimeout: HANDSHAKE_TIMEOUT_MS,
        highWaterMark: READ_BYTES,
        noDelay: true,
      })
      secure.on('tlsClientError', (error, socket) => {
        logger.info({ address: addressOf(socket), error: error.message }, 'TLS handshake failed')
      })
      tlsPort = await listen(secure, tls)
      secure.on('secureConnection', serveSocket)
    }
  } catch (error) {
    await close()
    throw error
  }
  return {
    tcpPort,
    wsPort,
    tlsPort,
    close,
    destroyAll() {
      for (const socket of webSockets?.clients ?? []) socket.terminate()
      for (const socket of sockets) socket.destroy()
    },
  }
}

function mqttOverWebSocket(
  server: ReturnType<typeof createHttpServer>,
  { maxPacketBytes, onStream, logger }: ListenerOptions,
): WebSocketServer {
  const webSockets = new WebSocketServer({
    server,
    maxPayload: maxPacketBytes + 5,
    // [MQTT-6.0.0-3]: the subprotocol's name.
    handleProtocols: (protocols) => (protocols.has('mqtt') ? 'mqtt' : false),
  })
  webSockets.on('connection', (socket, request) => {
    const stream = createWebSocketStream(socket)
    // An error of the stream reaches aedes too, which closes the client; without a listener it would throw.
    stream.on('error', (error) => logger.debug({ error: error.message }, 'websocket error'))
    onStream(stream, addressOf(request.socket))
  })
  return webSockets
}

function addressOf(socket: Socket): string {
  return socket.remoteAddress ?? ''
}

function listening(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen({ port, host, backlog: BACKLOG }, () => {
      server.off('error', reject)
      resolve()
    })
  })
}

function boundPort(address: ReturnType<Server['address']>): number {
  if (address === null || typeof address === 'string') throw new Error('not a network address')
  return address.port
}
