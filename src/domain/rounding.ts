/** Digits that results carry: fewer than a double's 15.95, so that the last bits of a sum do not show. */
const SIGNIFICANT_DIGITS = 12

/**
 * A number as results show it: rounded to 12 significant digits, half away from zero in the decimal
 * expansion of the double. Integers that a double holds exactly stay as they are (times have 13
 * digits), and minus zero becomes zero.
 */
export function rounded(value: number): number {
  if (Number.isSafeInteger(value)) return value === 0 ? 0 : value
  return Number(value.toPrecision(SIGNIFICANT_DIGITS))
}

/** A value with every number in it rounded; null, words and booleans as they are. Keys with undefined are left out. */
export function roundedDeep<T>(value: T): T {
  return walk(value) as T
}

function walk(value: unknown): unknown {
  if (typeof value === 'number') return rounded(value)
  if (Array.isArray(value)) return value.map(walk)
  if (value === null || typeof value !== 'object') return value
  const entries = Object.entries(value).filter(([, part]) => part !== undefined)
  return Object.fromEntries(entries.map(([key, part]) => [key, walk(part)]))
}
