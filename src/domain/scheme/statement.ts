import { z } from 'zod'
import { verdictSchema } from '../indicators/result.js'

/** What a person states of an item that telemetry cannot prove, or adds to one it can. */
export const statementSchema = z.strictObject({
  item: z.string().min(1),
  subject: z
    .string()
    .min(1)
    .optional()
    .meta({ description: 'drainage zone; the whole city unless given' }),
  verdict: verdictSchema
    .optional()
    .meta({ description: 'the judgement stated, of items by statement' }),
  value: z.number().optional(),
  figures: z
    .record(z.string(), z.unknown())
    .optional()
    .meta({ description: 'inputs of the formula, of items computed from figures' }),
  points: z.number().nonnegative().optional().meta({ description: 'self-score' }),
  justification: z.string().trim().min(1),
  statedBy: z.string().trim().min(1),
  evidence: z
    .array(
      z.strictObject({
        slot: z.string().min(1),
        title: z.string().min(1),
        number: z.string().min(1).optional(),
        date: z.iso.date().optional(),
        issuer: z.string().min(1).optional(),
        sha256: z
          .string()
          .regex(/^[0-9a-f]{64}$/, '64 hexadecimal digits')
          .optional(),
      }),
    )
    .default([]),
  acceptedBy: z
    .string()
    .trim()
    .min(1)
    .optional()
    .meta({ description: 'evaluator who accepted the proof that a 不宜 clause asks for' }),
})

export const statementsSchema = z.strictObject({
  format: z.literal(1),
  scheme: z.string().min(1),
  statements: z.array(statementSchema),
})

export type Statement = z.output<typeof statementSchema>
