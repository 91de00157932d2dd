import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Sensor } from '../../../../../src/domain/city/registry.js'
import { FLAG } from '../../../../../src/domain/flag.js'
import { localTime } from '../../../../../src/domain/local-time.js'
import type { Gauge } from '../../../../../src/domain/rain/gauge.js'
import { observedRain } from '../../../../../src/domain/rain/observed-rain.js'
import { JUDGED } from '../../../../../src/domain/selection.js'
import { at, gauge, series, window, type Row } from './series.js'

const SHANGHAI = localTime('Asia/Shanghai')

function counter(more: Partial<Extract<Sensor['kind'], { type: 'counter' }>> = {}): Gauge {
  return gauge({ type: 'counter', ...more })
}

function record(rows: readonly Row[], of: Gauge, fromMin: number, toMin: number) {
  return observedRain(series(rows), of, window(fromMin, toMin), JUDGED, SHANGHAI)
}

function total(rows: readonly Row[], of: Gauge, toMin: number): number {
  return record(rows, of, 0, toMin).depthPm.reduce((sum, pm) => sum + pm, 0) / 1e9
}

test('rain is the difference of neighbouring readings; nothing is known before the first', () => {
  const found = record(
    [
      { min: 5, value: 10 },
      { min: 10, value: 10.4 },
      { min: 15, value: 10.4 },
    ],
    counter(),
    0,
    15,
  )
  expect([...found.flags]).toEqual([FLAG.missing, FLAG.good, FLAG.good])
  expect([...found.depthPm]).toEqual([0, 0.4e9, 0])
})

test('a gap in a counter loses no rain: one long span whose timing is unknown', () => {
  const found = record(
    [
      { min: 0, value: 3 },
      { min: 120, value: 8 },
    ],
    counter(),
    0,
    120,
  )
  expect([...found.depthPm]).toEqual([5e9])
  expect([...found.spread]).toEqual([1])
})

test('a gap over which the counter stood still was dry', () => {
  const found = record(
    [
      { min: 0, value: 3 },
      { min: 120, value: 3 },
    ],
    counter(),
    0,
    120,
  )
  expect([...found.flags]).toEqual([FLAG.good])
  expect([...found.spread]).toEqual([0])
})

test('at its local hour the counter starts again; the reading on the hour may stand before or after', () => {
  // 08:00 in Shanghai is 480 min after local midnight.
  const reset = counter({ resetLocalHour: 8 })
  const before: Row[] = [
    { min: 475, value: 5 },
    { min: 480, value: 5.2 },
    { min: 485, value: 0.3 },
  ]
  const after: Row[] = [
    { min: 475, value: 5 },
    { min: 480, value: 0 },
    { min: 485, value: 0.3 },
  ]
  const within: Row[] = [
    { min: 478, value: 5 },
    { min: 483, value: 0.3 },
  ]
  expect(total(before, reset, 490)).toBeCloseTo(0.5, 9)
  expect(total(after, reset, 490)).toBeCloseTo(0.3, 9)
  expect(total(within, reset, 490)).toBeCloseTo(0.3, 9)
})

test('after a reset that the readings outgrew, the reading is all the rain since', () => {
  const rows: Row[] = [
    { min: 478, value: 0.2 },
    { min: 483, value: 0.6 },
  ]
  expect(total(rows, counter({ resetLocalHour: 8 }), 483)).toBeCloseTo(0.6, 9)
})

test('a reset within a gap leaves the time before it missing', () => {
  const found = record(
    [
      { min: 400, value: 4 },
      { min: 600, value: 2 },
    ],
    counter({ resetLocalHour: 8 }),
    400,
    600,
  )
  expect([...found.toMs]).toEqual([at(480), at(600)])
  expect([...found.flags]).toEqual([FLAG.missing, FLAG.good])
  expect([...found.depthPm]).toEqual([0, 2e9])
})

test('a declared roll-over wraps', () => {
  const rows: Row[] = [
    { min: 0, value: 999.8 },
    { min: 5, value: 0.4 },
  ]
  expect(total(rows, counter({ rollOver: 1000 }), 5)).toBeCloseTo(0.6, 9)
})

test('an undeclared drop to near zero is a restart and suspect', () => {
  const found = record(
    [
      { min: 0, value: 120 },
      { min: 5, value: 0.6 },
    ],
    counter(),
    0,
    5,
  )
  expect([...found.depthPm]).toEqual([0.6e9])
  expect([...found.flags]).toEqual([FLAG.suspect])
})

test('a small drop is no rain of the whole counter but a contradiction: missing', () => {
  const found = record(
    [
      { min: 0, value: 500 },
      { min: 5, value: 499.9 },
      { min: 10, value: 500.1 },
    ],
    counter({ rollOver: 1000 }),
    0,
    10,
  )
  expect([...found.flags]).toEqual([FLAG.missing, FLAG.good])
  expect([...found.depthPm]).toEqual([0, 0.2e9])
})

test('a new calibration makes no rain', () => {
  const calibrated: Gauge = {
    ...counter(),
    calibrations: [
      {
        from: '2020-01-01T00:00:00Z',
        to: new Date(at(3)).toISOString(),
        gain: 1,
        offset: 0,
        certificate: 'A',
      },
      { from: new Date(at(3)).toISOString(), gain: 1.04, offset: 0, certificate: 'B' },
    ],
  }
  // Raw 100 and 101 mm: stored as 100 and 105.04 after calibration.
  const rows: Row[] = [
    { min: 0, value: 100 },
    { min: 5, value: 105.04 },
  ]
  expect(total(rows, calibrated, 5)).toBeCloseTo(1.04, 9)
})

test('a counter with daily resets tells the same rain as its increments', () => {
  const increments = fc.array(fc.integer({ min: 0, max: 30 }), { minLength: 50, maxLength: 700 })
  fc.assert(
    fc.property(increments, (tenths) => {
      let shown = 0
      const rows = tenths.map((tenth, k): Row => {
        const min = k * 5
        shown += k === 0 ? 0 : tenth
        // The device shows the day's total on the hour and starts again after it.
        const row = { min, value: shown / 10 }
        if (min % 1440 === 480) shown = 0
        return row
      })
      const all = tenths.slice(1).reduce((sum, tenth) => sum + tenth, 0) / 10
      expect(total(rows, counter({ resetLocalHour: 8 }), 5 * tenths.length)).toBeCloseTo(all, 9)
    }),
    { numRuns: 50 },
  )
})
