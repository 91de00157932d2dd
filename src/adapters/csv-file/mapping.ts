import { z } from 'zod'

const localTime = z.iso.datetime({
  local: true,
  offset: false,
  error: 'a local time such as 2008-03-09T03:00:00, as the file writes it',
})

/**
 * How a historical CSV file is read: which column is the time, in which zone its clock ran, and
 * which columns belong to which sensors. Kept with the file: both hashes stand in the journal.
 */
export const mappingSchema = z.strictObject({
  format: z.literal(1),
  delimiter: z.string().length(1).default(','),
  time: z.strictObject({
    column: z.string().min(1),
    form: z.enum(['iso', 'epoch-s', 'epoch-ms']).default('iso').meta({
      description: 'iso: ISO 8601 with or without offset; also 2008/3/9 2:00, year first',
    }),
    zone: z
      .string()
      .min(1)
      .optional()
      .meta({ description: 'IANA zone or fixed offset (-05:00) of times without an offset' }),
    repeatedHour: z.enum(['in-order', 'earlier', 'later']).default('in-order').meta({
      description:
        'which of the two a time means that the end of summer time repeats; in-order: the file has both, one after the other',
    }),
    stamps: z
      .enum(['end', 'start'])
      .default('end')
      .meta({ description: 'which end of a total’s or mean’s span the time marks' }),
    intervalS: z
      .number()
      .positive()
      .optional()
      .meta({ description: 'length of the span, s; needed with stamps: start' }),
    clockFaults: z
      .array(
        z.strictObject({
          from: localTime,
          to: localTime,
          addS: z.number(),
          reason: z.string().min(1),
        }),
      )
      .default([])
      .meta({
        description: 'known faults of the logger’s clock: s to add between two local times',
      }),
  }),
  missing: z
    .array(z.string())
    .default([''])
    .meta({ description: 'cell texts that say the value is missing' }),
  values: z
    .array(
      z.strictObject({
        column: z.string().min(1),
        sensor: z.string().min(1),
        unit: z
          .string()
          .min(1)
          .optional()
          .meta({ description: 'UCUM code of the cells; the sensor’s registry unit unless given' }),
        absent: z
          .enum(['missing', 'skip'])
          .default('missing')
          .meta({ description: 'what an empty cell is: a missing value, or no row at all' }),
      }),
    )
    .min(1),
})

export type Mapping = z.output<typeof mappingSchema>

/** One thing wrong with a mapping or a file, with its line. */
export interface FileFault {
  readonly line: number | null
  /** The time of a line whose value alone is faulty. */
  readonly atMs?: number
  readonly message: string
}
