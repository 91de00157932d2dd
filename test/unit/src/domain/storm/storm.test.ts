import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { chicagoHyetograph } from '../../../../../src/domain/storm/chicago-hyetograph.js'
import {
  formulaRegistrySchema,
  type StormFormula,
} from '../../../../../src/domain/storm/formula-registry.js'
import { returnPeriod } from '../../../../../src/domain/storm/return-period.js'
import {
  beyondValidity,
  smoothParameters,
  stormDepthMm,
  stormParameters,
} from '../../../../../src/domain/storm/storm-intensity.js'

const REGISTRY = formulaRegistrySchema.parse(
  parse(readFileSync('src/catalogue/storm-formulas.yaml', 'utf8')),
)
const Q = REGISTRY.qPerMmMin

function formula(id: string): StormFormula {
  const found = REGISTRY.formulas.find((candidate) => candidate.id === id)
  if (found === undefined) throw new Error(`no formula ${id}`)
  return found
}

function depthMm(id: string, periodYears: number, durationMin: number): number {
  const parameters = stormParameters(formula(id), periodYears, Q)
  if (parameters === null) throw new Error(`${id} does not reach ${periodYears} a`)
  return stormDepthMm(parameters, durationMin, Q)
}

/** Standards sheet 6.5: depth table of Shenzhen 2024 [S17], ±0.002 mm. */
const SHENZHEN = [
  ['west', 2, 5, 11.426],
  ['west', 5, 30, 55.182],
  ['west', 20, 60, 99.719],
  ['west', 100, 180, 220.739],
  ['central', 2, 5, 12.475],
  ['central', 10, 30, 58.706],
  ['central', 100, 60, 110.095],
  ['east', 5, 30, 50.807],
  ['east', 100, 120, 176.409],
  ['shenshan', 5, 30, 50.423],
  ['shenshan', 20, 120, 136.77],
] as const

test.each(SHENZHEN)('Shenzhen %s: %d a in %d min is %f mm', (basin, years, minutes, depth) => {
  expect(Math.abs(depthMm(`shenzhen-${basin}`, years, minutes) - depth)).toBeLessThanOrEqual(0.002)
})

/** Standards sheet 12: interval parameters at P = 5. */
test.each([
  ['shenzhen-west', 8777.77, 29.3507, 0.82077],
  ['guangzhou', 14788.75, 31.3114, 0.92764],
])('the interval parameters of %s at 5 a', (id, A, b, n) => {
  const parameters = smoothParameters(formula(id), 5, Q)
  expect(parameters?.form).toBe('interval')
  expect(parameters?.A).toBeCloseTo(A, 2)
  expect(parameters?.b).toBeCloseTo(b, 4)
  expect(parameters?.n).toBeCloseTo(n, 5)
})

/** Standards sheet 6.2: the 60-min depths printed beside each general formula, exact SI factor. */
const HOURS = REGISTRY.formulas.flatMap(({ id, hourMm }) =>
  hourMm === undefined ? [] : [[id, 3, hourMm.p3] as const, [id, 10, hourMm.p10] as const],
)

test.each(HOURS)('%s: %d a in 60 min is %f mm', (id, years, printed) => {
  const { general } = formula(id)
  const parameters = smoothParameters({ ...formula(id), interval: undefined }, years, Q)
  expect(general).toBeDefined()
  expect(parameters?.form).toBe('general')
  if (parameters === null) return
  // Chengdu's formula is in mm/min: its A is 167 times that, by the registry.
  const exact = stormDepthMm(parameters, 60, id === 'chengdu' ? Q : 1000 / 6)
  expect(Math.abs(exact - printed)).toBeLessThanOrEqual(0.0501)
})

test('the general formula of Guangzhou is off by what its report says (sheet 6.4)', () => {
  const row = stormParameters(formula('guangzhou'), 2, Q)
  const general = smoothParameters({ ...formula('guangzhou'), interval: undefined }, 2, Q)
  if (row === null || general === null) throw new Error('no parameters')
  expect(stormDepthMm(row, 60, 1000 / 6)).toBeCloseTo(62.0, 1)
  expect(stormDepthMm(general, 60, 1000 / 6)).toBeCloseTo(69.9, 1)
})

test('Chicago hyetograph of Shanghai, 3 a, 120 min, r 0.405, 5 min (sheet 6.6)', () => {
  const parameters = stormParameters(formula('shanghai'), 3, Q)
  if (parameters === null) throw new Error('no parameters')
  const steps = chicagoHyetograph(parameters, 120, 0.405, 5, Q)
  expect(steps.length).toBe(24)
  expect(steps.reduce((sum, { depthMm: mm }) => sum + mm, 0)).toBeCloseTo(67.258, 3)
  const first = [
    1.107, 1.202, 1.319, 1.47, 1.672, 1.958, 2.4, 3.186, 5.036, 12.233, 8.696, 4.974, 3.573,
  ]
  for (const [k, expected] of first.entries()) {
    expect(Math.abs((steps[k]?.depthMm ?? 0) - expected)).toBeLessThanOrEqual(0.0006)
  }
})

test('a step that does not divide the duration leaves a short last one', () => {
  const parameters = stormParameters(formula('shanghai'), 5, Q)
  if (parameters === null) throw new Error('no parameters')
  const steps = chicagoHyetograph(parameters, 62, 0.4, 5, Q)
  expect(steps.at(-1)).toMatchObject({ fromMin: 60, toMin: 62 })
  const sum = steps.reduce((total, { depthMm: mm }) => total + mm, 0)
  expect(sum).toBeCloseTo(stormDepthMm(parameters, 62, Q), 9)
})

/** Standards sheet 6.7. */
test.each([
  [58.1, 60, 5.04],
  [14.0, 5, 3.81],
  [45, 30, 6.24],
  [75, 180, 2.56],
])('Shanghai: %f mm in %d min has a return period of %f a', (depth, minutes, years) => {
  const found = returnPeriod(formula('shanghai'), depth, minutes, Q)
  expect(found).toMatchObject({ bound: 'within', method: 'inverted' })
  expect(Math.abs(found.periodYears - years)).toBeLessThanOrEqual(0.0051)
})

test.each(SHENZHEN)('Shenzhen %s: %d a in %d min comes back', (basin, years, minutes, depth) => {
  const found = returnPeriod(formula(`shenzhen-${basin}`), depth, minutes, Q)
  expect(found).toEqual({ periodYears: years, bound: 'within', method: 'row' })
})

test.each([1.5, 4, 7, 15, 70])('between its rows the interval parameters decide: %f a', (years) => {
  for (const id of ['shenzhen-west', 'shenzhen-east', 'guangzhou']) {
    const found = returnPeriod(formula(id), depthMm(id, years, 60), 60, Q)
    expect(found).toMatchObject({ bound: 'within', method: 'bisection' })
    expect(found.periodYears).toBeCloseTo(years, 6)
  }
})

test('rows alone are read between their neighbours', () => {
  const depth = (depthMm('shenzhen-shenshan', 5, 60) + depthMm('shenzhen-shenshan', 20, 60)) / 2
  expect(returnPeriod(formula('shenzhen-shenshan'), depth, 60, Q)).toMatchObject({
    // Half way on a logarithmic axis from 5 to 20.
    periodYears: expect.closeTo(10, 9) as number,
    method: 'between-rows',
  })
})

test('beyond the range of a formula only the bound is told', () => {
  const below = { periodYears: 1, bound: 'below' }
  const above = { periodYears: 100, bound: 'above' }
  for (const id of ['shanghai', 'shenzhen-west', 'guangzhou']) {
    expect(returnPeriod(formula(id), 2, 60, Q)).toMatchObject(below)
    expect(returnPeriod(formula(id), 400, 60, Q)).toMatchObject(above)
  }
  expect(returnPeriod(formula('shenzhen-shenshan'), 400, 60, Q)).toMatchObject({
    periodYears: 20,
    bound: 'above',
  })
})

test('nothing is carried beyond 180 min or 1 to 100 years without a word (sheets 6.1, 6.7, 6.8)', () => {
  const said = (id: string, durationMin: number, periodYears: number) =>
    beyondValidity(formula(id), { durationMin, periodYears })
  expect(said('shanghai', 180, 100)).toEqual([])
  expect(said('shanghai', 1440, 0.5)).toEqual([
    'duration 1440 min lies outside the 1 to 180 min such formulas are compiled for (recommended)',
    'return period 0.5 a lies outside the 1 to 100 a such formulas are compiled for (recommended)',
  ])
  expect(said('beijing-2', 1440, 100)).toEqual([])
  expect(said('shenzhen-shenshan', 60, 50)).toEqual([
    'return period 50 a lies outside the 5 to 20 a of the formula',
  ])
})

test('a registry names what is wrong with it', () => {
  const [first] = REGISTRY.formulas
  const read = formulaRegistrySchema.safeParse({
    ...REGISTRY,
    formulas: [first, { ...first, tag: 'S99' }],
  })
  expect(read.error?.issues.map(({ path, message }) => [path.join('.'), message])).toEqual([
    ['formulas.1.id', `${first?.id} is there twice`],
    ['formulas.1.tag', 'S99 is not among sources'],
  ])
})
