import { rounded } from '../rounding.js'

/**
 * A value as the laboratory gave it. With `belowLimit` the value is the detection limit and the
 * true one lies somewhere under it; it is never replaced by half the limit or by zero.
 */
export interface LabValue {
  readonly value: number
  readonly belowLimit: boolean
}

/** One side of what a standard allows; the value in the unit of the item. */
export interface Bound {
  readonly side: 'at-most' | 'below' | 'at-least' | 'above'
  readonly limit: number
}

export type Standing = 'meets' | 'breaks' | 'undecided'

/**
 * How a value stands to a bound. A value below its detection limit meets an upper bound when the
 * detection limit is at or under the bound, and breaks a lower bound likewise; with a detection
 * limit over the bound nothing can be told.
 *
 * @param measured finite
 */
export function standing(measured: LabValue, bound: Bound): Standing {
  const upper = bound.side === 'at-most' || bound.side === 'below'
  if (measured.belowLimit) {
    if (measured.value > bound.limit) return 'undecided'
    return upper ? 'meets' : 'breaks'
  }
  return WITHIN[bound.side](measured.value, bound.limit) ? 'meets' : 'breaks'
}

const WITHIN: Record<Bound['side'], (value: number, limit: number) => boolean> = {
  'at-most': (value, limit) => value <= limit,
  below: (value, limit) => value < limit,
  'at-least': (value, limit) => value >= limit,
  above: (value, limit) => value > limit,
}

/**
 * Whether a value of a pollutant is worse than another: higher, where it can be told. Two values
 * below their detection limits cannot be told apart (null).
 *
 * @param reference what it is held against: of the inflow, of the time before
 */
export function comparedValues(
  reference: LabValue,
  measured: LabValue,
): 'not-worse' | 'worse' | null {
  if (reference.belowLimit && measured.belowLimit) return null
  // The reference lies under its detection limit: at or over that limit the value is worse.
  if (reference.belowLimit) return measured.value >= reference.value ? 'worse' : null
  if (measured.belowLimit) return measured.value <= reference.value ? 'not-worse' : null
  return measured.value <= reference.value ? 'not-worse' : 'worse'
}

/**
 * Arithmetic mean. With a value below its detection limit among them the true mean lies somewhere
 * under the mean of all with the limits in their place, and is said to be below that.
 *
 * @returns null for no values
 */
export function labMean(values: readonly LabValue[]): LabValue | null {
  if (values.length === 0) return null
  const total = values.reduce((sum, { value }) => sum + value, 0)
  return {
    value: rounded(total / values.length),
    belowLimit: values.some(({ belowLimit }) => belowLimit),
  }
}
