import { array, assert, constantFrom, integer, property, record } from 'fast-check'
import { expect, test } from 'vitest'
import type { Signal } from '../../../../simulators/sensors/readings.js'
import { tippedRain, type Clogging } from '../../../../simulators/sensors/tipping-bucket.js'

const START_MS = Date.UTC(2026, 5, 1)

function minutes(depths: readonly number[]): Signal {
  return {
    atMs: Float64Array.from(depths, (_, row) => START_MS + row * 60_000),
    value: Float64Array.from(depths),
  }
}

test('what has not tipped stays for the next step', () => {
  // 0.15 | 0.30: one tip, 0.10 stay | 0.60: three tips | 0.01 stays.
  const { tips, amount, carried } = tippedRain(minutes([0.15, 0.15, 0.5, 0.01]), 'R', {
    ...{ perTip: 0.2, clogging: [], startMs: START_MS },
  })
  expect([...tips]).toEqual([0, 1, 3, 0])
  expect([...amount]).toEqual([0, 0.2, 0.6, 0])
  expect(carried).toBeCloseTo(0.01, 9)
})

test('a tip falls when the bucket is full', () => {
  // Second step: 0.05 of its 0.15 mm are wanting, a third of the minute: 20 s after its start.
  // Third: 0.1 of 0.5, 0.3 of 0.5 and all of it: 12 s, 36 s and 60 s.
  const { tipAtMs } = tippedRain(minutes([0.15, 0.15, 0.5]), 'R', {
    perTip: 0.2,
    clogging: [],
    startMs: START_MS,
  })
  expect([...tipAtMs].map((atMs) => (atMs - START_MS) / 1000)).toEqual([20, 72, 96, 120])
})

const leaves = { fromS: 60, toS: 120, passing: 0.25 }

test('what runs over the rim of a clogged funnel is never counted', () => {
  const clogging: Clogging[] = [{ ...leaves, rest: { goes: 'over-the-rim' } }]
  const found = tippedRain(minutes([1, 1, 1, 1]), 'R', { perTip: 0.5, clogging, startMs: START_MS })
  expect([...found.reached]).toEqual([1, 0.25, 1, 1])
  expect(found.spilt).toBe(0.75)
  expect(found.faults).toEqual([
    {
      ...{ kind: 'clogging', sensor: 'R', rows: 1 },
      ...{ fromMs: START_MS + 60_000, toMs: START_MS + 120_000 },
      parameters: { passing: 0.25, rest: 'over-the-rim', keptBack: 0.75 },
    },
  ])
})

test('what leaves hold back passes later, at an even rate', () => {
  // 0.75 over the 120 s from second 120 on; the record ends at second 180: half is through.
  const clogging: Clogging[] = [{ ...leaves, rest: { goes: 'through-later', overS: 120 } }]
  const found = tippedRain(minutes([1, 1, 1, 1]), 'R', { perTip: 0.5, clogging, startMs: START_MS })
  expect([...found.reached]).toEqual([1, 0.25, 1, 1.375])
  expect(found.held).toBe(0.375)
})

test('no rain is lost: tips, what stays, what spilt and what is held add up to it', () => {
  const rest = constantFrom<Clogging['rest']>(
    { goes: 'over-the-rim' },
    { goes: 'through-later', overS: 500 },
  )
  const clogging = record({
    fromS: integer({ min: 0, max: 1_000 }),
    lasts: integer({ min: 60, max: 1_000 }),
    passing: constantFrom(0, 0.25, 1),
    rest,
  })
  const hundredths = array(integer({ min: 0, max: 500 }), { minLength: 2, maxLength: 40 })
  assert(
    property(
      hundredths,
      constantFrom(0.1, 0.2, 0.5),
      array(clogging, { maxLength: 2 }),
      (depths, perTip, cloggings) => {
        const rain = minutes(depths.map((depth) => depth / 100))
        const found = tippedRain(rain, 'R', {
          ...{ perTip, startMs: START_MS },
          clogging: cloggings.map(({ lasts, ...one }) => ({ ...one, toS: one.fromS + lasts })),
        })
        const fallen = depths.reduce((sum, depth) => sum + depth, 0) / 100
        const tipped = found.amount.reduce((sum, depth) => sum + depth, 0)
        expect(tipped + found.carried + found.spilt + found.held).toBeCloseTo(fallen, 6)
        expect(found.carried).toBeLessThan(perTip)
        expect(found.tipAtMs).toHaveLength(found.tips.reduce((sum, count) => sum + count, 0))
        expect([...found.tipAtMs]).toEqual([...found.tipAtMs].sort((a, b) => a - b))
      },
    ),
  )
})
