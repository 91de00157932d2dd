import { expect, test } from 'vitest'
import { localTime } from '../../../../../src/domain/local-time.js'
import { HOUR_MS, MINUTE_MS } from '../../../../../src/domain/time.js'
import {
  nightDayFactorH,
  nightFlow,
  nightLeakage,
  NIGHT_FLOW_RULE,
} from '../../../../../src/domain/water-supply/night-flow.js'

const SHANGHAI = localTime('Asia/Shanghai')
const MIDNIGHT_MS = Date.parse('2026-05-04T00:00:00+08:00')
const QUARTER_MS = 15 * MINUTE_MS

/** A local day in quarters of an hour, 40 m³/h but for what is said of a quarter. */
function day(said: Readonly<Record<string, number | null>>) {
  return Array.from({ length: 96 }, (_, i) => {
    const minutes = i * 15
    const clock = `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`
    const flow = said[clock]
    const fromMs = MIDNIGHT_MS + i * QUARTER_MS
    return { fromMs, toMs: fromMs + QUARTER_MS, flowM3h: flow === undefined ? 40 : flow }
  })
}

test('the least quarter counts between 02:00 and 05:00 only', () => {
  const found = nightFlow(day({ '01:45': 5, '03:30': 21, '04:45': 20, '05:00': 5 }), SHANGHAI)
  expect(found).toEqual({
    flowM3h: 20,
    window: {
      fromMs: MIDNIGHT_MS + 4.75 * HOUR_MS,
      toMs: MIDNIGHT_MS + 5 * HOUR_MS,
    },
    reason: null,
    unverified: true,
  })
})

test('a moving hour is the least mean of four quarters in a row', () => {
  const flows = day({ '02:30': 10, '02:45': 20, '03:00': 30, '03:15': 20, '04:15': 0 })
  // (10 + 20 + 30 + 20) / 4 = 20; the hours with 04:15 have (3 · 40 + 0) / 4 = 30.
  const found = nightFlow(flows, SHANGHAI, { ...NIGHT_FLOW_RULE, meanMin: 60 })
  expect(found).toMatchObject({ flowM3h: 20, window: { fromMs: MIDNIGHT_MS + 2.5 * HOUR_MS } })
})

test('a night with a missing quarter has no least flow; the rest of the day may miss', () => {
  expect(nightFlow(day({ '03:00': null, '04:00': 20 }), SHANGHAI)).toMatchObject({
    flowM3h: null,
    reason: 'night_incomplete',
  })
  expect(nightFlow(day({ '06:00': null, '04:00': 20 }), SHANGHAI).flowM3h).toBe(20)
  expect(nightFlow(day({}).slice(9), SHANGHAI).reason).toBe('night_incomplete')
  expect(nightFlow([], SHANGHAI).reason).toBe('night_incomplete')
})

test('hours that begin at twenty past do not fill the night: the last runs over five', () => {
  const hours = Array.from({ length: 24 }, (_, i) => {
    const fromMs = MIDNIGHT_MS + i * HOUR_MS + 20 * MINUTE_MS
    return { fromMs, toMs: fromMs + HOUR_MS, flowM3h: 40 }
  })
  expect(nightFlow(hours, SHANGHAI, { ...NIGHT_FLOW_RULE, meanMin: 60 })).toMatchObject({
    flowM3h: null,
    reason: 'night_incomplete',
  })
})

test('night leakage is the least flow less 6 % of the people at 10 L and the large users', () => {
  // 10 000 · 0.06 · 10 L = 6 m³/h, and 4 m³/h of a metered hospital.
  expect(nightLeakage(20, 10_000, 4)).toEqual({
    leakageM3h: 10,
    legitimateM3h: 10,
    reason: null,
    unverified: true,
  })
  expect(nightLeakage(9, 10_000, 4)).toMatchObject({
    leakageM3h: null,
    reason: 'use_exceeds_flow',
  })
})

test('the night-day factor is 24 h at even pressure and less where the night has the most', () => {
  const even = Array.from({ length: 24 }, () => 30)
  expect(nightDayFactorH(even, 30, 1.5)).toBe(24)
  // 12 h at the night's 40 m and 12 h at 10 m: 12 + 12 · (1/4)^0.5 = 18, with N1 1.5 12 + 12/8 = 13.5.
  const halves = Array.from({ length: 24 }, (_, i) => (i < 12 ? 40 : 10))
  expect(nightDayFactorH(halves, 40, 0.5)).toBeCloseTo(18, 12)
  expect(nightDayFactorH(halves, 40, 1.5)).toBeCloseTo(13.5, 12)
})

test('a day with an hour of pressure missing has no factor', () => {
  const hours = Array.from({ length: 24 }, (_, i) => (i === 7 ? null : 30))
  expect(nightDayFactorH(hours, 30, 1)).toBeNull()
  expect(nightDayFactorH(hours.slice(8), 30, 1)).toBeNull()
})
