import { mean, sampleCorrelation, standardDeviation } from 'simple-statistics'
import { expect, test } from 'vitest'
import { coverageInterval } from '../../../../../src/domain/uncertainty/coverage-interval.js'
import {
  drawn,
  DRAWS,
  type ErrorTerm,
  type UncertainAmount,
} from '../../../../../src/domain/uncertainty/draws.js'

const ANYTHING = [-Number.MAX_VALUE, Number.MAX_VALUE] as const

function normal(source: string, scale: number): ErrorTerm {
  return { source, law: 'normal', scale }
}

function intervalOf(amount: UncertainAmount) {
  const [draws = new Float64Array(0)] = drawn('test', [amount])
  return coverageInterval(draws, amount.value, ANYTHING)
}

function half(amount: UncertainAmount): number {
  const found = intervalOf(amount)
  return found === null ? Number.NaN : (found.upper - found.lower) / 2
}

/** Half a percent: a middle of 2000 parts is not the very percentile. */
function expectNear(found: number, expected: number, share = 0.005): void {
  expect(Math.abs(found / expected - 1)).toBeLessThan(share)
}

test('one normal error gives its own 95 % limits', () => {
  const found = intervalOf({ value: 100, errors: [normal('a', 5)] })
  expectNear(found?.lower ?? 0, 95, 0.0005)
  expectNear(found?.upper ?? 0, 105, 0.0005)
})

test('the laws have the moments of their textbooks', () => {
  const of = (law: ErrorTerm['law']) => [
    ...(drawn('test', [{ value: 0, errors: [{ source: 'a', law, scale: 1 }] }])[0] ?? []),
  ]
  // Normal: 95 % within 1, so σ = 1/1.959964. Rectangular: 1/√3. From zero: ½ and 1/√12. Exponential: 1, 1.
  expect(of('normal')).toHaveLength(DRAWS)
  expectNear(standardDeviation(of('normal')), 1 / 1.959964)
  expectNear(standardDeviation(of('rectangular')), 1 / Math.sqrt(3))
  expectNear(mean(of('from-zero')), 0.5)
  expectNear(standardDeviation(of('from-zero')), 1 / Math.sqrt(12))
  expectNear(mean(of('exponential')), 1)
  expectNear(standardDeviation(of('exponential')), 1, 0.01)
  expect(Math.abs(mean(of('normal')))).toBeLessThan(1e-9)
  expect(Math.abs(mean(of('rectangular')))).toBeLessThan(1e-9)
})

test('a sample as a law gives each of its numbers as often', () => {
  const [draws = []] = drawn('test', [
    { value: 1, errors: [{ source: 'a', law: [2, 3, 2, 7], scale: 10 }] },
  ])
  const count = (value: number) => [...draws].filter((draw) => draw === value).length
  expect([count(21), count(31), count(71)]).toEqual([1000, 500, 500])
})

test('independent errors add by squares, errors of one source straight', () => {
  // 3 and 4: 5 when they are independent, 7 when they are one, 1 when they oppose each other.
  expectNear(half({ value: 0, errors: [normal('a', 3), normal('b', 4)] }), 5, 0.05)
  expectNear(half({ value: 0, errors: [normal('a', 3), normal('a', 4)] }), 7)
  expectNear(half({ value: 0, errors: [normal('a', -3), normal('a', 4)] }), 1)
})

test('different sources are drawn as good as independent', () => {
  const [a = [], b = []] = drawn('test', [
    { value: 0, errors: [normal('a', 1)] },
    { value: 0, errors: [normal('b', 1)] },
  ])
  // The correlation of 2000 independent pairs has a deviation of 1/√2000 = 0.022.
  expect(Math.abs(sampleCorrelation([...a], [...b]))).toBeLessThan(3 * 0.0224)
})

test('an error that two amounts share falls out of their quotient', () => {
  const [runoff, rain] = drawn('test', [
    { value: 120, errors: [normal('gain', 0.2 * 120)] },
    { value: 216, errors: [normal('gain', 0.2 * 216)] },
  ])
  for (const [i, amount] of (runoff ?? []).entries()) {
    expect(amount / (rain?.[i] ?? 0)).toBeCloseTo(120 / 216, 12)
  }
})

test('the same seed gives the same draws in any order of amounts and terms, another seed others', () => {
  const a = { value: 1, errors: [normal('x', 2), normal('y', 3)] }
  const b = { value: 5, errors: [normal('y', -1), normal('z', 7)] }
  const turned = (amount: UncertainAmount) => ({ ...amount, errors: amount.errors.toReversed() })
  const [a1, b1] = drawn('test', [a, b])
  const [b2, a2] = drawn('test', [turned(b), turned(a)])
  expect(a2).toEqual(a1)
  expect(b2).toEqual(b1)
  expect(drawn('other', [a, b])[0]).not.toEqual(a1)
})

test('a one-sided error lies askew and the interval still holds the value', () => {
  const missing = { source: 'gap', law: 'from-zero', scale: 40 } as const
  const found = intervalOf({ value: 100, errors: [missing] })
  // Between 0 and 40 more: the 97.5th percentile stands at 0.975 · 40 = 39, the 2.5th above the value.
  expect(found?.lower).toBe(100)
  expectNear(found?.upper ?? 0, 139, 0.0005)
  // −40 · 0.975 on the other side.
  expectNear(
    intervalOf({ value: 100, errors: [{ ...missing, scale: -40 }] })?.lower ?? 0,
    61,
    0.001,
  )
})

test('the interval stays within what the value may be, and draws without bounds give none', () => {
  const draws = Float64Array.from({ length: 100 }, (_, i) => i / 50 - 0.5)
  expect(coverageInterval(draws, 0.5, [0, 1])).toEqual({ lower: 0, upper: 1 })
  expect(coverageInterval(draws.fill(Number.POSITIVE_INFINITY, 90), 0.5, [0, 1])).toBeNull()
})
