import type { Clock } from '../ports/clock.js'
import type { Journal } from '../ports/journal.js'
import type { Accept } from '../ports/message-source.js'

/**
 * The left half of the pipeline: bytes, topic, device and arrival time become durable, nothing is
 * interpreted. Resolving is the permission to acknowledge.
 */
export function acceptInto(journal: Journal, clock: Clock, received: () => void): Accept {
  return async (message) => {
    await journal.append({
      kind: 'message',
      arrivalMs: clock.nowMs(),
      device: message.device,
      client: message.clientId,
      topic: message.topic,
      qos: message.qos,
      retain: message.retain,
      dup: message.dup,
      payload: message.payload,
    })
    received()
  }
}
