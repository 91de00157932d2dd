import type { ObservationColumns } from '../../domain/observation.js'
import { OUTCOME } from '../../domain/observation.js'
import type { RowRefusal } from '../../ports/ledger.js'
import type { ProjectedEntry } from '../../ports/series-store.js'
import type { Candidate } from './candidate.js'
import { betters, currentOf, isSameValue } from './candidate.js'

/** A batch's rows with what the file knows of their series. */
export interface NumberedRows {
  readonly columns: ObservationColumns
  /** Per series of the batch: its number in the file. */
  readonly numbers: Int32Array
  /** Per series of the batch: UTC epoch ms of its newest stored observation, -Infinity without one. */
  readonly newestAtMs: Float64Array
  /** Per series of the batch: whether its flags are the store's to give (judging.ts). */
  readonly isJudged: readonly boolean[]
  readonly entries: readonly ProjectedEntry[]
}

/** A key that the batch touches and that is not simply new: it may be stored, or come twice. */
export interface DoubtfulKey {
  readonly seriesIndex: number
  readonly atMs: number
  /** Rows of the batch at this key, in order. */
  readonly rows: number[]
}

export interface Sorted {
  /** Rows whose key is new and comes once: the rule, and all that is stored of them is the row. */
  readonly plain: readonly number[]
  readonly doubtful: readonly DoubtfulKey[]
}

/**
 * Tells rows that are new for certain from those whose key needs looking up. A row later than all
 * its series has had, in the file and earlier in the batch, cannot repeat anything.
 */
export function sortOut(rows: NumberedRows): Sorted {
  const { seriesIndex, atMs } = rows.columns
  const newestAtMs = Float64Array.from(rows.newestAtMs)
  const doubtful = new Map<number, Map<number, DoubtfulKey>>()
  for (let row = 0; row < atMs.length; row++) {
    const series = seriesIndex[row] ?? 0
    const at = atMs[row] ?? 0
    if (at > (newestAtMs[series] ?? -Infinity)) {
      newestAtMs[series] = at
      continue
    }
    const keys = doubtful.get(series) ?? new Map<number, DoubtfulKey>()
    doubtful.set(series, keys)
    if (!keys.has(at)) keys.set(at, { seriesIndex: series, atMs: at, rows: [] })
  }
  const plain: number[] = []
  for (let row = 0; row < atMs.length; row++) {
    const key = doubtful.get(seriesIndex[row] ?? 0)?.get(atMs[row] ?? 0)
    if (key === undefined) plain.push(row)
    else key.rows.push(row)
  }
  return { plain, doubtful: [...doubtful.values()].flatMap((keys) => [...keys.values()]) }
}

/** What the batch does to its keys, without any of it having happened. */
export interface Classification {
  /** Codes of OUTCOME, one per row. */
  readonly outcomes: Uint8Array
  readonly revisionNumbers: Uint32Array
  readonly written: Uint8Array
  readonly plain: readonly number[]
  readonly keys: readonly ClassifiedKey[]
}

export interface ClassifiedKey {
  readonly key: DoubtfulKey
  /** What the file holds; none for a new key. */
  readonly before: readonly Candidate[]
  readonly after: readonly Candidate[]
  /** Whether the key's current value is new, another, or better known. */
  readonly currentChanges: boolean
  /** What the current value is flagged instead of with its own flag. */
  readonly verdict?: Pick<Candidate, 'flag' | 'tests'> | undefined
}

/**
 * Classifies every row in the batch's order.
 *
 * @param stored the values the file holds at a doubtful key; empty for a new one
 */
export function classify(
  rows: NumberedRows,
  sorted: Sorted,
  stored: (key: DoubtfulKey) => readonly Candidate[],
): Classification {
  const length = rows.columns.atMs.length
  const outcomes = new Uint8Array(length).fill(OUTCOME.inserted)
  const revisionNumbers = new Uint32Array(length)
  const written = new Uint8Array(length).fill(1)
  const keys = sorted.doubtful.map((key) => {
    const flags = rows.isJudged[key.seriesIndex] === true ? 'judged' : 'given'
    const before = stored(key)
    const after = [...before]
    for (const row of key.rows) {
      const value = rows.columns.values[row] ?? Number.NaN
      const position = after.findIndex((candidate) => isSameValue(candidate.value, value))
      const known = after[position]
      if (known === undefined) {
        // Numbers have gaps where a values' store has refused a row.
        const number = after.reduce((next, other) => Math.max(next, other.number + 1), 0)
        outcomes[row] = after.length === 0 ? OUTCOME.inserted : OUTCOME.revised
        revisionNumbers[row] = number
        after.push(candidateOf(rows, row, number))
        continue
      }
      outcomes[row] = OUTCOME.duplicate
      revisionNumbers[row] = known.number
      const again = candidateOf(rows, row, known.number)
      const better = betters(again, known, flags)
      written[row] = better ? 1 : 0
      if (better) after[position] = { ...again, seq: known.seq }
    }
    return { key, before, after, currentChanges: changesCurrent(before, after) }
  })
  return { outcomes, revisionNumbers, written, plain: sorted.plain, keys }
}

/** What is left of a classification, and why each other row was refused. */
export interface Remainder {
  readonly classification: Classification
  /** Reason by row. */
  readonly refused: ReadonlyMap<number, string>
}

/**
 * Leaves out the rows that the values' store refused, and with each the later rows that repeat its
 * value: that value is not stored. All others keep their outcome and number.
 */
export function withoutRefused(
  rows: NumberedRows,
  classification: Classification,
  refusals: readonly RowRefusal[],
): Remainder {
  if (refusals.length === 0) return { classification, refused: new Map() }
  const refused = new Map(refusals.map(({ row, reason }) => [row, reason]))
  const keys = classification.keys.map(({ key, before }) => {
    const after = [...before]
    const lost = new Map<number, string>()
    for (const row of key.rows) {
      const number = classification.revisionNumbers[row] ?? 0
      const reason = lost.get(number) ?? refused.get(row)
      if (reason !== undefined) {
        lost.set(number, reason)
        refused.set(row, reason)
        continue
      }
      if (classification.written[row] === 0) continue
      const position = after.findIndex((candidate) => candidate.number === number)
      const given = candidateOf(rows, row, number)
      if (position === -1) after.push(given)
      else after[position] = { ...given, seq: after[position]?.seq ?? given.seq }
    }
    return { key, before, after, currentChanges: changesCurrent(before, after) }
  })
  const outcomes = Uint8Array.from(classification.outcomes)
  for (const row of refused.keys()) outcomes[row] = OUTCOME.refused
  const plain = classification.plain.filter((row) => !refused.has(row))
  return { classification: { ...classification, outcomes, plain, keys }, refused }
}

function changesCurrent(before: readonly Candidate[], after: readonly Candidate[]): boolean {
  if (after.length === 0) return false
  return before.length === 0 || currentOf(before) !== currentOf(after)
}

export function candidateOf(rows: NumberedRows, row: number, number: number): Candidate {
  const { columns, entries } = rows
  return {
    number,
    // Adding zero makes minus zero zero.
    value: (columns.values[row] ?? Number.NaN) + 0,
    spanMs: columns.spanMs[row] ?? 0,
    flag: columns.flags[row] ?? 0,
    tests: columns.tests[row] ?? 0,
    origin: columns.origins[row] ?? 0,
    rank: columns.ranks[row] ?? -Infinity,
    seq: entries[columns.entryIndex[row] ?? 0]?.seq ?? 0,
  }
}
