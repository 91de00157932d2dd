import type { Device } from '../domain/city/registry.js'
import { faultText, type Refusal } from '../domain/fault.js'
import type { DecodedPack, DeviceModel } from '../ports/device-model.js'
import type { JournalEntry } from '../ports/journal.js'

/** The device model for a registry name, undefined when this release has none. */
export type ModelLookup = (model: string) => DeviceModel | undefined

/**
 * A message's bytes become a pack of records, or one refusal for the whole message.
 *
 * @param arrivalMs what times rest on that the device does not give, UTC epoch ms
 */
export function decode(
  entry: JournalEntry,
  device: Device,
  models: ModelLookup,
  arrivalMs: number,
): DecodedPack | Refusal {
  const model = models(device.model)
  if (model === undefined) {
    return {
      code: 'payload_unreadable',
      reason: `device ${device.id} has model ${device.model}, which this release does not know`,
    }
  }
  try {
    return model.decode(entry.payload, { arrivalMs, clock: device.clock })
  } catch (error) {
    // A model promises not to throw; one that does must not stop the messages behind this one.
    const reason = `device model ${model.id} failed: ${faultText(error)}`
    return { code: 'payload_unreadable', reason }
  }
}

export function isRefusal(outcome: DecodedPack | Refusal): outcome is Refusal {
  return 'code' in outcome
}

/** What a device says of itself on its state topic: `online` at birth, `offline` as last will. */
export function decodeState(payload: Uint8Array): 'online' | 'offline' | Refusal {
  const text = Buffer.from(payload).toString('utf8').trim()
  if (text === 'online' || text === 'offline') return text
  return {
    code: 'payload_invalid',
    reason: `state ${JSON.stringify(text.slice(0, 40))} is neither online nor offline`,
  }
}
