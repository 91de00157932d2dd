import { expect, test } from 'vitest'
import { disturbedDays } from '../../../../../src/domain/heat-island/disturbed-days.js'
import {
  heatDifference,
  type HeatSite,
} from '../../../../../src/domain/heat-island/heat-difference.js'
import {
  heatChange,
  heatLevel,
  isHeatRelieved,
} from '../../../../../src/domain/heat-island/heat-tests.js'
import { DAY_MS } from '../../../../../src/domain/time.js'

const NONE: ReadonlySet<string> = new Set()

/** A site of 50 m; its temperature by year, index of the day from 1 May, to 31 October. */
function site(
  id: string,
  years: readonly number[],
  tempC: (year: number, day: string) => number | null,
  altitudeM: number | null = 50,
): HeatSite {
  const days = years.flatMap((year) =>
    Array.from({ length: 184 }, (_, i) => {
      const day = new Date(Date.UTC(year, 4, 1) + i * DAY_MS).toISOString().slice(0, 10)
      const value = tempC(year, day)
      return { day, value, hours: value === null ? 19 : 24 }
    }),
  )
  return { id, altitudeM, days }
}

const YEARS = [2015, 2016, 2017, 2018, 2019, 2022]
const PERIODS = { before: { from: 2015, to: 2019 }, after: { from: 2022, to: 2022 } }

test('the difference is over the days of June to September, 122 a year', () => {
  const town = site('T', [2022], (_, day) => (day < '2022-06-01' || day > '2022-09-30' ? 60 : 28))
  const fields = site('F', [2022], () => 26)
  const { days, ...found } = heatDifference([town], [fields], PERIODS.after, 1, NONE)
  expect(found).toEqual({
    differenceC: 2,
    reason: null,
    firstC: 28,
    secondC: 26,
    seasons: [{ year: 2022, days: 122, pairedDays: 122, counts: true }],
  })
  expect([days[0], days.at(-1), days.length]).toEqual(['2022-06-01', '2022-09-30', 122])
})

test('only days on which every site has a mean count', () => {
  // The town's hot days miss at the field: with them its mean would be (112 · 28 + 10 · 40) / 122.
  const hot = (day: string) => day >= '2022-07-01' && day <= '2022-07-10'
  const town = site('T', [2022], (_, day) => (hot(day) ? 40 : 28))
  const fields = [
    site('F1', [2022], () => 26),
    site('F2', [2022], (_, day) => (hot(day) ? null : 24)),
  ]
  expect(heatDifference([town], fields, PERIODS.after, 1, NONE)).toMatchObject({
    differenceC: 3,
    firstC: 28,
    secondC: 25,
    seasons: [{ days: 122, pairedDays: 112 }],
  })
})

test('a season counts with 90 % of its days: 110 of 122, not 109', () => {
  const missing = (count: number) => (_: number, day: string) =>
    day >= '2022-06-01' && day <= `2022-06-${String(count)}` ? null : 28
  const fields = [site('F', [2022], () => 26)]
  const found = (count: number) =>
    heatDifference([site('T', [2022], missing(count))], fields, PERIODS.after, 1, NONE)
  expect(found(12)).toMatchObject({ differenceC: 2, seasons: [{ pairedDays: 110 }] })
  expect(found(13)).toMatchObject({
    differenceC: null,
    reason: 'too_few_years',
    seasons: [{ pairedDays: 109, counts: false }],
  })
})

test('days left out are no days of the season', () => {
  const june = Array.from({ length: 30 }, (_, i) => `2022-06-${String(i + 1).padStart(2, '0')}`)
  const town = site('T', [2022], (_, day) => (day < '2022-07-01' ? 60 : 28))
  const fields = site('F', [2022], () => 26)
  expect(heatDifference([town], [fields], PERIODS.after, 1, new Set(june))).toMatchObject({
    differenceC: 2,
    seasons: [{ days: 92, pairedDays: 92 }],
  })
})

test('days over 10 mm or 5 m/s are disturbed; one that may be calm wants both known', () => {
  const { disturbed, unknown } = disturbedDays([
    { day: '2022-06-01', rainMm: 10, windMs: 5 },
    { day: '2022-06-02', rainMm: 10.1, windMs: 0 },
    { day: '2022-06-03', rainMm: 0, windMs: 5.1 },
    { day: '2022-06-04', rainMm: null, windMs: 1 },
    { day: '2022-06-05', rainMm: 0, windMs: null },
    { day: '2022-06-06', rainMm: 11, windMs: null },
    { day: '2022-06-07', rainMm: null, windMs: 6 },
  ])
  expect([...disturbed]).toEqual(['2022-06-02', '2022-06-03', '2022-06-06', '2022-06-07'])
  expect([...unknown]).toEqual(['2022-06-04', '2022-06-05'])
})

test('a site 200 m higher is 1.2 °C warmer at the altitude of the other', () => {
  const town = site('T', [2022], () => 28, 50)
  const hill = site('H', [2022], () => 26, 250)
  // 28 − (26 + 200 · 0.006) = 0.8; at their mean of 150 m 28 − 0.6 and 26 + 0.6.
  expect(heatDifference([town], [hill], PERIODS.after, 1, NONE)).toMatchObject({
    differenceC: 0.8,
    firstC: 27.4,
    secondC: 26.6,
  })
  const unknown = site('U', [2022], () => 26, null)
  expect(heatDifference([town], [unknown], PERIODS.after, 1, NONE)).toMatchObject({
    differenceC: null,
    reason: 'altitude_missing',
  })
  expect(heatDifference([town], [], PERIODS.after, 1, NONE).reason).toBe('no_site')
})

test('test A of 635: the sponge area is not warmer than the other area', () => {
  const sponge = site('S', [2022], () => 28)
  const level = (otherC: number) =>
    heatLevel([sponge], [site('O', [2022], () => otherC)], PERIODS.after, NONE)
  expect(level(28)).toMatchObject({ met: true, reason: null, unverified: true })
  expect(level(27.9).met).toBe(false)
})

/** Before, area and suburb 28 and 26; after, a year hotter by nature by 1 °C. */
function change(areaAfterC: number, years: readonly number[] = YEARS) {
  const area = site('A', years, (year) => (year < 2020 ? 28 : areaAfterC))
  const suburb = site('F', years, (year) => (year < 2020 ? 26 : 27))
  return heatChange([area], [suburb], PERIODS, NONE)
}

test('the lead over the suburb falls though the year is hotter: difference in differences', () => {
  // (28.5 − 27) − (28 − 26) = −0.5.
  expect(change(28.5)).toMatchObject({
    met: true,
    changeC: -0.5,
    reason: null,
    before: { differenceC: 2 },
    after: { differenceC: 1.5 },
    unverified: true,
  })
  // (29 − 27) − 2 = 0 is no relief.
  expect(change(29)).toMatchObject({ met: false, changeC: 0 })
  expect(change(29.2)).toMatchObject({ met: false, changeC: 0.2 })
})

test('four years before are too few', () => {
  expect(change(28.5, YEARS.slice(1))).toMatchObject({
    met: null,
    changeC: null,
    reason: 'too_few_years',
    before: { differenceC: null },
    after: { differenceC: 1.5 },
  })
})

test('indicator 4 is met by either test, failed by both, else not told', () => {
  const cool = heatLevel(
    [site('S', [2022], () => 27)],
    [site('O', [2022], () => 28)],
    PERIODS.after,
    NONE,
  )
  const warm = heatLevel(
    [site('S', [2022], () => 29)],
    [site('O', [2022], () => 28)],
    PERIODS.after,
    NONE,
  )
  const short = change(28.5, [2022])
  expect(isHeatRelieved(cool, short)).toBe(true)
  expect(isHeatRelieved(warm, change(28.5))).toBe(true)
  expect(isHeatRelieved(warm, change(29.2))).toBe(false)
  expect(isHeatRelieved(warm, short)).toBeNull()
})
