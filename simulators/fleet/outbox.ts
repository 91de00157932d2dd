import type { DevicePlan } from './device-plan.js'
import type { Message } from './messages.js'
import { outBuffer } from './out-buffer.js'
import type { Session } from './session.js'
import { enterDelivery, enterUncertain, type DeviceTally, type Latencies } from './tally.js'

export interface OutboxOptions {
  readonly plan: DevicePlan
  readonly topics: { readonly up: string; readonly state: string }
  /** Messages under way at once; ≥ 1. */
  readonly window: number
  readonly tally: DeviceTally
  readonly latencies: Latencies
  /** The PUBACK that has come is to be lost: the line must be cut. */
  readonly onAckLost: () => void
  /** There is room, or nothing left. */
  readonly onChange: () => void
}

/** What a device keeps, has under way and hears of, over all its connections. */
export interface Outbox {
  put(message: Message): void
  /** A new connection: what was under way is sent again, then the birth, then what waits. */
  attach(session: Session): void
  detach(): void
  onPuback(id: number): void
  waiting(): number
  isIdle(): boolean
  /** Gives up what is left: neither acknowledged nor dropped. Returns how many messages. */
  giveUp(): number
}

/** On its way: published and not acknowledged. */
interface Flight {
  /** null: the birth. */
  readonly message: Message | null
  readonly sentMs: number
  isAckLost: boolean
  /** The PUBACK of its last sending has come, and was lost on purpose. */
  isHeard: boolean
}

const PACKET_IDS = 65_535

export function deviceOutbox(options: OutboxOptions): Outbox {
  const { plan, topics, window, tally } = options
  const buffer = outBuffer<Message>(plan.buffer.messages, plan.buffer.full)
  const flights = new Map<number, Flight>()
  /** Numbers of messages that come more than once and have come. */
  const delivered = new Set<number>()
  let session: Session | null = null
  let lastId = 0

  function nextId(): number {
    do lastId = (lastId % PACKET_IDS) + 1
    while (flights.has(lastId))
    return lastId
  }

  function send(id: number, { message }: Flight, dup: boolean): void {
    if (message === null) {
      session?.publish(id, topics.state, Buffer.from('online'), dup)
      return
    }
    tally.published++
    tally.payloadBytes += message.payload.length
    session?.publish(id, topics.up, message.payload, dup)
  }

  function take(message: Message | null): void {
    const flight: Flight = { message, sentMs: performance.now(), isAckLost: false, isHeard: false }
    const id = nextId()
    flights.set(id, flight)
    send(id, flight, false)
  }

  /** As much as the window takes. A message whose PUBACK will be lost flies alone, so that only its own is. */
  function pump(): void {
    while (session !== null && flights.size < window) {
      const head = buffer.peek()
      if (head === undefined || (head.losesAck && flights.size > 0)) return
      buffer.shift()
      take(head)
      if (head.losesAck) return
    }
  }

  function isLonely(): boolean {
    for (const { message } of flights.values()) if (message?.losesAck === true) return true
    return false
  }

  function sendAgain(): void {
    for (const [id, flight] of flights) {
      const { message, isHeard } = flight
      if (message === null) {
        // A new connection has a birth of its own.
        flights.delete(id)
        continue
      }
      tally.resent++
      if (!isHeard) enterUncertain(tally.books, message, false)
      flight.isHeard = false
      send(id, flight, true)
    }
  }

  function enter(message: Message): void {
    const isFirst = !delivered.has(message.number)
    if (message.comesAgain) delivered.add(message.number)
    enterDelivery(tally.books, message, isFirst)
  }

  function acknowledged(message: Message, { isAckLost, sentMs }: Flight): void {
    tally.acked++
    if (message.isCopy) tally.copies++
    if (message.malformed !== null) {
      tally.malformed[message.malformed] = (tally.malformed[message.malformed] ?? 0) + 1
    }
    if (!isAckLost) options.latencies.record(performance.now() - sentMs)
  }

  return {
    put(message) {
      tally.made++
      const gone = buffer.push(message)
      if (gone !== null) {
        tally.dropped++
        tally.droppedObservations += gone.good
      }
      if (!isLonely()) pump()
    },
    attach(opened) {
      session = opened
      sendAgain()
      take(null)
      if (!isLonely()) pump()
    },
    detach() {
      session = null
    },
    onPuback(id) {
      const flight = flights.get(id)
      if (flight === undefined) return
      const { message } = flight
      if (message === null) {
        tally.births++
      } else {
        enter(message)
        if (message.losesAck && !flight.isAckLost) {
          flight.isAckLost = true
          flight.isHeard = true
          tally.lostAcks++
          options.onAckLost()
          return
        }
        acknowledged(message, flight)
      }
      flights.delete(id)
      if (!isLonely()) pump()
      options.onChange()
    },
    waiting: () => buffer.size,
    isIdle: () => buffer.size === 0 && flights.size === 0,
    giveUp() {
      let left = buffer.size
      for (const { message, isHeard } of flights.values()) {
        if (message === null) continue
        left++
        if (!isHeard) enterUncertain(tally.books, message, !delivered.has(message.number))
      }
      return left
    },
  }
}
