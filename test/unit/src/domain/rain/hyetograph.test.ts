import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { FLAG } from '../../../../../src/domain/flag.js'
import { arealRain } from '../../../../../src/domain/rain/areal-rain.js'
import { clockAligned, rainSteps } from '../../../../../src/domain/rain/hyetograph.js'
import { rainRecordWriter } from '../../../../../src/domain/rain/rain-record.js'
import { HOUR_MS, MINUTE_MS } from '../../../../../src/domain/time.js'
import { at, window } from './series.js'

type Span = readonly [toMin: number, mm: number | 'missing', spread?: 'spread']

function record(spans: readonly Span[], fromMin: number, toMin: number) {
  const writer = rainRecordWriter(window(fromMin, toMin))
  for (const [min, mm, spread] of spans) {
    writer.push(
      at(min),
      mm === 'missing'
        ? { depthPm: 0, flag: FLAG.missing }
        : { depthPm: Math.round(mm * 1e9), flag: FLAG.good, spread: spread === 'spread' },
    )
  }
  return writer.finish()
}

test('steps begin on full multiples of the step by the local clock', () => {
  // India: UTC+5:30; half past the UTC hour is a full hour there.
  const asked = { fromMs: Date.UTC(2026, 0, 1, 0, 40), toMs: Date.UTC(2026, 0, 1, 2, 0) }
  expect(clockAligned(asked, HOUR_MS, 5.5 * HOUR_MS)).toEqual({
    fromMs: Date.UTC(2026, 0, 1, 0, 30),
    toMs: Date.UTC(2026, 0, 1, 2, 30),
  })
})

test('a span over several steps is shared out in proportion to time', () => {
  const steps = rainSteps(record([[15, 3]], 0, 15), window(0, 15), 5 * MINUTE_MS)
  expect([...steps.depthPm]).toEqual([1e9, 1e9, 1e9])
  expect([...steps.coverage]).toEqual([1, 1, 1])
})

test('a step without a record has no coverage, one half covered has half', () => {
  const steps = rainSteps(
    record(
      [
        [5, 'missing'],
        [7.5, 1],
      ],
      0,
      10,
    ),
    window(0, 10),
    5 * MINUTE_MS,
  )
  expect([...steps.coverage]).toEqual([0, 0.5])
  expect([...steps.flags]).toEqual([FLAG.missing, FLAG.good])
})

test('a counter’s gap gives depth without coverage', () => {
  const steps = rainSteps(record([[10, 4, 'spread']], 0, 10), window(0, 10), 5 * MINUTE_MS)
  expect([...steps.depthPm]).toEqual([2e9, 2e9])
  expect([...steps.coverage]).toEqual([0, 0])
  expect([...steps.spread]).toEqual([1, 1])
})

test('the steps add up to the record, to the last picometre', () => {
  const spans = fc.array(
    fc.tuple(fc.integer({ min: 1, max: 97 }), fc.integer({ min: 0, max: 999 })),
    {
      minLength: 1,
      maxLength: 40,
    },
  )
  fc.assert(
    fc.property(spans, fc.integer({ min: 1, max: 60 }), (lengths, stepMin) => {
      let min = 0
      const rain = record(
        lengths.map(([length, hundredths]): Span => [(min += length), hundredths / 100]),
        0,
        4000,
      )
      const all = rain.depthPm.reduce((sum, pm) => sum + pm, 0)
      const aligned = clockAligned(window(0, 4000), stepMin * MINUTE_MS, 0)
      const steps = rainSteps(rain, aligned, stepMin * MINUTE_MS)
      expect(steps.depthPm.reduce((sum, pm) => sum + pm, 0)).toBe(all)
    }),
  )
})

test('areal rain is the weighted mean, and the others take over for a gauge that is missing', () => {
  const a = record(
    [
      [5, 4],
      [10, 'missing'],
    ],
    0,
    10,
  )
  const b = record(
    [
      [5, 1],
      [10, 1],
    ],
    0,
    10,
  )
  const areal = arealRain(
    [
      { record: a, weight: 1 },
      { record: b, weight: 2 },
    ],
    window(0, 10),
    5 * MINUTE_MS,
  )
  expect([...areal.record.depthPm]).toEqual([2e9, 1e9])
})

test('a step that no gauge saw is missing from areal rain', () => {
  const blind = record(
    [
      [5, 'missing'],
      [10, 1],
    ],
    0,
    10,
  )
  const areal = arealRain(
    [
      { record: blind, weight: 1 },
      { record: blind, weight: 1 },
    ],
    window(0, 10),
    5 * MINUTE_MS,
  )
  expect([...areal.record.flags]).toEqual([FLAG.missing, FLAG.good])
})

test('gauges share the depth of areal rain by what came from them', () => {
  const a = record(
    [
      [5, 2],
      [10, 4],
    ],
    0,
    10,
  )
  const b = record(
    [
      [5, 1],
      [10, 'missing'],
    ],
    0,
    10,
  )
  const { record: mean, sharesIn } = arealRain(
    [
      { record: a, weight: 1 },
      { record: b, weight: 3 },
    ],
    window(0, 10),
    5 * MINUTE_MS,
  )
  // First step (2 + 3 · 1)/4 = 1.25 mm, 0.5 of it from the first; the second step, 4 mm, from it alone.
  expect([...mean.depthPm]).toEqual([1.25e9, 4e9])
  expect(sharesIn(window(0, 5))).toEqual([0.4, 0.6])
  expect(sharesIn(window(0, 10))[0]).toBeCloseTo(4.5 / 5.25, 12)
  expect(sharesIn(window(0, 10))[1]).toBeCloseTo(0.75 / 5.25, 12)
  // Outside the record nothing fell: the weights.
  expect(sharesIn(window(10, 20))).toEqual([0.25, 0.75])
})

test('one gauge alone keeps its own spans', () => {
  const only = record([[7, 4]], 0, 10)
  expect(arealRain([{ record: only, weight: 3 }], window(0, 10), 5 * MINUTE_MS).record).toBe(only)
})
