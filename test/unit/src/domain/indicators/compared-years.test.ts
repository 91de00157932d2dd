import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { FLAG } from '../../../../../src/domain/flag.js'
import { groundwaterTrendIndicator } from '../../../../../src/domain/indicators/groundwater-trend.js'
import { heatIslandIndicator } from '../../../../../src/domain/indicators/heat-island.js'
import type { Registry } from '../../../../../src/domain/city/registry.js'
import { START_MS } from '../rain/series.js'
import { dailyRows, judgeYears, localDay, longCity } from './long-city.js'

const END_2024 = localDay(2025, 1, 1)

/** Wells that fall by 0.4 m a year to 2019, then by 0.2 m a year; the depth grows by as much. */
function fall(year: number): number {
  return year < 2020 ? 0.4 * (year - 2015) : 1.6 + 0.2 * (year - 2020)
}
const W1 = dailyRows(2015, 2024, (year) => 20 - fall(year))
const W2 = dailyRows(2015, 2024, (year) => 10 + fall(year))
const T = dailyRows(2015, 2022, (year) => (year < 2020 ? 28 : 28.5))
const F = dailyRows(2015, 2022, (year) => (year < 2020 ? 25 : 26))

function groundwater(
  registry: Registry,
  rows: Parameters<typeof judgeYears>[3] = { W1, W2 },
  parameters: Parameters<typeof judgeYears>[4] = {},
  toMs = END_2024,
) {
  return judgeYears(groundwaterTrendIndicator, registry, toMs, rows, parameters)
}

function heat(registry: Registry, rows: Parameters<typeof judgeYears>[3] = { T, F }) {
  return judgeYears(heatIslandIndicator, registry, END_2024, rows)
}

function dateOf(day: string): [number, number, number] {
  const [year = 0, month = 0, date = 0] = day.split('-').map(Number)
  return [year, month, date]
}

function codes({ notes }: { readonly notes: readonly { readonly code: string }[] }): string[] {
  return notes.map(({ code }) => code)
}

function without(year: number) {
  return dailyRows(2015, 2024, (each) => (each === year ? null : 10 + fall(each)))
}

test.each([
  [groundwaterTrendIndicator, 'groundwater'],
  [heatIslandIndicator, 'heatIsland'],
])('without its section of the registry nothing is read or evaluated: %#', (indicator, section) => {
  const registry = longCity({ groundwater: null, heatIsland: null })
  const subject = { kind: 'city', id: 'long' } as const
  const window = { fromMs: 0, toMs: END_2024 }
  expect(indicator.wants({ registry, subject, window, parameters: {} })).toEqual([])
  const found = judgeYears(indicator, registry, END_2024, {})
  expect(found).toMatchObject({ verdict: 'NOT_EVALUATED', value: null })
  expect(found.reason.en).toContain(`section ${section}`)
  expect(found.reason.zh).toContain(section)
})

test('series are asked for over the years that are over, by the city’s clock', () => {
  const registry = longCity()
  const subject = { kind: 'city', id: 'long' } as const
  const asked = (toMs: number) =>
    groundwaterTrendIndicator.wants({
      registry,
      subject,
      window: { fromMs: 0, toMs },
      parameters: {},
    })
  // One millisecond more, for the mean stamped with the end of the year.
  expect(asked(localDay(2024, 7, 1))).toEqual(
    ['W1', 'W2'].map((series) => ({
      role: 'groundwater',
      series,
      window: { fromMs: localDay(2015, 1, 1), toMs: localDay(2024, 1, 1) + 1 },
    })),
  )
  expect(asked(localDay(2016, 1, 1) - 1)).toEqual([])
})

describe('groundwater', () => {
  test('a table row stands for each well and year, and names the year that test B compares with', () => {
    const found = groundwater(longCity())
    expect(found.table).toHaveLength(2 * (5 + 3))
    // 2024: 40 − (10 + 1.6 + 0.8) = 27.6 m.
    const row = found.table.find(({ well, year }) => well === 'W2' && year === 2024)
    expect(row?.['levelM']).toBeCloseTo(27.6, 9)
    expect(row).toMatchObject({ period: 'after', validDays: 366, days: 366, counts: true })
    const one = groundwater(longCity(), undefined, {}, localDay(2023, 1, 1))
    const previous = one.table.find(({ well, year }) => well === 'W1' && year === 2021)
    expect(previous).toMatchObject({ period: 'year-before', counts: true })
    expect(codes(one)).toContain('one_year_after')
    expect(codes(one)).toContain('years_not_over')
  })

  test('a well that misses a year is left out, and too little of the area is not evaluated', () => {
    // W1 alone has 300 m² of 400 m²: 75 %.
    const rows = { W1, W2: without(2017) }
    const found = groundwater(longCity(), rows)
    expect(found).toMatchObject({ verdict: 'NOT_EVALUATED', value: null })
    expect(found.coverage?.share).toBe(0.75)
    expect(found.reason.en).toContain('75.0 %')
    expect(found.notes.find(({ code }) => code === 'wells_left_out')?.text.en).toContain('W2')
    expect(groundwater(longCity(), rows, { coverageMin: 0.75 }).verdict).toBe('PASS')
  })

  test('a year that every well misses is none; wells that miss different years leave no area', () => {
    const gap = dailyRows(2015, 2024, (year) => (year === 2023 ? null : 20 - fall(year)))
    const found = groundwater(longCity(), { W1: gap, W2: without(2023) })
    expect(found.verdict).toBe('PASS')
    expect(found.coverage?.share).toBe(1)
    expect(found.notes.find(({ code }) => code === 'years_without_level')?.text.en).toContain(
      '2023',
    )
    const none = groundwater(longCity(), { W1: gap, W2: without(2017) })
    expect(none).toMatchObject({ verdict: 'NOT_EVALUATED', value: null })
    expect(none.reason.en).toContain('W1, W2')
  })

  test('329 days of 365 make a year, as daysShareMin says', () => {
    // Without 36 days spread over 2023: 329/365 = 0.9014.
    let n = 0
    const holes = dailyRows(2015, 2024, (year) =>
      year === 2023 && n++ % 10 === 9 && n <= 360 ? null : 20 - fall(year),
    )
    const judged = (daysShareMin: number) =>
      groundwater(longCity(), { W1: holes, W2 }, { daysShareMin }).table.find(
        ({ well, year }) => well === 'W1' && year === 2023,
      )
    expect(judged(0.9)).toMatchObject({ validDays: 329, state: 'complete', counts: true })
    expect(judged(0.91)).toMatchObject({ state: 'too_few_days', counts: false, levelM: null })
  })

  test('a well whose elevation is not known is named; a level wants its own zero, a depth the ground', () => {
    const field = groundwater(longCity({ field: {} }))
    expect(field).toMatchObject({ verdict: 'NOT_EVALUATED', value: null })
    expect(field.reason.en).toContain('W2')
    expect(field.reason.en).not.toContain('W1')
    const zero = groundwater(longCity({ datumM: undefined }))
    expect(zero.reason.en).toContain('W1')
    expect(zero.verdict).toBe('NOT_EVALUATED')
  })

  test('water measured as a depth has the trend of the same water measured as a level', () => {
    const years = fc.array(fc.integer({ min: -500, max: 1500 }), { minLength: 10, maxLength: 10 })
    fc.assert(
      fc.property(years, (depthsCm) => {
        const rows = (valueM: (depthM: number) => number) =>
          dailyRows(2015, 2024, (year) => valueM((depthsCm[year - 2015] ?? 0) / 100))
        const alone = (sensor: string) =>
          longCity({ groundwater: { wells: [{ sensor, areaM2: 7 }] } })
        // The ground of W2 lies at 40 m.
        const level = groundwater(alone('W1'), { W1: rows((depthM) => 40 - depthM) })
        const depth = groundwater(alone('W2'), { W2: rows((depthM) => depthM) })
        expect(depth.value).toBeCloseTo(level.value ?? Number.NaN, 9)
        expect(depth.verdict).toBe(level.verdict)
        // (first − last) of the levels is (last − first) of the depths, over two years.
        const [first = 0, , last = 0] = depthsCm.slice(7)
        expect(depth.value).toBeCloseTo((last - first) / 200, 9)
      }),
      { numRuns: 8 },
    )
  })

  test('a well under pumping is neither read nor counted', () => {
    const wells = [
      { sensor: 'W1', areaM2: 300 },
      { sensor: 'W2', areaM2: 100, underPumping: true },
    ]
    const found = groundwater(longCity({ groundwater: { wells } }), { W1 })
    expect(found).toMatchObject({ verdict: 'PASS', value: 0.2 })
    expect(found.table.map(({ well }) => well)).not.toContain('W2')
    expect(codes(found)).toContain('wells_under_pumping')
    const all = wells.map((well) => ({ ...well, underPumping: true }))
    expect(groundwater(longCity({ groundwater: { wells: all } }), {}).verdict).toBe('NOT_EVALUATED')
  })

  test('without the mean annual rain 635 is open though the drop is told; the standard does not ask', () => {
    const city = longCity({ groundwater: { meanAnnualRainMm: undefined } })
    expect(groundwater(city)).toMatchObject({ verdict: 'NOT_EVALUATED', value: 0.2 })
    expect(groundwater(city).reason.en).toContain('mean annual rain')
    expect(groundwater(city, undefined, { rule: 'gbt-51345' }).verdict).toBe('PASS')
  })

  test('what nobody read, and mean rain that nobody checked, stand in the notes', () => {
    const mm = { mm: 620, provenance: { document: 'yearbook', unverified: true } }
    const found = groundwater(longCity({ groundwater: { meanAnnualRainMm: mm } }))
    const note = (code: string) => found.notes.find((one) => one.code === code)?.text.en
    expect(note('rule_unverified')).toContain('GB/T 51345-2018 item 6')
    expect(note('mean_annual_rain')).toContain('yearbook (unverified)')
    expect(found.uncertainty).toBeNull()
    expect(codes(found)).toContain('accuracy_unknown')
  })

  test('suspect days that decide wait for review', () => {
    // The last of three years lies 2 m lower, all of it suspect; the two before it drop by 0.2 m.
    const suspect = W1.map((row, i) =>
      i < W1.length - 366 ? row : { ...row, value: (row.value ?? 0) - 2, flag: FLAG.suspect },
    )
    const wells = [{ sensor: 'W1', areaM2: 1 }]
    const found = groundwater(longCity({ groundwater: { wells } }), { W1: suspect })
    expect(found.verdict).toBe('NOT_EVALUATED')
    expect(found.reason.en).toContain('review pending: FAIL')
    expect(found.withoutSuspect).toEqual({ value: 0.2, verdict: 'PASS' })
  })
})

describe('heat island', () => {
  test('a table row stands for each site and season, from which the difference follows by hand', () => {
    const found = heat(longCity())
    expect(found.table).toHaveLength(2 * (5 + 1))
    expect(found.table.at(-1)).toEqual({
      site: 'F',
      group: 'outside',
      altitudeM: 250,
      year: 2022,
      period: 'after',
      days: 122,
      validDays: 122,
      pairedDays: 122,
      counts: true,
      meanC: 26,
    })
    // 28.5 − (26 + 200 · 0.006) = 1.3; before 28 − 26.2 = 1.8.
    expect(found).toMatchObject({ verdict: 'PASS', value: 1.3, coverage: { share: 1 } })
    expect(found.reason.en).toBe(
      'test A not met: inside less outside after construction is +1.3 K, warmer inside; test B met: ΔT1 +1.8 K, ΔT2 +1.3 K, difference in differences -0.5 K',
    )
  })

  test('a suspect day waits for review in a summer that counts, not between them', () => {
    const suspect = (day: string) =>
      dailyRows(2015, 2022, (year) => (year < 2020 ? 28 : 28.5)).map((row) =>
        START_MS + row.min * 60_000 === localDay(...dateOf(day)) + 86_400_000
          ? { ...row, flag: FLAG.suspect }
          : row,
      )
    const found = (day: string) => heat(longCity(), { T: suspect(day), F })
    for (const day of ['2022-06-01', '2022-09-30']) {
      expect(codes(found(day))).toContain('suspect_used')
      expect(found(day).withoutSuspect).toEqual({ value: 1.3, verdict: 'PASS' })
    }
    // The last of May, the first of October, and a summer of building.
    for (const day of ['2022-05-31', '2019-10-01', '2021-07-01']) {
      expect(codes(found(day))).not.toContain('suspect_used')
      expect(found(day).withoutSuspect).toBeNull()
    }
  })

  test('a site whose altitude is not known is named', () => {
    const found = heat(longCity({ hill: {} }))
    expect(found).toMatchObject({ verdict: 'NOT_EVALUATED', value: null })
    expect(found.reason.en).toContain('F')
    expect(found.reason.en).not.toContain('T,')
  })

  test('a season with too few paired days is named and counts in the coverage as it is', () => {
    // Without July of 2017 at F: 91 of 122 days; 5 · 122 + 91 of 6 · 122.
    const short = dailyRows(2015, 2022, (year, day) =>
      day.startsWith('2017-07') ? null : year < 2020 ? 25 : 26,
    )
    const found = heat(longCity(), { T, F: short })
    expect(found.coverage?.share).toBeCloseTo((5 * 122 + 91) / (6 * 122), 12)
    expect(found.verdict).toBe('NOT_EVALUATED')
    expect(found.reason.en).toContain('4, fewer than 5')
    expect(found.notes.find(({ code }) => code === 'seasons_left_out')?.text.en).toContain(
      '2017 (91/122)',
    )
  })

  test('days over 10 mm or 5 m/s are no days of the season where gauge and wind are named', () => {
    const isJune = (day: string) => day.startsWith('2022-06')
    const hot = dailyRows(2015, 2022, (year, day) => (isJune(day) ? 60 : year < 2020 ? 28 : 28.5))
    const city = longCity({ heatIsland: { weather: { rain: 'RG', wind: 'WD' } } })
    const found = (juneMm: number, juneMs: number) =>
      heat(city, {
        ...{ T: hot, F },
        RG: dailyRows(2015, 2022, (_, day) => (isJune(day) ? juneMm : 0)),
        WD: dailyRows(2015, 2022, (_, day) => (isJune(day) ? juneMs : 2)),
      })
    // Without the hot June, 122 − 30 days with 28.5 − 27.2.
    for (const disturbed of [found(10.1, 2), found(0, 5.1)]) {
      expect(disturbed).toMatchObject({ verdict: 'PASS', value: 1.3 })
      expect(disturbed.table.at(-1)).toMatchObject({ days: 92, validDays: 92, pairedDays: 92 })
      expect(disturbed.notes.find(({ code }) => code === 'weather_days_left_out')?.text.en).toBe(
        'days left out for rain or wind: 30; days of unknown weather that count as missing: 0',
      )
    }
    // (92 · 28.5 + 30 · 60) / 122 − 27.2.
    expect(found(10, 5).value).toBeCloseTo((92 * 28.5 + 30 * 60) / 122 - 27.2, 9)
    expect(found(10, 5).verdict).toBe('FAIL')
  })

  test('days of unknown weather miss in their season and do not shorten it', () => {
    const city = longCity({ heatIsland: { weather: { rain: 'RG', wind: 'WD' } } })
    const found = (unknown: number) =>
      heat(city, {
        ...{ T, F },
        RG: dailyRows(2015, 2022, () => 0),
        WD: dailyRows(2015, 2022, (_, day) =>
          day >= '2022-06-01' && day <= `2022-06-${unknown}` ? null : 2,
        ),
      })
    // 110 of 122 days are 90.2 %, 109 are 89.3 %.
    expect(found(12)).toMatchObject({ verdict: 'PASS', value: 1.3 })
    expect(found(13)).toMatchObject({ verdict: 'NOT_EVALUATED', value: null })
    expect(found(13).reason.en).toContain('0, fewer than 1')
  })

  test('the years of the standard, read nowhere, are named', () => {
    const found = heat(longCity())
    const unread = found.notes.find(({ code }) => code === 'rule_unverified')?.text.en
    expect(unread).toContain('GB/T 51345-2018 item 7')
    expect(unread).toContain('unverified')
    expect(codes(found)).toContain('accuracy_unknown')
  })
})

describe('the interval follows from the accuracies of the registry', () => {
  /** The same city with this accuracy for every instrument. */
  function accurate(accuracy: { readonly absolute: number; readonly relative: number }): Registry {
    const city = longCity()
    for (const sensor of city.devices.flatMap(({ sensors }) => sensors)) {
      Object.assign(sensor, { accuracy })
    }
    return city
  }
  function halfWidth({ uncertainty }: ReturnType<typeof heat>): number {
    return ((uncertainty?.upper ?? Number.NaN) - (uncertainty?.lower ?? Number.NaN)) / 2
  }

  test('of a difference of two sites, by squares', () => {
    const found = heat(accurate({ absolute: 0.2, relative: 0 }))
    // Two zeros of 0.2 K, independent: 0.2·√2.
    expect(halfWidth(found)).toBeCloseTo(0.2 * Math.SQRT2, 2)
    expect(found.uncertainty?.lower).toBeLessThan(found.value ?? Number.NaN)
    expect(codes(found)).not.toContain('accuracy_unknown')
  })

  test('of a drop over two years, with a zero of its own in the first and in the last', () => {
    const found = groundwater(accurate({ absolute: 0.05, relative: 0 }))
    // Wells of 3/4 and 1/4 of the area, two years each, divided by the two years between 2022 and 2024.
    const expected = (0.05 / 2) * Math.sqrt(2 * (0.75 ** 2 + 0.25 ** 2))
    expect(halfWidth(found) / expected).toBeCloseTo(1, 1)
    expect(found.uncertainty?.method.en).toContain('sensor zero year')
    expect(groundwater(accurate({ absolute: 0.05, relative: 0 })).uncertainty).toEqual(
      found.uncertainty,
    )
  })

  test('a gain common to all years acts on the drop alone', () => {
    const found = groundwater(accurate({ absolute: 0, relative: 0.1 }))
    // The drops of both wells by 10 %: between 5 and 10 % of the value, as wells err apart.
    const share = halfWidth(found) / Math.abs(found.value ?? Number.NaN)
    expect(share).toBeCloseTo(0.1 * Math.hypot(0.75, 0.25), 1)
  })
})
