import { connect, type Socket } from 'node:net'
import { answerReader, connectPacket, publishPacket, pubrelPacket } from './wire.js'

export interface LoadClientOptions {
  readonly host: string
  readonly port: number
  readonly device: string
  readonly secret: string
  readonly topic: string
  readonly qos: 0 | 1 | 2
  /** Text of the n-th message, from 0. */
  readonly payload: (n: number) => string
  /** Called for every message whose last acknowledgement has come, with its latency from `sinceMs`. */
  readonly onAcked: (latencyMs: number) => void
  /** Called after each read that acknowledged something: the window has room again. */
  readonly onRoom: () => void
}

/** One connection that publishes. Losing it is an error: a load test counts nothing twice. */
export interface LoadClient {
  /**
   * Sends one message for each start time, together in one write.
   *
   * @param sinceMs where each latency begins (`performance.now()`): when the message was due
   */
  send(sinceMs: readonly number[]): void
  inFlight(): number
  sent(): number
  /** Rejects when the connection is lost before `close`. */
  readonly lost: Promise<never>
  close(): void
}

const PACKET_IDS = 65_535

/** Resolves when the broker has accepted the connection. */
export async function connectLoadClient(options: LoadClientOptions): Promise<LoadClient> {
  const socket = connect({ host: options.host, port: options.port, noDelay: true })
  const { device } = options
  const read = answerReader()
  /** When the message under a packet id was due; the id is free where there is none. */
  const dueMs = new Map<number, number>()
  let sent = 0
  let lastId = 0
  let closing = false
  let accepted = (): void => undefined

  function take(chunk: Buffer): void {
    const nowMs = performance.now()
    let ended = 0
    for (const answer of read(chunk)) {
      if (answer.type === 'connack') {
        if (answer.returnCode !== 0) {
          socket.destroy(new Error(`${device} was refused: CONNACK ${answer.returnCode}`))
          return
        }
        accepted()
        continue
      }
      if (answer.type === 'pubrec') {
        socket.write(pubrelPacket(answer.id))
        continue
      }
      const due = dueMs.get(answer.id)
      if (due === undefined) {
        socket.destroy(new Error(`${device} got an answer to ${answer.id}, which it had not sent`))
        return
      }
      dueMs.delete(answer.id)
      options.onAcked(nowMs - due)
      ended++
    }
    if (ended > 0) options.onRoom()
  }

  const lost = new Promise<never>((_, reject) => {
    let cause = 'the broker closed the connection'
    socket.once('error', (error) => (cause = error.message))
    socket.once('close', () => {
      if (!closing) reject(new Error(`${device}: ${cause}; ${dueMs.size} in flight`))
    })
  })
  // Whoever waits for it hears of it; until then it must not end the process.
  lost.catch(() => undefined)

  socket.on('data', take)
  const connected = new Promise<void>((resolve) => (accepted = resolve))
  socket.write(connectPacket(device, device, options.secret))
  await Promise.race([connected, lost])

  function nextId(): number {
    if (dueMs.size >= PACKET_IDS) throw new Error(`${device} has no packet identifier left`)
    do lastId = (lastId % PACKET_IDS) + 1
    while (dueMs.has(lastId))
    return lastId
  }

  return {
    send(sinceMs) {
      const packets = sinceMs.map((due) => {
        const id = options.qos === 0 ? 0 : nextId()
        if (options.qos !== 0) dueMs.set(id, due)
        return publishPacket(options.topic, options.qos, id, options.payload(sent++))
      })
      if (packets.length > 0) writeTogether(socket, packets)
    },
    inFlight: () => dueMs.size,
    sent: () => sent,
    lost,
    close() {
      closing = true
      socket.end(Buffer.from([0xe0, 0]))
    },
  }
}

function writeTogether(socket: Socket, packets: readonly Buffer[]): void {
  socket.write(packets.length === 1 ? (packets[0] ?? Buffer.alloc(0)) : Buffer.concat(packets))
}
