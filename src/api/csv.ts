import type { SeriesColumns } from '../domain/observation.js'
import { originName } from '../domain/flag.js'

/**
 * Observations as CSV (RFC 4180): a header with the unit, CRLF, fields quoted where they must be.
 * Without a byte order mark: everything in it is ASCII, and a mark would become part of the first
 * column's name for most readers.
 */
export async function* observationsCsv(
  unit: string,
  stretches: AsyncIterable<SeriesColumns>,
): AsyncGenerator<string> {
  yield csvRow(['time_utc', 'at_ms', 'span_ms', `value [${unit}]`, 'flag', 'origin'])
  for await (const columns of stretches) yield rows(columns)
}

function rows(columns: SeriesColumns): string {
  let text = ''
  for (const [row, atMs] of columns.atMs.entries()) {
    const value = columns.values[row] ?? Number.NaN
    text += csvRow([
      new Date(atMs).toISOString(),
      String(atMs),
      String(columns.spanMs[row] ?? 0),
      // Missing is an empty field: a number in its place would be read as one.
      Number.isNaN(value) ? '' : String(value),
      String(columns.flags[row] ?? 9),
      originName(columns.origins[row] ?? 0),
    ])
  }
  return text
}

/** One record with its line end; fields with a comma, quote or line break are quoted. */
export function csvRow(fields: readonly string[]): string {
  return `${fields.map(csvField).join(',')}\r\n`
}

function csvField(field: string): string {
  return /[",\r\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field
}
