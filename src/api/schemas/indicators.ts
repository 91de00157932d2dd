import { z } from 'zod'
import { indicatorResultSchema } from '../../domain/indicators/result.js'
import { names, unit } from './parts.js'

const subjectKind = indicatorResultSchema.shape.subject.shape.kind

const parameter = z.strictObject({
  name: z.string(),
  type: z.enum(['number', 'string', 'boolean']),
  unit: z.string().meta({ description: 'UCUM code; empty for words' }),
  default: z.union([z.number(), z.string(), z.boolean(), z.null()]),
  description: names,
})

export const indicatorListSchema = z
  .strictObject({
    items: z.array(
      z.strictObject({
        id: z.string(),
        version: z.int().positive(),
        title: names,
        clause: z.array(names),
        formula: names,
        unit,
        subjectKind: subjectKind.meta({ description: 'the principal kind' }),
        subjectKinds: z
          .array(subjectKind)
          .meta({ description: 'every kind that can be asked for, the principal one first' }),
        parameters: z.array(parameter),
      }),
    ),
  })
  .meta({ id: 'IndicatorList' })
