import { LineCounter, parseDocument } from 'yaml'
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
    form: z
      .enum(['iso', 'epoch-s', 'epoch-ms'])
      .default('iso')
      .meta({ description: 'iso: ISO 8601, with T or a blank, with or without offset' }),
    zone: z
      .string()
      .min(1)
      .optional()
      .meta({ description: 'IANA zone or fixed offset (-05:00) of times without an offset' }),
    repeatedHour: z
      .enum(['earlier', 'later'])
      .default('earlier')
      .meta({ description: 'which of the two a time means that the end of summer time repeats' }),
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
  readonly message: string
}

/** Reads a mapping; every fault at once. */
export function readMapping(
  text: string,
):
  | { readonly ok: true; readonly mapping: Mapping }
  | { readonly ok: false; readonly faults: readonly FileFault[] } {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false })
  if (document.errors.length > 0) {
    return {
      ok: false,
      faults: document.errors.map((error) => ({
        line: lines.linePos(error.pos[0]).line,
        message: error.message,
      })),
    }
  }
  const read = mappingSchema.safeParse(document.toJS({ maxAliasCount: 10 }))
  if (!read.success) {
    return {
      ok: false,
      faults: read.error.issues.map((issue) => {
        const node = document.getIn(issue.path as (string | number)[], true)
        const range = rangeStart(node)
        return {
          line: range === null ? null : lines.linePos(range).line,
          message: `${issue.path.join('.') || 'the mapping'}: ${issue.message}`,
        }
      }),
    }
  }
  const { time } = read.data
  const faults: FileFault[] = []
  if (time.stamps === 'start' && time.intervalS === undefined) {
    faults.push({ line: null, message: 'time.intervalS: needed when time.stamps is start' })
  }
  return faults.length > 0 ? { ok: false, faults } : { ok: true, mapping: read.data }
}

function rangeStart(node: unknown): number | null {
  if (typeof node !== 'object' || node === null || !('range' in node)) return null
  return Array.isArray(node.range) && typeof node.range[0] === 'number' ? node.range[0] : null
}
