import { expect, test } from 'vitest'
import { figureFormulaOf } from '../../../../../src/domain/figures/figure-formulas.js'

const { compute, faults } = figureFormulaOf('source-projects')

type Change = Readonly<Record<string, unknown>>

/** A retrofitted plot at every limit of standards sheet 3.2: 0.8 · 0.5 = 40 % of the solids. */
const PLOT = {
  ...{ kind: 'building-plot', id: 'P', areaM2: 3000, built: 'retrofit' },
  capture: { ratio: 0.75, bound: 0.75 },
  solids: { captureRatio: 0.8, facilityRemoval: 0.5 },
  impervious: { areaM2: 1000, treatedM2: 600 },
  peaks: {
    sewer: { beforeLs: 100, afterLs: 100 },
    waterlogging: { beforeLs: 180, afterLs: 180 },
  },
  hardened: { groundM2: 1000, hardenedM2: 700, formerRatio: 0.7 },
}

/** A new one at its limits: 0.875 · 0.8 = 70 %. */
const NEW = {
  ...PLOT,
  built: 'new',
  solids: { captureRatio: 0.875, facilityRemoval: 0.8 },
  impervious: { areaM2: 1000, treatedM2: 1000 },
  hardened: { groundM2: 1000, hardenedM2: 400 },
}

const of = (...projects: readonly Change[]) => compute({ projects })

test('plots at their limits pass', () => {
  expect(faults({ projects: [PLOT] })).toEqual([])
  expect(of(PLOT)).toMatchObject({ verdict: 'PASS', value: 1, unverified: true })
  expect(of(NEW).verdict).toBe('PASS')
})

// 不宜 clauses of standards sheet 3.2 are only preferred; the others must be met.
test.each<[string, string, Change, Change]>([
  ['preferably', 'volume', PLOT, { capture: { ratio: 0.749, bound: 0.75 } }],
  ['must', 'volume', NEW, { capture: { ratio: 0.749, bound: 0.75 } }],
  ['preferably', 'solids', PLOT, { solids: { captureRatio: 0.8, facilityRemoval: 0.499 } }],
  ['preferably', 'solids', NEW, { solids: { captureRatio: 0.874, facilityRemoval: 0.8 } }],
  ['must', 'treated impervious area', PLOT, { impervious: { areaM2: 1000, treatedM2: 599 } }],
  ['must', 'treated impervious area', NEW, { impervious: { areaM2: 1000, treatedM2: 999 } }],
  ['must', 'peak', PLOT, { peaks: { ...PLOT.peaks, sewer: { beforeLs: 100, afterLs: 100.1 } } }],
  ['preferably', 'peak', NEW, { peaks: { ...PLOT.peaks, sewer: { beforeLs: 1, afterLs: 2 } } }],
  ['preferably', 'hardened ground', PLOT, { hardened: hardened(70.1, 0.9) }],
  ['must', 'hardened ground as before', PLOT, { hardened: hardened(60.1, 0.6) }],
  ['preferably', 'hardened ground', NEW, { hardened: hardened(40.1, null) }],
])('what is %s met: %s beyond its limit', (clause, name, plot, change) => {
  const outcome = of({ ...plot, ...change })
  expect(outcome).toMatchObject({ verdict: 'FAIL', value: 0, breaksMust: clause === 'must' })
  expect(outcome.reason.en).toContain(`P ${name} (`)
})

function hardened(hardenedM2: number, formerRatio: number | null) {
  return { groundM2: 100, hardenedM2, formerRatio }
}

test.each<[string, Change]>([
  ['volume', { capture: null }],
  ['solids', { solids: null }],
  ['treated impervious area', { impervious: null }],
  ['peak', { peaks: { ...PLOT.peaks, sewer: null } }],
  ['hardened ground', { hardened: null }],
  ['hardened ground', { hardened: { ...PLOT.hardened, formerRatio: null } }],
])('%s not given is not known', (name, change) => {
  const outcome = of({ ...PLOT, ...change })
  expect(outcome).toMatchObject({ verdict: 'NOT_EVALUATED', value: null })
  expect(outcome.reason.en).toContain(`P ${name}`)
})

test('the plan may ask for another reduction of solids', () => {
  expect(of({ ...PLOT, planSolidsReduction: 0.41 }).verdict).toBe('FAIL')
  expect(of({ ...NEW, planSolidsReduction: 0.6, solids: PLOT.solids }).verdict).toBe('FAIL')
  expect(of({ ...NEW, planSolidsReduction: 0.4, solids: PLOT.solids }).verdict).toBe('PASS')
})

/** Standards sheet 7.4: 7.02 kg in 39.0 m³. */
const SAMPLED = {
  atMs: [0, 1, 2, 3, 4, 5].map((k) => k * 300_000),
  flowLs: [0, 20, 60, 40, 10, 0],
  concMgL: [0, 180, 240, 120, 60, 0],
}

test('measured solids: masses are summed, by an accredited laboratory over three events', () => {
  // 7.02 + 2 + 0.98 = 10 kg in, 1 + 4 + 1 = 6 kg out: 40 %. The mean of the events would be −5 %.
  const events = [
    { id: 'light', inKg: SAMPLED, outKg: 1 },
    { id: 'moderate', inKg: 2, outKg: 4 },
    { id: 'heavy', inKg: 0.98, outKg: 1 },
  ]
  const laboratory = 'City Water Test Centre'
  const measured = { laboratory, cmaNumber: '180012050042', events }
  const met = of({ ...PLOT, solids: measured })
  expect(met.verdict).toBe('PASS')
  expect(JSON.stringify(met.steps)).toContain('"inKg":7.02')
  const [light, moderate] = events
  const more = { ...measured, events: [light, moderate, { id: 'heavy', inKg: 0.98, outKg: 1.1 }] }
  expect(of({ ...PLOT, solids: more }).verdict).toBe('FAIL')
  expect(of({ ...PLOT, solids: { laboratory, events } }).verdict).toBe('NOT_EVALUATED')
  const few = { ...measured, events: [light, { id: 'moderate', inKg: 2, outKg: 1 }] }
  expect(of({ ...PLOT, solids: few }).verdict).toBe('NOT_EVALUATED')
  const dry = events.map(({ id }) => ({ id, inKg: 0, outKg: 0 }))
  expect(of({ ...PLOT, solids: { ...measured, events: dry } }).verdict).toBe('NOT_EVALUATED')
})

const ROAD = {
  ...{ kind: 'road', id: 'R', areaM2: 1000, built: 'retrofit' },
  ...{ pollutionAsDesigned: true, floodPathKept: 'no-flood-path' },
}
const PARK = {
  ...{ kind: 'park', id: 'G', areaM2: 1000, built: 'new' },
  ...{ captureRatio: 0.9, surroundingsTaken: true },
}

test.each<[string, Change, string]>([
  ['a road without a flood path', ROAD, 'PASS'],
  ['a flood path kept', { ...ROAD, floodPathKept: true }, 'PASS'],
  ['a flood path blocked', { ...ROAD, floodPathKept: false }, 'FAIL'],
  ['a flood path nobody looked at', { ...ROAD, floodPathKept: null }, 'NOT_EVALUATED'],
  ['a road that pollutes', { ...ROAD, pollutionAsDesigned: false }, 'FAIL'],
  ['a park of 90 %', PARK, 'PASS'],
  ['a park of 89.9 %', { ...PARK, captureRatio: 0.899 }, 'FAIL'],
  ['a park of unknown volume', { ...PARK, captureRatio: null }, 'NOT_EVALUATED'],
  ['a park that takes no runoff', { ...PARK, surroundingsTaken: false }, 'FAIL'],
])('%s', (_, project, verdict) => {
  expect(of(project).verdict).toBe(verdict)
})

test('a parking lot is asked for no hardened ground', () => {
  const { hardened: _, ...lot } = PLOT
  expect(of({ ...lot, kind: 'parking-or-plaza' }).verdict).toBe('PASS')
})

test('one bad project fails the whole; the value is the share of the good ones by area', () => {
  // 3000 + 1000 of 5000 m².
  const outcome = of(PLOT, ROAD, { ...PARK, captureRatio: 0.5 })
  expect(outcome).toMatchObject({ verdict: 'FAIL', value: 0.8 })
})

test('what is wrong is named by its field', () => {
  expect(faults({ projects: [PLOT, PLOT] }).join()).toContain('projects.1.id: P is there twice')
  expect(faults({ projects: [{ ...PLOT, kind: 'mall' }] }).join()).toContain('projects.0.kind')
  const capture = { ratio: 75, bound: 0.75 }
  expect(faults({ projects: [{ ...PLOT, capture }] }).join()).toContain('projects.0.capture.ratio')
  const inKg = { ...SAMPLED, flowLs: [1] }
  const solids = { laboratory: 'L', events: [{ id: 'e', inKg, outKg: 0 }] }
  expect(faults({ projects: [{ ...PLOT, solids }] }).join()).toContain('projects.0.solids')
  expect(faults({ projects: [] }).join()).toContain('projects')
})
