import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { FLAG } from '../../../../../src/domain/flag.js'
import { rainEvents } from '../../../../../src/domain/rain/rain-events.js'
import { rainRecordWriter, type RainRecord } from '../../../../../src/domain/rain/rain-record.js'
import { HOUR_MS, MINUTE_MS } from '../../../../../src/domain/time.js'
import { at, window } from './series.js'

type Span = readonly [toMin: number, mm: number | 'missing']

/** A record from its span ends in minutes; ample dry time stands before and after unless given. */
function record(spans: readonly Span[], fromMin = -100_000, toMin = 100_000): RainRecord {
  const writer = rainRecordWriter(window(fromMin, toMin))
  for (const [min, mm] of spans) {
    writer.push(
      at(min),
      mm === 'missing'
        ? { depthPm: 0, flag: FLAG.missing }
        : { depthPm: Math.round(mm * 1e9), flag: FLAG.good },
    )
  }
  writer.push(at(toMin), { depthPm: 0, flag: FLAG.good })
  return writer.finish()
}

test('a dry spell of exactly the inter-event time separates', () => {
  const spans: Span[] = [
    [0, 0],
    [5, 1],
    [365, 0],
    [370, 2],
  ]
  expect(rainEvents(record(spans), 6 * HOUR_MS).map(({ depthPm }) => depthPm)).toEqual([1e9, 2e9])
})

test('a dry spell one minute shorter joins', () => {
  const spans: Span[] = [
    [0, 0],
    [5, 1],
    [364, 0],
    [370, 2],
  ]
  const events = rainEvents(record(spans), 6 * HOUR_MS)
  expect(events.map(({ depthPm }) => depthPm)).toEqual([3e9])
  expect(events[0]).toMatchObject({ fromMs: at(0), toMs: at(370), state: 'complete' })
})

test('an event lasts from the start of its first wet span to the end of its last', () => {
  const [event] = rainEvents(
    record([
      [0, 0],
      [15, 1],
      [30, 0],
      [45, 2],
    ]),
    6 * HOUR_MS,
  )
  expect(event).toMatchObject({ fromMs: at(0), toMs: at(45) })
})

test('the greatest depth of a duration may begin anywhere, not only on its clock', () => {
  const [event] = rainEvents(
    record([
      [0, 0],
      [5, 1],
      [10, 4],
      [15, 5],
      [20, 2],
      [25, 1],
    ]),
    6 * HOUR_MS,
  )
  expect(event).toMatchObject({ max5Mm: 5, max15Mm: 11, max30Mm: 13, max60Mm: 13 })
})

test('peaks finer than the record are not made up', () => {
  const [event] = rainEvents(
    record([
      [0, 0],
      [60, 12],
    ]),
    6 * HOUR_MS,
  )
  expect(event).toMatchObject({ max5Mm: null, max15Mm: null, max30Mm: null, max60Mm: 12 })
})

test('dry time before an event counts from the rain before, however little', () => {
  const [, second] = rainEvents(
    record([
      [0, 0],
      [5, 0.1],
      [605, 0],
      [610, 9],
    ]),
    6 * HOUR_MS,
  )
  expect(second?.antecedentDryMs).toBe(600 * MINUTE_MS)
})

test('a gap longer than the inter-event time beside an event makes it incomplete, one as long does not', () => {
  const beside = (gapMin: number) =>
    rainEvents(
      record([
        [0, 0],
        [5, 3],
        [65, 0],
        [65 + gapMin, 'missing'],
      ]),
      6 * HOUR_MS,
    )[0]?.state
  expect(beside(360)).toBe('complete')
  expect(beside(361)).toBe('incomplete')
})

test('a gap far enough after the rain leaves the event complete', () => {
  const [event] = rainEvents(
    record([
      [0, 0],
      [5, 3],
      [365, 0],
      [2000, 'missing'],
    ]),
    6 * HOUR_MS,
  )
  expect(event?.state).toBe('complete')
})

test('an event at the end of the record is incomplete, and one after a hidden time does not know its dry time', () => {
  const [first] = rainEvents(
    record(
      [
        [0, 0],
        [5, 3],
      ],
      -1000,
      100,
    ),
    6 * HOUR_MS,
  )
  expect(first).toMatchObject({ state: 'incomplete', antecedentDryMs: null })
  const [, after] = rainEvents(
    record([
      [0, 0],
      [5, 3],
      [1000, 'missing'],
      [2000, 0],
      [2005, 1],
    ]),
    6 * HOUR_MS,
  )
  expect(after?.antecedentDryMs).toBeNull()
})

test('a gap within an event lowers its completeness', () => {
  const [event] = rainEvents(
    record([
      [0, 0],
      [5, 1],
      [10, 'missing'],
      [20, 1],
    ]),
    6 * HOUR_MS,
  )
  expect(event?.completeness).toBeCloseTo(0.75, 12)
})

test('a dry or missing record has no events', () => {
  expect(rainEvents(record([]), 6 * HOUR_MS)).toEqual([])
  expect(rainEvents(rainRecordWriter(window(0, 600)).finish(), 6 * HOUR_MS)).toEqual([])
})

const anyRecord = fc
  .array(
    fc.tuple(
      fc.integer({ min: 1, max: 400 }),
      fc.oneof(fc.integer({ min: 0, max: 300 }), fc.constant(0), fc.constant('missing' as const)),
    ),
    { maxLength: 60 },
  )
  .map((steps) => {
    let min = 0
    return record(
      steps.map(([length, tenths]): Span => {
        min += length
        return [min, tenths === 'missing' ? tenths : tenths / 10]
      }),
      0,
    )
  })

test('no rain is lost by splitting into events', () => {
  fc.assert(
    fc.property(anyRecord, fc.integer({ min: 1, max: 1440 }), (rain, minutes) => {
      const all = rain.depthPm.reduce((sum, pm) => sum + pm, 0)
      const events = rainEvents(rain, minutes * MINUTE_MS)
      expect(events.reduce((sum, { depthPm }) => sum + depthPm, 0)).toBe(all)
    }),
  )
})

test('a longer inter-event time never makes more events', () => {
  fc.assert(
    fc.property(
      anyRecord,
      fc.integer({ min: 1, max: 700 }),
      fc.integer({ min: 0, max: 700 }),
      (rain, minutes, more) => {
        const short = rainEvents(rain, minutes * MINUTE_MS).length
        expect(rainEvents(rain, (minutes + more) * MINUTE_MS).length).toBeLessThanOrEqual(short)
      },
    ),
  )
})

test('a longer duration never holds less rain, and none more than the event', () => {
  fc.assert(
    fc.property(anyRecord, (rain) => {
      for (const event of rainEvents(rain, 6 * HOUR_MS)) {
        const depths = [
          event.max5Mm,
          event.max15Mm,
          event.max30Mm,
          event.max60Mm,
          event.depthPm / 1e9,
        ]
        const known = depths.filter((depth) => depth !== null)
        for (const [i, depth] of known.entries()) {
          expect(depth).toBeGreaterThanOrEqual((known[i - 1] ?? 0) - 1e-9)
        }
      }
    }),
  )
})
