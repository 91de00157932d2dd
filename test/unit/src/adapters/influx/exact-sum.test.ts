import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { billionths, exactSum } from '../../../../../src/adapters/influx/exact-sum.js'

const sumOf = (values: readonly number[]): number => {
  const sum = exactSum()
  for (const value of values) sum.add(billionths(value))
  return sum.value()
}

test('ten tenths are one', () => {
  expect(sumOf(Array.from({ length: 10 }, () => 0.1))).toBe(1)
})

test('small values survive beside large ones that cancel out', () => {
  expect(sumOf([1e19, 0.2, -1e19, 0.000000001])).toBe(0.200000001)
})

test('half a billionth counts as a whole one, less counts as none, on both sides of zero', () => {
  expect([5e-10, 4.9e-10, -5e-10, -4.9e-10].map(billionths)).toEqual([1, 0, -1, 0])
  expect(Object.is(billionths(-1e-12), 0)).toBe(true)
})

test('a value of 1e20 makes the sum NaN, one just below does not', () => {
  expect(sumOf([1, 1e20])).toBeNaN()
  expect(sumOf([1, -1e20])).toBeNaN()
  expect(sumOf([9.9e19])).not.toBeNaN()
})

test('nothing sums to zero', () => {
  expect(sumOf([])).toBe(0)
})

test('tenths of a millimetre add up to the whole number of tenths, in any order', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: -1e6, max: 1e6 })), (tenths) => {
      const total = tenths.reduce((sum, tenth) => sum + tenth, 0)
      const values = tenths.map((tenth) => tenth / 10)
      expect(sumOf(values)).toBe(total === 0 ? 0 : total / 10)
      expect(sumOf(values.reverse())).toBe(sumOf(values))
    }),
  )
})

test('any order gives the same bits, also beyond what doubles add exactly', () => {
  const values = fc.array(fc.double({ min: -1e19, max: 1e19, noNaN: true }))
  fc.assert(
    fc.property(values, (given) => {
      const ascending = [...given].sort((a, b) => a - b)
      expect(sumOf(ascending)).toBe(sumOf(given))
    }),
  )
})
