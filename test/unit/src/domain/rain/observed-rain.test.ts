import { expect, test } from 'vitest'
import { FLAG, ORIGIN } from '../../../../../src/domain/flag.js'
import { localTime } from '../../../../../src/domain/local-time.js'
import { observedRain } from '../../../../../src/domain/rain/observed-rain.js'
import type { RainRecord } from '../../../../../src/domain/rain/rain-record.js'
import { JUDGED, JUDGED_WITHOUT_SUSPECT } from '../../../../../src/domain/selection.js'
import { MINUTE_MS } from '../../../../../src/domain/time.js'
import { gauge, series, START_MS, window, type Row } from './series.js'

const SHANGHAI = localTime('Asia/Shanghai')
const INCREMENT = gauge({ type: 'increment' })
const ON_CHANGE = gauge({ type: 'tip', perTip: 0.2 }, { type: 'on-change', heartbeatS: 3600 })

/** A record as [from, to] in minutes and depth in mm, or `missing`. */
function spans(record: RainRecord): (readonly [number, number, number | 'missing'])[] {
  const min = (ms: number) => (ms - START_MS) / MINUTE_MS
  return Array.from(record.fromMs, (from, i) => [
    min(from),
    min(record.toMs[i] ?? 0),
    record.flags[i] === FLAG.missing ? 'missing' : (record.depthPm[i] ?? 0) / 1e9,
  ])
}

function record(rows: readonly Row[], of = INCREMENT, fromMin = 0, toMin = 60, selection = JUDGED) {
  return observedRain(series(rows), of, window(fromMin, toMin), selection, SHANGHAI)
}

test('an increment covers the reporting interval that ends at its time', () => {
  expect(spans(record([{ min: 5, value: 0.2 }], INCREMENT, 0, 10))).toEqual([
    [0, 5, 0.2],
    [5, 10, 'missing'],
  ])
})

test('a span that the message gives beats the reporting interval', () => {
  expect(spans(record([{ min: 10, value: 1, spanMin: 10 }], INCREMENT, 0, 10))).toEqual([
    [0, 10, 1],
  ])
})

test('a periodic interval that nobody reported is missing, not dry', () => {
  const rows = [
    { min: 5, value: 0 },
    { min: 15, value: 0.4 },
  ]
  expect(spans(record(rows, INCREMENT, 0, 15))).toEqual([
    [0, 5, 0],
    [5, 10, 'missing'],
    [10, 15, 0.4],
  ])
})

test('jitter of half an interval is closed, more is a gap', () => {
  const late = (min: number) =>
    spans(
      record(
        [
          { min: 5, value: 0.1 },
          { min, value: 0.1 },
        ],
        INCREMENT,
        0,
        min,
      ),
    )
  expect(late(12.5)).toEqual([
    [0, 5, 0.1],
    [5, 12.5, 0.1],
  ])
  expect(late(13)).toContainEqual([5, 8, 'missing'])
})

test('failed, missing and filled observations leave their span missing; suspect ones as chosen', () => {
  const rows: Row[] = [
    { min: 5, value: 1, flag: FLAG.fail },
    { min: 10, value: null },
    { min: 15, value: 2, origin: ORIGIN.filled },
    { min: 20, value: 3, flag: FLAG.suspect },
  ]
  expect(spans(record(rows, INCREMENT, 0, 20))).toEqual([
    [0, 15, 'missing'],
    [15, 20, 3],
  ])
  expect(spans(record(rows, INCREMENT, 0, 20, JUDGED_WITHOUT_SUSPECT))).toEqual([
    [0, 20, 'missing'],
  ])
})

test('silence of exactly the heartbeat is dry, beyond it missing and never zero', () => {
  const rows = (next: number): Row[] => [
    { min: 0, value: 0 },
    { min: next, value: 0 },
  ]
  expect(spans(record(rows(60), ON_CHANGE, 0, 60))).toEqual([[0, 60, 0]])
  expect(spans(record(rows(90), ON_CHANGE, 0, 90))).toEqual([
    [0, 60, 0],
    [60, 85, 'missing'],
    [85, 90, 0],
  ])
})

test('silence up to the end of the window is dry only as long as the last message vouches for it', () => {
  expect(spans(record([{ min: 0, value: 0 }], ON_CHANGE, 0, 120))).toEqual([
    [0, 60, 0],
    [60, 120, 'missing'],
  ])
})

test('a tip belongs to the time since the tip before, at most five minutes', () => {
  const rows: Row[] = [
    { min: 0, value: 0 },
    { min: 20, value: 0.2 },
    { min: 22, value: 0.2 },
  ]
  expect(spans(record(rows, ON_CHANGE, 0, 22))).toEqual([
    [0, 15, 0],
    [15, 20, 0.2],
    [20, 22, 0.2],
  ])
})

test('a span over the edge of the window is cut in proportion', () => {
  expect(spans(record([{ min: 5, value: 1 }], INCREMENT, 2, 5))).toEqual([[2, 5, 0.6]])
})

test('an unknown series is missing throughout', () => {
  expect(spans(record([], INCREMENT, 0, 60))).toEqual([[0, 60, 'missing']])
  expect(spans(record([], ON_CHANGE, 0, 60))).toEqual([[0, 60, 'missing']])
})
