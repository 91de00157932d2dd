import { expect, test } from 'vitest'
import { localTime } from '../../../../../src/domain/local-time.js'
import { FLAG } from '../../../../../src/domain/flag.js'
import { rainRecordWriter } from '../../../../../src/domain/rain/rain-record.js'
import { baseFlow, dryWeather } from '../../../../../src/domain/runoff/base-flow.js'
import { eventRunoff } from '../../../../../src/domain/runoff/event-runoff.js'
import {
  rainVolumeM3,
  runoffCoefficient,
} from '../../../../../src/domain/runoff/runoff-coefficient.js'
import { runoffWindow } from '../../../../../src/domain/runoff/runoff-window.js'
import { stormVolume } from '../../../../../src/domain/runoff/storm-volume.js'
import { JUDGED } from '../../../../../src/domain/selection.js'
import {
  constantRecord,
  joinedRecords,
  KNOWN,
  stateRecord,
} from '../../../../../src/domain/state-record.js'
import { HOUR_MS, MINUTE_MS } from '../../../../../src/domain/time.js'
import { at, series, window, type Row } from '../rain/series.js'

const FIVE = { type: 'periodic', intervalS: 300 } as const
const INSTANT = { kind: { type: 'instant' }, reporting: FIVE } as const
const MEAN = { kind: { type: 'interval-mean' }, reporting: FIVE } as const
const HELD = {
  kind: { type: 'instant' },
  reporting: { type: 'on-change', heartbeatS: 3600 },
} as const
const OPTIONS = { selection: JUDGED, bridgeMs: 15 * MINUTE_MS }
const SHANGHAI = localTime('Asia/Shanghai')
const NONE = () => 0
const RULE = { peakShare: 0.05, maxRecessionMs: 24 * HOUR_MS }

function flow(
  rows: readonly Row[],
  fromMin: number,
  toMin: number,
  sensor: Parameters<typeof stateRecord>[1] = INSTANT,
) {
  return stateRecord(series(rows), sensor, window(fromMin, toMin), OPTIONS)
}

function rows(fromMin: number, toMin: number, value: (min: number) => number): Row[] {
  const all: Row[] = []
  for (let min = fromMin; min <= toMin; min += 5) all.push({ min, value: value(min) })
  return all
}

/** Rises to 1.2 m³/s in an hour, falls in two: ½ · 1.2 m³/s · 10 800 s = 6480 m³. */
function triangle(min: number): number {
  if (min <= 0 || min >= 180) return 0
  return min <= 60 ? (1.2 * min) / 60 : (1.2 * (180 - min)) / 120
}

test('a triangular hydrograph of instants holds half of base times height', () => {
  const found = stormVolume(flow(rows(0, 180, triangle), 0, 180), window(0, 180), NONE)
  expect(found.volumeM3).toBeCloseTo(6480, 9)
  expect(found).toMatchObject({ missingMs: 0, bridgedMs: 0, bridgedOffM3: 0, peakM3s: 1.2 })
})

test('interval means integrate by rectangles', () => {
  // 0.1, 0.4, 0.2 m³/s over 300 s each: 0.7 · 300 = 210 m³.
  const means = [
    { min: 5, value: 0.1 },
    { min: 10, value: 0.4 },
    { min: 15, value: 0.2 },
  ]
  expect(stormVolume(flow(means, 0, 15, MEAN), window(0, 15), NONE).volumeM3).toBeCloseTo(210, 9)
})

test('a sensor that reports on change holds its value up to the heartbeat', () => {
  const changes = [
    { min: 0, value: 0.2 },
    { min: 30, value: 0.5 },
  ]
  const found = stormVolume(flow(changes, 0, 120, HELD), window(0, 120), NONE)
  // 0.2 · 1800 s + 0.5 · 3600 s = 2160 m³; after 90 min nobody knows.
  expect(found.volumeM3).toBeCloseTo(2160, 9)
  expect(found.missingMs).toBe(30 * MINUTE_MS)
})

test('a gap of fifteen minutes is bridged and widens, a longer one is missing', () => {
  const across = (gapMin: number) => {
    const two = [
      { min: 0, value: 0.1 },
      { min: gapMin, value: 0.3 },
    ]
    return stormVolume(flow(two, 0, gapMin), window(0, gapMin), NONE)
  }
  // 900 s at the mean of 0.2: 180 m³; between the rectangles of 90 and 270 m³.
  const bridged = across(15)
  expect(bridged.volumeM3).toBeCloseTo(180, 9)
  expect(bridged.bridgedOffM3).toBeCloseTo(90, 9)
  expect(bridged).toMatchObject({ bridgedMs: 15 * MINUTE_MS, missingMs: 0 })
  expect(across(16)).toMatchObject({ volumeM3: 0, bridgedMs: 0, missingMs: 16 * MINUTE_MS })
})

test('a message without a value ends what the message before it vouched for', () => {
  const found = flow(
    [
      { min: 0, value: 0.2 },
      { min: 20, value: null },
      { min: 50, value: 0.1 },
    ],
    0,
    60,
    HELD,
  )
  expect([...found.known]).toEqual([KNOWN.measured, KNOWN.missing, KNOWN.measured])
  expect([...found.toMs]).toEqual([at(20), at(50), at(60)])
})

test('flow below the base makes no negative runoff, reversed flow does', () => {
  const below = flow(
    rows(0, 10, () => 0.05),
    0,
    10,
  )
  expect(stormVolume(below, window(0, 10), () => 0.1).volumeM3).toBe(0)
  const back = stormVolume(
    flow(
      rows(0, 10, () => -0.05),
      0,
      10,
    ),
    window(0, 10),
    () => 0.1,
  )
  // 600 s · −0.05 m³/s = −30 m³.
  expect(back.volumeM3).toBeCloseTo(-30, 9)
  expect(back.reverseM3).toBeCloseTo(30, 9)
})

test('a zero error of the meter stays in the volume unless a base flow carries it, too', () => {
  const hour = flow(
    rows(0, 60, (min) => (min < 30 ? 0.5 : -0.5)),
    0,
    60,
  )
  const over = (base: number) => stormVolume(hour, window(0, 60), () => base)
  expect(over(0)).toMatchObject({ zeroErrorMs: 60 * MINUTE_MS, peakExcessM3s: 0.5 })
  // With a base only while the water flows back, from minute 30 on and half of the five minutes before.
  expect(over(0.1)).toMatchObject({ zeroErrorMs: 32.5 * MINUTE_MS, peakExcessM3s: 0.4 })
})

test('water that sloshes back and forth is not counted as runoff', () => {
  const tide = flow(
    rows(0, 20, (min) => (min % 10 === 0 ? 0.5 : -0.5)),
    0,
    20,
  )
  expect(stormVolume(tide, window(0, 20), NONE).volumeM3).toBeCloseTo(0, 9)
})

test('antecedent base flow is the median of the hours before, level', () => {
  const record = flow(
    rows(-120, 60, (min) => (min < -60 ? 0.02 : min < 0 ? 0.04 : 1)),
    -120,
    60,
  )
  // Twelve readings of 0.02 and twelve of 0.04: the median of 24 is 0.03.
  const base = baseFlow(
    { method: 'antecedent', windowH: 2 },
    record,
    at(0),
    new Uint8Array(0),
    SHANGHAI,
  )
  expect(base(at(30))).toBeCloseTo(0.03, 12)
})

test('antecedent base flow is unknown when less than half of the time is measured', () => {
  const base = (fromMin: number) =>
    baseFlow(
      { method: 'antecedent', windowH: 2 },
      flow(
        rows(fromMin, 60, () => 0.02),
        -120,
        60,
      ),
      at(0),
      new Uint8Array(0),
      SHANGHAI,
    )(at(0))
  expect(base(-60)).toBeCloseTo(0.02, 12)
  expect(base(-55)).toBeNaN()
})

test('a dry-day pattern takes the median of the same hour on dry days, weekends apart', () => {
  // 2026-06-01 is a Monday. Flow: 10 L/s, 30 L/s from 07 to 09, doubled at weekends; rain on Wednesday at noon.
  const day = 1440
  const dryFlow = (min: number) => {
    const hour = Math.floor((min % day) / 60)
    const isWeekend = Math.floor(min / day) % 7 >= 5
    return (hour >= 7 && hour < 9 ? 0.03 : 0.01) * (isWeekend ? 2 : 1)
  }
  const wet = (min: number) => min > 2.5 * day && min < 3 * day
  const record = flow(
    rows(0, 8 * day, (min) => (wet(min) ? 5 : dryFlow(min))),
    0,
    8 * day,
  )
  const rain = rainRecordWriter(window(-2 * day, 10 * day))
  rain.push(at(2.5 * day), { depthPm: 0, flag: FLAG.good })
  rain.push(at(2.5 * day + 60), { depthPm: 9e9, flag: FLAG.good })
  rain.push(at(10 * day), { depthPm: 0, flag: FLAG.good })
  const dry = dryWeather(record, rain.finish(), 24 * HOUR_MS)
  const pattern = (weekends: 'apart' | 'together') =>
    baseFlow(
      { method: 'dry-day-pattern', dryAfterH: 24, weekends },
      record,
      at(7 * day),
      dry,
      SHANGHAI,
    )
  const monday = pattern('apart')
  expect(monday(at(7 * day + 8 * 60))).toBeCloseTo(0.03, 12)
  expect(monday(at(7 * day + 3 * 60))).toBeCloseTo(0.01, 12)
  expect(monday(at(5 * day + 8 * 60))).toBeCloseTo(0.06, 12)
  // Together: four dry working days and two weekend days at 03 h; the median is a working day's.
  expect(pattern('together')(at(5 * day + 3 * 60))).toBeCloseTo(0.01, 12)
})

test('a dry-day pattern without a dry hour is unknown', () => {
  const record = flow(
    rows(0, 600, () => 0.01),
    0,
    600,
  )
  const base = baseFlow(
    { method: 'dry-day-pattern', dryAfterH: 24, weekends: 'apart' },
    record,
    at(600),
    new Uint8Array(record.fromMs.length),
    SHANGHAI,
  )
  expect(base(at(600))).toBeNaN()
})

test('the runoff window ends when the flow is below base flow plus a twentieth of the peak', () => {
  // 5 % of 1.2 is 0.06: reached at 174 min, the first reading below it is at 175.
  const found = runoffWindow(
    flow(rows(0, 600, triangle), 0, 600),
    window(0, 30),
    Infinity,
    NONE,
    RULE,
  )
  expect(found).toEqual({ fromMs: at(0), toMs: at(175), endedBy: 'recession' })
})

test('the runoff window ends no later than the next event or the longest recession', () => {
  const steady = flow(
    rows(0, 3000, () => 1),
    0,
    3000,
  )
  expect(runoffWindow(steady, window(0, 30), at(400), NONE, RULE)).toMatchObject({
    toMs: at(400),
    endedBy: 'next-event',
  })
  expect(runoffWindow(steady, window(0, 30), Infinity, NONE, RULE)).toMatchObject({
    toMs: at(30 + 1440),
    endedBy: 'max-recession',
  })
})

test('an outfall that never answers ends with the rain', () => {
  const idle = flow(
    rows(0, 600, () => 0),
    0,
    600,
  )
  expect(runoffWindow(idle, window(0, 30), Infinity, NONE, RULE).toMs).toBe(at(30))
})

test('upstream inflow is subtracted with its travel time', () => {
  const outflow = { record: flow(rows(-60, 600, triangle), -60, 600), dry: new Uint8Array(0) }
  // Upstream the same water, half of it, twenty minutes earlier.
  const inflow = {
    record: flow(
      rows(-60, 600, (min) => triangle(min + 20) / 2),
      -60,
      600,
    ),
    dry: new Uint8Array(0),
    travelMs: 20 * MINUTE_MS,
  }
  const found = eventRunoff(
    outflow,
    [inflow],
    window(0, 30),
    Infinity,
    { method: 'none' },
    RULE,
    SHANGHAI,
  )
  // Up to 175 min: 6480 − ½ · 0.05 · 300 = 6472.5 m³, of which half came from above.
  expect(found.outfall.volumeM3).toBeCloseTo(6472.5, 6)
  expect(found.volumeM3).toBeCloseTo(3236.25, 6)
  expect(found.coverage).toBe(1)
})

test('18 mm on 1.2 hm² and 120 m³ of runoff give 0.556, and 0.444 is held back', () => {
  // φ = 120 / (10 · 18 · 1.2)
  const coefficient = runoffCoefficient(120, rainVolumeM3(18, 12_000))
  expect(coefficient).toBeCloseTo(0.556, 3)
  expect(1 - (coefficient ?? 0)).toBeCloseTo(0.444, 3)
  expect(runoffCoefficient(0, 0)).toBeNull()
})

test('records of neighbouring periods join, and what is proven shut is zero', () => {
  const joined = joinedRecords(
    [constantRecord(window(0, 10), 0), constantRecord(window(20, 30), 0)],
    window(0, 30),
  )
  expect([...joined.known]).toEqual([KNOWN.measured, KNOWN.missing, KNOWN.measured])
})
