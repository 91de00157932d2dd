import { z } from 'zod'
import { mappingSchema } from '../../adapters/csv-file/index.js'
import { QUANTITY_NAMES } from '../../domain/quantity.js'

/**
 * The configuration of `rainledger qc`: how the CSV file is read (as in an import's mapping) and
 * what the tests of each column are set to. Numbers are in the internal unit of the column's
 * quantity; a column without a quantity is taken as it is and has no defaults.
 */

const SECONDS = z.number().positive()
const DISTANCE = z.number().nonnegative()

const range = z
  .tuple([z.number(), z.number()])
  .refine(([low, high]) => low <= high, 'a range is [low, high]')

interface Limits {
  readonly fail?: readonly [number, number] | undefined
  readonly suspect?: readonly [number, number] | undefined
}

const limits = { fail: range.optional(), suspect: range.optional() }
const isLimited = ({ fail, suspect }: Limits): boolean =>
  fail !== undefined || suspect !== undefined
const isNested = ({ fail, suspect }: Limits): boolean =>
  fail === undefined || suspect === undefined || (suspect[0] >= fail[0] && suspect[1] <= fail[1])
const NEEDS_LIMIT = 'needs fail, suspect or both'
const NESTED = 'suspect must lie within fail'

/** Both of a pair of thresholds, the one for suspect reached first. */
function thresholds<Suspect extends string, Fail extends string>(
  suspect: Suspect,
  fail: Fail,
  order: 'suspect below fail' | 'suspect above fail',
): (settings: Partial<Record<Suspect | Fail, unknown>>, context: z.RefinementCtx) => void {
  return (settings, context) => {
    const [low, high] = [settings[suspect], settings[fail]]
    if (low === undefined && high === undefined) {
      context.addIssue({ code: 'custom', message: `needs ${suspect}, ${fail} or both` })
    }
    if (typeof low !== 'number' || typeof high !== 'number') return
    const isOrdered = order === 'suspect below fail' ? low <= high : low >= high
    if (isOrdered) return
    const message =
      order === 'suspect below fail'
        ? `${suspect} must not be greater than ${fail}`
        : `${suspect} must not be smaller than ${fail}`
    context.addIssue({ code: 'custom', message, path: [suspect] })
  }
}

const DAYS_OF_MONTH = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] as const

const dayOfYear = z
  .string()
  .regex(/^\d{2}-\d{2}$/, 'a day of the year such as "11-01", month first, in quotes')
  .refine(
    (text) => {
      const [month = 0, day = 0] = text.split('-').map(Number)
      return day >= 1 && day <= (DAYS_OF_MONTH[month - 1] ?? 0)
    },
    { message: 'no such day in any year', abort: true },
  )

const off = z.literal('off')

const tests = z.strictObject({
  grossRange: z
    .union([off, z.strictObject(limits).refine(isLimited, NEEDS_LIMIT).refine(isNested, NESTED)])
    .optional(),
  climatology: z
    .union([
      off,
      z
        .array(
          z
            .strictObject({ from: dayOfYear, to: dayOfYear, ...limits })
            .refine(isLimited, NEEDS_LIMIT)
            .refine(isNested, NESTED),
        )
        .min(1),
    ])
    .optional(),
  spike: z
    .union([
      off,
      z
        .strictObject({ suspect: DISTANCE.optional(), fail: DISTANCE.optional() })
        .superRefine(thresholds('suspect', 'fail', 'suspect below fail')),
    ])
    .optional(),
  rateOfChange: z
    .union([
      off,
      z
        .strictObject({ suspectPerS: DISTANCE.optional(), failPerS: DISTANCE.optional() })
        .superRefine(thresholds('suspectPerS', 'failPerS', 'suspect below fail')),
    ])
    .optional(),
  flatLine: z
    .union([
      off,
      z
        .strictObject({
          tolerance: DISTANCE,
          suspectAfterS: SECONDS.optional(),
          failAfterS: SECONDS.optional(),
        })
        .superRefine(thresholds('suspectAfterS', 'failAfterS', 'suspect below fail')),
    ])
    .optional(),
  attenuatedSignal: z
    .union([
      off,
      z
        .strictObject({
          windowS: SECONDS,
          measure: z.enum(['range', 'standard-deviation']),
          suspectBelow: DISTANCE.optional(),
          failBelow: DISTANCE.optional(),
          minValues: z.int().min(1).optional(),
        })
        .superRefine(thresholds('suspectBelow', 'failBelow', 'suspect above fail')),
    ])
    .optional(),
  timeGap: z
    .union([
      off,
      z
        .strictObject({ suspectAboveS: SECONDS.optional(), failAboveS: SECONDS.optional() })
        .superRefine(thresholds('suspectAboveS', 'failAboveS', 'suspect below fail')),
    ])
    .optional(),
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
        maxStepM: DISTANCE.optional(),
      }),
    ])
    .optional(),
  neighbour: z
    .union([
      off,
      z.strictObject({
        columns: z.array(z.string().min(1)).min(1).optional(),
        windowS: SECONDS.default(3600),
        wetAboveMm: DISTANCE.default(5),
        atLeast: z.int().min(1).default(2),
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
