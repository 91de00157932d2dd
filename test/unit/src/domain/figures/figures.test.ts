import { expect, test } from 'vitest'
import { figureFormulaOf } from '../../../../../src/domain/figures/figure-formulas.js'

/** Standards sheet 12: 8000 m² at 0.92, 3000 at 0.85, 2500 uncontrolled, 1500 at 0.85 make 0.7457. */
const AUDIT = {
  curve: [
    { depthMm: 10, ratio: 0.5 },
    { depthMm: 20, ratio: 0.85 },
    { depthMm: 30, ratio: 0.92 },
  ],
  projects: [
    {
      id: 'P1',
      surfaces: [
        // 120 m³ on 8000 m² with a coefficient of 0.5 hold 30 mm.
        { kind: 'facility', areaM2: 8000, coefficient: 0.5, holds: { volumeM3: 120 } },
        // Vin of the sheet brings 21.6 m³: with 8.4 stored they hold 20 mm of 3000 m².
        {
          ...{ kind: 'facility', areaM2: 3000, coefficient: 0.5 },
          holds: { retention: { storageM3: 8.4, conductivityMh: 0.036, areaM2: 200, rainH: 3 } },
        },
      ],
    },
    {
      id: 'P2',
      surfaces: [
        { kind: 'uncontrolled-impervious', areaM2: 2500 },
        { kind: 'uncontrolled-pervious', areaM2: 1500, lossMm: 20 },
      ],
    },
  ],
}

test('the audited ratio of standards sheet 12, project by project', () => {
  const { compute, faults } = figureFormulaOf('audited-capture-ratio')
  expect(faults(AUDIT)).toEqual([])
  const outcome = compute({ ...AUDIT, target: 0.7 })
  expect(outcome.value).toBeCloseTo(0.7457, 4)
  // A zone wants a model beside the audit (standards sheet 3.4.4).
  expect(outcome).toMatchObject({ verdict: 'NOT_EVALUATED' })
  expect(outcome.reason.en).toContain('model_missing')
  // (8000·0.92 + 3000·0.85)/11000 and 1500·0.85/4000.
  expect(outcome.steps['projects']).toMatchObject([
    { id: 'P1', areaM2: 11_000, share: expect.closeTo(0.900909, 6) as number },
    { id: 'P2', areaM2: 4000, share: expect.closeTo(0.31875, 9) as number },
  ])
  expect(compute({ ...AUDIT, target: 0.75 }).verdict).toBe('FAIL')
  expect(compute(AUDIT)).toMatchObject({ verdict: 'NOT_EVALUATED' })
})

test('a model card stands beside the audit, with what keeps it from standing', () => {
  const { compute, faults } = figureFormulaOf('audited-capture-ratio')
  const model = {
    ...{ software: 'SWMM', version: '5.2', stepMin: 5, rainYears: 3, ratio: 0.71 },
    ...{ calibration: [], verification: [] },
  }
  expect(compute({ ...AUDIT, model }).steps['modelled']).toMatchObject({
    ...{ ratio: 0.71, stands: false },
    faults: ['rain_years: 3 of at least 10', expect.any(String), expect.any(String)],
  })
  expect(compute(AUDIT).steps['modelled']).toBeNull()
  expect(faults({ ...AUDIT, model: { ...model, ratio: 71 } }).join()).toContain('model.ratio')
})

test('audit and model decide together: one below the target fails, a card that does not stand is open', () => {
  const { compute } = figureFormulaOf('audited-capture-ratio')
  const events = (...names: readonly string[]) => names.map((event) => ({ event, nse: 0.7 }))
  const model = {
    ...{ software: 'SWMM', version: '5.2', stepMin: 5, rainYears: 10, ratio: 0.69 },
    ...{ calibration: events('a', 'b'), verification: events('c', 'd') },
  }
  // The audit of the sheet comes to 0.7457.
  const verdict = (card: object) => compute({ ...AUDIT, target: 0.7, model: card }).verdict
  expect(verdict(model)).toBe('FAIL')
  expect(verdict({ ...model, ratio: 0.7 })).toBe('PASS')
  expect(verdict({ ...model, ratio: 0.7, rainYears: 9 })).toBe('NOT_EVALUATED')
  expect(compute({ ...AUDIT, target: 0.75, model: { ...model, ratio: 0.8 } }).verdict).toBe('FAIL')
})

test('the target must be met in a new district and is preferred in a retrofit', () => {
  const { compute } = figureFormulaOf('audited-capture-ratio')
  const failed = { ...AUDIT, target: 0.75 }
  expect(compute({ ...failed, built: 'new' }).breaksMust).toBe(true)
  expect(compute({ ...failed, built: 'retrofit' }).breaksMust).toBe(false)
  expect(compute(failed).breaksMust).toBe(true)
})

test('a ratio that is its target passes, whatever the areas', () => {
  const { compute } = figureFormulaOf('audited-capture-ratio')
  const curve = [
    { depthMm: 10, ratio: 0.5 },
    { depthMm: 20, ratio: 0.65 },
    { depthMm: 40, ratio: 0.95 },
  ]
  // Volumes that hold 20 mm at 0.5, on areas whose mean of 0.65 comes out a bit below it.
  const surfaces = [100.5, 200.25].map((areaM2) => ({
    ...{
      kind: 'facility',
      areaM2,
      coefficient: 0.5,
      holds: { volumeM3: (20 * 0.5 * areaM2) / 1000 },
    },
  }))
  const events = (...names: readonly string[]) => names.map((event) => ({ event, nse: 0.7 }))
  const model = {
    ...{ software: 'SWMM', version: '5.2', stepMin: 5, rainYears: 10, ratio: 0.65 },
    ...{ calibration: events('a', 'b'), verification: events('c', 'd') },
  }
  const outcome = compute({ curve, target: 0.65, projects: [{ id: 'P', surfaces }], model })
  expect(outcome).toMatchObject({ value: 0.65, verdict: 'PASS' })
})

test('Ved of the sheet counts as what a timed facility holds', () => {
  const detention = { storageM3: 300, drawdownH: 24, rainH: 3 }
  // 337.5 m³ on 13 500 m² with a coefficient of 1 hold 25 mm, half way from 0.85 to 0.92.
  const surfaces = [{ kind: 'facility', areaM2: 13_500, coefficient: 1, holds: { detention } }]
  const { compute } = figureFormulaOf('audited-capture-ratio')
  expect(compute({ ...AUDIT, projects: [{ id: 'P', surfaces }] }).value).toBeCloseTo(0.885, 9)
})

test('a curve that does not rise is refused by name', () => {
  const { faults } = figureFormulaOf('audited-capture-ratio')
  const [first, second] = AUDIT.curve
  expect(faults({ ...AUDIT, curve: [second, first] }).join()).toContain(
    'curve: points of the local',
  )
  expect(faults({ ...AUDIT, projects: [] }).join()).toContain('projects')
})

test('reuse is not asked of a city with enough water, and open where nobody says', () => {
  const { compute } = figureFormulaOf('wastewater-reuse')
  const figures = { treatedM3: 100, reused: [{ kind: 'industrial', volumeM3: 10 }] }
  expect(compute({ ...figures, resourcesM3PerPerson: 900 }).verdict).toBe('NOT_APPLICABLE')
  expect(compute(figures).verdict).toBe('NOT_EVALUATED')
  const asked = { ...figures, resourcesM3PerPerson: 300, innerWaterClass: 'V' }
  expect(compute(asked)).toMatchObject({ verdict: 'FAIL', value: 0.1 })
})

test('leakage of the sheet, 4.9 %, is held against 12 % in so many words', () => {
  // Standards sheet 7.8: Qs 10000·10⁴ m³, Qa 8600·10⁴ m³, r 0.7, 2600 km, 0.45 MPa.
  const year = {
    ...{ suppliedM3: 1e8, consumedM3: 0.86e8, householdMeteredShare: 0.7, pipeKm: 2600 },
    ...{ outletPressureMPa: 0.45, frostDepthM: 0 },
  }
  const outcome = figureFormulaOf('leakage').compute(year)
  expect(outcome).toMatchObject({ value: 0.049, verdict: 'PASS' })
  expect(outcome.reason.en).toBe('meets the requirement (0.12)')
})
