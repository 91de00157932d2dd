import { z } from 'zod'
import { REFUSAL_CODES, type RefusalCode } from '../../domain/fault.js'
import { epochMs, nextCursor } from './parts.js'

const counts = {
  received: z.int(),
  projected: z.int(),
  refused: z.int(),
  inFlight: z.int(),
  decoded: z.int(),
  inserted: z.int(),
  duplicate: z.int(),
  revised: z.int(),
  observationsRefused: z.int(),
  messageDifference: z
    .int()
    .meta({ description: 'received − projected − refused − inFlight; 0 when the messages close' }),
  observationDifference: z.int().meta({
    description:
      'decoded − inserted − duplicate − revised − observationsRefused; 0 when they close',
  }),
}

const booksTotalsSchema = z
  .strictObject({
    ...counts,
    messageDifference: z
      .int()
      .meta({ description: 'the rows’ differences, each taken as positive; 0 when all close' }),
    observationDifference: z
      .int()
      .meta({ description: 'the rows’ differences, each taken as positive; 0 when all close' }),
  })
  .meta({ id: 'BooksTotals' })

export const missing = z
  .array(
    z.strictObject({
      who: z.string().meta({ description: 'k/N of the member, or its address' }),
      why: z.enum(['silent', 'no-address', 'waits', 'other-share', 'twice']),
      detail: z.string().meta({ description: 'who and why in a sentence' }),
    }),
  )
  .meta({ description: 'processes whose books are not in; empty: they are complete' })

export const ledgerSchema = z
  .strictObject({
    items: z.array(z.strictObject({ device: z.string(), hourMs: epochMs, ...counts })),
    totals: booksTotalsSchema,
    closes: z
      .boolean()
      .meta({ description: 'every row’s differences are 0, and no process is missing' }),
    missing,
  })
  .meta({ id: 'Ledger' })

export const refusalCode = z.enum(Object.keys(REFUSAL_CODES) as [RefusalCode, ...RefusalCode[]])

const refusalCounts = z
  .strictObject(
    Object.fromEntries(Object.keys(REFUSAL_CODES).map((code) => [code, z.int()])) as Record<
      RefusalCode,
      z.ZodInt
    >,
  )
  .meta({ id: 'RefusalCounts', description: 'refusals since the beginning, by code' })

export const refusalListSchema = z
  .strictObject({
    items: z.array(
      z.strictObject({
        id: z.int(),
        seq: z.int(),
        index: z
          .int()
          .nullable()
          .meta({ description: 'observation within the message; null: the whole message' }),
        device: z.string(),
        topic: z.string(),
        arrivalMs: epochMs,
        code: refusalCode,
        meaning: z.string(),
        reason: z.string(),
        payloadBytes: z.int().meta({ description: 'length of the whole message' }),
        payloadBase64: z.string().meta({ description: 'its first 4,096 bytes' }),
        payloadText: z
          .string()
          .nullable()
          .meta({ description: 'the same bytes as text; null when they are not UTF-8' }),
      }),
    ),
    next: nextCursor,
    counts: refusalCounts,
    missing,
  })
  .meta({ id: 'RefusalList' })

export type BooksTotals = z.output<typeof booksTotalsSchema>
export type RefusalList = z.output<typeof refusalListSchema>
