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

/** What a missing value is written as: the quiet NaN of IEEE 754 without payload. */
const NO_VALUE = 0x7ff8000000000000n

/**
 * Hex SHA-256 of a series' columns: over the bytes of atMs, spanMs, values (IEEE 754 doubles, least
 * significant byte first; a missing value as 0x7ff8000000000000, zero without a sign), flags and origins
 * (a byte each), column after column. In Python, from arrays of the API's observations:
 *
 *     sha256(b''.join([at.astype('<f8').tobytes(), span.astype('<f8').tobytes(),
 *                      value.astype('<f8').tobytes(), flag.astype('u1').tobytes(),
 *                      origin.astype('u1').tobytes()])).hexdigest()
 *
 * Bytes and not JSON, because a city's year is tens of millions of observations: writing them out as
 * text took a fifth of an assessment's time.
 */
export function columnsSha256(columns: SeriesColumns): string {
  const { atMs, spanMs, values, flags, origins } = columns
  const hash = createHash('sha256')
  for (const column of [atMs, spanMs, plain(values), flags, origins]) hash.update(column)
  return hash.digest('hex')
}

/** The same values, each with the one pattern of bits that the hash knows it by. */
function plain(values: Float64Array): Float64Array {
  if (!values.some((value) => Number.isNaN(value) || Object.is(value, -0))) return values
  const copy = values.slice()
  const bits = new BigUint64Array(copy.buffer)
  for (const [i, value] of copy.entries()) {
    if (Number.isNaN(value)) bits[i] = NO_VALUE
    else if (value === 0) bits[i] = 0n
  }
  return copy
}
