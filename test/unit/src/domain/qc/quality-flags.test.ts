import { expect, test } from 'vitest'
import { QUALITY_TESTS } from '../../../../../src/domain/qc/catalogue.js'
import { limitsOf } from '../../../../../src/domain/qc/default-limits.js'
import { grossRange } from '../../../../../src/domain/qc/gross-range.js'
import { qualityFlags } from '../../../../../src/domain/qc/quality-flags.js'
import { flagOfWeight, flagWeight, worstFlag } from '../../../../../src/domain/qc/worst-flag.js'

const PERIODIC = { type: 'periodic', intervalS: 300 } as const
const RAIN = { quantity: 'rain_depth', kind: { type: 'increment' }, reporting: PERIODIC } as const
const FLOW = { quantity: 'flow', kind: { type: 'instant' }, reporting: PERIODIC } as const

test('a value on a limit passes, one beyond the sensor’s fails, one beyond the operator’s is suspect', () => {
  const values = Float64Array.of(-1.001, -1, 0, 0.999, 5, 9, 9.001, 10, 10.001, Number.NaN)
  expect([...grossRange(values, { fail: [-1, 10], suspect: [1, 9] })]).toEqual([
    4, 3, 3, 3, 1, 1, 3, 3, 4, 9,
  ])
})

test('without limits a value is not evaluated, and no test bit is set', () => {
  const { flags, tests } = qualityFlags(Float64Array.of(0.3, Number.NaN), FLOW)
  expect([...flags]).toEqual([2, 9])
  expect([...tests]).toEqual([0, 0])
})

test('a verdict sets the bit of the test that gave it', () => {
  const { flags, tests } = qualityFlags(Float64Array.of(40, 40.1, -0.2), RAIN)
  expect([...flags]).toEqual([1, 4, 4])
  expect([...tests]).toEqual([1, 1, 1])
})

test('the registry’s limits beat the defaults', () => {
  const own = { ...RAIN, limits: { fail: [0, 100], suspect: [0, 20] } } satisfies Parameters<
    typeof qualityFlags
  >[1]
  expect([...qualityFlags(Float64Array.of(40.1), own).flags]).toEqual([3])
})

test('rain is held to what can fall within its reporting interval', () => {
  const every = (intervalS: number) =>
    limitsOf({ ...RAIN, reporting: { type: 'periodic', intervalS } }).fail?.[1]
  expect([60, 300, 900, 3600, 86_400].map(every)).toEqual([10, 40, 220, 220, 800])
})

test('deep ponding is never failed by default', () => {
  const gauge = { ...FLOW, quantity: 'ponding_depth' } as const
  expect([...qualityFlags(Float64Array.of(1000, 1500), gauge).flags]).toEqual([1, 3])
})

test('the aggregate flag follows 9 < 2 < 1 < 3 < 4 whatever the order', () => {
  const ascending = [9, 2, 1, 3, 4]
  for (const [i, low] of ascending.entries()) {
    for (const high of ascending.slice(i)) {
      expect(worstFlag(low, high)).toBe(high)
      expect(worstFlag(high, low)).toBe(high)
    }
  }
})

test('weights and flags belong together, from missing to fail; an unknown flag weighs most', () => {
  expect([9, 2, 1, 3, 4, 5].map(flagWeight)).toEqual([0, 1, 2, 3, 4, 5])
  expect([0, 1, 2, 3, 4, 5].map(flagOfWeight)).toEqual([9, 2, 1, 3, 4, 4])
})

test('every test has a bit of its own among sixteen', () => {
  const bits = QUALITY_TESTS.map(({ bit }) => bit)
  expect(bits.length).toBeGreaterThan(0)
  expect(new Set(bits).size).toBe(bits.length)
  expect(Math.max(...bits)).toBeLessThan(16)
})
