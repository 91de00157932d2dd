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
 */
export function columnsSha256(columns: SeriesColumns): string {
  const values = Array.from(columns.values, (value) => (Number.isNaN(value) ? null : value))
  const parts = [
    Array.from(columns.atMs),
    Array.from(columns.spanMs),
    values,
    Array.from(columns.flags),
    Array.from(columns.origins),
  ]
  return createHash('sha256').update(canonicalBytes(parts)).digest('hex')
}
