import { expect, test } from 'vitest'
import { chance } from '../../../../simulators/random.js'
import { applyFault, saggingVoltage } from '../../../../simulators/sensors/apply-fault.js'
import { faultSchema, type Fault } from '../../../../simulators/sensors/fault.js'
import { instrument } from '../../../../simulators/sensors/instrument.js'
import { faultless, type Signal } from '../../../../simulators/sensors/readings.js'

const START_MS = Date.UTC(2026, 5, 1)
const HOUR_S = 3600

function signal(values: readonly number[], stepS: number): Signal {
  return {
    atMs: Float64Array.from(values, (_, row) => START_MS + row * stepS * 1000),
    value: Float64Array.from(values),
  }
}

/** What an instrument with the fault says of hourly values. */
function after(values: readonly number[], fault: Parameters<typeof faultSchema.parse>[0]) {
  return said(signal(values, HOUR_S), faultSchema.parse(fault))
}

function said(truth: Signal, fault: Fault) {
  const { readings, entry } = applyFault(faultless(truth), fault, {
    ...{ sensor: 'S', chance: chance(1), position: 0, startMs: START_MS },
  })
  return { value: [...readings.value], atMs: [...readings.atMs], entry }
}

const close = (values: readonly number[]) =>
  values.map((value): unknown => expect.closeTo(value, 9))

test('noise has the standard deviation asked for, around the truth', () => {
  const truth = signal(
    Array.from({ length: 20_000 }, () => 3),
    60,
  )
  const { value } = said(truth, faultSchema.parse({ kind: 'noise', sd: 0.5 }))
  const mean = value.reduce((sum, one) => sum + one, 0) / value.length
  const variance = value.reduce((sum, one) => sum + (one - mean) ** 2, 0) / value.length
  // Standard error of the mean 0.5/√20000 = 0.0035, of the deviation 0.5/√40000 = 0.0025; four of each.
  expect(Math.abs(mean - 3)).toBeLessThan(0.0142)
  expect(Math.abs(Math.sqrt(variance) - 0.5)).toBeLessThan(0.01)
})

test('relative noise leaves a zero alone', () => {
  expect(after([0, 0], { kind: 'noise', relativeSd: 0.1 }).value).toEqual([0, 0])
})

test('quantisation goes to the nearest multiple, half up', () => {
  // 0.125/0.01 = 12.5 → 13; −12.5 → −12; 0.38/0.25 = 1.52 → 2.
  const hundredths = after([0.1234, 0.125, -0.125, 0.3], { kind: 'quantisation', resolution: 0.01 })
  expect(hundredths.value).toEqual([0.12, 0.13, -0.12, 0.3])
  expect(after([0.37, 0.38], { kind: 'quantisation', resolution: 0.25 }).value).toEqual([0.25, 0.5])
})

test('a bias is a gain and an offset', () => {
  // 2 · 1.02 − 0.05
  expect(after([2], { kind: 'bias', gain: 1.02, offset: -0.05 }).value).toEqual(close([1.99]))
})

test('a drift grows from its start and is mended at its end', () => {
  // 0.24 a day is 0.01 an hour; it begins at hour 1 and is mended at hour 4.
  const fault = { kind: 'drift', fromS: HOUR_S, toS: 4 * HOUR_S, perDay: 0.24 }
  const { value, entry } = after([1, 1, 1, 1, 1], fault)
  expect(value).toEqual(close([1, 1, 1.01, 1.02, 1]))
  expect(entry).toMatchObject({
    ...{ kind: 'drift', sensor: 'S', rows: 2 },
    ...{ fromMs: START_MS + HOUR_S * 1000, toMs: START_MS + 4 * HOUR_S * 1000 },
    parameters: { perDay: 0.24 },
  })
})

test('a step is there from one reading to the next', () => {
  const fault = { kind: 'step', fromS: HOUR_S, toS: 3 * HOUR_S, offset: 0.5 }
  expect(after([1, 1, 1, 1], fault).value).toEqual([1, 1.5, 1.5, 1])
})

test('spikes are as many and as high as asked for', () => {
  const truth = signal(
    Array.from({ length: 10_000 }, () => 1),
    60,
  )
  const up = faultSchema.parse({ kind: 'spikes', share: 0.1, height: 2, sign: 'up' })
  const { value, entry } = said(truth, up)
  const spikes = value.filter((one) => one !== 1)
  // Binomial: 1000 ± 30; five of them.
  expect(Math.abs(spikes.length - 1_000)).toBeLessThan(150)
  expect(entry.rows).toBe(spikes.length)
  expect(Math.min(...spikes)).toBeGreaterThanOrEqual(2)
  expect(Math.max(...spikes)).toBeLessThanOrEqual(3)
  const none = faultSchema.parse({ kind: 'spikes', share: 0, height: 2 })
  expect(said(truth, none).entry.rows).toBe(0)
})

test('a flat line repeats the last value before it, and the truth returns', () => {
  const fault = { kind: 'flat-line', fromS: 2 * HOUR_S, toS: 4 * HOUR_S }
  expect(after([1, 2, 3, 4, 5], fault).value).toEqual([1, 2, 2, 2, 5])
  expect(after([1, 2, 3], { kind: 'flat-line', toS: 2 * HOUR_S }).value).toEqual([1, 1, 3])
})

test('fouling adds until it is cleaned', () => {
  const fault = { kind: 'fouling-bias', fromS: HOUR_S, cleanedAtS: 3 * HOUR_S, perDay: 24 }
  expect(after([5, 5, 5, 5], fault).value).toEqual(close([5, 5, 6, 5]))
})

test('a crust damps more and more', () => {
  // The time constant is as long as the fault is old: 100 s after 100 s, 200 s after 200 s.
  // 1 − e^(−100/100) = 0.632121; 1 − 0.367879 · e^(−100/200) = 0.776870.
  const crust = { kind: 'fouling-damping', lagSPerDay: 86_400 }
  const truth = signal([0, 1, 1], 100)
  const { value } = said(truth, faultSchema.parse(crust))
  expect(value[1]).toBeCloseTo(0.632_121, 6)
  expect(value[2]).toBeCloseTo(0.77687, 6)
  expect(said(truth, faultSchema.parse({ ...crust, cleanedAtS: 200 })).value[2]).toBe(1)
})

test('a range has ends', () => {
  expect(after([-1, 2, 9], { kind: 'saturation', low: 0, high: 5 }).value).toEqual([0, 2, 5])
})

test('below the cut-off voltage there are no values, and the voltage shows why', () => {
  // 24 V a day is 1 V an hour: 12.6, 11.6, 10.6, 9.6; then a new battery.
  const sag = { kind: 'battery-sag', toS: 4 * HOUR_S, perDayV: 24, cutOffV: 10.5 }
  expect(after([1, 2, 3, 4, 5], sag).value).toEqual([1, 2, 3, Number.NaN, 5])
  const volts = saggingVoltage(
    signal([12.6, 12.6, 12.6, 12.6, 12.6], HOUR_S),
    [faultSchema.parse(sag)],
    START_MS,
  )
  expect([...volts.value]).toEqual(close([12.6, 11.6, 10.6, 9.6, 12.6]))
})

test('a wrong clock stamps wrongly and keeps the true time beside', () => {
  // 100 ppm over an hour is 0.36 s.
  const wrong = faultSchema.parse({ kind: 'clock', fromS: HOUR_S, offsetS: -95, driftPpm: 100 })
  const truth = signal([1, 1, 1], HOUR_S)
  const { readings, entry } = applyFault(faultless(truth), wrong, {
    ...{ sensor: 'S', chance: chance(1), position: 0, startMs: START_MS },
  })
  const hour = HOUR_S * 1000
  const stamps = [START_MS, START_MS + hour - 95_000, START_MS + 2 * hour - 95_000 + 360]
  expect([...readings.atMs]).toEqual(stamps)
  expect([...readings.trueAtMs]).toEqual([...truth.atMs])
  expect(entry.rows).toBe(2)
})

test('faults act in their order and leave the truth as it was', () => {
  const truth = signal([4, 4], HOUR_S)
  const offset = faultSchema.parse({ kind: 'bias', offset: 2 })
  const end = faultSchema.parse({ kind: 'saturation', high: 5 })
  expect([...instrument(truth, 'S', [offset, end], chance(1)).readings.value]).toEqual([5, 5])
  expect([...instrument(truth, 'S', [end, offset], chance(1)).readings.value]).toEqual([6, 6])
  expect([...truth.value]).toEqual([4, 4])
})

test('chance belongs to sensor and instant: half a record has the same noise as the whole', () => {
  const noise = faultSchema.parse({ kind: 'noise', sd: 1 })
  const truth = signal([0, 0, 0, 0], HOUR_S)
  const half = { atMs: truth.atMs.slice(2), value: truth.value.slice(2) }
  const whole = instrument(truth, 'S', [noise], chance(1)).readings.value
  expect(instrument(half, 'S', [noise], chance(1)).readings.value).toEqual(whole.slice(2))
  expect(instrument(truth, 'T', [noise], chance(1)).readings.value).not.toEqual(whole)
  expect(instrument(truth, 'S', [noise], chance(2)).readings.value).not.toEqual(whole)
})
