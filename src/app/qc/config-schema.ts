import { z } from 'zod'
import { mappingSchema } from '../../adapters/csv-file/index.js'
import {
  grossRangeSchema,
  neighbourShape,
  off,
  recordTestShape,
} from '../../domain/qc/written-settings.js'
import { QUANTITY_NAMES } from '../../domain/quantity.js'

/**
 * The configuration of `rainledger qc`: how the CSV file is read (as in an import's mapping) and
 * what the tests of each column are set to. Numbers are in the internal unit of the column's
 * quantity; a column without a quantity is taken as it is and has no defaults.
 */

const tests = z.strictObject({
  grossRange: grossRangeSchema,
  ...recordTestShape,
  location: z
    .union([
      off,
      z.strictObject({
        lon: z.string().min(1),
        lat: z.string().min(1),
        box: z
          .tuple([z.number(), z.number(), z.number(), z.number()])
          .refine(
            ([west, south, east, north]) => west <= east && south <= north,
            'a box is [west, south, east, north]',
          )
          .optional(),
        maxStepM: z.number().nonnegative().optional(),
      }),
    ])
    .optional(),
  neighbour: z
    .union([
      off,
      z.strictObject({
        columns: z.array(z.string().min(1)).min(1).optional(),
        ...neighbourShape,
      }),
    ])
    .optional(),
})

export const qcConfigSchema = z.strictObject({
  format: z.literal(1),
  delimiter: mappingSchema.shape.delimiter,
  time: mappingSchema.shape.time,
  missing: mappingSchema.shape.missing,
  columns: z
    .array(
      z.strictObject({
        column: z.string().min(1),
        quantity: z
          .enum(QUANTITY_NAMES)
          .optional()
          .meta({ description: 'gives the internal unit and the default settings' }),
        unit: z.string().min(1).optional().meta({
          description: 'UCUM code of the cells; the quantity’s internal unit unless given',
        }),
        absent: mappingSchema.shape.values.element.shape.absent,
        reporting: z
          .enum(['periodic', 'on-change'])
          .default('periodic')
          .meta({ description: 'on-change: silence means no change, so flat line cannot tell' }),
        tests: tests.prefault({}),
      }),
    )
    .min(1),
})

export type QcConfig = z.output<typeof qcConfigSchema>
export type QcColumn = QcConfig['columns'][number]
