import { deviceModel } from '../../devices/index.js'
import { simulatedDevices } from '../../simulators/demo-city/devices.js'
import { townMinutes } from '../../simulators/demo-city/town.js'
import { HOUR_MS } from '../../src/domain/time.js'
import type { DecodedRecord } from '../../src/ports/device-model.js'
import type { EntryDraft } from '../../src/ports/journal.js'

/** What the demo town's devices send in a span of time, in packs of an hour, as journal entries. */
export function townMessages(fromMs: number, toMs: number): EntryDraft[] {
  const devices = simulatedDevices()
  const packs = new Map(devices.map((device) => [device.id, [] as DecodedRecord[]]))
  const entries: EntryDraft[] = []
  for (const minute of townMinutes(fromMs)) {
    if (minute.atMs > toMs) return entries
    for (const device of devices) packs.get(device.id)?.push(...device.records(minute))
    if (minute.atMs % HOUR_MS !== 0) continue
    for (const { id, model } of devices) {
      const records = packs.get(id) ?? []
      const codec = deviceModel(model)
      if (records.length === 0 || codec === undefined) continue
      entries.push(message(id, codec.encode(records), minute.atMs + 2_000))
      packs.set(id, [])
    }
  }
  return entries
}

export function message(device: string, payload: Uint8Array, arrivalMs: number): EntryDraft {
  return {
    kind: 'message',
    arrivalMs,
    device,
    client: device,
    topic: `rl/v1/demo/${device}/up`,
    qos: 1,
    retain: false,
    dup: false,
    payload,
  }
}
