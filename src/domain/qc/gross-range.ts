import { FLAG } from '../flag.js'

/** A closed range in the internal unit of the quantity: both ends belong to it. */
export type Range = readonly [low: number, high: number]

/** What values a sensor can give at all, and which of them its operator expects. */
export interface RangeLimits {
  /** Outside it the value fails: the sensor cannot measure it, or nature cannot do it. */
  readonly fail?: Range | undefined
  /** Outside it the value is suspect. */
  readonly suspect?: Range | undefined
}

/**
 * Gross range test (U.S. IOOS QARTOD, gross range test): fail outside the sensor's limits, else
 * suspect outside the operator's narrower ones, else good. A value on a limit passes it.
 *
 * @returns one flag per value: 9 for NaN; 2 where there is no limit at all to hold it against
 */
export function grossRange(values: Float64Array, limits: RangeLimits): Uint8Array {
  const flags = new Uint8Array(values.length)
  const { fail, suspect } = limits
  const unknown = fail === undefined && suspect === undefined
  for (const [i, value] of values.entries()) {
    if (Number.isNaN(value)) flags[i] = FLAG.missing
    else if (unknown) flags[i] = FLAG.notEvaluated
    else if (fail !== undefined && (value < fail[0] || value > fail[1])) flags[i] = FLAG.fail
    else if (suspect !== undefined && (value < suspect[0] || value > suspect[1]))
      flags[i] = FLAG.suspect
    else flags[i] = FLAG.good
  }
  return flags
}
