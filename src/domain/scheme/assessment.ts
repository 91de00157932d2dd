import { z } from 'zod'
import { indicatorResultSchema, textSchema, verdictSchema } from '../indicators/result.js'
import { statementSchema } from './statement.js'

const sha256 = z.string().regex(/^[0-9a-f]{64}$/)
const nullableShare = z.number().min(0).max(1).nullable()

const scoreStepSchema = z.strictObject({
  item: z.string(),
  max: z.number(),
  share: z.number().min(0).max(1).nullable().meta({ description: 'null: the item does not apply' }),
  points: z.number(),
  why: textSchema,
})

export const scoreSchema = z.strictObject({
  score: z.number().nullable().meta({ description: '0 to 100; null when no item applies' }),
  reachable: z
    .number()
    .nullable()
    .meta({ description: 'the most the evaluated items could earn, 0 to 100' }),
  points: z.number(),
  applicable: z.number().meta({ description: 'points of all items that apply, evaluated or not' }),
  steps: z.array(scoreStepSchema),
})

const figuresSchema = z.strictObject({
  formula: z.string(),
  words: textSchema.meta({ description: 'the whole rule in words' }),
  unverified: z.boolean(),
  inputs: z.record(z.string(), z.unknown()),
  steps: z.record(z.string(), z.unknown()).meta({ description: 'every intermediate figure' }),
})

/**
 * An assessment: one scheme over one city and window, whole: results with their inputs, statements,
 * verdicts, points. It holds no clock time or path, so equal data, registry, scheme and statements
 * give equal bytes once canonicalised (RFC 8785).
 */
export const assessmentDocumentSchema = z
  .strictObject({
    format: z.literal(1),
    city: z.strictObject({ id: z.string(), name: textSchema }),
    window: z.strictObject({ fromMs: z.int(), toMs: z.int() }),
    registry: sha256.meta({ description: 'content hash of the city registry' }),
    scheme: z.strictObject({
      id: z.string(),
      name: textSchema,
      issuedBy: textSchema,
      document: z.string().nullable(),
      edition: z.string(),
      weights: z.enum(['official', 'operator', 'none']),
      sha256,
    }),
    overall: z.strictObject({
      verdict: verdictSchema,
      reason: textSchema,
      vetoed: z.array(z.strictObject({ item: z.string(), reason: textSchema })),
    }),
    score: scoreSchema.nullable().meta({ description: 'null for a scheme without weights' }),
    scoreLabel: textSchema.nullable().meta({ description: 'whose points these are' }),
    groups: z.array(z.strictObject({ group: z.string(), name: textSchema, score: scoreSchema })),
    zones: z.array(
      z.strictObject({
        zone: z.string(),
        areaM2: z.number(),
        verdict: verdictSchema,
        open: z.array(z.string()).meta({ description: 'binding items it has not passed' }),
      }),
    ),
    compliance: z.strictObject({
      basis: z.enum(['built-up-area', 'catchments']).meta({
        description:
          'what the share is a share of; catchments, where the registry has no builtUpArea: what is not zoned is left out',
      }),
      areaM2: z.number(),
      compliantM2: z.number(),
      share: nullableShare,
      reachableShare: nullableShare,
    }),
    items: z.array(
      z.strictObject({
        id: z.string(),
        name: textSchema,
        group: z.string(),
        binding: z.enum(['binding', 'encouraged']),
        level: z.enum(['city', 'zone']),
        requirement: textSchema,
        clause: textSchema,
        source: z.string(),
        unverified: z.boolean(),
        verdict: verdictSchema,
        value: z.number().nullable(),
        unit: z.string(),
        reason: textSchema,
        findings: z.array(
          z.strictObject({
            subject: z.string(),
            zone: z.string().nullable(),
            verdict: verdictSchema,
            value: z.number().nullable(),
            areaM2: z.number().nullable(),
            reason: textSchema,
            result: indicatorResultSchema.nullable(),
            figures: figuresSchema.nullable().meta({
              description: 'how it follows from stated figures, null when it does not',
            }),
          }),
        ),
        statements: z.array(statementSchema),
      }),
    ),
  })
  .meta({ id: 'Assessment' })

export type AssessmentDocument = z.output<typeof assessmentDocumentSchema>

/** What `rainledger assess` and the API answer: the document and the hash of its canonical bytes. */
export const sealedAssessmentSchema = z
  .strictObject({ sha256, assessment: assessmentDocumentSchema })
  .meta({ id: 'SealedAssessment' })
export type SealedAssessment = z.output<typeof sealedAssessmentSchema>
