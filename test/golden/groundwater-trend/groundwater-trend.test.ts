import { expect, test } from 'vitest'
import { groundwaterTrendIndicator } from '../../../src/domain/indicators/groundwater-trend.js'
import {
  dailyRows,
  judgeYears,
  localDay,
  longCity,
} from '../../unit/src/domain/indicators/long-city.js'

/** Level of W1 and depth of W2, m. */
const YEARS: Readonly<Record<number, readonly [levelM: number, depthM: number]>> = {
  2015: [20, 10],
  2016: [19.6, 10.2],
  2017: [19.2, 10.4],
  2018: [18.8, 10.6],
  2019: [18.4, 10.8],
  2021: [18.3, 10.9],
  2022: [18, 11],
  2023: [17.8, 11.15],
  2024: [17.6, 11.3],
}
const END_2024 = localDay(2025, 1, 1)
const END_2022 = localDay(2023, 1, 1)

function judged(
  years: Readonly<Record<number, readonly [levelM: number, depthM: number]>>,
  { toMs = END_2024, rainMm = 620, rule = '635' } = {},
) {
  const meanAnnualRainMm = { mm: rainMm, provenance: { document: 'a test' } }
  const rows = {
    W1: dailyRows(2015, 2024, (year) => years[year]?.[0] ?? null),
    W2: dailyRows(2015, 2024, (year) => years[year]?.[1] ?? null),
  }
  const city = longCity({ groundwater: { meanAnnualRainMm } })
  return judgeYears(groundwaterTrendIndicator, city, toMs, rows, { rule })
}

test.each(['635', 'gbt-51345'])('test A by rule %s: 0.1875 against 0.35 m/a', (rule) => {
  const found = judged(YEARS, { rule })
  expect(found.verdict).toBe('PASS')
  expect(found.value).toBeCloseTo(0.1875, 9)
  const parts = Object.fromEntries(found.parts.map(({ name, value }) => [name, value]))
  expect(parts['drop-before']).toBeCloseTo(0.35, 9)
  expect(parts['area-level-2015']).toBeCloseTo(22.5, 9)
  expect(parts['area-level-2024']).toBeCloseTo(20.375, 9)
  expect(found.coverage?.share).toBe(1)
})

test('both sides of the drop before', () => {
  const by = (m: number) => ({ ...YEARS, 2024: [18 - m, 11 + m] as const })
  expect(judged(by(0.7))).toMatchObject({ verdict: 'FAIL', value: 0.35 })
  expect(judged(by(0.69))).toMatchObject({ verdict: 'PASS', value: 0.345 })
})

test('one year after: its change against the year before it', () => {
  const found = judged(YEARS, { toMs: END_2022 })
  expect(found.verdict).toBe('PASS')
  expect(found.value).toBeCloseTo(0.25, 9)
  const lower = { ...YEARS, 2022: [17.9, 11.1] as const }
  expect(judged(lower, { toMs: END_2022 })).toMatchObject({ verdict: 'FAIL', value: 0.35 })
})

test('a steady level is stable by 635 and compared by the standard; one that rises meets both', () => {
  const steady = Object.fromEntries(Object.keys(YEARS).map((year) => [year, [20, 10] as const]))
  expect(judged(steady)).toMatchObject({ verdict: 'PASS', value: 0 })
  expect(judged(steady, { rule: 'gbt-51345' })).toMatchObject({ verdict: 'FAIL', value: 0 })
  const rising = { ...steady, 2024: [20.04, 10] as const }
  expect(judged(rising)).toMatchObject({ verdict: 'PASS', value: -0.015 })
  expect(judged(rising, { rule: 'gbt-51345' })).toMatchObject({ verdict: 'PASS', value: -0.015 })
})

test('both sides of 1000 mm of mean annual rain', () => {
  expect(judged(YEARS, { rainMm: 1000 }).verdict).toBe('PASS')
  expect(judged(YEARS, { rainMm: 1001 }).verdict).toBe('NOT_APPLICABLE')
  expect(judged(YEARS, { rainMm: 1001, rule: 'gbt-51345' }).verdict).toBe('PASS')
})

test('both sides of the end of the last year', () => {
  const found = judged(YEARS, { toMs: END_2024 - 1 })
  expect(found.value).toBeCloseTo(0.1875, 9)
  expect(found.parts.map(({ name }) => name)).not.toContain('area-level-2024')
  expect(judged(YEARS).parts.map(({ name }) => name)).toContain('area-level-2024')
})
