import { array, assert, integer, property } from 'fast-check'
import { expect, test } from 'vitest'
import { captureCurve } from '../../../../../src/domain/capture/capture-curve.js'
import { CURVE_RULE, curveDays } from '../../../../../src/domain/capture/curve-days.js'
import { DAY_MS } from '../../../../../src/domain/time.js'

/** Standards sheet 5.2, test vector: the days above 2 mm. */
const DAYS = [2.5, 4, 6, 8, 12, 18, 25, 40, 65]

test.each([
  [8, 33.518],
  [18, 57.895],
  [25, 69.529],
  [40, 86.15],
])('a depth of %d mm controls %f %% (standards sheet 5.2)', (depthMm, percent) => {
  expect(100 * captureCurve(DAYS).shareOf(depthMm)).toBeCloseTo(percent, 3)
})

test.each([
  [60, 19.267],
  [70, 25.425],
  [75, 29.938],
  [80, 34.45],
  [85, 38.9625],
])('%d %% take a design rainfall of %f mm (standards sheet 5.2)', (percent, depthMm) => {
  expect(captureCurve(DAYS).depthOf(percent / 100)).toBeCloseTo(depthMm, 3)
})

test('the share of a depth is the sum of what each day keeps, whatever the days', () => {
  const depth = integer({ min: 21, max: 3000 }).map((tenths) => tenths / 10)
  assert(
    property(array(depth, { minLength: 1, maxLength: 60 }), depth, (days, h) => {
      const kept = days.reduce((sum, day) => sum + Math.min(day, h), 0)
      const all = days.reduce((sum, day) => sum + day, 0)
      const curve = captureCurve(days)
      expect(curve.shareOf(h)).toBeCloseTo(kept / all, 12)
      expect(curve.depthOf(curve.shareOf(h))).toBeCloseTo(Math.min(h, Math.max(...days)), 6)
    }),
  )
})

test('no day of rain makes no curve', () => {
  expect(() => captureCurve([])).toThrow(RangeError)
  expect(() => captureCurve([3, 0])).toThrow(RangeError)
})

test('days of 2 mm or less and snow are dropped, missing days are counted by year', () => {
  const day = (date: string) => Date.parse(date) / DAY_MS
  const dates = Array.from({ length: 365 }, (_, i) => day('2001-01-01') + i)
  const dry = (length: number): number[] => Array.from({ length }, () => 0)
  const rain = {
    day: Int32Array.from([...dates.slice(0, 361), day('2002-01-01')]),
    depthMm: Float64Array.from([2, 2.1, 30, Number.NaN, ...dry(357), 9]),
    snow: Uint8Array.from([0, 0, 1, ...dry(359)]),
  }
  const days = curveDays(rain, [2001, 2002], CURVE_RULE)
  expect(days.depthsMm).toEqual([2.1, 9])
  expect(days.snowDays).toBe(1)
  // Four rows and one empty value; of 2002 there is one day.
  expect(days.gaps).toEqual([{ year: 2001, missing: 5 }])
  expect(days.refused).toEqual([{ year: 2002, missing: 364 }])
  expect(curveDays({ ...rain, snow: null }, [2001], CURVE_RULE).snowDays).toBeNull()
})
