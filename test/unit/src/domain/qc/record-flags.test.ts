import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { QUALITY_TESTS, RECORD_TESTS } from '../../../../../src/domain/qc/catalogue.js'
import type { NeighbourRecord, QualityRecord } from '../../../../../src/domain/qc/quality-record.js'
import {
  qualitySettings,
  type QualitySettings,
} from '../../../../../src/domain/qc/quality-settings.js'
import { recordFlags } from '../../../../../src/domain/qc/record-flags.js'

const STEP_MS = 300_000

/** All tests set, so that each gives verdicts of every kind on small whole numbers. */
const ALL_SET: QualitySettings = {
  grossRange: { fail: [-6, 8], suspect: [-5, 7] },
  climatology: [{ fromDay: 101, toDay: 101, suspect: [-3, 6] }],
  spike: { suspect: 2, fail: 5 },
  rateOfChange: { suspectPerS: 3 / 300, failPerS: 6 / 300 },
  flatLine: { tolerance: 2, suspectAfterMs: 3 * STEP_MS, failAfterMs: 5 * STEP_MS },
  attenuatedSignal: {
    windowMs: 4 * STEP_MS,
    measure: 'standard-deviation',
    suspectBelow: 1,
    failBelow: 0.5,
  },
  timeGap: { suspectAboveMs: 2 * STEP_MS, failAboveMs: 4 * STEP_MS },
  location: { box: [0, 0, 10, 10], maxStepM: 400_000 },
  neighbour: { windowMs: 4 * STEP_MS, wetAboveMm: 2, atLeast: 2 },
}

const cell = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: -2, max: 2 }) },
  { weight: 1, arbitrary: fc.integer({ min: -9, max: 9 }) },
  { weight: 1, arbitrary: fc.constant(Number.NaN) },
)

const rows = fc.array(
  fc.record({
    /** Steps since the row before: mostly one, at times none (a repeated time) or a gap. */
    steps: fc.oneof(
      { weight: 8, arbitrary: fc.constant(1) },
      { weight: 2, arbitrary: fc.integer({ min: 0, max: 6 }) },
    ),
    value: fc.oneof({ weight: 3, arbitrary: cell }, { weight: 2, arbitrary: fc.constant(0) }),
    neighbours: fc.tuple(cell.map(Math.abs), cell.map(Math.abs)),
    lon: fc.integer({ min: -1, max: 11 }),
    lat: fc.integer({ min: 0, max: 10 }),
  }),
  { minLength: 1, maxLength: 60 },
)

function recordOf(given: typeof rows extends fc.Arbitrary<infer T> ? T : never): QualityRecord {
  let at = Date.UTC(2026, 0, 1)
  const atMs = Float64Array.from(given, ({ steps }) => (at += steps * STEP_MS))
  const gauge = (which: 0 | 1): NeighbourRecord => ({
    atMs,
    values: Float64Array.from(given, ({ neighbours }) => neighbours[which]),
    intervalMs: STEP_MS,
  })
  return {
    atMs,
    values: Float64Array.from(given, ({ value }) => value),
    intervalMs: STEP_MS,
    utcOffsetMs: () => 0,
    positions: {
      lon: Float64Array.from(given, ({ lon }) => lon),
      lat: Float64Array.from(given, ({ lat }) => lat),
    },
    neighbours: [gauge(0), gauge(1)],
  }
}

function part(record: QualityRecord, from: number, to: number): QualityRecord {
  const { atMs, values, positions, neighbours = [] } = record
  return {
    ...record,
    atMs: atMs.slice(from, to),
    values: values.slice(from, to),
    ...(positions !== undefined && {
      positions: { lon: positions.lon.slice(from, to), lat: positions.lat.slice(from, to) },
    }),
    neighbours: neighbours.map((gauge) => ({
      ...gauge,
      atMs: gauge.atMs.slice(from, to),
      values: gauge.values.slice(from, to),
    })),
  }
}

test.each(RECORD_TESTS)(
  '$id gives a value within its declared context the flag that the whole record gives',
  (quality) => {
    const context = quality.context(ALL_SET)
    if (context === null) throw new Error(`${quality.id} is not set`)
    const seen = new Map<number, number>()
    fc.assert(
      fc.property(rows, fc.nat(), (given, pick) => {
        const record = recordOf(given)
        const row = pick % given.length
        const at = record.atMs[row] ?? 0
        const near = record.atMs.findIndex((time) => time >= at - context.msBefore)
        const far = record.atMs.findLastIndex((time) => time <= at + context.msAfter)
        const from = Math.max(0, Math.min(near, row - context.rowsBefore))
        const to = Math.max(far, row + context.rowsAfter) + 1
        const whole = quality.run(record, ALL_SET)[row]
        expect(quality.run(part(record, from, to), ALL_SET)[row - from]).toBe(whole)
        seen.set(whole ?? 0, (seen.get(whole ?? 0) ?? 0) + 1)
      }),
      { numRuns: 2000, seed: 7 },
    )
    // The property has looked at verdicts, not only at rows the test had nothing to say on.
    expect(seen.get(1)).toBeGreaterThan(20)
    expect((seen.get(3) ?? 0) + (seen.get(4) ?? 0)).toBeGreaterThan(20)
  },
)

test('a row’s flag is the worst of its tests, and a bit tells which of them spoke', () => {
  const record = {
    atMs: Float64Array.of(0, STEP_MS, 2 * STEP_MS, 3 * STEP_MS),
    values: Float64Array.of(0, 9, 0, Number.NaN),
    intervalMs: STEP_MS,
    utcOffsetMs: () => 0,
  }
  const settings = { grossRange: { fail: [0, 10] }, spike: { suspect: 5 } } as const
  const { flags, tests, verdicts } = recordFlags(record, settings)
  expect(verdicts.map(({ id, flags }) => [id, [...flags]])).toEqual([
    ['gross-range', [1, 1, 1, 9]],
    ['spike', [2, 3, 2, 9]],
  ])
  expect([...flags]).toEqual([1, 3, 1, 9])
  expect([...tests]).toEqual([0b001, 0b101, 0b001, 0])
})

test('a missing value stays missing wherever its device stands', () => {
  const record = {
    atMs: Float64Array.of(0),
    values: Float64Array.of(Number.NaN),
    intervalMs: STEP_MS,
    utcOffsetMs: () => 0,
    positions: { lon: Float64Array.of(500), lat: Float64Array.of(0) },
  }
  const { flags, tests } = recordFlags(record, { location: { box: [-180, -90, 180, 90] } })
  expect([...flags]).toEqual([9])
  expect([...tests]).toEqual([0])
})

test('a value no test could judge is not evaluated', () => {
  const record = {
    atMs: Float64Array.of(0),
    values: Float64Array.of(1),
    intervalMs: null,
    utcOffsetMs: () => 0,
  }
  expect([...recordFlags(record, {}).flags]).toEqual([2])
  expect([...recordFlags(record, { spike: { fail: 1 } }).flags]).toEqual([2])
})

test('each test has settings of its own', () => {
  const settings = QUALITY_TESTS.map(({ setting }) => setting)
  expect(new Set(settings).size).toBe(QUALITY_TESTS.length)
  expect(new Set(settings)).toEqual(new Set(Object.keys(ALL_SET)))
})

test('defaults by quantity are the recommended ones', () => {
  const periodic = { type: 'periodic', intervalS: 300 } as const
  const of = (quantity: 'level' | 'air_temperature' | 'turbidity' | 'flow') =>
    qualitySettings({ quantity, kind: { type: 'instant' }, reporting: periodic })
  // Our own defaults: > 1 m per 5 min; > 4 °C per 10 min; unchanged > 12 h and > 6 h.
  expect(of('level').rateOfChange?.suspectPerS).toBe(1 / 300)
  expect(of('air_temperature').rateOfChange?.suspectPerS).toBe(4 / 600)
  expect(of('turbidity').flatLine?.suspectAfterMs).toBe(12 * 3_600_000)
  expect(of('air_temperature').flatLine?.suspectAfterMs).toBe(6 * 3_600_000)
  expect(Object.keys(of('flow'))).toEqual(['grossRange'])
  const gauge = qualitySettings({
    quantity: 'rain_depth',
    kind: { type: 'increment' },
    reporting: periodic,
  })
  expect(gauge.neighbour).toMatchObject({ windowMs: 3_600_000, wetAboveMm: 5, atLeast: 2 })
})
