import { createHistogram } from 'node:perf_hooks'
import type { Message } from './messages.js'

/** What must be in the books of a device afterwards, as far as its PUBACKs tell. */
export interface ExpectedBooks {
  /** Messages on the data topic that the broker has acknowledged, each time counted. */
  messages: number
  /** Of these: nothing of them can be kept. */
  refusedMessages: number
  /** Distinct good observations. */
  inserted: number
  duplicate: number
  refusedObservations: number
  /**
   * Sent, and then sent again or given up without having heard the PUBACK: they may have come one
   * time more. `inserted` is not 0 only where the run ended before its messages were acknowledged.
   */
  readonly uncertain: {
    messages: number
    inserted: number
    duplicate: number
    refusedMessages: number
    refusedObservations: number
  }
}

/** Counts of one device, kept while it runs. */
export interface DeviceTally {
  readonly device: string
  made: number
  published: number
  acked: number
  /** With DUP, after the line had gone. */
  resent: number
  dropped: number
  droppedObservations: number
  /** Neither acknowledged nor dropped when the run ended. */
  unacknowledged: number
  copies: number
  lostAcks: number
  readonly malformed: Record<string, number>
  connects: number
  failedConnects: number
  cuts: number
  births: number
  payloadBytes: number
  wireBytes: number
  /** All it had to make is made, and acknowledged or dropped. */
  isFinished: boolean
  /** Why it gave up; null: it did not. */
  refused: string | null
  readonly books: ExpectedBooks
}

export function deviceTally(device: string): DeviceTally {
  return {
    device,
    ...{ made: 0, published: 0, acked: 0, resent: 0, dropped: 0, droppedObservations: 0 },
    ...{ unacknowledged: 0, copies: 0, lostAcks: 0, malformed: {}, connects: 0 },
    ...{ failedConnects: 0, cuts: 0, births: 0, payloadBytes: 0, wireBytes: 0, isFinished: false },
    refused: null,
    books: {
      ...{ messages: 0, refusedMessages: 0, inserted: 0, duplicate: 0, refusedObservations: 0 },
      uncertain: {
        messages: 0,
        inserted: 0,
        duplicate: 0,
        refusedMessages: 0,
        refusedObservations: 0,
      },
    },
  }
}

/**
 * Enters a message that has certainly come.
 *
 * @param isFirst no copy of it has come before
 */
export function enterDelivery(books: ExpectedBooks, message: Message, isFirst: boolean): void {
  books.messages++
  if (message.good === 0) books.refusedMessages++
  if (isFirst) books.inserted += message.good
  else books.duplicate += message.good
  books.refusedObservations += message.refused
}

/**
 * Enters a message that may have come once more than is known.
 *
 * @param isFirst no copy of it has come for certain and none will be sent: it is lost or new
 */
export function enterUncertain(
  { uncertain }: ExpectedBooks,
  message: Message,
  isFirst: boolean,
): void {
  uncertain.messages++
  if (message.good === 0) uncertain.refusedMessages++
  if (isFirst) uncertain.inserted += message.good
  else uncertain.duplicate += message.good
  uncertain.refusedObservations += message.refused
}

/** Latencies of all devices, from a message's first way out to its PUBACK. */
export interface Latencies {
  record(ms: number): void
  summary(): { readonly [Name in 'p50' | 'p95' | 'p99' | 'max']: number }
}

export function latencies(): Latencies {
  const us = createHistogram()
  let any = false
  return {
    record(ms) {
      any = true
      us.record(Math.max(1, Math.round(ms * 1000)))
    },
    summary() {
      const ms = (percentile: number): number => (any ? us.percentile(percentile) / 1000 : 0)
      return { p50: ms(50), p95: ms(95), p99: ms(99), max: any ? us.max / 1000 : 0 }
    },
  }
}
