import { z } from 'zod'

/** PASS and FAIL need a requirement; unknown is NOT_EVALUATED, never PASS. */
export const verdictSchema = z.enum([
  'PASS',
  'FAIL',
  'CONDITIONAL',
  'NOT_EVALUATED',
  'NOT_APPLICABLE',
])
export type Verdict = z.output<typeof verdictSchema>

/** A sentence in both languages of the product. */
export const textSchema = z.strictObject({ zh: z.string(), en: z.string() })
export type Text = z.output<typeof textSchema>

/** A verdict in a sentence: 3 of 5 points fail. */
export const VERDICT_WORDS: Readonly<Record<Verdict, Text>> = {
  PASS: { zh: '达标', en: 'pass' },
  FAIL: { zh: '不达标', en: 'fail' },
  CONDITIONAL: { zh: '有条件达标', en: 'pass on condition' },
  NOT_EVALUATED: { zh: '未评价', en: 'are not evaluated' },
  NOT_APPLICABLE: { zh: '不适用', en: 'do not apply' },
}

/** A series as an indicator used it: enough to fetch and hash it again. */
export const inputUseSchema = z.strictObject({
  role: z.string().meta({ description: 'what the series stands for, e.g. rain, flow, upstream' }),
  series: z.string(),
  fromMs: z.int(),
  toMs: z.int(),
  count: z.int().meta({ description: 'observations read' }),
  sha256: z.string().meta({
    description:
      'over the columns atMs, spanMs, value (little-endian doubles, missing 0x7ff8000000000000), flag, origin (bytes); see src/assess/canonical.ts',
  }),
})
export type InputUse = z.output<typeof inputUseSchema>

export const noteSchema = z.strictObject({
  code: z.string().meta({ description: 'stable word, e.g. gap_bridged, no_qualifying_rain' }),
  text: textSchema,
})
export type Note = z.output<typeof noteSchema>

export const partSchema = z.strictObject({
  name: z.string().meta({ description: 'stable word, e.g. metered-part, rain-volume' }),
  value: z.number().nullable(),
  unit: z.string().meta({ description: 'UCUM code' }),
  members: z.array(z.string()).meta({ description: 'ids of the outfalls or catchments in it' }),
})
export type Part = z.output<typeof partSchema>

const parameter = z.union([z.number(), z.string(), z.boolean(), z.null()])

/**
 * The answer of one indicator for one subject and window: everything an evaluator needs to redo
 * it by hand. Numbers are rounded to 12 significant digits; no clock time, version of software or
 * path stands in it, so equal data give equal bytes once canonicalised (RFC 8785).
 */
export const indicatorResultSchema = z
  .strictObject({
    indicator: z.string(),
    version: z.int().positive(),
    title: textSchema,
    clause: z.array(textSchema).meta({
      description:
        'document, edition and clause, where it was read, (unverified) or (recommended) where so',
    }),
    formula: textSchema.meta({ description: 'the whole rule in words, one to a line' }),
    subject: z.strictObject({
      kind: z.enum(['gauge', 'catchment', 'outfall', 'ponding-point', 'zone', 'city']),
      id: z.string(),
    }),
    window: z.strictObject({ fromMs: z.int(), toMs: z.int() }),
    registry: z
      .string()
      .meta({ description: 'content hash of the city registry that areas and sensors come from' }),
    value: z.number().nullable(),
    unit: z.string().meta({ description: 'UCUM code' }),
    verdict: verdictSchema,
    reason: textSchema.meta({ description: 'why this verdict' }),
    coverage: z
      .strictObject({
        share: z.number().min(0).max(1),
        basis: textSchema.meta({ description: 'what the share is a share of' }),
      })
      .nullable()
      .meta({ description: 'share of what was needed that was valid' }),
    uncertainty: z
      .strictObject({
        lower: z.number(),
        upper: z.number(),
        confidence: z.number(),
        method: textSchema.meta({ description: 'how the interval was found' }),
      })
      .nullable(),
    withoutSuspect: z
      .strictObject({ value: z.number().nullable(), verdict: verdictSchema })
      .nullable()
      .meta({ description: 'the same, flag 3 left out; null when no suspect value was used' }),
    inputs: z.array(inputUseSchema),
    parameters: z.record(z.string(), parameter),
    table: z
      .array(z.record(z.string(), parameter))
      .meta({ description: 'one row per event or step of the computation' }),
    parts: z.array(partSchema).meta({
      description:
        'amounts the value is made of, or what is known where the whole is not (the metered part of a zone)',
    }),
    notes: z.array(noteSchema),
  })
  .meta({ id: 'IndicatorResult' })
export type IndicatorResult = z.output<typeof indicatorResultSchema>
