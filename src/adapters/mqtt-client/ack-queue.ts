import type { Duplex } from 'node:stream'
import { generate } from 'mqtt-packet'

/** The acknowledgements of one connection, in the order in which its messages came [MQTT-4.6.0-2]. */
export interface AckQueue {
  /** Messages that came by this connection and are not acknowledged yet. */
  readonly waiting: number
  /** Takes the next place in the queue; call what it returns once the message is durable. */
  place(messageId: number): () => void
  /** Nothing is acknowledged on this connection any more: it has ended, or durability has. */
  giveUp(): void
}

interface Place {
  readonly messageId: number
  isDurable: boolean
}

/**
 * Writes PUBACKs on the very stream that carried the messages, first in, first out.
 *
 * Places are kept in order and never looked up by packet id: on a backlog of more than 65,535
 * messages the ids wrap, and after a reconnect the same id means another message. A queue belongs
 * to one stream and dies with it, so no acknowledgement can reach another connection.
 *
 * @param onFlushed called after acknowledgements were handed to the stream
 */
export function ackQueue(stream: Duplex, protocolVersion: 4 | 5, onFlushed: () => void): AckQueue {
  let places: Place[] = []
  let head = 0
  let isScheduled = false
  let isGivenUp = false

  /** One group commit makes many messages durable at once: their acknowledgements are one write. */
  function flush(): void {
    isScheduled = false
    if (isGivenUp || stream.destroyed) return
    const acks: Buffer[] = []
    for (let place = places[head]; place?.isDurable === true; place = places[head]) {
      acks.push(generate({ cmd: 'puback', messageId: place.messageId }, { protocolVersion }))
      head++
    }
    if (acks.length > 0) stream.write(Buffer.concat(acks))
    if (head === places.length || head > 10_000) {
      places = places.slice(head)
      head = 0
    }
    onFlushed()
  }

  return {
    get waiting() {
      return isGivenUp ? 0 : places.length - head
    },
    place(messageId) {
      const place: Place = { messageId, isDurable: false }
      places.push(place)
      return () => {
        place.isDurable = true
        if (isScheduled || isGivenUp) return
        isScheduled = true
        setImmediate(flush)
      }
    },
    giveUp() {
      isGivenUp = true
      places = []
      head = 0
    },
  }
}
