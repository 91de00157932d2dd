import { FLAG } from '../flag.js'
import type { SeriesId } from '../observation.js'
import type { Window } from '../time.js'
import type { QualityFlags } from './quality-flags.js'

/** What a person can say of values: a missing one stays missing, and "not evaluated" says nothing. */
export const MARK_FLAGS = [FLAG.good, FLAG.suspect, FLAG.fail] as const

export type MarkFlag = (typeof MARK_FLAGS)[number]

/** Bit in `tests` of an observation whose flag a person has given. Stored, beside those of catalogue.ts. */
export const MARK_BIT = 15

/** A person's judgement on the values of one series within a window. */
export interface Mark extends Window {
  /** The journal entry that brought it. */
  readonly seq: number
  readonly series: SeriesId
  /** null gives the values back to the tests. */
  readonly flag: MarkFlag | null
  /** When it was made, UTC epoch ms. */
  readonly markedMs: number
  readonly person: string
  readonly reason: string
}

/** The marks on each series; of those that overlap, the later stands behind and counts. */
export type Marks = ReadonlyMap<SeriesId, readonly Mark[]>

export const NO_MARKS: Marks = new Map()

/** The same for the same marks in any order. */
export function marksBySeries(marks: readonly Mark[]): Marks {
  const inOrder = marks.toSorted((a, b) => a.markedMs - b.markedMs || a.seq - b.seq)
  const bySeries = new Map<SeriesId, Mark[]>()
  for (const mark of inOrder) {
    const known = bySeries.get(mark.series)
    if (known === undefined) bySeries.set(mark.series, [mark])
    else known.push(mark)
  }
  return bySeries
}

/**
 * What the tests found, with a person's judgement above it, which decides alone: a value that is
 * marked good is good whatever the tests say.
 *
 * @param atMs UTC epoch ms of each value
 * @param marks on this series, as in `marksBySeries`
 */
export function markedFlags(
  tested: QualityFlags,
  atMs: Float64Array,
  marks: readonly Mark[],
): QualityFlags {
  const flags = tested.flags.slice()
  const tests = tested.tests.slice()
  for (const [row, at] of atMs.entries()) {
    if (tested.flags[row] === FLAG.missing) continue
    const mark = marks.findLast(({ fromMs, toMs }) => fromMs <= at && at < toMs)
    if (mark === undefined || mark.flag === null) continue
    flags[row] = mark.flag
    tests[row] = (tests[row] ?? 0) | (1 << MARK_BIT)
  }
  return { flags, tests }
}
