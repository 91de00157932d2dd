import { expect, test } from 'vitest'
import type { Registry } from '../../../../../src/domain/city/registry.js'
import type { Judgement } from '../../../../../src/domain/indicators/both-ways.js'
import { eventRunoffCoefficient } from '../../../../../src/domain/indicators/event-runoff-coefficient.js'
import { measuredCaptureRatio } from '../../../../../src/domain/indicators/measured-capture-ratio.js'
import { ponding } from '../../../../../src/domain/indicators/ponding.js'
import { stormRunoffVolume } from '../../../../../src/domain/indicators/storm-runoff-volume.js'
import { roundedDeep } from '../../../../../src/domain/rounding.js'
import { at, window, type Row } from '../rain/series.js'
import { catchment, everyFive, judge, metered, outfall } from './small-city.js'
import { cityWith } from './uncertain-city.js'

const DAY = 1440
const WINDOW = window(0, 4 * DAY)
const O1 = { kind: 'outfall', id: 'O1' } as const
const ZONE = { kind: 'zone', id: 'Z1' } as const
/** Every runoff lasts three hours: one of rain, two after it, which the triangle fills. */
const WHOLE = { recessionPeakShare: 0, maxRecessionH: 2, minWindowDays: 0 }
/** Minutes at which it begins to rain. */
const STORMS = [600, 600 + 2 * DAY]

function series(value: (intoMin: number) => number): Row[] {
  return everyFive(-9 * DAY, 6 * DAY, (min) => {
    const last = STORMS.findLast((storm) => min > storm)
    return last === undefined ? 0 : value(min - last)
  })
}

/** 18 mm in an hour. */
function rain(mm = 18): Row[] {
  return series((into) => (into <= 60 ? mm / 12 : 0))
}

/** Triangle of 3 h in each storm: peak × 5400 s. Two of 1/45 m³/s hold 240 m³. */
function triangle(peakM3s = 1 / 45): Row[] {
  return series((into) => {
    if (into >= 180) return 0
    return into <= 60 ? (peakM3s * into) / 60 : (peakM3s * (180 - into)) / 120
  })
}

const ROWS = { RG: rain(), RG2: rain(), F1: triangle(), F2: triangle(1 / 90), UP: triangle(1 / 90) }

function volumeOf(city: Registry, rows: Readonly<Record<string, readonly Row[]>> = {}) {
  return judge(stormRunoffVolume, city, O1, WINDOW, { ...ROWS, ...rows }, WHOLE)
}

function limits({ uncertainty }: Judgement): readonly [number, number] {
  return [uncertainty?.lower ?? Number.NaN, uncertainty?.upper ?? Number.NaN]
}

function half(found: Judgement): number {
  const [lower, upper] = limits(found)
  return (upper - lower) / 2
}

/** One source gives its own quantiles; several leave the noise of 2000 draws, some 3 % of the half-width. */
const ONE = 0.005
const SEVERAL = 0.09

function expectNear(found: number, expected: number, share: number): void {
  expect(Math.abs(found / expected - 1)).toBeLessThan(share)
}

test('a relative accuracy widens a volume by its share, and two storms do not average it out', () => {
  // 5 % of 240 m³.
  const found = volumeOf(cityWith({ F1: { relative: 0.05 } }))
  expect(found.value).toBeCloseTo(240, 6)
  expectNear(half(found), 12, ONE)
})

test('an absolute accuracy acts over all the time of the runoff', () => {
  // 2 · 10 800 s · 0.001 m³/s.
  expectNear(half(volumeOf(cityWith({ F1: { absolute: 0.001 } }))), 21.6, ONE)
})

test('a zero error falls out where the base flow is taken off by the same meter', () => {
  const base = triangle().map((row) => ({ ...row, value: (row.value ?? 0) + 0.01 }))
  const of = (method: unknown) =>
    volumeOf(
      cityWith(
        { F1: { absolute: 0.001 } },
        {
          outfalls: [
            outfall('O1', ['C1'], [metered('F1')], { baseFlow: method }),
            outfall('O2', ['C2'], [metered('F2')]),
          ],
        },
      ),
      { F1: base },
    )
  expect(half(of({ method: 'antecedent', windowH: 2 }))).toBe(0)
  expect(half(of({ method: 'none' }))).toBeGreaterThan(21)
})

test('relative and absolute accuracy of one meter add by squares', () => {
  // √(12² + 21.6²) = 24.71 m³.
  const found = volumeOf(cityWith({ F1: { relative: 0.05, absolute: 0.001 } }))
  expectNear(half(found), 24.71, SEVERAL)
})

test('two meters of a zone add by squares, and areas are exact', () => {
  // Rain (18 + 18) mm · 20 m³/mm = 720 m³; √((0.1 · 240)² + (0.2 · 120)²)/720 = 33.94/720 = 0.04714.
  const city = cityWith({ F1: { relative: 0.1 }, F2: { relative: 0.2 } })
  const found = judge(measuredCaptureRatio, city, ZONE, WINDOW, ROWS, WHOLE)
  expect(found.value).toBeCloseTo(0.5, 6)
  expectNear(half(found), 0.04714, SEVERAL)
})

test('one gauge over two catchments errs once: 1 − V/(R·(1 ± r))', () => {
  const city = cityWith({ RG: { relative: 0.04 } })
  const found = judge(measuredCaptureRatio, city, ZONE, WINDOW, ROWS, WHOLE)
  const [lower, upper] = limits(found)
  expectNear(lower, 1 - 0.5 / 0.96, 0.001)
  expectNear(upper, 1 - 0.5 / 1.04, 0.001)
})

test('an absolute accuracy of a gauge acts once per event', () => {
  // 36 mm in two events, each ± 0.9 mm by the same zero error: 1.8/36 = 5 % of the rain.
  const city = cityWith({ RG: { absolute: 0.9 } })
  const [lower, upper] = limits(judge(eventRunoffCoefficient, city, O1, WINDOW, ROWS, WHOLE))
  expectNear(lower, 120 / 216 / 1.05, 0.001)
  expectNear(upper, 120 / 216 / 0.95, 0.001)
})

test('gauges of areal rain err with their weights, not all like the worst', () => {
  const two = [
    { sensor: 'RG', weight: 3 },
    { sensor: 'RG2', weight: 1 },
  ]
  const catchments = [catchment('C1', 12_000, { gauges: two }), catchment('C2', 8_000)]
  const of = (accuracies: Parameters<typeof cityWith>[0], rows: Record<string, Row[]> = {}) => {
    const city = cityWith(accuracies, { catchments })
    const found = judge(
      eventRunoffCoefficient,
      city,
      O1,
      WINDOW,
      { ...ROWS, ...rows },
      { ...WHOLE, rainStepMin: 5 },
    )
    return half(found) / (found.value ?? 0)
  }
  // The same rain at both: a quarter of 20 %, 5 %; with 4 % of three quarters √(5² + 3²) = 5.83 %.
  expectNear(of({ RG2: { relative: 0.2 } }), 0.05, 0.01)
  expectNear(of({ RG2: { relative: 0.2 }, RG: { relative: 0.04 } }), 0.0583, SEVERAL)
  // Three times the rain at the second: its part is 3/(3 + 3), half of 20 %.
  expectNear(of({ RG2: { relative: 0.2 } }, { RG2: rain(54) }), 0.1, 0.02)
})

test('the meter upstream errs on what it takes away', () => {
  const of = (accuracies: Parameters<typeof cityWith>[0]) =>
    volumeOf(
      cityWith(accuracies, {
        outfalls: [
          outfall('O1', ['C1'], [metered('F1')], { upstream: [{ sensor: 'UP', travelMin: 0 }] }),
          outfall('O2', ['C2'], [metered('F2')]),
        ],
      }),
    )
  // 240 − 120 m³; 10 % of the 120 upstream.
  expect(of({}).value).toBeCloseTo(120, 6)
  expectNear(half(of({ UP: { relative: 0.1 } })), 12, ONE)
  // Of both: √(12² + 24²) = 26.83.
  expectNear(half(of({ UP: { relative: 0.1 }, F1: { relative: 0.1 } })), 26.83, SEVERAL)
})

test('water that one outfall hands to another is measured by one meter and cancels in their zone', () => {
  const city = cityWith(
    { F2: { relative: 0.2 } },
    {
      outfalls: [
        outfall('O1', ['C1'], [metered('F1')], { upstream: [{ sensor: 'F2', travelMin: 0 }] }),
        outfall('O2', ['C2'], [metered('F2')]),
      ],
    },
  )
  const found = judge(measuredCaptureRatio, city, ZONE, WINDOW, ROWS, WHOLE)
  expect(found.value).toBeCloseTo(1 - 240 / 720, 6)
  expect(half(found)).toBeLessThan(1e-12)
})

test('a meter that was exchanged between two storms errs twice, independently', () => {
  const exchangedAt = new Date(at(DAY)).toISOString()
  const first = { state: 'metered', from: '2020-01-01T00:00:00Z', to: exchangedAt, sensor: 'F1' }
  const second = { state: 'metered', from: exchangedAt, sensor: 'UP' }
  const city = cityWith(
    { F1: { relative: 0.1 }, UP: { relative: 0.1 } },
    { outfalls: [outfall('O1', ['C1'], [first, second])] },
  )
  // 120 and 60 m³: √(12² + 6²) = 13.42.
  const found = volumeOf(city)
  expect(found.value).toBeCloseTo(180, 6)
  expectNear(half(found), 13.42, SEVERAL)
})

test('a bridged gap may be off up to the rectangles beside it', () => {
  const holed = triangle().filter(({ min }) => min !== 625)
  const found = volumeOf(cityWith({}), { F1: holed })
  // Between 20 and 30 min the flow rises from 1/135 to 1/90: ½ · 1/270 · 600 s = 1.1111 m³ to either
  // side; of a rectangle 95 % lies within 0.95.
  expectNear(half(found), 0.95 * 1.1111, ONE)
})

test('missing flow is one-sided: from nothing to the peak above the base', () => {
  // 20 min without data in the tail, longer than is bridged: 0.975 · 1200 s · 1/45 m³/s = 26 m³ more.
  const holed = triangle().filter(({ min }) => min <= 745 || min >= 765)
  const found = judge(
    stormRunoffVolume,
    cityWith({}),
    O1,
    WINDOW,
    { ...ROWS, F1: holed },
    { ...WHOLE, eventCoverageMin: 0.8 },
  )
  const value = found.value ?? 0
  const [lower, upper] = limits(found)
  expect(lower).toBe(value)
  expectNear(upper - value, 26, ONE)
})

test('rain that no gauge saw is one-sided, on average what fell in the rest of the event', () => {
  // Of 60 min 5 are missing: 16.5 mm seen in 55 min, 1.5 mm on average in 5. Exponential: its 97.5th
  // percentile is ln 40 = 3.689 times that, in both storms together the rain may be more, never less.
  const one = series((into) => (into <= 60 && into !== 30 ? 1.5 : 0)).filter(
    ({ min }) => min !== 630,
  )
  const whole = one.map((row) => (row.min === 630 + 2 * DAY ? { ...row, value: 1.5 } : row))
  const found = judge(
    eventRunoffCoefficient,
    cityWith({}),
    O1,
    WINDOW,
    { ...ROWS, RG: whole },
    { ...WHOLE, eventCoverageMin: 0.8 },
  )
  const [lower, upper] = limits(found)
  expect(found.value).toBeCloseTo(240 / (34.5 * 12), 6)
  expect(upper).toBe(found.value)
  expectNear(lower, 240 / ((34.5 + 1.5 * Math.log(40)) * 12), ONE)
})

test('an event that was left out may have run off like any other of the outfall', () => {
  // Three storms of 18 mm, 216 m³; 108 and 54 m³ ran off in the first two, a half and a quarter. Of the
  // third the flow is missing.
  const third = STORMS.map((storm) => storm + DAY)[0] ?? 0
  const pulse = (min: number, from: number, m3s: number) =>
    min > from && min <= from + 60 ? m3s : 0
  const flow = everyFive(-DAY, 6 * DAY, (min) => {
    const [first = 0, second = 0] = STORMS
    return pulse(min, first, 108 / 3600) + pulse(min, second, 54 / 3600)
  })
  const rows = {
    ...ROWS,
    RG: everyFive(-9 * DAY, 6 * DAY, (min) =>
      [...STORMS, third].some((from) => min > from && min <= from + 60) ? 1.5 : 0,
    ),
    F1: flow.filter(({ min }) => min < third || min > third + 600),
  }
  const of = (indicator: typeof measuredCaptureRatio) =>
    judge(indicator, cityWith({}), O1, WINDOW, rows, { ...WHOLE, coverageMin: 0.5 })
  const ratio = of(measuredCaptureRatio)
  expect(ratio.table.map(({ use }) => use)).toEqual(['used', 'flow-incomplete', 'used'])
  // 1 − 162/432; with a half of the third 1 − 270/648, with a quarter 1 − 216/648.
  expect(ratio.value).toBeCloseTo(0.625, 9)
  expect(limits(ratio)[0]).toBeCloseTo(1 - 270 / 648, 9)
  expect(limits(ratio)[1]).toBeCloseTo(1 - 216 / 648, 9)
  // What was measured is 162 m³, all of it with the third up to 162 + 108.
  const volume = of(stormRunoffVolume)
  expect(volume.value).toBeCloseTo(162, 9)
  expect(limits(volume)[0]).toBeCloseTo(162, 9)
  expect(limits(volume)[1]).toBeCloseTo(270, 9)
})

test('the depth of a ponding errs by gain and zero of its gauge', () => {
  const water = series((into) => (into > 20 && into <= 80 ? 200 : 0))
  const city = cityWith({ PD: { relative: 0.03, absolute: 8 } })
  const found = judge(ponding, city, { kind: 'ponding-point', id: 'P1' }, WINDOW, {
    RG: rain(),
    PD: water,
  })
  // √(6² + 8²) = 10 mm.
  expect(found.value).toBe(200)
  expectNear(half(found), 10, SEVERAL)
})

test('the method names the draws and the seed, which are of indicator, subject and window', () => {
  const { uncertainty } = volumeOf(cityWith({ F1: { relative: 0.05 } }))
  const seed = `storm-runoff-volume outfall:O1 ${WINDOW.fromMs} ${WINDOW.toMs}`
  for (const said of [uncertainty?.method.zh, uncertainty?.method.en]) {
    expect(said).toContain('2000')
    expect(said).toContain(`“${seed}”`)
    expect(said).toContain('unverified')
  }
  expect(uncertainty?.confidence).toBe(0.95)
})

test('the same question has the same answer, whatever order the registry is in', () => {
  const accuracies = { F1: { relative: 0.1 }, F2: { relative: 0.2 }, RG: { relative: 0.04 } }
  const ask = (turn: boolean) => {
    const city = cityWith(accuracies)
    const registry = turn
      ? {
          ...city,
          catchments: city.catchments.toReversed(),
          outfalls: city.outfalls.toReversed(),
          devices: city.devices.map((d) => ({ ...d, sensors: d.sensors.toReversed() })),
        }
      : city
    const { uncertainty } = judge(measuredCaptureRatio, registry, ZONE, WINDOW, ROWS, WHOLE)
    return JSON.stringify(roundedDeep(uncertainty))
  }
  expect(ask(false)).toBe(ask(false))
  expect(ask(true)).toBe(ask(false))
})

test('an unknown accuracy gives no interval and its sensor is named', () => {
  const city = cityWith({})
  for (const sensor of city.devices.flatMap(({ sensors }) => sensors)) {
    if (sensor.id === 'F1' || sensor.id === 'UP') delete sensor.accuracy
  }
  const found = volumeOf(city)
  expect(found.uncertainty).toBeNull()
  expect(found.notes.find(({ code }) => code === 'accuracy_unknown')?.text).toEqual({
    zh: '名录未登记准确度的仪器：F1；不给出误差区间',
    en: 'the registry gives no accuracy for F1: no interval is given',
  })
})
