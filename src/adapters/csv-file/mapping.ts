import { Temporal } from 'temporal-polyfill'
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
  readonly message: string
}

/** Where something stands in a mapping: `['values', 0, 'sensor']`. */
type Path = readonly (string | number)[]

export type MappingReading =
  | {
      readonly ok: true
      readonly mapping: Mapping
      /** A fault of what stands at a path, with its line, for whoever knows more than the mapping. */
      readonly fault: (path: Path, message: string) => FileFault
    }
  | { readonly ok: false; readonly faults: readonly FileFault[] }

/** Reads a mapping; every fault at once. */
export function readMapping(text: string): MappingReading {
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
  function fault(path: Path, message: string): FileFault {
    const start = rangeStart(document.getIn(path, true))
    return {
      line: start === null ? null : lines.linePos(start).line,
      message: `${path.join('.') || 'the mapping'}: ${message}`,
    }
  }
  const read = mappingSchema.safeParse(document.toJS({ maxAliasCount: 10 }))
  if (!read.success) {
    const faults = read.error.issues.map((issue) => fault(issue.path as Path, issue.message))
    return { ok: false, faults }
  }
  const faults = [...timeFaults(read.data.time), ...valueFaults(read.data.values)]
  if (faults.length > 0) {
    return { ok: false, faults: faults.map(({ path, message }) => fault(path, message)) }
  }
  return { ok: true, mapping: read.data, fault }
}

interface PathFault {
  readonly path: Path
  readonly message: string
}

function timeFaults(time: Mapping['time']): PathFault[] {
  const faults: PathFault[] = []
  if (time.stamps === 'start' && time.intervalS === undefined) {
    faults.push({ path: ['time', 'stamps'], message: 'start needs time.intervalS' })
  }
  if (time.zone !== undefined && !isZone(time.zone)) {
    faults.push({
      path: ['time', 'zone'],
      message: `"${time.zone}" is no IANA zone (Asia/Shanghai) and no fixed offset (-05:00)`,
    })
  }
  if (time.clockFaults.length > 0 && time.form !== 'iso') {
    faults.push({ path: ['time', 'clockFaults'], message: 'only local times have them' })
  }
  for (const [index, { from, to }] of time.clockFaults.entries()) {
    const path = ['time', 'clockFaults', index]
    if (Temporal.PlainDateTime.compare(from, to) >= 0) {
      faults.push({ path, message: `ends at ${to}, not after its beginning ${from}` })
    }
    const overlaps = time.clockFaults.slice(0, index).some((other) => {
      const begunBefore = Temporal.PlainDateTime.compare(other.from, to) < 0
      return begunBefore && Temporal.PlainDateTime.compare(from, other.to) < 0
    })
    if (overlaps) faults.push({ path, message: 'overlaps one above it' })
  }
  return faults
}

function isZone(zone: string): boolean {
  try {
    Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(zone)
    return true
  } catch {
    // The only complaint there can be: the name is not one.
    return false
  }
}

function valueFaults(values: Mapping['values']): PathFault[] {
  return values.flatMap(({ sensor }, index) =>
    values.findIndex((other) => other.sensor === sensor) === index
      ? []
      : [{ path: ['values', index, 'sensor'], message: `${sensor} is filled by a column above` }],
  )
}

function rangeStart(node: unknown): number | null {
  if (typeof node !== 'object' || node === null || !('range' in node)) return null
  return Array.isArray(node.range) && typeof node.range[0] === 'number' ? node.range[0] : null
}
