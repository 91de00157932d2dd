import { z } from 'zod'
import { epochMs, sha256 } from './parts.js'

export const importChunkSchema = z
  .strictObject({
    fileSha256: sha256.meta({ description: 'of the whole file' }),
    mappingSha256: sha256.meta({ description: 'of the mapping that read the file' }),
    fileName: z.string().min(1).max(255),
    person: z.string().min(1).max(200),
    revision: z.int().nonnegative(),
    chunk: z.int().nonnegative().meta({ description: 'position of the chunk in the file, from 0' }),
    rows: z
      .array(
        z.strictObject({
          sensor: z.string(),
          atMs: epochMs,
          value: z.number().nullable(),
          unit: z.string().nullable(),
        }),
      )
      .min(1)
      .max(50_000),
  })
  .meta({ id: 'ImportChunk' })

export const importReceiptSchema = z
  .strictObject({
    journaled: z.int().meta({ description: 'journal entries written' }),
    known: z.boolean().meta({ description: 'true: the chunk was in the journal already' }),
  })
  .meta({ id: 'ImportReceipt' })

export const importedChunksSchema = z
  .strictObject({ chunks: z.array(z.int()) })
  .meta({ id: 'ImportedChunks' })
