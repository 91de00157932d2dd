import { expect, test } from 'vitest'
import { figureFormulaOf } from '../../../../../src/domain/figures/figure-formulas.js'

const shoreline = figureFormulaOf('shoreline-ratio')
const pattern = figureFormulaOf('natural-pattern')
const pervious = figureFormulaOf('pervious-ratio')
const contiguous = figureFormulaOf('contiguous-area')

const bank = (side: string, lengthM: number, structure: string | null, use = 'ordinary') => ({
  ...{ waterBody: 'Qing', bank: side, lengthM, use, structure },
  waterfront: structure === 'hard' ? 'built' : 'natural',
})

/** 700 of 1000 m are ecological; 200 m of docks and 100 m of flood wall do not count. */
const BANKS = [
  ...[bank('left', 400, 'ecological'), bank('left', 100, 'hard')],
  ...[bank('right', 300, 'ecological'), bank('right', 200, 'hard')],
  ...[bank('left', 200, 'hard', 'production'), bank('right', 100, 'hard', 'flood-defence')],
]

const RESTORED = { banks: BANKS, target: 0.7, blueLineKept: true, floodSafetyKept: true }

test('the shoreline ratio of standards sheet 7.11 against the local target, on both sides', () => {
  expect(shoreline.faults(RESTORED)).toEqual([])
  const met = shoreline.compute(RESTORED)
  expect(met).toMatchObject({ verdict: 'PASS', value: 0.7, unverified: true })
  expect(met.steps).toMatchObject({ countedM: 1000, excludedM: 300, target: 0.7 })
  expect(shoreline.compute({ ...RESTORED, target: 0.701 }).verdict).toBe('FAIL')
})

test('without a target, a survey or the blue line nothing is told; broken lines fail', () => {
  const { target: _, ...without } = RESTORED
  expect(shoreline.compute(without)).toMatchObject({ verdict: 'NOT_EVALUATED', value: 0.7 })
  expect(shoreline.compute(without).reason.en).toContain('no_target')
  expect(shoreline.compute({ ...RESTORED, blueLineKept: null }).verdict).toBe('NOT_EVALUATED')
  expect(shoreline.compute({ ...RESTORED, blueLineKept: false }).verdict).toBe('FAIL')
  expect(shoreline.compute({ ...RESTORED, floodSafetyKept: false }).verdict).toBe('FAIL')
  const banks = [...BANKS.slice(1), bank('left', 400, null)]
  const open = shoreline.compute({ ...RESTORED, banks })
  expect(open).toMatchObject({ verdict: 'NOT_EVALUATED', value: null })
  expect(open.reason.en).toContain('not_surveyed')
  // 300 of 1000 m are ecological for certain: enough for a target of 30 %.
  expect(shoreline.compute({ ...RESTORED, banks, target: 0.3 }).verdict).toBe('PASS')
  const left = BANKS.filter((one) => one.bank === 'left')
  expect(shoreline.compute({ ...RESTORED, banks: left }).reason.en).toContain('bank_missing: Qing')
})

test('a bank that is wrong is refused by its field', () => {
  const [first] = BANKS
  const faults = (change: Readonly<Record<string, unknown>>) =>
    shoreline.faults({ ...RESTORED, banks: [{ ...first, ...change }] }).join()
  expect(faults({ lengthM: -1 })).toContain('banks.0.lengthM')
  expect(faults({ use: 'harbour' })).toContain('banks.0.use')
  expect(shoreline.faults({ ...RESTORED, target: 70 }).join()).toContain('target')
})

const PATTERN = {
  ...{ waterBeforeM2: 1_000_000, waterNowM2: 1_000_000, occupiedM2: 0, linesKept: null },
  banks: BANKS,
}

// GB/T 51345 item 5 (standards sheet 3.2).
test.each([
  ['at its limits', {}, 'PASS'],
  ['water lost', { waterNowM2: 999_999 }, 'FAIL'],
  ['water unknown', { waterBeforeM2: null }, 'NOT_EVALUATED'],
  ['wetland built over, lines kept', { occupiedM2: 5, linesKept: true }, 'PASS'],
  ['wetland built over, lines broken', { occupiedM2: 5, linesKept: false }, 'FAIL'],
  ['wetland built over, lines unknown', { occupiedM2: 5 }, 'NOT_EVALUATED'],
  ['nothing known of the pattern', { occupiedM2: null }, 'NOT_EVALUATED'],
  ['69.97 % of the banks', { banks: [...BANKS, bank('left', 0.5, 'hard')] }, 'FAIL'],
  ['banks not given', { banks: null }, 'NOT_EVALUATED'],
  ['no new or rebuilt water', { banks: [] }, 'PASS'],
])('the natural pattern, %s', (name, change, verdict) => {
  const outcome = pattern.compute({ ...PATTERN, ...change })
  expect(outcome.verdict).toBe(verdict)
  // Water area and banks are only preferred (不宜).
  if (verdict === 'FAIL') expect(outcome.breaksMust).toBe(name.includes('lines broken'))
})

test('pervious ground of Chongqing in 2021 (standards sheet 7.15) reaches 40 %', () => {
  expect(pervious.compute({ perviousM2: 403, builtUpM2: 1000 })).toMatchObject({
    ...{ verdict: 'PASS', value: 0.403, unverified: true },
  })
  expect(pervious.compute({ perviousM2: 400, builtUpM2: 1000 }).verdict).toBe('PASS')
  expect(pervious.compute({ perviousM2: 399, builtUpM2: 1000 }).verdict).toBe('FAIL')
  expect(pervious.compute({ perviousM2: 399 })).toMatchObject({ verdict: 'NOT_EVALUATED' })
  expect(pervious.compute({ perviousM2: 2, builtUpM2: 1 }).reason.en).toContain(
    'pervious_exceeds_built_up',
  )
  expect(pervious.faults({ perviousM2: -1 }).join()).toContain('perviousM2')
})

const project = (id: string, areaM2: number, accepted: boolean | null, meets: boolean | null) => ({
  ...{ id, areaM2, accepted, meets },
})

test('60 % of the construction area in accepted projects that meet what is asked', () => {
  const share = (...projects: readonly unknown[]) =>
    contiguous.compute({ constructionM2: 1000, projects })
  expect(share(project('A', 600, true, true))).toMatchObject({ verdict: 'PASS', value: 0.6 })
  expect(share(project('A', 599, true, true))).toMatchObject({ verdict: 'FAIL', value: 0.599 })
  const half = project('A', 500, true, true)
  expect(share(half, project('B', 100, true, false)).verdict).toBe('FAIL')
  expect(share(half, project('B', 100, false, null)).verdict).toBe('FAIL')
  // Open projects could make 60 %, 59 % or nothing of consequence.
  const open = share(half, project('B', 100, null, true))
  expect(open).toMatchObject({ verdict: 'NOT_EVALUATED', value: null })
  expect(open.reason.en).toContain('projects_open: B')
  expect(share(half, project('B', 90, true, null)).verdict).toBe('FAIL')
  expect(share(project('A', 600, true, true), project('B', 100, null, null)).verdict).toBe('PASS')
  const over = share(project('A', 1001, true, true))
  expect(over.verdict).toBe('NOT_EVALUATED')
  expect(over.reason.en).toContain('projects_exceed_area')
})

test('a project counts once', () => {
  const one = project('A', 1, true, true)
  const given = { constructionM2: 10, projects: [one, one] }
  expect(contiguous.faults(given).join()).toContain('projects.1.id: A is there twice')
  expect(contiguous.faults({ ...given, constructionM2: 0 }).join()).toContain('constructionM2')
})
