import { z } from 'zod'

/**
 * How people write what a quality test is set to, in the city registry and in the configuration of
 * `rainledger qc` alike: thresholds in the internal unit of the quantity, spans in seconds, `off`
 * against a default.
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

export const off = z.literal('off')

/** Limits of the gross range test; a registry writes them as `limits` of the sensor. */
export const grossRangeSchema = z
  .union([off, z.strictObject(limits).refine(isLimited, NEEDS_LIMIT).refine(isNested, NESTED)])
  .optional()

/** The tests that need nothing but the record of their own sensor. */
export const recordTestShape = {
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
} as const

/** What the neighbour test is set to, but for the names of the neighbours. */
export const neighbourShape = {
  windowS: SECONDS.default(3600),
  wetAboveMm: DISTANCE.default(5),
  atLeast: z.int().min(1).default(2),
} as const

const recordTests = z.strictObject(recordTestShape)
const neighbourTest = z.strictObject(neighbourShape)

/** Settings as they are written, `off` among them. */
export type WrittenSettings = z.output<typeof recordTests> & {
  readonly grossRange?: Limits | 'off' | undefined
  readonly neighbour?: z.output<typeof neighbourTest> | 'off' | undefined
}
