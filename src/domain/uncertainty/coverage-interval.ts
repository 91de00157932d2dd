import { quantile } from '../quantile.js'

/** An interval that holds the truth with a confidence. */
export interface CoverageInterval {
  readonly lower: number
  readonly upper: number
}

export const CONFIDENCE = 0.95

/**
 * The interval between the 2.5th and the 97.5th percentile of draws (type 7), kept within what the
 * value may be. One-sided errors can move it off the value: it is then widened up to the value,
 * which is part of every interval.
 *
 * @param admissible closed range that holds the value
 * @returns null when a limit is not finite: the draws do not bound the truth
 */
export function coverageInterval(
  draws: Float64Array,
  value: number,
  [least, most]: readonly [number, number],
): CoverageInterval | null {
  const tail = (1 - CONFIDENCE) / 2
  const low = quantile(draws, tail)
  const high = quantile(draws, 1 - tail)
  if (!Number.isFinite(low) || !Number.isFinite(high)) return null
  return {
    lower: Math.max(least, Math.min(value, low)),
    upper: Math.min(most, Math.max(value, high)),
  }
}
