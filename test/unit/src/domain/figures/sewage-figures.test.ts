import { expect, test } from 'vitest'
import { figureFormulaOf } from '../../../../../src/domain/figures/figure-formulas.js'
import { CLEAN, having, POINTS, RIVER, spoiled, unaccredited, year } from './clean-year.js'

const { compute, faults } = figureFormulaOf('sewage-and-overflow')

const DRY = { day: '2026-03-10', dryHours: 48, discharge: 'none' }

const SURVEY = {
  outfalls: [
    { id: 'Y1', sewer: 'storm', inspections: [DRY], treatment: { by: 'wetland' } },
    { id: 'H1', sewer: 'combined', inspections: [DRY], treatment: { by: 'tank and filter' } },
  ],
  fromMonth: '2025-07',
  bodies: [{ ...RIVER, inflow: 'none' }],
  samples: POINTS.flatMap(({ section }) => year(section, CLEAN)),
}

function at(id: string, change: Readonly<Record<string, unknown>>) {
  const outfalls = SURVEY.outfalls.map((one) => (one.id === id ? { ...one, ...change } : one))
  return { ...SURVEY, outfalls }
}

const seen = (discharge: string, dryHours: number | null) => ({
  inspections: [DRY, { day: '2026-04-02', dryHours, discharge }],
})

test('outfalls dry, runoff treated, receiving water of class IV', () => {
  expect(faults(SURVEY)).toEqual([])
  expect(compute(SURVEY)).toMatchObject({ verdict: 'PASS', value: 1, unverified: true })
})

// 635 indicator 6 (standards sheet 2.1): no sewage from storm sewers; nothing from combined ones in dry
// weather, which begins after 48 h (sheet 3.7.1).
test.each([
  ['Y1', 'sewage', 48, 'FAIL'],
  ['Y1', 'sewage', 2, 'FAIL'],
  ['Y1', 'clean-water', 48, 'PASS'],
  ['H1', 'sewage', 48, 'FAIL'],
  ['H1', 'clean-water', 48, 'FAIL'],
  ['H1', 'sewage', 47.9, 'PASS'],
  ['H1', 'sewage', null, 'PASS'],
])('at %s %s after %s dry hours: %s', (id, discharge, dryHours, verdict) => {
  const outcome = compute(at(id, seen(discharge, dryHours)))
  expect(outcome.verdict).toBe(verdict)
  expect(outcome.value).toBe(verdict === 'PASS' ? 1 : 0.5)
})

test('an outfall that nobody saw in dry weather is not known', () => {
  const wet = { inspections: [{ ...DRY, dryHours: 47.9 }] }
  const outcome = compute(at('H1', wet))
  expect(outcome).toMatchObject({ verdict: 'NOT_EVALUATED', value: null })
  expect(outcome.reason.en).toContain('H1 no dry-weather discharge (no inspection after 48 dry')
  expect(compute(at('Y1', { inspections: [] })).verdict).toBe('NOT_EVALUATED')
  // What was seen before the twelve months says nothing of them, good or bad.
  const early = (discharge: string) => [{ ...DRY, day: '2025-06-30', discharge }]
  expect(compute(at('H1', { inspections: early('none') })).verdict).toBe('NOT_EVALUATED')
  expect(compute(at('H1', { inspections: [DRY, ...early('sewage')] })).verdict).toBe('PASS')
})

test('runoff untreated fails, treatment not stated is not known', () => {
  expect(compute(at('Y1', { treatment: 'none' }))).toMatchObject({ verdict: 'FAIL', value: 0.5 })
  expect(compute(at('Y1', { treatment: null })).verdict).toBe('NOT_EVALUATED')
})

test('the receiving water counts by accredited tests alone', () => {
  const worse = spoiled(SURVEY, (one) => having(one, { cod: 30.1 }))
  expect(compute(worse)).toMatchObject({ verdict: 'FAIL', value: 1 })
  const sondes = spoiled(SURVEY, unaccredited)
  expect(compute(sondes).verdict).toBe('NOT_EVALUATED')
})

test('what is wrong is named by its field', () => {
  expect(faults(at('Y1', { sewer: 'sanitary' })).join()).toContain('outfalls.0.sewer')
  expect(faults(at('Y1', { id: 'H1' })).join()).toContain('outfalls.1.id: H1 is there twice')
  expect(faults(at('H1', seen('none', -1))).join()).toContain('outfalls.1.inspections.1.dryHours')
  expect(faults({ ...SURVEY, outfalls: [] }).join()).toContain('outfalls')
})
