const LONGEST = 40

/** A found value as a reason quotes it: short, and telling text from numbers. */
export function shown(value: unknown): string {
  if (typeof value === 'string') {
    return value.length > LONGEST
      ? `${JSON.stringify(value.slice(0, LONGEST))}…`
      : JSON.stringify(value)
  }
  // What JavaScript has no word for, e.g. a CBOR tag, comes as a symbol that describes it.
  if (typeof value === 'symbol') return value.description ?? 'something unknown'
  if (typeof value !== 'object' || value === null) return String(value)
  if (value instanceof Uint8Array) return `${value.length} bytes`
  return Array.isArray(value) ? 'an array' : 'an object'
}
