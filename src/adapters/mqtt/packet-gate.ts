import type { Duplex } from 'node:stream'

/** A fixed header has one byte of type and one to four of length [MQTT-2.2.3]. */
const LONGEST_LENGTH = 4

/** How fast the packets of a device may pass; shared by all its connections. */
export interface Pace {
  /** Whether one more packet may pass now: 0, and it counts; or how long to wait before asking again, ms. */
  next(): number
  /** What a packet that passed weighs. */
  weigh(bytes: number): void
}

export interface PacketGate {
  /** Lets pass what comes behind the first packet, the CONNECT, which passes alone. */
  open(pace: Pace): void
}

export interface GateOptions {
  /** Largest remaining length allowed, bytes; > 0. */
  readonly maxPacketBytes: number
  /** Called once with the announced length, after the stream has been destroyed. */
  readonly onTooLarge: (announcedBytes: number) => void
  /** Reading stands still to keep the pace, and goes on; an end of the stream ends a hold, too. */
  readonly onHold: (held: boolean) => void
}

/** A shorter wait would cost more than it spreads, ms. */
const SHORTEST_WAIT_MS = 10

/**
 * Decides packet by packet what the broker gets to read, by wrapping the stream's `read`; a
 * transform in between would copy every byte and cost the broker its speed.
 *
 * A packet beyond the bound cuts the connection by its announcement, before anybody buffers it: the
 * parser behind the broker would collect up to 256 MiB first. A packet that comes too early waits
 * where it is: nothing is read, the buffer of the socket fills, and TCP slows the device down.
 * Nothing is dropped, nobody is disconnected, and the connection stays in order.
 */
export function gatePackets(stream: Duplex, options: GateOptions): PacketGate {
  const read = stream.read.bind(stream)
  let pace: Pace | null = null
  let connectPassed = false
  /** `held`: for the pace. `shut`: behind the CONNECT, until the gate opens. */
  let standing: 'reading' | 'held' | 'shut' = 'reading'
  let timer: NodeJS.Timeout | undefined

  function waitMs(type: number): number {
    if (pace !== null) return isAnswer(type) ? 0 : pace.next()
    if (connectPassed) return Number.POSITIVE_INFINITY
    connectPassed = true
    return 0
  }
  const walk = new HeaderWalk(options.maxPacketBytes, waitMs, (bytes) => pace?.weigh(bytes))

  function goOn(): void {
    if (standing === 'held') options.onHold(false)
    standing = 'reading'
    // The broker reads when it hears that there is something.
    if (!stream.destroyed) stream.emit('readable')
  }
  function stand(ms: number): void {
    if (ms === Number.POSITIVE_INFINITY) {
      standing = 'shut'
      return
    }
    standing = 'held'
    options.onHold(true)
    timer = setTimeout(goOn, Math.max(SHORTEST_WAIT_MS, ms))
  }
  stream.once('close', () => {
    clearTimeout(timer)
    if (standing === 'held') options.onHold(false)
    standing = 'shut'
  })

  stream.read = (size?: number): unknown => {
    if (standing !== 'reading') return null
    const chunk: unknown = read(size)
    if (!Buffer.isBuffer(chunk)) return chunk
    const { passed, announced, wait } = walk.through(chunk)
    if (announced > options.maxPacketBytes) {
      stream.destroy()
      options.onTooLarge(announced)
      return null
    }
    if (passed === chunk.length) return chunk
    stand(wait)
    // Back to the stream rather than kept here: its end must come behind these bytes.
    stream.unshift(chunk.subarray(passed))
    return passed === 0 ? null : chunk.subarray(0, passed)
  }
  return {
    open(given) {
      pace = given
      if (standing === 'shut') goOn()
    },
  }
}

/** PUBACK, PUBREC, PUBREL and PUBCOMP end what was counted already; DISCONNECT ends it all. */
function isAnswer(type: number): boolean {
  return (type >= 4 && type <= 7) || type === 14
}

interface Walked {
  /** So many bytes may be handed on. */
  readonly passed: number
  /** The remaining length that was too large; else 0. */
  readonly announced: number
  /** How long the packet behind them has to wait, ms. */
  readonly wait: number
}

/** Walks from fixed header to fixed header across chunks and steps over the bodies. */
class HeaderWalk {
  private bodyLeft = 0
  private lengthBytes = 0
  private remaining = 0
  private inLength = false

  constructor(
    private readonly maxPacketBytes: number,
    private readonly waitMs: (type: number) => number,
    private readonly weigh: (bytes: number) => void,
  ) {}

  through(chunk: Uint8Array): Walked {
    let at = 0
    while (at < chunk.length) {
      if (this.bodyLeft > 0) {
        const step = Math.min(this.bodyLeft, chunk.length - at)
        this.bodyLeft -= step
        at += step
        continue
      }
      const byte = chunk[at] ?? 0
      if (!this.inLength) {
        const wait = this.waitMs(byte >> 4)
        if (wait > 0) return { passed: at, announced: 0, wait }
        at++
        this.inLength = true
        this.lengthBytes = 0
        this.remaining = 0
        continue
      }
      at++
      this.remaining += (byte & 0x7f) * 128 ** this.lengthBytes
      this.lengthBytes++
      if ((byte & 0x80) !== 0 && this.lengthBytes < LONGEST_LENGTH) continue
      this.inLength = false
      this.bodyLeft = this.remaining
      if (this.remaining > this.maxPacketBytes) {
        return { passed: 0, announced: this.remaining, wait: 0 }
      }
      this.weigh(1 + this.lengthBytes + this.remaining)
    }
    return { passed: at, announced: 0, wait: 0 }
  }
}
