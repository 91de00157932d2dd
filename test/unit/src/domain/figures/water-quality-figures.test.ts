import { expect, test } from 'vitest'
import { figureFormulaOf } from '../../../../../src/domain/figures/figure-formulas.js'
import {
  baseline,
  BEFORE,
  CLEAN,
  having,
  MONTHS,
  POINTS,
  RIVER,
  sample,
  spoiled,
  SURVEY,
  unaccredited,
  year,
  type Sample,
} from './clean-year.js'

const { compute, faults } = figureFormulaOf('water-quality')
const blackOdour = figureFormulaOf('black-odour')

const isOf = (section: string, month: string) => (one: Sample) =>
  one.section === section && one.day.startsWith(month)

function inMonth(section: string, month: string, values: Readonly<Record<string, number>>) {
  const meant = isOf(section, month)
  return spoiled(SURVEY, (one) => (meant(one) ? having(one, values) : one))
}

test('a river at the limits of class IV, better than before, no worse than its inflow passes', () => {
  expect(faults(SURVEY)).toEqual([])
  const outcome = compute(SURVEY)
  expect(outcome).toMatchObject({ verdict: 'PASS', value: 1, unverified: true })
  expect(outcome.steps).toMatchObject({
    withoutAccreditation: [],
    idleSamples: [],
    subjects: [
      {
        id: 'Qing',
        parts: [
          { part: 'black-odour', standing: 'met' },
          { part: 'class', standing: 'met' },
          { part: 'before', standing: 'met' },
          { part: 'inflow', standing: 'met' },
        ],
      },
    ],
  })
})

// Limits of standards sheet 7.13: class IV keeps 30 mg/L of COD and 3 mg/L of oxygen. S1 alone is
// spoiled, so that the inflow of S3 has no part in it.
test.each([
  ['cod', 30.1],
  ['dissolvedOxygen', 2.9],
  ['permanganateIndex', 10.1],
  ['bod5', 6.1],
  ['ammoniaNitrogen', 1.6],
  ['totalPhosphorus', 0.31],
  ['ph', 9.1],
])('%s of %f in one month of one point is below class IV', (item, value) => {
  const outcome = compute(inMonth('S1', '2025-12', { [item]: value }))
  expect(outcome).toMatchObject({ verdict: 'FAIL', value: 0 })
  expect(outcome.reason.en).toMatch(/Qing class \(IV\) \(S1 2025-12 (V|worse than V)\)/)
})

test('the mean of a month is classed, but acid water does not make up for alkaline', () => {
  // 24, 30, 36 make 30; 24, 30, 36.3 make 30.1.
  const cod = (last: number) =>
    spoiled(SURVEY, (one) => {
      if (!isOf('S1', '2026-01')(one)) return one
      return having(one, { cod: one.day.endsWith('03') ? 24 : one.day.endsWith('17') ? last : 30 })
    })
  expect(compute(cod(36)).verdict).toBe('PASS')
  expect(compute(cod(36.3)).verdict).toBe('FAIL')
  const ph = spoiled(SURVEY, (one) => {
    if (!isOf('S1', '2026-01')(one)) return one
    return having(one, { ph: one.day.endsWith('03') ? 5.5 : 9 })
  })
  expect(compute(ph).verdict).toBe('FAIL')
})

test('the light vector of standards sheet 12 makes the body black-odorous', () => {
  const light = { ammoniaNitrogen: 9, dissolvedOxygen: 3, redoxPotential: 80, transparency: 30 }
  const outcome = compute(inMonth('S2', '2026-03', light))
  expect(outcome.verdict).toBe('FAIL')
  expect(outcome.reason.en).toContain('black-odour (2026-03 light)')
})

test('better than before: one item lower and none higher, by at least three values before', () => {
  const before = (values: Readonly<Record<string, number>>, left = 3) => ({
    ...SURVEY,
    samples: [
      ...SURVEY.samples.filter(({ section, day }) => section !== 'S2' || day > '2022'),
      ...baseline('S2', values).slice(0, left),
    ],
  })
  expect(compute(before({ ...CLEAN, totalPhosphorus: 0.31 })).verdict).toBe('PASS')
  const same = compute(before(CLEAN))
  expect(same.verdict).toBe('FAIL')
  expect(same.reason.en).toContain('S2 no item lower than before')
  const higher = compute(before({ ...BEFORE, cod: 29.9 }))
  expect(higher.verdict).toBe('FAIL')
  expect(higher.reason.en).toContain('S2 higher than before: cod')
  const few = compute(before(BEFORE, 2))
  expect(few).toMatchObject({ verdict: 'NOT_EVALUATED', value: null })
  expect(few.reason.en).toContain('S2 cod of 2 values before and 36 after')
})

test('the inflow: same day, item by item; not stated is not known, and none is not asked', () => {
  const upstream = (values: Readonly<Record<string, number>>) =>
    spoiled(SURVEY, (one) => (one.section === 'U' ? having(one, values) : one))
  const worse = compute(upstream({ cod: 29.9 }))
  expect(worse.verdict).toBe('FAIL')
  expect(worse.reason.en).toContain('not worse than the inflow (2025-07-03 cod worse')
  expect(compute(upstream({ cod: 200 })).verdict).toBe('PASS')
  const samples = SURVEY.samples.filter(({ section }) => section !== 'U')
  const of = (inflow: unknown) => compute({ ...SURVEY, bodies: [{ ...RIVER, inflow }], samples })
  expect(of(null).verdict).toBe('NOT_EVALUATED')
  expect(of('none').verdict).toBe('PASS')
  // A month without a common day says nothing of that month.
  const unpaired = spoiled(SURVEY, (one) => (isOf('U', '2026-05')(one) ? null : one))
  expect(compute(unpaired)).toMatchObject({ verdict: 'NOT_EVALUATED' })
  expect(compute(unpaired).reason.en).toContain('2026-05 cod no_common_day')
  // Phosphorus of one day in the month is enough, wherever the other days have none.
  const phosphorus = (days: readonly string[]) =>
    spoiled(SURVEY, (one) => {
      const has = one.day < '2022' || days.includes(one.day.slice(8))
      const values = one.values.filter(({ item }) => has || item !== 'totalPhosphorus')
      return { ...one, values }
    })
  expect(compute(phosphorus(['10'])).verdict).toBe('PASS')
  expect(compute(phosphorus([])).verdict).toBe('NOT_EVALUATED')
})

test('what was not measured leaves the whole open, unless another part fails', () => {
  const without = (item: string) =>
    spoiled(SURVEY, (one) => ({ ...one, values: one.values.filter((of) => of.item !== item) }))
  expect(compute(without('bod5')).verdict).toBe('NOT_EVALUATED')
  expect(compute(without('bod5')).reason.en).toContain('items_missing: bod5')
  expect(compute(without('redoxPotential')).reason.en).toContain('S1 indicators_missing')
  const failed = spoiled(without('bod5'), (one) => having(one, { cod: 31 }))
  expect(compute(failed).verdict).toBe('FAIL')
  // Two tests of a month, or two points of a body, are too few to grade.
  const two = spoiled(SURVEY, (one) => (one.id === 'S1 2026-02-17' ? null : one))
  expect(compute(two).reason.en).toContain('2026-02 points_undecided S1 too_few_tests')
  const points = POINTS.slice(1)
  const samples = SURVEY.samples.filter(({ section }) => section !== 'S1')
  const few = compute({ ...SURVEY, bodies: [{ ...RIVER, points }], samples })
  expect(few.reason.en).toContain('too_few_points')
})

test('a value below its detection limit stays below it', () => {
  const limited = (detectionLimit: number, value: number | 'below' = 'below') =>
    spoiled(SURVEY, (one) => ({
      ...one,
      values: one.values.map((of) =>
        of.item === 'ammoniaNitrogen' && isOf('S1', '2025-09')(one)
          ? { ...of, value, detectionLimit }
          : of,
      ),
    }))
  expect(compute(limited(0.025)).verdict).toBe('PASS')
  expect(compute(limited(1.5)).verdict).toBe('PASS')
  // Somewhere under 1.6 is class IV or V; a figure printed under the limit is no more than that.
  expect(compute(limited(1.6)).verdict).toBe('NOT_EVALUATED')
  expect(compute(limited(1.6, 0.2)).verdict).toBe('NOT_EVALUATED')
})

test('a sample without a CMA number decides nothing, and is not hidden either', () => {
  const sonde = unaccredited(sample('S1', '2025-10-24', { ...CLEAN, cod: 31 }))
  const beside = compute({ ...SURVEY, samples: [...SURVEY.samples, sonde] })
  // 30, 30, 30 and 31 of the month are above 30: accredited samples alone would pass.
  expect(beside).toMatchObject({ verdict: 'NOT_EVALUATED', value: 1 })
  expect(beside.reason.en).toContain('speak against it')
  const clean = { ...sonde, values: sample('S1', '2025-10-24', CLEAN).values }
  const harmless = compute({ ...SURVEY, samples: [...SURVEY.samples, clean] })
  expect(harmless).toMatchObject({
    verdict: 'PASS',
    steps: { withoutAccreditation: ['S1 2025-10-24'] },
  })
  const none = spoiled(SURVEY, unaccredited)
  expect(compute(none)).toMatchObject({ verdict: 'NOT_EVALUATED', value: null })
  expect(compute(none).reason.en).toContain('without a CMA number decide nothing: U 2025-07-03')
})

test('a lake is judged by its own phosphorus and by nitrogen', () => {
  const lake = { ...RIVER, kind: 'lake', inflow: 'none' }
  const samples = ['S1', 'S2', 'S3'].flatMap((section) => [
    ...year(section, { ...CLEAN, totalPhosphorus: 0.1, totalNitrogen: 1.5 }),
    ...baseline(section),
  ])
  expect(compute({ ...SURVEY, bodies: [lake], samples }).verdict).toBe('PASS')
  const richer = spoiled({ ...SURVEY, bodies: [lake], samples }, (one) =>
    having(one, { totalNitrogen: 1.51 }),
  )
  expect(compute(richer).verdict).toBe('FAIL')
})

test('one bad body of two fails the whole; the value is the share of the good ones', () => {
  const other = {
    ...RIVER,
    ...{ id: 'Hei', inflow: 'none' },
    points: ['H1', 'H2', 'H3'].map((section) => ({ section })),
  }
  const samples = ['H1', 'H2', 'H3'].flatMap((section) => [
    ...year(section, { ...CLEAN, cod: 40 }),
    ...baseline(section),
  ])
  const both = { ...SURVEY, bodies: [RIVER, other], samples: [...SURVEY.samples, ...samples] }
  expect(compute(both)).toMatchObject({ verdict: 'FAIL', value: 0.5 })
})

test('a survey that contradicts itself is refused by its field', () => {
  const [first] = SURVEY.samples
  const with1 = (change: Readonly<Record<string, unknown>>) =>
    faults({ ...SURVEY, samples: [{ ...first, ...change }] }).join('\n')
  const value = (of: Readonly<Record<string, unknown>>) =>
    with1({ values: [{ item: 'cod', value: 20, unit: 'mg/L', ...of }] })
  expect(with1({ section: 'X' })).toBe(
    'samples.0.section: X is none of the sections: S1, S2, S3, U',
  )
  expect(with1({ day: '2026-02-30' })).toContain('samples.0.day')
  expect(value({ unit: 'ug/L' })).toContain('values.0.unit: ug/L is not mg/L, the unit of cod')
  expect(value({ value: 'below' })).toContain('values.0.detectionLimit: cod is below it')
  expect(value({ value: -1 })).toContain('values.0.value: -1 is negative')
  expect(value({ item: 'ph', unit: '[pH]', detectionLimit: 0.1 })).toContain('ph has none')
  expect(value({ item: 'kod' })).toContain('samples.0.values.0.item')
  const twice = [first?.values[0], first?.values[0]]
  expect(with1({ values: twice })).toContain('samples.0.values.1.item: transparency is there twice')
  expect(faults({ ...SURVEY, samples: [first, first] }).join()).toContain(
    'samples.1.id: U 2025-07-03 is there twice',
  )
  expect(faults({ ...SURVEY, fromMonth: '2022-03' }).join()).toContain(
    'fromMonth: 2022-03 is not after the construction began, 2022-03-01',
  )
  expect(faults({ ...SURVEY, fromMonth: '2025-13' }).join()).toContain('fromMonth: YYYY-MM')
  expect(faults({ ...SURVEY, bodies: [] }).join()).toContain('bodies')
  const body = (of: Readonly<Record<string, unknown>>) =>
    faults({ ...SURVEY, bodies: [{ ...RIVER, ...of }] }).join()
  expect(body({ points: [...POINTS, ...POINTS] })).toContain(
    'bodies.0.points.3.section: S1 is there twice',
  )
  expect(body({ inflow: { upstream: 'S3', downstream: 'S3' } })).toContain(
    'bodies.0.inflow.downstream: S3 is upstream as well',
  )
})

test('a sample of other items on the day of a test upsets neither spacing nor comparison', () => {
  const solids = sample('S3', '2025-10-03', { suspendedSolids: 12 })
  const more = { ...SURVEY, samples: [...SURVEY.samples, { ...solids, id: 'SS' }] }
  expect(compute(more).verdict).toBe('PASS')
})

test('samples of neither time are named', () => {
  const stray = sample('S1', '2023-01-01', BEFORE)
  const { steps } = compute({ ...SURVEY, samples: [...SURVEY.samples, stray] })
  expect(steps['idleSamples']).toEqual(['S1 2023-01-01'])
})

test('black-odour alone: the mean of a month on both sides of its limit', () => {
  const body = { id: 'Qing', kind: 'river', points: POINTS }
  const survey = {
    ...{ fromMonth: '2025-07', bodies: [body] },
    samples: POINTS.flatMap(({ section }) => year(section, CLEAN)),
  }
  const ammonia = (value: number) =>
    spoiled(survey, (one) =>
      isOf('S1', MONTHS[0] ?? '')(one) ? having(one, { ammoniaNitrogen: value }) : one,
    )
  expect(blackOdour.faults(survey)).toEqual([])
  // Standards sheet 3.7.4: less than 8.0 is not black-odorous.
  expect(blackOdour.compute(ammonia(7.9))).toMatchObject({ verdict: 'PASS', value: 1 })
  expect(blackOdour.compute(ammonia(8))).toMatchObject({ verdict: 'FAIL', value: 0 })
  expect(blackOdour.compute({ ...survey, samples: [] }).verdict).toBe('NOT_EVALUATED')
})
