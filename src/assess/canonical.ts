import { createHash } from 'node:crypto'
import canonicalize from 'canonicalize'
import type { SeriesColumns } from '../domain/observation.js'

/**
 * A value as RFC 8785 canonical JSON in UTF-8: equal values give equal bytes.
 *
 * @throws TypeError for what JSON cannot say (undefined, a function at the top)
 */
export function canonicalBytes(value: unknown): Uint8Array {
  const json = canonicalize(value)
  if (json === undefined) throw new TypeError('only JSON values have canonical bytes')
  return Buffer.from(json, 'utf8')
}

/**
 * Hex SHA-256 of a series' columns: over the canonical JSON of
 * `[[atMs…], [spanMs…], [value|null…], [flag…], [origin…]]`.
 *
 * Written with JSON.stringify, column by column: RFC 8785 writes numbers as ECMAScript does, and an
 * array of numbers and nulls holds nothing else to canonicalise. It writes NaN as null. A year of
 * minutes takes a tenth of the time of a walk over every value.
 */
export function columnsSha256(columns: SeriesColumns): string {
  const { atMs, spanMs, values, flags, origins } = columns
  const hash = createHash('sha256')
  for (const [i, column] of [atMs, spanMs, values, flags, origins].entries()) {
    hash.update(i === 0 ? '[' : ',')
    hash.update(column instanceof Uint8Array ? digitList(column) : numberList(column))
  }
  return hash.update(']').digest('hex')
}

/** A column of numbers as JSON; one that holds the same number throughout, as spans do, is written as bytes. */
function numberList(column: Float64Array): Buffer | string {
  const [first] = column
  if (first === undefined || column.some((value) => value !== first)) {
    return JSON.stringify(Array.from(column))
  }
  const written = `${JSON.stringify(first)},`
  const bytes = Buffer.alloc(1 + column.length * written.length, `,${written.slice(0, -1)}`)
  bytes[0] = 0x5b
  bytes[bytes.length - 1] = 0x5d
  return bytes
}

/** A column of flags or origins as JSON: all are single digits, so the bytes are written as they stand. */
function digitList(column: Uint8Array): Buffer | string {
  if (column.length === 0 || column.some((value) => value > 9)) {
    return JSON.stringify(Array.from(column))
  }
  const bytes = Buffer.alloc(2 * column.length + 1, ',')
  bytes[0] = 0x5b
  for (let i = 0; i < column.length; i++) bytes[2 * i + 1] = 0x30 + (column[i] ?? 0)
  bytes[2 * column.length] = 0x5d
  return bytes
}
