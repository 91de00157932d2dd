import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { RevisionCandidate } from '../../../../src/domain/observation.js'
import { supersedes, valueHash } from '../../../../src/domain/observation.js'

const missing = Number.NaN
const candidate = (value: number, rank = -Infinity, origin = 0): RevisionCandidate => ({
  value,
  rank,
  origin,
})
/** Whether the first wins, and the second not against it. */
const wins = (a: RevisionCandidate, b: RevisionCandidate): boolean =>
  supersedes(a, b) && !supersedes(b, a)

describe('which of two values at one key is current', () => {
  test('the one with the higher rank, also when it is missing or of a worse origin', () => {
    expect(wins(candidate(1, 8), candidate(2, 7))).toBe(true)
    expect(wins(candidate(missing, 8, 4), candidate(2, 7, 0))).toBe(true)
    expect(wins(candidate(1, -5), candidate(2, -Infinity))).toBe(true)
  })

  test('the one a device sent before any that a file brought, whatever the ranks', () => {
    // A device without a clock has no rank; one that counts its messages has a small one.
    expect(wins(candidate(1, -Infinity, 0), candidate(2, 0, 3))).toBe(true)
    expect(wins(candidate(1, 5, 0), candidate(2, 6, 3))).toBe(true)
    expect(wins(candidate(missing, 5, 4), candidate(2, 6, 3))).toBe(true)
    expect(wins(candidate(2, 7, 3), candidate(1, 6, 3))).toBe(true)
  })

  test('at equal rank a value beats a missing one', () => {
    expect(wins(candidate(0, 3), candidate(missing, 3))).toBe(true)
    expect(wins(candidate(0), candidate(missing))).toBe(true)
  })

  test('at equal rank the higher hash wins, so that large values are not favoured', () => {
    const larger = Array.from({ length: 1000 }, (_, index) => index + 1).filter((value) =>
      supersedes(candidate(value), candidate(value - 1)),
    )
    expect(larger.length).toBeGreaterThan(400)
    expect(larger.length).toBeLessThan(600)
  })

  test('of the same value the lower origin number wins, minus zero being zero', () => {
    expect(wins(candidate(7, 1, 0), candidate(7, 1, 3))).toBe(true)
    expect(wins(candidate(-0, 1, 0), candidate(0, 1, 3))).toBe(true)
    expect(wins(candidate(0, 1, 0), candidate(-0, 1, 3))).toBe(true)
  })

  test('equal candidates do not supersede each other, whatever bits their NaN has', () => {
    const bits = new Float64Array(
      new BigUint64Array([0x7ff8000000000001n, 0xfff8000000000002n]).buffer,
    )
    for (const [a, b] of [
      [1, 1],
      [0, -0],
      [bits[0] ?? 0, bits[1] ?? 0],
    ] as const) {
      expect(supersedes(candidate(a, 2, 3), candidate(b, 2, 3))).toBe(false)
      expect(supersedes(candidate(b, 2, 3), candidate(a, 2, 3))).toBe(false)
    }
  })

  const any = fc.record({
    value: fc.oneof(fc.constantFrom(0, 1, 0.1, -3.5, missing), fc.double()),
    rank: fc.constantFrom(-Infinity, 0, 1, 2),
    origin: fc.constantFrom(0, 1, 3, 4),
  })

  test('it is a total order: candidates that differ have exactly one winner', () => {
    fc.assert(
      fc.property(any, any, (a, b) => {
        const sameValue = a.value === b.value || (Number.isNaN(a.value) && Number.isNaN(b.value))
        const same = sameValue && a.rank === b.rank && a.origin === b.origin
        expect(supersedes(a, b) !== supersedes(b, a)).toBe(!same)
      }),
    )
  })

  test('it is transitive, so the last one standing does not depend on the order of comparing', () => {
    fc.assert(
      fc.property(
        fc.shuffledSubarray([0, 1, 2, 3, 4, 5], { minLength: 6 }),
        fc.array(any, { minLength: 6, maxLength: 6 }),
        (order, candidates) => {
          const last = (all: readonly RevisionCandidate[]): RevisionCandidate =>
            all.reduce((kept, next) => (supersedes(next, kept) ? next : kept))
          const shuffled = order.flatMap((index) => candidates[index] ?? [])
          const winner = last(candidates)
          const other = last(shuffled)
          expect(supersedes(winner, other) || supersedes(other, winner)).toBe(false)
        },
      ),
    )
  })
})

describe('the hash of a value', () => {
  test('is MurmurHash3’s finaliser over both halves of the double', () => {
    // fmix32 maps 0 to 0, so +0 has hash 0; fmix32(1) = 0x514e28b7 (Appleby, MurmurHash3, fmix32).
    expect(valueHash(0)).toBe(0)
    expect(valueHash(-0)).toBe(0)
    // The double with bits 0x00000001_00000000: upper half 1, lower half 0.
    const bits = new DataView(new ArrayBuffer(8))
    bits.setBigUint64(0, 0x0000000100000000n)
    expect(valueHash(bits.getFloat64(0))).toBe(0x514e28b7)
  })

  test('is an unsigned 32-bit integer', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true }), (value) => {
        const hash = valueHash(value)
        expect(Number.isInteger(hash) && hash >= 0 && hash < 2 ** 32).toBe(true)
      }),
    )
  })
})
