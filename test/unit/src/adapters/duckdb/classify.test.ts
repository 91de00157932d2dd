import { describe, expect, test } from 'vitest'
import type { Candidate } from '../../../../../src/adapters/duckdb/candidate.js'
import type { NumberedRows } from '../../../../../src/adapters/duckdb/classify.js'
import { classify, sortOut, withoutRefused } from '../../../../../src/adapters/duckdb/classify.js'
import { valueChanges } from '../../../../../src/adapters/duckdb/write-values.js'
import { OUTCOME } from '../../../../../src/domain/observation.js'
import type { RowDraft } from '../../../../contract/series-store/batch.js'
import { rowsBatch } from '../../../../contract/series-store/batch.js'

const { inserted, duplicate, revised, refused } = OUTCOME

/** Rows of the series A and B, which have numbers 0 and 1 and observations up to `newest`. */
function numbered(
  drafts: readonly RowDraft[],
  newest: Readonly<Record<string, number>> = {},
): NumberedRows {
  const { entries, observations } = rowsBatch(7, drafts)
  return {
    columns: observations,
    entries,
    numbers: Int32Array.from(observations.series, (series) => (series === 'A' ? 0 : 1)),
    isJudged: observations.series.map(() => false),
    newestAtMs: Float64Array.from(observations.series, (series) => newest[series] ?? -Infinity),
  }
}

const stored: Candidate = {
  number: 0,
  value: 1,
  spanMs: 0,
  flag: 1,
  tests: 0,
  origin: 0,
  rank: -Infinity,
  seq: 3,
}

describe('rows that need no looking up', () => {
  test('are those later than all their series has had', () => {
    const { plain, doubtful } = sortOut(
      numbered(
        [
          { series: 'A', atMs: 11, value: 1 },
          { series: 'B', atMs: 1, value: 1 },
          { series: 'A', atMs: 12, value: 1 },
        ],
        { A: 10 },
      ),
    )
    expect(plain).toEqual([0, 1, 2])
    expect(doubtful).toEqual([])
  })

  test('a row at the newest time, before it, or given twice is doubtful, with all rows of its key', () => {
    const { plain, doubtful } = sortOut(
      numbered(
        [
          { series: 'A', atMs: 10, value: 1 },
          { series: 'A', atMs: 20, value: 1 },
          { series: 'A', atMs: 30, value: 1 },
          { series: 'A', atMs: 25, value: 1 },
          { series: 'A', atMs: 20, value: 2 },
        ],
        { A: 10 },
      ),
    )
    expect(plain).toEqual([2])
    expect(doubtful.map(({ atMs, rows }) => [atMs, rows])).toEqual([
      [10, [0]],
      [25, [3]],
      [20, [1, 4]],
    ])
  })
})

describe('rows at stored keys', () => {
  const rows = numbered(
    [
      { series: 'A', atMs: 10, value: 1 },
      { series: 'A', atMs: 10, value: 2, rank: 1 },
      { series: 'A', atMs: 10, value: 2, rank: 1 },
      { series: 'A', atMs: 10, value: 1, rank: 5 },
      { series: 'A', atMs: 11, value: 9 },
    ],
    { A: 10 },
  )
  const classified = classify(rows, sortOut(rows), () => [stored])

  test('repeat, revise or better what is known', () => {
    expect([...classified.outcomes]).toEqual([duplicate, revised, duplicate, duplicate, inserted])
    expect([...classified.revisionNumbers]).toEqual([0, 1, 1, 0, 0])
    expect([...classified.written]).toEqual([0, 1, 0, 1, 1])
  })

  test('change only the rows that differ, and a bettered value keeps the entry that first brought it', () => {
    const changes = valueChanges(rows, classified, [])
    expect(changes.newObservations.map(({ atMs }) => atMs)).toEqual([11])
    expect(changes.changedObservations.map(({ candidate }) => candidate)).toEqual([
      { ...stored, rank: 5 },
    ])
    expect(changes.newRevisions.map(({ candidate }) => [candidate.value, candidate.seq])).toEqual([
      [1, 3],
      [2, 7],
    ])
    expect(changes.changedRevisions).toEqual([])
  })

  test('a pure repetition changes nothing', () => {
    const again = numbered([{ series: 'A', atMs: 10, value: 1 }], { A: 10 })
    const changes = valueChanges(
      again,
      classify(again, sortOut(again), () => [stored]),
      [],
    )
    expect(changes).toEqual({
      newObservations: [],
      changedObservations: [],
      newRevisions: [],
      changedRevisions: [],
      reflags: [],
    })
  })

  test('a refused value is not kept, nor are its repetitions; the others stay as they were', () => {
    const { classification, refused: reasons } = withoutRefused(rows, classified, [
      { row: 1, reason: 'beyond retention' },
    ])
    expect([...classification.outcomes]).toEqual([duplicate, refused, refused, duplicate, inserted])
    expect([...reasons]).toEqual([
      [1, 'beyond retention'],
      [2, 'beyond retention'],
    ])
    expect(classification.keys[0]?.after).toEqual([{ ...stored, rank: 5 }])
    const plain = withoutRefused(rows, classified, [{ row: 4, reason: 'beyond retention' }])
    expect(plain.classification.plain).toEqual([])
  })

  test('a number is never given twice, also when a refused value has left a gap', () => {
    const row = numbered([{ series: 'A', atMs: 10, value: 7 }], { A: 10 })
    const { revisionNumbers } = classify(row, sortOut(row), () => [{ ...stored, number: 2 }])
    expect([...revisionNumbers]).toEqual([3])
  })
})
