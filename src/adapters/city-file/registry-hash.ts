import { createHash } from 'node:crypto'
import canonicalize from 'canonicalize'
import type { Registry } from '../../domain/city/registry.js'

/**
 * Hex SHA-256 of the registry's content: over its canonical JSON (RFC 8785), defaults filled in.
 * Comments, the order of keys, aliases and the division into files do not change it.
 */
export function registrySha256(registry: Registry): string {
  const json = canonicalize(registry)
  if (json === undefined) throw new TypeError('a registry is always an object')
  return createHash('sha256').update(json, 'utf8').digest('hex')
}
