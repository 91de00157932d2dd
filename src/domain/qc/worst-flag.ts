import { FLAG, type Flag } from '../flag.js'

/**
 * 9 < 2 < 1 < 3 < 4: what is known beats what is not, and a doubt beats a clean bill. Where a flag
 * stands here is its weight, which stores keep to find the worst inside their engine.
 */
export const FLAGS_FROM_BEST: readonly Flag[] = [
  FLAG.missing,
  FLAG.notEvaluated,
  FLAG.good,
  FLAG.suspect,
  FLAG.fail,
]

const WEIGHTS = new Map<number, number>(FLAGS_FROM_BEST.map((flag, weight) => [flag, weight]))

/** 0 for flag 9 to 4 for flag 4. An unknown flag weighs most: what nobody understands must not look good. */
export function flagWeight(flag: number): number {
  return WEIGHTS.get(flag) ?? FLAGS_FROM_BEST.length
}

/** The flag of a weight; a weight of no flag is that of `fail`. */
export function flagOfWeight(weight: number): Flag {
  return FLAGS_FROM_BEST[weight] ?? FLAG.fail
}

/**
 * The flag of two put together (several tests on one value, several values in one step): the one
 * that weighs more. Commutative and associative; 9 is neutral.
 */
export function worstFlag(a: number, b: number): number {
  return flagWeight(a) >= flagWeight(b) ? a : b
}
