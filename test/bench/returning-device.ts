import { connect, type Socket } from 'node:net'
import { generate, parser, type Packet } from 'mqtt-packet'

export interface ReturningDevice {
  readonly device: string
  readonly secret: string
  readonly topic: string
  readonly payloads: readonly string[]
}

/** What a device has waited for, ms; counted over its attempts, until it got through. */
export interface Return {
  readonly connectMs: number
  /** One per payload. */
  readonly pubackMs: readonly number[]
  /** Attempts that were refused or cut before. */
  readonly failedAttempts: number
}

/** What a device does when it did not get through: it waits so long, and half of it more by chance. */
const PAUSE_MS = 1_000

/**
 * A device that comes back: connects, publishes what it has kept at once with QoS 1, each until its
 * PUBACK, and disconnects. A few bytes of state rather than an MQTT client, because thousands of them
 * run in one process beside the service that is measured.
 */
export async function returnOf(
  port: number,
  { device, secret, topic, payloads }: ReturningDevice,
): Promise<Return> {
  const begunMs = performance.now()
  const pubackMs = new Map<number, number>()
  const state = { connectMs: 0, failedAttempts: 0 }

  function attempt(): Promise<boolean> {
    return new Promise((resolve) => {
      const socket = connect(port, '127.0.0.1')
      const reading = parser()
      let sentMs = 0
      reading.on('packet', (packet: Packet) => {
        if (packet.cmd === 'connack') {
          if (packet.returnCode !== 0) {
            socket.destroy()
            return
          }
          state.connectMs ||= performance.now() - begunMs
          sentMs = performance.now()
          for (const [index, payload] of payloads.entries()) {
            if (!pubackMs.has(index + 1)) publish(socket, topic, payload, index + 1)
          }
        }
        if (packet.cmd !== 'puback') return
        pubackMs.set(packet.messageId ?? 0, performance.now() - sentMs)
        if (pubackMs.size === payloads.length) socket.end(generate({ cmd: 'disconnect' }))
      })
      socket.on('data', (bytes) => reading.parse(bytes))
      // What went wrong shows in what is missing when the connection has ended.
      socket.on('error', () => undefined)
      socket.once('close', () => resolve(pubackMs.size === payloads.length))
      socket.write(
        generate({
          ...{ cmd: 'connect', protocolId: 'MQTT', protocolVersion: 4, keepalive: 60 },
          ...{ clean: true, clientId: device, username: device, password: Buffer.from(secret) },
        }),
      )
    })
  }
  async function untilThrough(): Promise<Return> {
    if (await attempt()) return { ...state, pubackMs: [...pubackMs.values()] }
    state.failedAttempts++
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS * (1 + Math.random() / 2)))
    return await untilThrough()
  }
  return await untilThrough()
}

function publish(socket: Socket, topic: string, payload: string, messageId: number): void {
  socket.write(
    generate({
      ...{ cmd: 'publish', topic, payload, messageId, qos: 1, dup: false, retain: false },
    }),
  )
}
