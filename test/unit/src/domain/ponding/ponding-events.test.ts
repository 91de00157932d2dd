import { expect, test } from 'vitest'
import { FLAG } from '../../../../../src/domain/flag.js'
import {
  pondingEvents,
  type PondingRule,
} from '../../../../../src/domain/ponding/ponding-events.js'
import { rainEnd } from '../../../../../src/domain/ponding/rain-end.js'
import { rainSteps } from '../../../../../src/domain/rain/hyetograph.js'
import { rainRecordWriter } from '../../../../../src/domain/rain/rain-record.js'
import { JUDGED, JUDGED_WITHOUT_SUSPECT } from '../../../../../src/domain/selection.js'
import { HOUR_MS, MINUTE_MS } from '../../../../../src/domain/time.js'
import { at, series, window, type Row } from '../rain/series.js'

const RULE: PondingRule = {
  thresholdMm: 30,
  startReadings: 2,
  endBelowMs: 10 * MINUTE_MS,
  maximum: 'raw',
  expectedMs: 90_000,
}

/** Depths minute by minute. */
function minutes(...depths: number[]): Row[] {
  return depths.map((value, min) => ({ min, value }))
}

function found(rows: readonly Row[], rule = RULE, selection = JUDGED) {
  return pondingEvents(series(rows), rule, selection)
}

const DRY_TEN = Array.from({ length: 11 }, () => 0)

test('two readings of exactly 3 cm begin a ponding, one does not but is listed', () => {
  expect(found(minutes(0, 30, 30, ...DRY_TEN)).events).toMatchObject([
    { fromMs: at(1), toMs: at(3), state: 'complete' },
  ])
  const one = found(minutes(0, 30, ...DRY_TEN))
  expect(one.events).toEqual([])
  expect(one.tooFew).toEqual([{ atMs: at(1), depthMm: 30 }])
})

test('readings just below 3 cm are no ponding', () => {
  expect(found(minutes(29.9, 29.9, 29.9, ...DRY_TEN)).events).toEqual([])
})

test('ten minutes below end a ponding, nine do not', () => {
  const below = (count: number) => Array.from({ length: count }, () => 0)
  const ten = found(minutes(50, 50, ...below(10), 50, 50, ...DRY_TEN)).events
  const nine = found(minutes(50, 50, ...below(9), 50, 50, ...DRY_TEN)).events
  expect(ten).toHaveLength(2)
  expect(nine).toHaveLength(1)
  expect(ten[0]).toMatchObject({ toMs: at(2) })
})

test('a ponding whose end is not proven goes on', () => {
  expect(found(minutes(50, 60, 20, 10)).events).toMatchObject([{ state: 'going-on' }])
  expect(found(minutes(50, 60)).events).toMatchObject([{ state: 'going-on', toMs: at(1) }])
})

test('the robust maximum is the 95th percentile of the peak five minutes', () => {
  // Peak five minutes 100, 110, 120, 110, 100: type 7 at 0.95 lies at 4.8: 110 + 0.8 · 10 = 118.
  const rows = minutes(40, 50, 100, 110, 120, 110, 100, 50, 40, ...DRY_TEN)
  const [robust] = found(rows, { ...RULE, maximum: 'p95-of-5-min' }).events
  expect(robust?.maxMm).toBeCloseTo(118, 9)
  expect(robust?.rawMaxMm).toBe(120)
  expect(found(rows).events[0]?.maxMm).toBe(120)
})

test('failed readings take no part, suspect ones as chosen, and the event says so', () => {
  const rows: Row[] = [
    { min: 0, value: 60, flag: FLAG.suspect },
    { min: 1, value: 60, flag: FLAG.suspect },
    { min: 2, value: 900, flag: FLAG.fail },
    ...DRY_TEN.map((value, k) => ({ min: 3 + k, value })),
  ]
  expect(found(rows).events).toMatchObject([{ maxMm: 60, suspect: true }])
  expect(found(rows, RULE, JUDGED_WITHOUT_SUSPECT).events).toEqual([])
})

test('a hole in the readings shows', () => {
  const rows: Row[] = [
    ...minutes(50, 60),
    { min: 9, value: 50 },
    ...DRY_TEN.map((value, k) => ({ min: 10 + k, value })),
  ]
  expect(found(rows).events).toMatchObject([{ state: 'hole' }])
})

const END = { wetAboveMm: 0.1, dryMs: 30 * MINUTE_MS, reachMs: 6 * HOUR_MS }

/** Rain of 5-min steps, depths in mm; `null` is missing. */
function rain(...depths: (number | null)[]) {
  const all = window(0, depths.length * 5)
  const writer = rainRecordWriter(all)
  for (const [k, mm] of depths.entries()) {
    writer.push(at((k + 1) * 5), {
      depthPm: (mm ?? 0) * 1e9,
      flag: mm === null ? FLAG.missing : FLAG.good,
    })
  }
  return rainSteps(writer.finish(), all, 5 * MINUTE_MS)
}

const NO_RAIN = Array.from({ length: 12 }, () => 0)

test('rain ends with its last step above 0.1 mm before a dry half hour', () => {
  const steps = rain(2, 3, 0, 0.1, 1, ...NO_RAIN)
  expect(rainEnd(steps, window(10, 40), END)).toEqual({
    found: 'rain',
    startMs: at(0),
    endMs: at(25),
  })
})

test('a dry half hour separates, a step less does not', () => {
  const half = rain(2, 0, 0, 0, 0, 0, 0, 2, ...NO_RAIN)
  const less = rain(2, 0, 0, 0, 0, 0, 2, ...NO_RAIN)
  expect(rainEnd(half, window(5, 20), END)).toMatchObject({ endMs: at(5) })
  expect(rainEnd(less, window(5, 20), END)).toMatchObject({ endMs: at(35) })
})

test('a gap where the rain may have gone on leaves its end unknown', () => {
  expect(rainEnd(rain(2, 0, null, 0, 0, 0, 0, 0, ...NO_RAIN), window(5, 20), END).found).toBe(
    'unknown',
  )
})

test('water without rain within reach is told apart', () => {
  const dry = rain(...Array.from({ length: 100 }, () => 0))
  expect(rainEnd(dry, window(400, 420), END).found).toBe('no-rain')
})
