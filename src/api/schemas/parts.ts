import { z } from 'zod'
import { FLAG, ORIGIN, type Flag, type OriginName } from '../../domain/flag.js'

/** Words and numbers that many answers share. */

export const epochMs = z.int().meta({ description: 'UTC epoch milliseconds' })

export const flag = z
  .literal(Object.values(FLAG))
  .meta({ description: 'QARTOD: 1 good, 2 not evaluated, 3 suspect, 4 fail, 9 missing' })

export const origin = z
  .enum(Object.keys(ORIGIN) as [OriginName, ...OriginName[]])
  .meta({ description: 'where the value comes from' })

export const unit = z.string().meta({ description: 'UCUM code of the values' })

export const names = z.strictObject({ zh: z.string(), en: z.string() })

export const share = z.number().min(0).max(1)

export const nextCursor = z
  .string()
  .nullable()
  .meta({ description: 'give it as `cursor` for the next page; null on the last' })

export const sha256 = z.string().regex(/^[0-9a-f]{64}$/, '64 lower-case hexadecimal digits')

/** A stored flag as one of the five; throws RangeError on a number no release has written. */
export function servedFlag(stored: number | undefined): Flag {
  const known = Object.values(FLAG).find((flag) => flag === stored)
  if (known === undefined) throw new RangeError(`flag ${stored} is not one of 1, 2, 3, 4, 9`)
  return known
}
