import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import type { RevisionCandidate } from '../../../src/domain/observation.js'
import { supersedes } from '../../../src/domain/observation.js'
import { HOUR_MS, MINUTE_MS } from '../../../src/domain/time.js'
import type { RowDraft } from './batch.js'
import { projectionBatch, START_MS } from './batch.js'
import type { Subject } from './subject.js'

/** Worse to the right (ports/series-store.ts). */
const FLAGS_FROM_BEST = [9, 2, 1, 3, 4]

/** @param subject one store for all runs: each run has series and devices of its own */
export function orderPromises(subject: Subject): void {
  const turn = { run: 0, seq: 1 }

  /** Few keys, few values, few ranks: collisions are the rule. */
  const row = fc
    .record({
      series: fc.constantFrom('S1', 'S2'),
      atMs: fc.integer({ min: 0, max: 3 }).map((step) => START_MS + step * MINUTE_MS),
      value: fc.constantFrom(null, 0, 0.1, 0.2, -3.5),
      flag: fc.constantFrom(1, 2, 3, 4),
      rank: fc.constantFrom(-Infinity, 1, 2),
      origin: fc.constantFrom(0, 3, 4),
    })
    .map((draft): RowDraft => draft)
  const given = fc.array(row, { minLength: 1, maxLength: 14 }).chain((rows) =>
    fc.record({
      rows: fc.constant(rows),
      again: fc.shuffledSubarray([...rows, ...rows], {
        minLength: 2 * rows.length,
        maxLength: 2 * rows.length,
      }),
      cuts: fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 30, maxLength: 30 }),
    }),
  )

  test('any order, batching and repetition of the same rows ends at the same store and totals', async () => {
    const RUNS = 30
    await fc.assert(
      fc.asyncProperty(given, async ({ rows, again, cuts }) => {
        const run = turn.run++
        const before = await appendAll(`before${run}.`, [...rows, ...rows], [2 * rows.length])
        const after = await appendAll(`after${run}.`, again, cuts)
        expect(after).toEqual(before)
        expect(before).toEqual(modelled([...rows, ...rows]))
      }),
      { numRuns: RUNS },
    )
    expect(turn.run).toBeGreaterThanOrEqual(RUNS)
  })

  /** Appends the rows under series and device names of their own, in batches of the given sizes. */
  async function appendAll(
    prefix: string,
    rows: readonly RowDraft[],
    sizes: readonly number[],
  ): Promise<StoreState> {
    let from = 0
    for (const size of sizes) {
      const part = rows.slice(from, from + size)
      from += size
      if (part.length === 0) break
      await subject.store.append(
        projectionBatch(
          turn.seq,
          part.map((draft) => ({
            device: prefix,
            rows: [{ ...draft, series: prefix + draft.series }],
          })),
        ),
      )
      turn.seq += part.length
    }
    expect(from).toBeGreaterThanOrEqual(rows.length)
    const window = { fromMs: START_MS, toMs: START_MS + HOUR_MS }
    const series = []
    for (const id of ['S1', 'S2']) {
      const read = await subject.store.read(prefix + id, window)
      const revisions = await subject.store.revisions(prefix + id, window)
      series.push({
        series: id,
        rows: [...read.atMs].map((atMs, index) => ({
          atMs,
          value: read.values[index] ?? 0,
          flag: read.flags[index] ?? 0,
          origin: read.origins[index] ?? 0,
        })),
        revisions: revisions
          .map(
            ({ atMs, value, rank, origin, current }) =>
              `${atMs} ${value} ${rank} ${origin} ${current}`,
          )
          .sort(),
      })
    }
    const [book] = (await subject.ledger.books(window, prefix)).rows
    return {
      series,
      totals: [book?.inserted ?? 0, book?.duplicate ?? 0, book?.revised ?? 0],
    }
  }
}

interface StoreState {
  readonly series: readonly {
    readonly series: string
    readonly rows: readonly {
      readonly atMs: number
      readonly value: number
      readonly flag: number
      readonly origin: number
    }[]
    readonly revisions: readonly string[]
  }[]
  readonly totals: readonly number[]
}

/** The state by the definition: over all rows of a key at once, without any notion of arrival. */
function modelled(rows: readonly RowDraft[]): StoreState {
  const totals = [0, rows.length, 0]
  const series = ['S1', 'S2'].map((id) => {
    const times = [...new Set(rows.filter((row) => row.series === id).map((row) => row.atMs))]
    const current = []
    const revisions: string[] = []
    for (const atMs of times.sort((a, b) => a - b)) {
      const candidates = rows
        .filter((row) => row.series === id && row.atMs === atMs)
        .map((row) => ({
          value: row.value ?? Number.NaN,
          rank: row.rank ?? -Infinity,
          origin: row.origin ?? 0,
          flag: row.value === null ? 9 : (row.flag ?? 1),
        }))
      const winner = best(candidates)
      current.push({ atMs, value: winner.value, flag: winner.flag, origin: winner.origin })
      const values = [...new Set(candidates.map(({ value }) => value))]
      totals[0] = (totals[0] ?? 0) + 1
      totals[1] = (totals[1] ?? 0) - values.length
      totals[2] = (totals[2] ?? 0) + values.length - 1
      if (values.length === 1) continue
      for (const value of values) {
        const { rank, origin } = best(candidates.filter((other) => Object.is(other.value, value)))
        const word = Number.isNaN(value) ? null : value
        revisions.push(`${atMs} ${word} ${rank} ${origin} ${Object.is(value, winner.value)}`)
      }
    }
    return { series: id, rows: current, revisions: revisions.sort() }
  })
  return { series, totals }
}

function best<Row extends RevisionCandidate & { readonly flag: number }>(
  rows: readonly Row[],
): Row {
  return rows.reduce((kept, row) => {
    if (supersedes(row, kept)) return row
    if (supersedes(kept, row)) return kept
    return FLAGS_FROM_BEST.indexOf(row.flag) > FLAGS_FROM_BEST.indexOf(kept.flag) ? row : kept
  })
}
