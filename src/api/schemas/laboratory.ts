import { z } from 'zod'
import {
  importedLabResultSchema,
  incomingLabResultSchema,
} from '../../domain/laboratory/lab-result.js'
import { missing } from './books.js'
import { sha256 } from './parts.js'

export const labChunkSchema = z
  .strictObject({
    fileSha256: sha256.meta({ description: 'of the whole file' }),
    fileName: z.string().min(1).max(255),
    person: z.string().min(1).max(200),
    revision: z.int().nonnegative().max(1_000_000),
    chunk: z.int().nonnegative().meta({ description: 'position of the chunk in the file, from 0' }),
    results: z.array(incomingLabResultSchema).min(1).max(5_000),
  })
  .meta({ id: 'LabChunk' })

export const labResultListSchema = z
  .strictObject({ items: z.array(importedLabResultSchema), missing })
  .meta({ id: 'LabResultList' })
