import { connect as connectTcp, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { generate, parser, type Packet } from 'mqtt-packet'

export interface SessionOptions {
  /** mqtt://host:port or mqtts://host:port */
  readonly url: URL
  readonly device: string
  readonly secret: string
  readonly keepAliveS: number
  /** So long without any answer while one is due, and the connection is given up. */
  readonly ackWithinS: number
  /** Published by the broker when the line goes without a word. */
  readonly will: { readonly topic: string; readonly payload: string }
  readonly onPuback: (id: number) => void
}

/** One connection of a device, from CONNACK on. */
export interface Session {
  publish(id: number, topic: string, payload: Uint8Array, dup: boolean): void
  /** The line goes without a DISCONNECT: the broker publishes the last will. */
  cut(): void
  /** DISCONNECT, then the end: no last will. */
  end(): void
  /** Resolves when the connection is over, whoever ended it. */
  readonly closed: Promise<void>
  bytesWritten(): number
}

/** The broker answered CONNECT with a return code other than 0 [MQTT-3.2.2, table 3.1]. */
export class SessionRefused extends Error {
  override readonly name = 'SessionRefused'
  constructor(
    device: string,
    readonly returnCode: number,
  ) {
    super(`${device} was refused: CONNACK ${returnCode}`)
  }
  /** Trying again will not help. */
  get isFinal(): boolean {
    return FINAL.has(this.returnCode)
  }
}

/** Unacceptable protocol version, bad user name or secret, not authorised [MQTT-3.2.2, table 3.1]. */
const FINAL: ReadonlySet<number> = new Set([1, 4, 5])
/** A broker that does not close after DISCONNECT is left. */
const CLOSES_WITHIN_MS = 5_000
const DEFAULT_PORTS: Readonly<Record<string, number>> = { 'mqtt:': 1883, 'mqtts:': 8883 }

/** Whether an address is one that sessions can be made to. */
export function isBrokerUrl(url: URL): boolean {
  return url.protocol in DEFAULT_PORTS
}

export function portOf(url: URL): number {
  return url.port === '' ? (DEFAULT_PORTS[url.protocol] ?? 0) : Number(url.port)
}

/**
 * Connects as a field device does: MQTT 3.1.1, client id = user name = device, a persistent session
 * (clean = 0), a last will. Resolves with the CONNACK; rejects with SessionRefused or what the
 * system says.
 */
export function connectSession(options: SessionOptions): Promise<Session> {
  const { url, device, secret, keepAliveS, ackWithinS, will } = options
  const address = { host: url.hostname.replace(/^\[|\]$/g, ''), port: portOf(url) }
  const socket: Socket =
    url.protocol === 'mqtts:' ? connectTls(address) : connectTcp({ ...address, noDelay: true })
  const reading = parser()
  let waitingSinceMs: number | null = null
  let spokeMs = performance.now()
  let unanswered = 0

  function say(packet: Packet): void {
    spokeMs = performance.now()
    socket.write(generate(packet))
  }
  function expectAnswer(): void {
    unanswered++
    waitingSinceMs ??= performance.now()
  }
  function answered(): void {
    unanswered = Math.max(0, unanswered - 1)
    waitingSinceMs = unanswered === 0 ? null : performance.now()
  }
  // Silence is noticed here and not by a timer for each message.
  const watch = setInterval(
    () => {
      const nowMs = performance.now()
      if (waitingSinceMs !== null && nowMs - waitingSinceMs > ackWithinS * 1000) socket.destroy()
      else if (nowMs - spokeMs > keepAliveS * 500) {
        say({ cmd: 'pingreq' })
        expectAnswer()
      }
    },
    Math.min(keepAliveS, ackWithinS) * 250,
  )
  const closed = new Promise<void>((resolve) =>
    socket.once('close', () => {
      clearInterval(watch)
      resolve()
    }),
  )

  return new Promise((resolve, reject) => {
    let cause = new Error(`${device}: the broker closed the connection`)
    socket.on('error', (error) => (cause = error))
    void closed.then(() => reject(cause))
    reading.on('packet', (packet: Packet) => {
      if (packet.cmd === 'connack') {
        answered()
        if (packet.returnCode === 0) resolve(session)
        else {
          cause = new SessionRefused(device, packet.returnCode ?? 0)
          socket.destroy()
        }
      } else if (packet.cmd === 'puback') {
        answered()
        options.onPuback(packet.messageId ?? 0)
      } else if (packet.cmd === 'pingresp') answered()
    })
    reading.on('error', (error: Error) => socket.destroy(error))
    socket.on('data', (bytes) => reading.parse(bytes))
    say({
      ...{ cmd: 'connect', protocolId: 'MQTT', protocolVersion: 4, keepalive: keepAliveS },
      ...{ clean: false, clientId: device, username: device, password: Buffer.from(secret) },
      will: { topic: will.topic, payload: Buffer.from(will.payload), qos: 1, retain: false },
    })
    expectAnswer()

    const session: Session = {
      publish(messageId, topic, payload, dup) {
        say({
          ...{ cmd: 'publish', topic, payload: Buffer.from(payload), messageId },
          ...{ qos: 1, dup, retain: false },
        })
        expectAnswer()
      },
      cut: () => socket.destroy(),
      end() {
        socket.end(generate({ cmd: 'disconnect' }))
        setTimeout(() => socket.destroy(), CLOSES_WITHIN_MS).unref()
      },
      closed,
      bytesWritten: () => socket.bytesWritten,
    }
  })
}
