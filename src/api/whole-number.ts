import { z } from 'zod'

/** A whole number in a query, with one sentence that says what would be right. */
export function wholeNumber(least: number, most: number, meaning = ''): z.ZodCoercedNumber {
  const rule = `a whole number from ${least} to ${most}${meaning === '' ? '' : ` (${meaning})`}`
  return z.coerce.number(rule).int(rule).min(least, rule).max(most, rule)
}
