import { FLAG, type Flag } from '../flag.js'

/** 9 < 2 < 1 < 3 < 4: what is known beats what is not, and a doubt beats a clean bill. */
const PRECEDENCE: Readonly<Record<Flag, number>> = {
  [FLAG.missing]: 0,
  [FLAG.notEvaluated]: 1,
  [FLAG.good]: 2,
  [FLAG.suspect]: 3,
  [FLAG.fail]: 4,
}

/**
 * The flag of two put together (several tests on one value, several values in one step): the one
 * that stands higher in 9 < 2 < 1 < 3 < 4. Commutative and associative; 9 is neutral.
 */
export function worstFlag(a: number, b: number): number {
  return precedence(a) >= precedence(b) ? a : b
}

/** Where a flag stands in 9 < 2 < 1 < 3 < 4: 0 for 9 to 4 for 4. Stores keep it to find the worst inside their engine. */
export function precedence(flag: number): number {
  return PRECEDENCE[flag as Flag]
}
