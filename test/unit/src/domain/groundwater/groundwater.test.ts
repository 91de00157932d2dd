import { expect, test } from 'vitest'
import {
  annualLevel,
  levelFromDepthM,
  type AnnualLevel,
} from '../../../../../src/domain/groundwater/annual-level.js'
import { areaLevels } from '../../../../../src/domain/groundwater/area-level.js'
import { GROUNDWATER_635 } from '../../../../../src/domain/groundwater/groundwater-rule.js'
import { groundwaterTrend } from '../../../../../src/domain/groundwater/groundwater-trend.js'
import { DAY_MS } from '../../../../../src/domain/time.js'

/** Every day of a year, its level by month (1 to 12) and day of the year (from 0). */
function days(year: number, levelM: (month: number, index: number) => number | null) {
  const firstMs = Date.UTC(year, 0, 1)
  const count = (Date.UTC(year + 1, 0, 1) - firstMs) / DAY_MS
  return Array.from({ length: count }, (_, i) => {
    const day = new Date(firstMs + i * DAY_MS).toISOString().slice(0, 10)
    return { day, levelM: levelM(Number(day.slice(5, 7)), i) }
  })
}

test('a year is the mean of its months, not of its days', () => {
  // January 24 m, else 12 m: (24 + 11 · 12) / 12 = 13; by days it would be 12 + 12 · 31 / 365 = 13.02.
  expect(
    annualLevel(
      2023,
      days(2023, (month) => (month === 1 ? 24 : 12)),
    ),
  ).toEqual({
    year: 2023,
    levelM: 13,
    reason: null,
    validDays: 365,
    daysOfYear: 365,
  })
})

test('90 % of the days make a year: 329 of 365, 330 of 366', () => {
  // One day in ten and one more is missing, spread over the year.
  const first = (count: number) => (_: number, i: number) => (i % 10 === 9 && i < count ? null : 5)
  expect(annualLevel(2023, days(2023, first(360)))).toMatchObject({ validDays: 329, levelM: 5 })
  const hole = (_: number, i: number) => (i % 10 === 9 || i === 0 ? null : 5)
  expect(annualLevel(2023, days(2023, hole))).toMatchObject({
    validDays: 328,
    levelM: null,
    reason: 'too_few_days',
  })
  expect(annualLevel(2024, days(2024, first(360)))).toMatchObject({ validDays: 330, levelM: 5 })
  expect(annualLevel(2024, days(2024, hole)).reason).toBe('too_few_days')
})

test('a year without a level in a month has no mean, though 92 % of its days are there', () => {
  expect(
    annualLevel(
      2023,
      days(2023, (month) => (month === 2 ? null : 5)),
    ),
  ).toMatchObject({
    levelM: null,
    reason: 'month_missing',
    validDays: 337,
  })
})

test('days of other years are passed over', () => {
  const both = [...days(2022, () => 99), ...days(2023, () => 5)]
  expect(annualLevel(2023, both)).toMatchObject({ levelM: 5, validDays: 365 })
})

test('the level is the ground less the depth to the water', () => {
  expect(levelFromDepthM(45.5, 12.25)).toBe(33.25)
})

function year(of: number, levelM: number | null): AnnualLevel {
  const reason = levelM === null ? 'too_few_days' : null
  return { year: of, levelM, reason, validDays: 365, daysOfYear: 365 }
}

test('an area weights its wells by their polygons', () => {
  const found = areaLevels(
    [
      { id: 'W1', weight: 300, years: [year(2022, 10), year(2023, 9)] },
      { id: 'W2', weight: 100, years: [year(2022, 30), year(2023, 31)] },
    ],
    [2022, 2023],
  )
  // (3 · 10 + 30) / 4 = 15; (3 · 9 + 31) / 4 = 14.5.
  expect(found).toEqual({
    years: [
      { year: 2022, levelM: 15 },
      { year: 2023, levelM: 14.5 },
    ],
    leftOut: [],
    reason: null,
  })
})

test('a well that misses a year is left out of all, and is no rise of the area', () => {
  const found = areaLevels(
    [
      { id: 'W1', weight: 1, years: [year(2022, 10), year(2023, 9)] },
      { id: 'W2', weight: 1, years: [year(2022, null), year(2023, 31)] },
      { id: 'W3', weight: 1, years: [year(2023, 50)] },
    ],
    [2022, 2023],
  )
  expect(found).toMatchObject({
    years: [{ levelM: 10 }, { levelM: 9 }],
    leftOut: ['W2', 'W3'],
  })
  expect(areaLevels([], [2022])).toEqual({
    years: [{ year: 2022, levelM: null }],
    leftOut: [],
    reason: 'no_well_in_every_year',
  })
})

/** Levels of consecutive years. */
function levels(from: number, ...means: readonly (number | null)[]) {
  return means.map((levelM, i) => ({ year: from + i, levelM }))
}

const BEFORE = { from: 2015, to: 2019 }
const AFTER = { from: 2022, to: 2024 }

/** A drop of 2 m in four years, 0.5 m a year; then the building years. */
const DROPPING = levels(2015, 20, 19.6, 19, 18.4, 18, null, 17)

function trend(after: readonly (number | null)[], rule = GROUNDWATER_635, rainMm = 600) {
  return groundwaterTrend([...DROPPING, ...levels(2022, ...after)], BEFORE, AFTER, rainMm, rule)
}

test('test A: a smaller drop per year than before meets, an equal one does not', () => {
  // 2022 to 2024: 0.8 m in two years.
  expect(trend([17, 16.9, 16.2])).toEqual({
    outcome: 'met',
    test: 'A',
    dropBeforeM: 0.5,
    dropAfterM: 0.4,
    reason: null,
    beforeYears: [2015, 2016, 2017, 2018, 2019],
    afterYears: [2022, 2023, 2024],
    unverified: true,
  })
  expect(trend([17, 16.9, 16])).toMatchObject({ outcome: 'not-met', dropAfterM: 0.5 })
})

test('a year without a mean lengthens the time between, and is no year of the record', () => {
  // 2022 and 2024 only: 0.8 m in two years.
  expect(trend([17, null, 16.2])).toMatchObject({
    outcome: 'met',
    dropAfterM: 0.4,
    afterYears: [2022, 2024],
  })
})

test('test B: one year after construction is held against the year before it', () => {
  // 2021 had 17 m: a drop of 0.4 m, then of 0.6 m.
  expect(trend([16.6])).toMatchObject({ outcome: 'met', test: 'B', dropAfterM: 0.4 })
  expect(trend([16.4])).toMatchObject({ outcome: 'not-met', test: 'B', dropAfterM: 0.6 })
  expect(trend([null, 16.6])).toMatchObject({
    outcome: null,
    test: 'B',
    reason: 'previous_year_missing',
  })
})

test('a rising level meets also without the years before', () => {
  const rising = groundwaterTrend(levels(2022, 17, 17.1, 17.4), BEFORE, AFTER, null)
  expect(rising).toMatchObject({ outcome: 'met', dropBeforeM: null, dropAfterM: -0.2 })
})

test('a steady level is stable by 635; the standard compares it with the years before', () => {
  const steadyBefore = [...levels(2015, 18, 18, 18, 18, 18), ...levels(2022, 18, 18)]
  const standard = groundwaterTrend(steadyBefore, BEFORE, AFTER, null)
  expect(standard).toMatchObject({ outcome: 'not-met', dropBeforeM: 0, dropAfterM: 0 })
  const notice = groundwaterTrend(steadyBefore, BEFORE, AFTER, 600, GROUNDWATER_635)
  expect(notice.outcome).toBe('met')
})

test('four years before, or none after, cannot tell a drop', () => {
  const four = [...levels(2016, 20, 19, 18, 17), ...levels(2022, 16, 15.9)]
  expect(groundwaterTrend(four, BEFORE, AFTER, null)).toMatchObject({
    outcome: null,
    reason: 'before_too_short',
    dropBeforeM: null,
  })
  expect(trend([])).toMatchObject({ outcome: null, test: null, reason: 'after_too_short' })
})

test('places with more than 1000 mm of rain a year are exempt from 635 only', () => {
  const fast = [17, 16, 14]
  expect(trend(fast, GROUNDWATER_635, 1000.1).outcome).toBe('exempt')
  expect(trend(fast, GROUNDWATER_635, 1000).outcome).toBe('not-met')
  const all = [...DROPPING, ...levels(2022, ...fast)]
  expect(groundwaterTrend(all, BEFORE, AFTER, null, GROUNDWATER_635)).toMatchObject({
    outcome: null,
    reason: 'mean_rain_unknown',
  })
  expect(groundwaterTrend(all, BEFORE, AFTER, 1600).outcome).toBe('not-met')
})

test('the same levels in another order are no rise and no drop', () => {
  // The water of every month rises by 1 cm a day in odd years and falls so in even ones, about 4.3 m:
  // the mean of each month, and so of each year, is 4.3 m, however its days are added up.
  const years = [2015, 2016, 2017, 2018, 2019, 2021, 2022, 2023, 2024].map((year) => {
    const level = (month: number, index: number) => {
      const length = new Date(Date.UTC(year, month, 0)).getUTCDate()
      const ofMonth = new Date(Date.UTC(year, 0, 1 + index)).getUTCDate()
      const step = ofMonth - (length + 1) / 2
      return 4.3 + 0.01 * (year % 2 === 1 ? step : -step)
    }
    return annualLevel(year, days(year, level))
  })
  const before = { from: 2015, to: 2019 }
  for (const from of [2021, 2022, 2023]) {
    // Neither rising nor dropping less than before, which GB/T 51345-2018 item 6 wants (sheet 3.9) …
    const compared = groundwaterTrend(years, before, { from, to: 2024 }, 620)
    expect(compared).toMatchObject({ outcome: 'not-met', dropBeforeM: 0, dropAfterM: 0 })
    // … and stable, which 635 indicator 3 takes (sheet 2.1).
    const by635 = groundwaterTrend(years, before, { from, to: 2024 }, 620, GROUNDWATER_635)
    expect(by635).toMatchObject({ outcome: 'met', dropAfterM: 0 })
  }
})
