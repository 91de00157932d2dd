import { z } from 'zod'

/**
 * The registry of storm intensity formulas as data: which city, by which document, valid for which
 * durations and return periods, sampled how, read where. Loaded from a file; nothing of it is in code.
 */

const positive = z.number().positive()
const range = z.tuple([positive, positive]).refine(([low, high]) => low < high, {
  error: 'a range is [low, high]',
})
const triple = z.tuple([z.number(), z.number(), z.number()])

const general = z.strictObject({
  A: positive.meta({ description: '167·A1, L/(s·hm²)' }),
  period: z.discriminatedUnion('form', [
    z
      .strictObject({ form: z.literal('log'), C: z.number(), shift: z.number().nonnegative() })
      .meta({ description: '1 + C·lg(P + shift)' }),
    z
      .strictObject({ form: z.literal('power'), exponent: positive })
      .meta({ description: 'P^exponent' }),
  ]),
  b: z.union([
    z.number().nonnegative(),
    z
      .strictObject({ atOne: positive, periodExponent: z.number() })
      .meta({ description: 'atOne·P^periodExponent, min' }),
  ]),
  n: z.union([
    positive,
    z
      .strictObject({ factor: positive, logExponent: z.number() })
      .meta({ description: 'factor·(lg P)^logExponent' }),
  ]),
})

const singlePeriod = z
  .array(z.strictObject({ periodYears: positive, A: positive, b: z.number(), n: positive }))
  .min(1)
  .refine((rows) => rows.every((row, i) => row.periodYears > (rows[i - 1]?.periodYears ?? 0)), {
    error: 'rows stand in ascending order of their return period',
  })

const interval = z
  .array(z.strictObject({ periodYears: range, Amm: triple, b: triple, n: triple }))
  .min(1)

const formula = z
  .strictObject({
    id: z.string().regex(/^[a-z0-9-]+$/, 'lower-case letters, digits and hyphens'),
    name: z.strictObject({ zh: z.string().min(1), en: z.string().min(1) }),
    document: z.string().min(1).nullable(),
    tag: z.string().min(1).meta({ description: 'key of sources: where the numbers were read' }),
    status: z.enum(['in-force', 'superseded']).optional(),
    sampling: z.enum(['annual-maximum', 'annual-exceedance']).optional(),
    validity: z
      .strictObject({ durationMin: range.optional(), periodYears: range.optional() })
      .optional(),
    remark: z.string().optional(),
    general: general.optional(),
    singlePeriod: singlePeriod.optional(),
    interval: interval.optional(),
    hourMm: z.strictObject({ p3: positive, p10: positive }).optional(),
  })
  .refine(({ general, singlePeriod, interval }) => general ?? singlePeriod ?? interval, {
    error: 'a formula has at least one of general, singlePeriod and interval',
  })

export const formulaRegistrySchema = z
  .strictObject({
    format: z.literal(1),
    qPerMmMin: positive.meta({ description: 'L/(s·hm²) of one mm/min' }),
    qPerMmMinSource: z.string().min(1),
    sources: z.record(z.string(), z.string().min(1)),
    formulas: z.array(formula).min(1),
  })
  .superRefine(({ sources, formulas }, context) => {
    const seen = new Set<string>()
    for (const [i, { id, tag }] of formulas.entries()) {
      const path = ['formulas', i]
      if (seen.has(id)) {
        context.addIssue({ code: 'custom', path: [...path, 'id'], message: `${id} is there twice` })
      }
      seen.add(id)
      if (sources[tag] === undefined) {
        context.addIssue({
          code: 'custom',
          path: [...path, 'tag'],
          message: `${tag} is not among sources`,
        })
      }
    }
  })

export type FormulaRegistry = z.output<typeof formulaRegistrySchema>
export type StormFormula = FormulaRegistry['formulas'][number]
