import { expect, test } from 'vitest'
import { quantile, weightedMedian } from '../../../../src/domain/quantile.js'
import { rounded, roundedDeep } from '../../../../src/domain/rounding.js'

test('the last bits of a sum do not show', () => {
  expect(rounded(0.1 + 0.2)).toBe(0.3)
  expect(rounded(1 / 3)).toBe(0.333333333333)
})

test('a time keeps its thirteen digits', () => {
  expect(rounded(1_780_000_000_123)).toBe(1_780_000_000_123)
})

test('minus zero becomes zero, deep inside as well', () => {
  expect(Object.is(rounded(-0), 0)).toBe(true)
  expect(roundedDeep({ a: [0.1 + 0.2, null, 'x'], b: undefined })).toEqual({ a: [0.3, null, 'x'] })
})

test('quantiles interpolate between order statistics (type 7)', () => {
  // R: quantile(c(1, 2, 3, 4, 10), 0.95) = 8.8
  expect(quantile([10, 1, 3, 2, 4], 0.95)).toBeCloseTo(8.8, 12)
  expect(quantile([7], 0.95)).toBe(7)
  expect(quantile([], 0.5)).toBeNaN()
})

test('a weighted median of equal weights is the median', () => {
  expect(weightedMedian([3, 1, 2], [1, 1, 1])).toBe(2)
  expect(weightedMedian([4, 1, 2, 3], [1, 1, 1, 1])).toBe(2.5)
  expect(weightedMedian([1, 9], [3, 1])).toBe(1)
  expect(weightedMedian([], [])).toBeNaN()
})
