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
