import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { attenuatedSignal } from '../../../../../src/domain/qc/attenuated-signal.js'
import { climatology } from '../../../../../src/domain/qc/climatology.js'
import { flatLine } from '../../../../../src/domain/qc/flat-line.js'
import { neighbour } from '../../../../../src/domain/qc/neighbour.js'
import { rateOfChange } from '../../../../../src/domain/qc/rate-of-change.js'
import { spike } from '../../../../../src/domain/qc/spike.js'
import { timeGap } from '../../../../../src/domain/qc/time-gap.js'
import { trailingWindows } from '../../../../../src/domain/qc/trailing-windows.js'

const HOUR_MS = 3_600_000
const of = (...values: number[]): Float64Array => Float64Array.from(values)

test('a value exactly a threshold away from its neighbours’ mean is no spike', () => {
  expect([...spike(of(0, 4, 0), { fail: 4 })]).toEqual([2, 1, 2])
  expect([...spike(of(0, 4.5, 0), { fail: 4 })]).toEqual([2, 4, 2])
})

test('a threshold of zero is a threshold', () => {
  expect([...spike(of(1, 1, 1.5, 1), { suspect: 0 })]).toEqual([2, 3, 3, 2])
  expect([
    ...rateOfChange({ atMs: of(0, 1000, 2000), values: of(1, 1, 1.1) }, { failPerS: 0 }),
  ]).toEqual([2, 1, 4])
  const still = { atMs: of(0, 1000, 2000), values: of(1, 1, 1), intervalMs: 1000 }
  // No range is smaller than zero.
  expect([...flatLine(still, { tolerance: 0, failAfterMs: 1000 })]).toEqual([1, 1, 1])
})

test('values beside a missing one are not judged as spikes', () => {
  expect([...spike(of(0, 9, Number.NaN, 9, 0), { fail: 1 })]).toEqual([2, 2, 9, 2, 2])
})

test('the rate counts the seconds between the rows, not the rows', () => {
  const values = of(0, 10, 20)
  const atMs = of(0, 1000, 11_000)
  expect([...rateOfChange({ atMs, values }, { suspectPerS: 1, failPerS: 10 })]).toEqual([2, 3, 1])
})

test('two values at one time have no rate', () => {
  expect([...rateOfChange({ atMs: of(0, 0), values: of(1, 5) }, { failPerS: 1 })]).toEqual([2, 2])
})

test('a range of exactly the tolerance is alive', () => {
  const record = (step: number) => ({
    atMs: of(0, 1000, 2000),
    values: of(0, step, 0),
    intervalMs: 1000,
  })
  const settings = { tolerance: 0.5, suspectAfterMs: 2000 }
  expect([...flatLine(record(0.5), settings)]).toEqual([2, 1, 1])
  expect([...flatLine(record(0.25), settings)]).toEqual([2, 2, 3])
})

test('stillness is not claimed over a gap that holds more than half of the window', () => {
  // One row per second, window of 4 s: five rows, three of them needed.
  const settings = { tolerance: 0.5, failAfterMs: 4000 }
  const atMs = of(0, 1000, 2000, 3000, 4000)
  const x = Number.NaN
  const flags = (...values: number[]) => [
    ...flatLine({ atMs, values: of(...values), intervalMs: 1000 }, settings),
  ]
  expect(flags(1, x, x, x, 1)).toEqual([2, 9, 9, 9, 2])
  expect(flags(1, x, 1, x, 1)).toEqual([2, 9, 2, 9, 4])
  // The same with the rows away instead of missing: what came before the gap is too old.
  const after = { atMs: of(0, 9000, 10_000), values: of(1, 1, 1), intervalMs: 1000 }
  expect([...flatLine(after, settings)]).toEqual([2, 2, 2])
})

test('a sensor that reports on change is not called flat', () => {
  const record = { atMs: of(0, HOUR_MS, 2 * HOUR_MS), values: of(1, 1, 1), intervalMs: null }
  expect([...flatLine(record, { tolerance: 1, failAfterMs: HOUR_MS })]).toEqual([2, 2, 2])
})

test('a deviation of exactly the threshold is not attenuated', () => {
  // Sample standard deviation of 0 and 2: sqrt(2) = 1.4142…; of 0, 2, 4: 2.
  const record = { atMs: of(0, 1000, 2000), values: of(0, 2, 4), intervalMs: 1000 }
  const flags = (suspectBelow: number) => [
    ...attenuatedSignal(record, {
      windowMs: 10_000,
      measure: 'standard-deviation',
      minValues: 1,
      suspectBelow,
    }),
  ]
  expect(flags(2)).toEqual([2, 3, 1])
  expect(flags(2.01)).toEqual([2, 3, 3])
})

test('a silence of exactly the allowed time is no gap, and a missing value ends it', () => {
  const values = of(1, 1, Number.NaN, 1)
  const atMs = of(0, 1000, 2001, 3001)
  expect([...timeGap({ atMs, values }, { suspectAboveMs: 1000 })]).toEqual([2, 1, 9, 1])
})

test('the local day decides the season', () => {
  const seasons = [{ fromDay: 301, toDay: 331, fail: [0, 1] as const }]
  const eveningUtc = of(Date.parse('2026-02-28T20:00:00Z'))
  const flag = (offsetH: number) =>
    climatology(
      { atMs: eveningUtc, values: of(5), utcOffsetMs: () => offsetH * HOUR_MS },
      seasons,
    )[0]
  expect(flag(0)).toBe(2)
  expect(flag(8)).toBe(4)
})

test('of overlapping seasons the last listed decides', () => {
  const seasons = [
    { fromDay: 101, toDay: 1231, fail: [0, 1] as const },
    { fromDay: 601, toDay: 831, fail: [0, 10] as const },
  ]
  const atMs = of(Date.parse('2026-05-31T12:00:00Z'), Date.parse('2026-06-01T00:00:00Z'))
  expect([...climatology({ atMs, values: of(5, 5), utcOffsetMs: () => 0 }, seasons)]).toEqual([
    4, 1,
  ])
})

test('a dry gauge is suspect only while at least two neighbours are wet and its own hour is whole', () => {
  const intervalMs = HOUR_MS / 4
  const atMs = of(1, 2, 3, 4, 5, 6, 7, 8).map((step) => step * intervalMs)
  const gauge = (...values: number[]) => ({ atMs, values: of(...values), intervalMs })
  const x = Number.NaN
  const wet = gauge(0, 0, 0, 0, 3, 3, 0, 0)
  const dry = gauge(0, 0, 0, 0, 0, 0, 0, 0)
  const gone = gauge(x, x, x, x, x, x, x, x)
  const settings = { windowMs: HOUR_MS, wetAboveMm: 5, atLeast: 2 }
  const flags = (own: typeof wet, ...neighbours: (typeof wet)[]) => [
    ...neighbour({ ...own, utcOffsetMs: () => 0, neighbours }, settings),
  ]
  // 6 mm lie in the hours that end at steps 6 to 8; those hours begin with step 3.
  expect(flags(dry, wet, wet)).toEqual([1, 1, 3, 3, 3, 3, 3, 3])
  expect(flags(dry, wet, dry)).toEqual([1, 1, 1, 1, 1, 1, 1, 1])
  expect(flags(dry, wet)).toEqual([2, 2, 2, 2, 2, 2, 2, 2])
  expect(flags(dry, wet, gone)).toEqual([2, 2, 2, 2, 2, 2, 2, 2])
  expect(flags(gauge(0, 0, 0, 0, 0, 0.2, 0, 0), wet, wet)).toEqual([1, 1, 1, 1, 1, 1, 1, 1])
  // Steps 5 to 8 lie in no hour that is known from end to end.
  expect(flags(gauge(0, 0, 0, 0, x, 0, 0, 0), wet, wet)).toEqual([1, 1, 1, 1, 9, 2, 2, 2])
})

test('the sliding range is the range of the window, whatever the times', () => {
  const row = fc.record({
    stepMs: fc.integer({ min: 0, max: 5 }),
    value: fc.oneof(fc.integer({ min: -9, max: 9 }), fc.constant(Number.NaN)),
  })
  fc.assert(
    fc.property(
      fc.array(row, { maxLength: 40 }),
      fc.integer({ min: 0, max: 12 }),
      fc.constantFrom('included' as const, 'excluded' as const),
      (given, windowMs, oldEnd) => {
        let at = 0
        const atMs = Float64Array.from(given, ({ stepMs }) => (at += stepMs))
        const values = Float64Array.from(given, ({ value }) => value)
        const { range, present } = trailingWindows(atMs, values, windowMs, oldEnd)
        for (const [i, end] of atMs.entries()) {
          const inside = [...values.slice(0, i + 1)].filter((value, j) => {
            const age = end - (atMs[j] ?? 0)
            const isYoung = oldEnd === 'included' ? age <= windowMs : age < windowMs || age === 0
            return isYoung && !Number.isNaN(value)
          })
          expect(present[i]).toBe(inside.length)
          expect(range[i]).toBe(
            inside.length === 0 ? Number.NaN : Math.max(...inside) - Math.min(...inside),
          )
        }
      },
    ),
  )
})
