import { z } from 'zod'
import { indicatorResultSchema, textSchema, verdictSchema } from './contract.js'

/**
 * What the assessment page reads of schemes and assessments. The page takes the types; the schema of
 * a whole answer is loaded only when the reader opens a kept file, which nobody has checked.
 */

export const schemesSchema = z.object({
  items: z.array(
    z.object({
      id: z.string(),
      name: textSchema,
      issuedBy: textSchema,
      document: z.string().nullable(),
      edition: z.string(),
      weights: z.enum(['official', 'operator', 'none']),
      groups: z.array(z.object({ id: z.string(), name: textSchema })),
      items: z.array(
        z.object({
          id: z.string(),
          proof: z.object({
            by: z.enum(['indicator', 'statement', 'figures']),
            evidence: z.array(z.object({ slot: z.string(), name: textSchema })).optional(),
          }),
        }),
      ),
    }),
  ),
})
export type Scheme = z.output<typeof schemesSchema>['items'][number]

export const indicatorListSchema = z.object({
  items: z.array(
    z.object({
      id: z.string(),
      version: z.int(),
      parameters: z.array(
        z.object({ name: z.string(), unit: z.string(), description: textSchema }),
      ),
    }),
  ),
})
export type IndicatorDescription = z.output<typeof indicatorListSchema>['items'][number]
export type ParameterDescription = IndicatorDescription['parameters'][number]

const share = z.number().nullable()

const scoreSchema = z.object({
  score: z.number().nullable(),
  reachable: z.number().nullable(),
  points: z.number(),
  applicable: z.number(),
  steps: z.array(
    z.object({
      item: z.string(),
      max: z.number(),
      share,
      points: z.number(),
      why: textSchema,
    }),
  ),
})
export type Score = z.output<typeof scoreSchema>

const statementSchema = z.object({
  item: z.string(),
  subject: z.string().optional(),
  verdict: verdictSchema.optional(),
  value: z.number().optional(),
  points: z.number().optional(),
  justification: z.string(),
  statedBy: z.string(),
  evidence: z.array(
    z.object({
      slot: z.string(),
      title: z.string(),
      number: z.string().optional(),
      date: z.string().optional(),
      issuer: z.string().optional(),
      sha256: z.string().optional(),
    }),
  ),
  acceptedBy: z.string().optional(),
})
export type Statement = z.output<typeof statementSchema>

const figuresSchema = z.object({
  formula: z.string(),
  words: textSchema,
  unverified: z.boolean(),
  inputs: z.record(z.string(), z.unknown()),
  steps: z.record(z.string(), z.unknown()),
})
export type Figures = z.output<typeof figuresSchema>

const findingSchema = z.object({
  subject: z.string(),
  zone: z.string().nullable(),
  verdict: verdictSchema,
  value: z.number().nullable(),
  areaM2: z.number().nullable(),
  reason: textSchema,
  result: indicatorResultSchema.nullable(),
  figures: figuresSchema.nullable(),
})
export type Finding = z.output<typeof findingSchema>

export const sealedAssessmentSchema = z.object({
  sha256: z.string(),
  assessment: z.object({
    format: z.literal(1),
    city: z.object({ id: z.string(), name: textSchema }),
    window: z.object({ fromMs: z.int(), toMs: z.int() }),
    registry: z.string(),
    scheme: z.object({
      id: z.string(),
      name: textSchema,
      issuedBy: textSchema,
      document: z.string().nullable(),
      edition: z.string(),
      weights: z.enum(['official', 'operator', 'none']),
      sha256: z.string(),
    }),
    overall: z.object({
      verdict: verdictSchema,
      reason: textSchema,
      vetoed: z.array(z.object({ item: z.string(), reason: textSchema })),
    }),
    score: scoreSchema.nullable(),
    scoreLabel: textSchema.nullable(),
    groups: z.array(z.object({ group: z.string(), name: textSchema, score: scoreSchema })),
    zones: z.array(
      z.object({
        zone: z.string(),
        areaM2: z.number(),
        verdict: verdictSchema,
        open: z.array(z.string()),
      }),
    ),
    compliance: z.object({
      basis: z.enum(['built-up-area', 'catchments']),
      areaM2: z.number(),
      compliantM2: z.number(),
      share,
      reachableShare: share,
    }),
    items: z.array(
      z.object({
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
        findings: z.array(findingSchema),
        statements: z.array(statementSchema),
      }),
    ),
  }),
})
export type SealedAssessment = z.output<typeof sealedAssessmentSchema>
export type AssessmentDocument = SealedAssessment['assessment']
export type AssessedItem = AssessmentDocument['items'][number]

const keptSchema = z.object({
  id: z.int(),
  sha256: z.string(),
  keptMs: z.int(),
  person: z.string(),
  reason: z.string(),
  scheme: z.string(),
  edition: z.string(),
  fromMs: z.int(),
  toMs: z.int(),
  verdict: verdictSchema,
  score: z.number().nullable(),
  version: z.int(),
  previous: z.int().nullable(),
})
export type KeptVersion = z.output<typeof keptSchema>

export const keptListSchema = z.object({
  items: z.array(keptSchema),
  missing: z.array(z.object({ who: z.string() })),
})
export type KeptList = z.output<typeof keptListSchema>

const side = z.union([z.string(), z.number()]).nullable()

export const changesSchema = z.object({
  before: z.int().nullable(),
  after: z.int(),
  changes: z.array(
    z.object({
      what: z.string(),
      subject: z.string().nullable(),
      field: z.enum(['content', 'verdict', 'value', 'inputs', 'statements', 'presence']),
      before: side,
      after: side,
    }),
  ),
})
export type Changes = z.output<typeof changesSchema>
export type Change = Changes['changes'][number]
