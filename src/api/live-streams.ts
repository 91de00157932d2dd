import type { FastifyReply } from 'fastify'
import type { z } from 'zod'
import { OUTCOME, type AppendOutcome } from '../domain/observation.js'
import type { LiveEvent, LiveFeed } from '../ports/live-feed.js'
import type { Logger } from '../ports/logger.js'
import { OUTCOME_WORDS, type liveEventSchema, type livePositionSchema } from './schemas/live.js'
import { servedFlag } from './schemas/parts.js'

type Event = z.output<typeof liveEventSchema>
type Position = z.output<typeof livePositionSchema>

export interface LiveLimits {
  /** Streams open at once. */
  readonly streams: number
  /** Bytes that may wait for a client before it is let go; it reconnects and catches up by Last-Event-ID. */
  readonly waitingBytes: number
}

export interface LiveStreams {
  /** Whether a further stream may be opened. */
  hasRoom(): boolean
  /** Begins the stream: hello, what was missed, then everything new. */
  open(reply: FastifyReply, lastEventId: number | null): void
  count(): number
  /** Ends all streams; no new ones are taken. Safe to call twice. */
  stop(): void
}

/**
 * Follows the live feed for all clients at once: an event is written out as text once, however
 * many listen, and not at all while nobody does.
 */
export function liveStreams(
  feed: LiveFeed,
  positionNow: () => number,
  limits: LiveLimits,
  logger: Logger,
): LiveStreams {
  const open = new Set<FastifyReply>()
  let unsubscribe: (() => void) | null = null
  let stopped = false

  function follow(): void {
    unsubscribe ??= feed.subscribe((event) => {
      const text = observationsFrame(event)
      for (const reply of open) write(reply, text)
    })
  }

  function write(reply: FastifyReply, text: string): void {
    reply.raw.write(text)
    if (reply.raw.writableLength <= limits.waitingBytes) return
    logger.warn({ waitingBytes: reply.raw.writableLength }, 'slow live client let go')
    reply.raw.destroy()
  }

  /** The frames of what was missed, or null when the client had better load everything again. */
  function missedSince(lastEventId: number, position: number): string | null {
    if (lastEventId > position) return null
    const events = feed.since(lastEventId)
    if (events === null) return null
    const text = events.map(observationsFrame).join('')
    // What would count as too slow at once must not be sent: the client would come back for it forever.
    return text.length * 2 > limits.waitingBytes ? null : text
  }

  function forget(reply: FastifyReply): void {
    open.delete(reply)
    if (open.size > 0) return
    unsubscribe?.()
    unsubscribe = null
  }

  return {
    hasRoom: () => !stopped && open.size < limits.streams,
    open(reply, lastEventId) {
      reply.sse.keepAlive()
      reply.sse.sendHeaders()
      reply.raw.on('close', () => forget(reply))
      // From here to the end nothing waits, so no event comes between what was missed and what is new.
      const id = positionNow()
      const missed = lastEventId === null ? '' : missedSince(lastEventId, id)
      open.add(reply)
      follow()
      if (missed === null) write(reply, positionFrame('reset', id))
      else if (lastEventId === null) write(reply, positionFrame('hello', id))
      // Without an id: a client that breaks off before the missed events came asks for them again.
      else
        write(
          reply,
          `event: hello\ndata: ${JSON.stringify({ id } satisfies Position)}\n\n${missed}`,
        )
    },
    count: () => open.size,
    stop() {
      stopped = true
      unsubscribe?.()
      unsubscribe = null
      for (const reply of open) reply.sse.close()
      open.clear()
    },
  }
}

function positionFrame(event: 'hello' | 'reset', id: number): string {
  return `id: ${id}\nevent: ${event}\ndata: ${JSON.stringify({ id } satisfies Position)}\n\n`
}

function observationsFrame(event: LiveEvent): string {
  const data: Event = {
    id: event.id,
    observations: event.observations.map((observation) => ({
      ...observation,
      flag: servedFlag(observation.flag),
      outcome: outcomeWord(observation.outcome),
    })),
    refused: event.refused,
  }
  return `id: ${event.id}\nevent: observations\ndata: ${JSON.stringify(data)}\n\n`
}

function outcomeWord(outcome: AppendOutcome): keyof typeof OUTCOME {
  const word = OUTCOME_WORDS.find((word) => OUTCOME[word] === outcome)
  if (word === undefined) throw new RangeError(`outcome ${outcome} is not one of 0 to 3`)
  return word
}
