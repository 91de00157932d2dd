import { z } from 'zod'
import { OUTCOME } from '../../domain/observation.js'
import { epochMs, flag, origin } from './parts.js'

export const OUTCOME_WORDS = Object.keys(OUTCOME) as [keyof typeof OUTCOME]

/** Data of an `observations` event of the live stream. */
export const liveEventSchema = z
  .strictObject({
    id: z.int().meta({ description: 'journal position after the batch' }),
    observations: z.array(
      z.strictObject({
        series: z.string(),
        atMs: epochMs,
        value: z.number().nullable(),
        flag,
        origin,
        outcome: z.enum(OUTCOME_WORDS),
      }),
    ),
    refused: z.int().meta({ description: 'messages and observations the batch could not keep' }),
  })
  .meta({ id: 'LiveEvent' })

/** Data of `hello` (sent first) and `reset` (history was forgotten: load everything again). */
export const livePositionSchema = z.strictObject({ id: z.int() }).meta({ id: 'LivePosition' })
