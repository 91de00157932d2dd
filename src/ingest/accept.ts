import type { Journal } from '../ports/journal.js'
import type { Accept } from '../ports/message-source.js'
import type { ServerClock } from './server-clock.js'

/**
 * The left half of the pipeline: bytes, topic, device and arrival time become durable, nothing is
 * interpreted. Resolving is the permission to acknowledge.
 */
export function acceptInto(journal: Journal, clock: ServerClock, received: () => void): Accept {
  return async (message) => {
    await journal.append({
      kind: 'message',
      ...clock.arrival(),
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
