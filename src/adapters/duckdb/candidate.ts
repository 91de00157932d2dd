import { supersedes } from '../../domain/observation.js'
import { flagWeight } from '../../domain/qc/worst-flag.js'

/** One value given for a key, with the best that is known of it. */
export interface Candidate {
  /** 0 for the first value at the key, k for the k-th further one. */
  readonly number: number
  /** NaN when missing; never minus zero. */
  readonly value: number
  readonly spanMs: number
  readonly flag: number
  readonly tests: number
  readonly origin: number
  readonly rank: number
  /** Journal entry that first brought the value. */
  readonly seq: number
}

export function isSameValue(a: number, b: number): boolean {
  return a === b || (Number.isNaN(a) && Number.isNaN(b))
}

/**
 * Whether a further row of the same value knows better: by `supersedes`, and
 * where that sees no difference by the worse flag, then more tests, then the longer span. The last
 * three are arbitrary but total, so that any order of arrival ends at the same row.
 *
 * @param flags judged: they are the store's own and say nothing about which row knows better
 */
export function betters(row: Candidate, known: Candidate, flags: 'given' | 'judged'): boolean {
  if (supersedes(row, known)) return true
  if (supersedes(known, row)) return false
  if (flags === 'given' && row.flag !== known.flag)
    return flagWeight(row.flag) > flagWeight(known.flag)
  if (flags === 'given' && row.tests !== known.tests) return row.tests > known.tests
  return row.spanMs > known.spanMs
}

/** The current one among the values of a key. */
export function currentOf(candidates: readonly Candidate[]): Candidate {
  return candidates.reduce((current, other) => (supersedes(other, current) ? other : current))
}
