import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { FLAG, ORIGIN } from '../../../../../src/domain/flag.js'
import { INDICATORS } from '../../../../../src/domain/indicators/catalogue.js'
import { eventRunoffCoefficient } from '../../../../../src/domain/indicators/event-runoff-coefficient.js'
import { measuredCaptureRatio } from '../../../../../src/domain/indicators/measured-capture-ratio.js'
import { ponding } from '../../../../../src/domain/indicators/ponding.js'
import { rainEventsIndicator } from '../../../../../src/domain/indicators/rain-events.js'
import { stormRunoffVolume } from '../../../../../src/domain/indicators/storm-runoff-volume.js'
import { at, window, type Row } from '../rain/series.js'
import { catchment, everyFive, judge, metered, outfall, smallCity } from './small-city.js'

const DAY = 1440
/** Two days judged; records from nine days before to three after. */
const WINDOW = window(0, 2 * DAY)
const FROM = -9 * DAY
const TO = 5 * DAY
const ZONE = { kind: 'zone', id: 'Z1' } as const
const O1 = { kind: 'outfall', id: 'O1' } as const

/** 18 mm between minute 600 and 660. */
function rain(mm = 18): Row[] {
  return everyFive(FROM, TO, (min) => (min > 600 && min <= 660 ? mm / 12 : 0))
}

/** A triangle of an hour up and two down from minute 600; `peak` 1/45 m³/s holds 120 m³. */
function triangle(peakM3s: number): Row[] {
  return everyFive(FROM, TO, (min) => {
    const into = min - 600
    if (into <= 0 || into >= 180) return 0
    return into <= 60 ? (peakM3s * into) / 60 : (peakM3s * (180 - into)) / 120
  })
}

/** Without a cut tail, so that the volumes are those of the whole triangle. */
const WHOLE = { recessionPeakShare: 0, minWindowDays: 0 }
const STORM = { RG: rain(), F1: triangle(1 / 45), F2: triangle(1 / 90) }

test('every indicator has an id of its own, a version, clauses and both languages', () => {
  expect(INDICATORS.length).toBeGreaterThan(0)
  expect(new Set(INDICATORS.map(({ id }) => id)).size).toBe(INDICATORS.length)
  for (const indicator of INDICATORS) {
    expect(indicator.clause.length).toBeGreaterThan(0)
    const texts = [
      indicator.title,
      indicator.formula,
      ...indicator.clause,
      ...indicator.parameters.map((p) => p.description),
    ]
    for (const { zh, en } of texts) {
      expect(zh).toMatch(/[一-鿿]/)
      expect(en.length).toBeGreaterThan(0)
    }
  }
})

test('what a result cites is a document with an edition or a default of ours, never a file of ours', () => {
  const cited = INDICATORS.flatMap(({ clause, parameters }) => [
    ...clause,
    ...parameters.filter(({ default: value }) => value !== null).map((p) => p.description),
  ])
  for (const { zh, en } of cited) {
    for (const said of [zh, en]) {
      expect(said).toMatch(/recommended|635号（?.*2015|GB\/T 51345-2018.*unverified|GB 50014.*2014/)
      expect(said).not.toMatch(/\.md|shared/)
    }
  }
})

test('a formula names its base-flow, window and gap rule and only parameters that there are', () => {
  const storms = [stormRunoffVolume, eventRunoffCoefficient, measuredCaptureRatio]
  for (const { formula } of storms) {
    expect(formula.en).toMatch(/^Runoff time: .*\nBase flow Qb.*(?:\n.*)?\nGaps: /m)
    expect(formula.zh).toMatch(/^【径流时段】.*\n【基流 Qb】.*(?:\n.*)?\n【缺测】/m)
  }
  for (const { formula, parameters } of INDICATORS) {
    const known = [...parameters.map(({ name }) => name), 'windowH']
    const named = /\b[a-z]+(?:[A-Z][a-z]*|60Mm)+\b/g
    for (const said of [formula.zh, formula.en]) {
      for (const [name] of said.matchAll(named)) expect(known).toContain(name)
    }
  }
})

test('rain events are counted in the window they begin in, and the balance closes', () => {
  const rows = everyFive(FROM, TO, (min) => {
    if (min > -60 && min <= 60) return 0.5 // begins before the window
    if (min > 600 && min <= 660) return 1.5
    return min === 1500 ? 0.4 : 0 // too small
  })
  const found = judge(rainEventsIndicator, smallCity(), { kind: 'gauge', id: 'RG' }, WINDOW, {
    RG: rows,
  })
  expect(found.value).toBe(1)
  expect(found.table).toMatchObject([
    { fromMs: at(600), toMs: at(660), depthMm: 18, state: 'complete' },
  ])
  const part = Object.fromEntries(found.parts.map(({ name, value }) => [name, value]))
  expect(part['depth-of-events']).toBe(18)
  expect(part['depth-of-dropped-events']).toBe(0.4)
  expect(part['depth-of-events-beginning-outside-the-window']).toBe(12)
  expect(part['depth-of-record']).toBe(30.4)
})

test('the storm volume of an outfall is that of its hydrograph', () => {
  const found = judge(stormRunoffVolume, smallCity(), O1, WINDOW, STORM, { recessionPeakShare: 0 })
  expect(found.value).toBeCloseTo(120, 6)
  expect(found.verdict).toBe('NOT_EVALUATED')
})

test('18 mm on 1.2 hm² with 120 m³ of runoff give 0.556', () => {
  // φ = 120 / (10 · 18 · 1.2)
  const found = judge(eventRunoffCoefficient, smallCity(), O1, WINDOW, STORM, {
    recessionPeakShare: 0,
  })
  expect(found.value).toBeCloseTo(0.556, 3)
  expect(found.table).toHaveLength(1)
  // 5 % on volume and rain, independent: near 0.5556 · (1 ± √2 · 0.05), the golden folder has it in full.
  expect(Math.abs((found.uncertainty?.lower ?? 0) - 0.5176)).toBeLessThan(0.002)
  expect(Math.abs((found.uncertainty?.upper ?? 0) - 0.5963)).toBeLessThan(0.002)
  expect(found.uncertainty?.method.zh).toContain('95 % 限值')
  expect(found.uncertainty?.method.en).toContain('95 % limits')
})

test('a zone’s capture ratio comes from summed volumes, not from averaged ratios', () => {
  // Runoff 120 + 60 m³ of rain 216 + 144 m³: 1 − 180/360 = 0.5; the ratios 0.444 and 0.583 average 0.514.
  const found = judge(measuredCaptureRatio, smallCity(), ZONE, WINDOW, STORM, WHOLE)
  expect(found.value).toBeCloseTo(0.5, 6)
  expect(found.verdict).toBe('FAIL')
  expect(found.coverage?.share).toBe(1)
})

test('a target met passes, no target gives no verdict, a short window neither', () => {
  const dry = { ...STORM, F1: triangle(1 / 450), F2: triangle(1 / 450) }
  expect(judge(measuredCaptureRatio, smallCity(), ZONE, WINDOW, dry, WHOLE).verdict).toBe('PASS')
  const free = smallCity({ zone: { captureRatioTarget: undefined } })
  const without = judge(measuredCaptureRatio, free, ZONE, WINDOW, dry, WHOLE)
  expect(without).toMatchObject({ verdict: 'NOT_EVALUATED' })
  expect(without.reason.en).toContain('no requirement')
  expect(without.value).toBeGreaterThan(0.9)
  const short = judge(measuredCaptureRatio, smallCity(), ZONE, WINDOW, dry, {
    recessionPeakShare: 0,
  })
  expect(short.verdict).toBe('NOT_EVALUATED')
  expect(short.reason.en).toContain('365')
  expect(short.value).toBeGreaterThan(0.9)
})

test('a zone with an unmetered outfall has no ratio; outfall and area are named, the metered part is given', () => {
  const city = smallCity({
    outfalls: [
      outfall('O1', ['C1'], [metered('F1')]),
      outfall('O2', ['C2'], [{ state: 'unmetered', from: '2020-01-01T00:00:00Z' }]),
    ],
  })
  const found = judge(measuredCaptureRatio, city, ZONE, WINDOW, STORM, WHOLE)
  expect(found).toMatchObject({ value: null, verdict: 'NOT_EVALUATED' })
  expect(found.reason.en).toContain('O2')
  expect(found.reason.en).toContain('0.80 hm² of the zone’s 2.00 hm²')
  expect(found.reason.zh).toContain('分区 2.00 hm² 中 0.80 hm² 未计量')
  expect(found.coverage?.basis.en).toContain('metered part alone')
  const part = found.parts.find(({ name }) => name === 'metered-part')
  expect(part?.value).toBeCloseTo(1 - 120 / 216, 6)
  expect(part?.members).toEqual(['O1'])
})

test('an outfall metered only from within the window on leaves the zone open', () => {
  const later = { state: 'metered', from: new Date(at(60)).toISOString(), sensor: 'F2' }
  const city = smallCity({
    outfalls: [outfall('O1', ['C1'], [metered('F1')]), outfall('O2', ['C2'], [later])],
  })
  expect(judge(measuredCaptureRatio, city, ZONE, WINDOW, STORM, WHOLE).reason.en).toContain('O2')
})

test('an unmetered outfall has no volume and no ratio for any event, and is named as the reason', () => {
  const city = smallCity({
    outfalls: [outfall('O1', ['C1'], [{ state: 'unmetered', from: '2020-01-01T00:00:00Z' }])],
  })
  const found = judge(stormRunoffVolume, city, O1, WINDOW, STORM, { recessionPeakShare: 0 })
  expect(found).toMatchObject({ value: null, verdict: 'NOT_EVALUATED' })
  expect(found.reason.en).toContain('outfall O1 is not metered')
  expect(found.reason.zh).toContain('排口 O1 在时间窗内并非全程计量')
  expect(found.table).toMatchObject([
    {
      use: 'flow-incomplete',
      volumeM3: null,
      peakM3s: null,
      runoffCoefficient: null,
      controlRatio: null,
    },
  ])
})

test('the notes say which base-flow rule each outfall has and where its area comes from', () => {
  const city = smallCity({
    outfalls: [
      outfall('O1', ['C1'], [metered('F1')], { baseFlow: { method: 'antecedent', windowH: 3 } }),
      outfall('O2', ['C2'], [metered('F2')], { baseFlow: { method: 'dry-day-pattern' } }),
    ],
  })
  const { notes } = judge(measuredCaptureRatio, city, ZONE, WINDOW, STORM, WHOLE)
  const said = (code: string) => notes.filter((n) => n.code === code).map((n) => n.text.en)
  expect(said('base_flow_rule')).toEqual([
    expect.stringMatching(/^base flow of O1: antecedent; .* 3 h before/),
    expect.stringMatching(/^base flow of O2: dry-day-pattern; .*weekends apart/),
  ])
  expect(said('area_source')).toEqual([
    'area of catchment C1, 1.20 hm²: a test',
    'area of catchment C2, 0.80 hm²: a test',
  ])
})

test('an outfall proven shut counts with its area and no runoff', () => {
  const shut = { state: 'shut', from: '2020-01-01T00:00:00Z', proof: 'sealed on 2019-12-01' }
  const city = smallCity({
    outfalls: [outfall('O1', ['C1'], [metered('F1')]), outfall('O2', ['C2'], [shut])],
  })
  const found = judge(measuredCaptureRatio, city, ZONE, WINDOW, STORM, WHOLE)
  expect(found.value).toBeCloseTo(1 - 120 / 360, 6)
})

test('a catchment that no outfall drains leaves the zone open', () => {
  const city = smallCity({ outfalls: [outfall('O1', ['C1'], [metered('F1')])] })
  const found = judge(measuredCaptureRatio, city, ZONE, WINDOW, STORM, WHOLE)
  expect(found.value).toBeNull()
  expect(found.reason.en).toContain('catchments without a known outfall: C2')
})

test('outfalls that share a catchment are taken together', () => {
  const city = smallCity({
    outfalls: [
      outfall('O1', ['C1'], [metered('F1')]),
      outfall('O2', ['C1', 'C2'], [metered('F2')]),
    ],
  })
  const found = judge(measuredCaptureRatio, city, O1, WINDOW, STORM, WHOLE)
  expect(found.value).toBeCloseTo(1 - 180 / 360, 6)
  expect(found.notes.map(({ code }) => code)).toContain('shared_catchment')
})

test('a storm whose flow is missing lowers the coverage by its rain, and too little is not evaluated', () => {
  const holed = STORM.F1.filter(({ min }) => min < 620 || min > 660)
  const found = judge(
    measuredCaptureRatio,
    smallCity(),
    ZONE,
    WINDOW,
    { ...STORM, F1: holed },
    WHOLE,
  )
  // 144 of 360 m³ of rain fell where the flow was seen whole.
  expect(found.coverage?.share).toBeCloseTo(0.4, 9)
  expect(found).toMatchObject({ value: null, verdict: 'NOT_EVALUATED' })
  expect(found.reason.en).toContain('of 2 events 1 not complete')
  expect(found.notes.find(({ code }) => code === 'event_flow-incomplete')?.text.zh).toContain(
    '2026-06-01 10:00+08:00 (Asia/Shanghai)',
  )
})

test('a storm that is not over when the window and the records end belongs to a later window', () => {
  // A second storm in the last hours: its six dry hours have not passed at minute 2880.
  const late = (min: number) => min > 2 * DAY - 240 && min <= 2 * DAY - 180
  const rows = everyFive(FROM, 2 * DAY, (min) => ((min > 600 && min <= 660) || late(min) ? 1.5 : 0))
  const flows = { F1: triangle(1 / 45), F2: triangle(1 / 90) }
  const found = judge(
    measuredCaptureRatio,
    smallCity(),
    ZONE,
    WINDOW,
    { ...flows, RG: rows },
    WHOLE,
  )
  // Outfall by outfall, each with its two storms.
  expect(found.table.map(({ use }) => use)).toEqual(['used', 'unfinished', 'used', 'unfinished'])
  expect(found.value).not.toBeNull()
  expect(found.coverage?.share).toBeCloseTo(1, 3)
  expect(found.notes.map(({ code }) => code)).toContain('event_unfinished')
})

test('a storm after which the gauge failed within the window is missing, not unfinished', () => {
  const rows = everyFive(FROM, 2 * DAY - 180, (min) =>
    (min > 600 && min <= 660) || (min > 2 * DAY - 240 && min <= 2 * DAY - 180) ? 1.5 : 0,
  )
  const flows = { F1: triangle(1 / 45), F2: triangle(1 / 90) }
  const found = judge(
    measuredCaptureRatio,
    smallCity(),
    ZONE,
    WINDOW,
    { ...flows, RG: rows },
    WHOLE,
  )
  expect(found.table.map(({ use }) => use)).toContain('rain-incomplete')
  expect(found.value).toBeNull()
  expect(found.coverage?.share).toBeCloseTo(0.5, 3)
})

test('runoff while no gauge was valid is a storm that no gauge saw', () => {
  const blind = rain().filter(({ min }) => min < 590 || min > 800)
  const found = judge(
    measuredCaptureRatio,
    smallCity(),
    ZONE,
    WINDOW,
    { ...STORM, RG: blind },
    WHOLE,
  )
  expect(found).toMatchObject({ value: null, verdict: 'NOT_EVALUATED' })
  expect(found.reason.en).toContain('no gauge saw')
})

test('without any gauge or without rain there is no ratio', () => {
  const none = judge(measuredCaptureRatio, smallCity(), ZONE, WINDOW, { ...STORM, RG: [] }, WHOLE)
  expect(none.reason.en).toContain('no gauge was valid')
  const dry = { RG: rain(0), F1: triangle(0), F2: triangle(0) }
  const found = judge(measuredCaptureRatio, smallCity(), ZONE, WINDOW, dry, WHOLE)
  expect(found).toMatchObject({ value: null, verdict: 'NOT_EVALUATED' })
  expect(found.reason.en).toContain('no qualifying rain')
})

test('a storm of exactly 2 mm does not qualify, a deeper one does', () => {
  const of = (mm: number) =>
    judge(measuredCaptureRatio, smallCity(), ZONE, WINDOW, { ...STORM, RG: rain(mm) }, WHOLE).table
      .length
  // 2 mm in twelve steps of 1/6 mm: rounded to 1e-9 mm they add up to 2.000000004.
  const exact = everyFive(FROM, TO, (min) => (min > 600 && min <= 650 ? 0.2 : 0))
  const two = judge(measuredCaptureRatio, smallCity(), ZONE, WINDOW, { ...STORM, RG: exact }, WHOLE)
  expect(two.table).toHaveLength(0)
  expect(of(2.4)).toBe(2)
})

test('more runoff than rain is no ratio but a finding', () => {
  const found = judge(
    measuredCaptureRatio,
    smallCity(),
    ZONE,
    WINDOW,
    { ...STORM, F1: triangle(1) },
    WHOLE,
  )
  expect(found).toMatchObject({ value: null, verdict: 'NOT_EVALUATED' })
  expect(found.notes.map(({ code }) => code)).toContain('phi_above_one')
})

test('suspect observations that decide the verdict put it off until they are reviewed, and are named', () => {
  const peak = triangle(1 / 150).map((row) =>
    row.min === 660 ? { ...row, value: 1, flag: FLAG.suspect } : row,
  )
  const found = judge(
    measuredCaptureRatio,
    smallCity(),
    ZONE,
    WINDOW,
    { RG: rain(), F1: peak, F2: triangle(1 / 450) },
    { ...WHOLE, bridgeMin: 15 },
  )
  expect(found.verdict).toBe('NOT_EVALUATED')
  expect(found.reason.en).toContain('review pending')
  // Minute 660 of 2026-06-01 is 11:00 UTC less eight hours: 03:00Z, 11:00 in Shanghai.
  expect(found.reason.en).toContain('F1 2026-06-01 11:00+08:00 (Asia/Shanghai)')
  expect(found.reason.zh).toContain('F1 2026-06-01 11:00+08:00 (Asia/Shanghai)')
  expect(found.withoutSuspect?.verdict).toBe('PASS')
})

test('suspect observations that change no verdict are counted and both values shown', () => {
  const peak = STORM.F1.map((row) => (row.min === 640 ? { ...row, flag: FLAG.suspect } : row))
  const found = judge(
    measuredCaptureRatio,
    smallCity(),
    ZONE,
    WINDOW,
    { ...STORM, F1: peak },
    WHOLE,
  )
  expect(found.verdict).toBe('FAIL')
  expect(found.withoutSuspect?.verdict).toBe('FAIL')
  expect(found.notes.map(({ code }) => code)).toContain('suspect_used')
})

test('filled values never prove a verdict: they count as missing and are named', () => {
  const filled = STORM.F1.map((row) =>
    row.min >= 600 && row.min <= 780 ? { ...row, origin: ORIGIN.filled } : row,
  )
  const found = judge(
    measuredCaptureRatio,
    smallCity(),
    ZONE,
    WINDOW,
    { ...STORM, F1: filled },
    WHOLE,
  )
  expect(found.verdict).toBe('NOT_EVALUATED')
  expect(found.coverage?.share).toBeCloseTo(0.4, 9)
  expect(found.notes.map(({ code }) => code)).toContain('filled_left_out')
})

test('without a known accuracy there is no interval, and that is said', () => {
  const city = smallCity({ sensor: { accuracy: undefined } })
  const found = judge(measuredCaptureRatio, city, ZONE, WINDOW, STORM, WHOLE)
  expect(found.uncertainty).toBeNull()
  expect(found.notes.map(({ code }) => code)).toContain('accuracy_unknown')
})

test('metered upstream inflow is not the zone’s', () => {
  const city = smallCity({
    catchments: [catchment('C1', 12_000)],
    outfalls: [
      outfall('O1', ['C1'], [metered('F1')], { upstream: [{ sensor: 'UP', travelMin: 0 }] }),
    ],
  })
  const rows = { RG: rain(), F1: triangle(1 / 45), UP: triangle(1 / 90) }
  expect(judge(measuredCaptureRatio, city, ZONE, WINDOW, rows, WHOLE).value).toBeCloseTo(
    1 - 60 / 216,
    6,
  )
})

test('a capture ratio lies in [0, 1] or is not given', () => {
  const peaks = fc.tuple(fc.integer({ min: -50, max: 200 }), fc.integer({ min: -50, max: 200 }))
  fc.assert(
    fc.property(peaks, fc.integer({ min: 0, max: 600 }), ([a, b], tenths) => {
      const rows = { RG: rain(tenths / 10), F1: triangle(a / 1000), F2: triangle(b / 1000) }
      const { value, uncertainty } = judge(
        measuredCaptureRatio,
        smallCity(),
        ZONE,
        WINDOW,
        rows,
        WHOLE,
      )
      if (value === null) return
      expect(value).toBeGreaterThanOrEqual(0)
      expect(value).toBeLessThanOrEqual(1)
      expect(uncertainty?.lower).toBeLessThanOrEqual(value)
      expect(uncertainty?.upper).toBeGreaterThanOrEqual(value)
    }),
    { numRuns: 25 },
  )
})

const POINT = { kind: 'ponding-point', id: 'P1' } as const

/** Water of a depth from minute 620 until a minute, read every five minutes; rain ends at 660. */
function water(depthMm: number, untilMin: number): Row[] {
  return everyFive(FROM, TO, (min) => (min >= 620 && min < untilMin ? depthMm : 0))
}

function pondingOf(
  rows: Row[],
  parameters: Record<string, number | string> = { designDepth60Mm: 15 },
) {
  const all = { minWindowDays: 0, ...parameters }
  return judge(ponding, smallCity(), POINT, WINDOW, { RG: rain(), PD: rows }, all)
}

test('15 cm is within the limit, more is not', () => {
  expect(pondingOf(water(150, 680)).verdict).toBe('PASS')
  expect(pondingOf(water(150.1, 680)).verdict).toBe('FAIL')
})

test('a recession of 30 min is within the limit, a longer one is not', () => {
  const within = pondingOf(water(100, 690))
  expect(within.table).toMatchObject([
    { rainEndMs: at(660), recessionMs: 1_800_000, tooLong: false },
  ])
  expect(within.verdict).toBe('PASS')
  const beyond = pondingOf(water(100, 695))
  expect(beyond.table).toMatchObject([{ recessionMs: 2_100_000, tooLong: true }])
  expect(beyond.verdict).toBe('FAIL')
})

test('without a rain of the design depth nothing is tested, without a design depth nothing passes', () => {
  expect(pondingOf(water(100, 680), { designDepth60Mm: 50 }).reason.en).toContain('not tested')
  expect(pondingOf(water(100, 680), {}).verdict).toBe('NOT_EVALUATED')
  expect(pondingOf(water(200, 680), {}).verdict).toBe('FAIL')
})

test('a point passes by a window of a year (standards sheet 3.1), and fails by any', () => {
  const ofADay = (depthMm: number) =>
    pondingOf(water(depthMm, 680), { designDepth60Mm: 15, minWindowDays: 365 })
  expect(ofADay(100)).toMatchObject({ verdict: 'NOT_EVALUATED', value: 100 })
  expect(ofADay(100).reason.en).toContain('shorter than the 365 it takes to pass')
  expect(ofADay(200).verdict).toBe('FAIL')
  const rule = ponding.parameters.find(({ name }) => name === 'minWindowDays')
  expect(rule).toMatchObject({ default: 365, unit: 'd' })
})

test('a broken limit is named with its depth, its recession and the rain beside the design rain', () => {
  const deep = pondingOf(water(200, 695))
  expect(deep.verdict).toBe('FAIL')
  expect(deep.reason.en).toBe(
    'limits broken: 2026-06-01 10:20+08:00 depth 200 mm > 150 mm, recession 35 min > 30 min (Asia/Shanghai). Greatest hour of rain in the window 18 mm, design hour of the sewer 15 mm; a limit that is broken fails whatever the rain was',
  )
  expect(deep.reason.zh).toContain('水深 200 mm > 150 mm、退水 35 min > 30 min')
  expect(deep.table).toMatchObject([{ rainMax60Mm: 18 }])
})

test('a depth that the instrument cannot tell from its limit is said to be one', () => {
  const codes = (depthMm: number) => pondingOf(water(depthMm, 680)).notes.map(({ code }) => code)
  // 5 % relative accuracy: 143 mm may be 150.15, 142 mm at most 149.1.
  expect(codes(143)).toContain('limit_within_uncertainty')
  expect(codes(142)).not.toContain('limit_within_uncertainty')
})

test('the design rain is the registry’s unless the request gives another', () => {
  const point = (depth60Mm: number) => ({
    designRain: { depth60Mm, provenance: { document: 'sewer plan', unverified: true } },
  })
  const of = (depth60Mm: number, parameters: Record<string, number> = {}) =>
    judge(
      ponding,
      smallCity({ point: point(depth60Mm) }),
      POINT,
      WINDOW,
      { RG: rain(), PD: water(100, 680) },
      { minWindowDays: 0, ...parameters },
    )
  expect(of(18).verdict).toBe('PASS')
  expect(of(18).parts).toContainEqual({
    name: 'design-60-min-rain',
    value: 18,
    unit: 'mm',
    members: [],
  })
  expect(of(18).notes).toContainEqual({
    code: 'design_rain_source',
    text: {
      zh: '管渠设计 1 h 雨量 18 mm，取自名录：sewer plan（未核实 unverified）',
      en: 'the sewer’s design depth of an hour, 18 mm, is the registry’s: sewer plan (unverified)',
    },
  })
  expect(of(18.1).reason.en).toContain('not tested')
  expect(of(18.1, { designDepth60Mm: 15 }).verdict).toBe('PASS')
  expect(of(15, { designDepth60Mm: 20 }).reason.en).toContain('18 mm, does not reach')
})

test('deep water that no rain brought is looked into; one that rain brought still fails', () => {
  // Water from minute 2000, a day after the rain, beside the water after it.
  const both = (afterRainMm: number) =>
    pondingOf(
      everyFive(FROM, TO, (min) => {
        if (min >= 620 && min < 680) return afterRainMm
        return min >= 2000 && min < 2060 ? 300 : 0
      }),
    )
  const burst = both(100)
  expect(burst.verdict).toBe('NOT_EVALUATED')
  expect(burst.reason.en).toContain('without rain, to be looked into')
  expect(burst.value).toBe(300)
  expect(burst.notes.map(({ code }) => code)).toContain('ponding_without_rain')
  expect(both(200).verdict).toBe('FAIL')
})

test('suspect ponding is never dropped silently', () => {
  const rows = water(200, 680).map((row) =>
    row.value === 200 ? { ...row, flag: FLAG.suspect } : row,
  )
  const found = pondingOf(rows)
  expect(found.reason.en).toContain('review pending')
  expect(found.value).toBe(200)
  const failed = water(200, 680).map((row) => (row.min === 630 ? { ...row, flag: FLAG.fail } : row))
  expect(pondingOf(failed).notes.map(({ code }) => code)).toContain('ponding_reading_failed')
})

test('a point that was not watched while it rained is not evaluated', () => {
  const blind = water(0, 0).filter(({ min }) => min < 600 || min > 665)
  const found = pondingOf(blind)
  expect(found.coverage?.share).toBeLessThan(0.1)
  expect(found).toMatchObject({ value: null, verdict: 'NOT_EVALUATED' })
})
