import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  sequenceGaps,
  withNumbers,
  type NumberedDay,
} from '../../../../src/domain/sequence-gaps.js'
import { DAY_MS } from '../../../../src/domain/time.js'

/** Days from the first on, each with its numbers. */
function days(...numbers: readonly (readonly number[])[]): readonly NumberedDay[] {
  return numbers.map((ofDay, day) => ({ dayMs: day * DAY_MS, runs: withNumbers([], ofDay) }))
}

function upTo(count: number, from = 0): number[] {
  return Array.from({ length: count }, (_, index) => from + index)
}

test('numbers in any order, doubled, in any parts, are the same runs', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(60), { maxLength: 50 }), fc.nat(50), (numbers, cut) => {
      const runs = withNumbers(withNumbers([], numbers.slice(cut)), numbers.slice(0, cut))
      const members = runs.flatMap(({ first, last }) => upTo(last - first + 1, first))
      expect(members).toEqual([...new Set(numbers)].sort((a, b) => a - b))
      // Runs that touch would be one.
      for (const [index, { first }] of runs.entries()) {
        expect(first).toBeGreaterThan((runs[index - 1]?.last ?? -9) + 1)
      }
    }),
  )
})

describe('what never came', () => {
  test('is counted within a day and across days', () => {
    expect(sequenceGaps(days([5, 6, 9], [12, 13]))).toEqual({
      missing: 4,
      restarts: 0,
      gaps: [
        { afterNumber: 6, beforeNumber: 9, missing: 2, dayMs: 0 },
        { afterNumber: 9, beforeNumber: 12, missing: 2, dayMs: DAY_MS },
      ],
    })
  })

  test('is found when it comes late, on whatever day', () => {
    expect(sequenceGaps(days([5, 6, 9], [12, 13], [7, 8, 10, 11, 14])).missing).toBe(0)
  })

  test('before the first number is unknown', () => {
    expect(sequenceGaps(days([700, 701]))).toEqual({ missing: 0, restarts: 0, gaps: [] })
  })
})

describe('a counter that begins anew', () => {
  test('loses nothing, though its numbers fall', () => {
    expect(
      sequenceGaps(days([...upTo(9, 500)], [...upTo(4, 509), ...upTo(6)], upTo(9, 6))),
    ).toEqual({ missing: 0, restarts: 1, gaps: [] })
  })

  test.each([65_535, 2 ** 32 - 1])('rolls over at %d', (highest) => {
    const rolled = days(upTo(9, highest - 20), [...upTo(12, highest - 11), ...upTo(3)], upTo(5, 3))
    expect(sequenceGaps(rolled)).toEqual({ missing: 0, restarts: 1, gaps: [] })
  })

  test('still shows what was lost before and after', () => {
    const lost = sequenceGaps(days(upTo(9, 500), [510, 0, 1, 3], [4, 6]))
    expect(lost).toMatchObject({ missing: 3, restarts: 1 })
    expect(lost.gaps.map(({ afterNumber }) => afterNumber)).toEqual([508, 1, 4])
  })

  test('that counts from 1, and one that only goes on from 0 to 1', () => {
    expect(sequenceGaps(days([40, 41], [1, 2]))).toMatchObject({ missing: 0, restarts: 1 })
    expect(sequenceGaps(days([0], [1], [2, 3]))).toMatchObject({ missing: 0, restarts: 0 })
  })
})

describe('a hole too wide to be a loss', () => {
  const anew = { missing: 0, restarts: 1, gaps: [] }

  test('is a number out of line', () => {
    expect(sequenceGaps(days([5, 6, 4_000_000_000], [7, 8]))).toEqual(anew)
  })

  test('is a restart whose first messages were lost', () => {
    expect(sequenceGaps(days(upTo(9, 5_000), [...upTo(9, 5_009), ...upTo(9, 2)]))).toEqual(anew)
  })

  test('is a restart on the oldest day that is known', () => {
    expect(sequenceGaps(days([...upTo(9, 40_000), ...upTo(9)], upTo(9, 9)))).toEqual(anew)
  })

  test('begins above 1,000 messages', () => {
    expect(sequenceGaps(days([5], [1_006]))).toMatchObject({ missing: 1_000, restarts: 0 })
    expect(sequenceGaps(days([5], [1_007]))).toEqual(anew)
  })
})
