import { z } from 'zod'
import { labResultSchema, type ImportedLabResult } from '../domain/laboratory/lab-result.js'
import type { JournalEntry } from '../ports/journal.js'

/** Payload of a journal entry of kind `laboratory`; the entry's client is the person, its topic the file's SHA-256. */
const labEntrySchema = z.strictObject({
  fileName: z.string(),
  revision: z.int().nonnegative(),
  chunk: z.int().nonnegative(),
  results: z.array(labResultSchema),
})

export type LabEntry = z.output<typeof labEntrySchema>

export function encodeLabEntry(entry: LabEntry): Uint8Array {
  return Buffer.from(JSON.stringify(entry))
}

export function labEntryOf({ payload }: Pick<JournalEntry, 'payload'>): LabEntry {
  return labEntrySchema.parse(JSON.parse(Buffer.from(payload).toString('utf8')))
}

/** The results of an entry, each with what it came by. */
export function labResultsOf(entry: JournalEntry): readonly ImportedLabResult[] {
  const { fileName, revision, results } = labEntryOf(entry)
  const { seq, topic: fileSha256, client: person } = entry
  return results.map((result) => ({ ...result, seq, fileSha256, fileName, revision, person }))
}
