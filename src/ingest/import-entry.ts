import { z } from 'zod'
import type { DecodedPack } from '../ports/device-model.js'

/**
 * Payload of a journal entry of kind `import`: rows of one device from a historical file, values
 * as the file has them. Each row names its sensor and unit by position in `columns`, because a
 * file has many rows and few columns.
 */
export const importEntrySchema = z.strictObject({
  fileName: z.string(),
  mappingSha256: z.string(),
  revision: z.int().nonnegative(),
  chunk: z.int().nonnegative(),
  /** How many entries, one per device, make up the chunk. */
  parts: z.int().positive(),
  columns: z.array(z.tuple([z.string(), z.string().nullable()])),
  rows: z.array(z.tuple([z.int().nonnegative(), z.int(), z.number().nullable()])),
})

export type ImportEntry = z.output<typeof importEntrySchema>

export function encodeImportEntry(entry: ImportEntry): Uint8Array {
  return Buffer.from(JSON.stringify(entry))
}

/** An imported chunk as a pack: the revision ranks it, below every message stamp. */
export function importedPack(payload: Uint8Array): DecodedPack {
  const entry = importEntrySchema.parse(JSON.parse(Buffer.from(payload).toString('utf8')))
  return {
    rank: entry.revision,
    timeBase: 'device',
    records: entry.rows.map(([column, atMs, value]) => {
      const [name, unit] = entry.columns[column] ?? ['', null]
      return { name, unit, value, atMs, fromMs: null }
    }),
    refused: [],
  }
}
