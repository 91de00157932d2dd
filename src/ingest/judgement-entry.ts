import { z } from 'zod'
import type { Refusal } from '../domain/fault.js'
import { MARK_FLAGS, type Mark } from '../domain/qc/mark.js'
import { QUANTITIES } from '../domain/quantity.js'
import type { DecodedPack } from '../ports/device-model.js'
import type { JournalEntry } from '../ports/journal.js'
import type { TabledDevice } from './device-table.js'

/** Payload of a journal entry of kind `mark`; the entry's client is the person, its topic the reason. */
const markEntrySchema = z.strictObject({
  series: z.string(),
  fromMs: z.int(),
  toMs: z.int(),
  flag: z.literal(MARK_FLAGS).nullable(),
})

/** Payload of a journal entry of kind `correction`; person and reason as in a mark. */
const correctionEntrySchema = z.strictObject({
  series: z.string(),
  /** Time and value in the quantity's internal unit. */
  values: z.array(z.tuple([z.int(), z.number().nullable()])),
})

export function encodeJudgement(
  payload: z.input<typeof markEntrySchema> | z.input<typeof correctionEntrySchema>,
): Uint8Array {
  return Buffer.from(JSON.stringify(payload))
}

export function markOf({ seq, arrivalMs, client, topic, payload }: JournalEntry): Mark {
  const entry = markEntrySchema.parse(parsed(payload))
  return { ...entry, seq, markedMs: arrivalMs, person: client, reason: topic }
}

/** A correction as a pack: the time of correcting ranks it. */
export function correctedPack(entry: JournalEntry, device: TabledDevice): DecodedPack | Refusal {
  const { series, values } = correctionEntrySchema.parse(parsed(entry.payload))
  const tabled = device.byName.get(series)
  if (tabled === undefined) {
    const reason = `device ${device.device.id} has no sensor ${series} any more, whose values are corrected`
    return { code: 'sensor_unknown', reason }
  }
  const { unit } = QUANTITIES[tabled.sensor.quantity]
  return {
    rank: entry.arrivalMs,
    timeBase: 'device',
    records: values.map(([atMs, value]) => ({ name: series, unit, value, atMs, fromMs: null })),
    refused: [],
  }
}

function parsed(payload: Uint8Array): unknown {
  return JSON.parse(Buffer.from(payload).toString('utf8'))
}
