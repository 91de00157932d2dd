import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { readModel, runHydrology } from '../../../../simulators/hydrology/index.js'

const NO_FILE = (name: string): string => {
  throw new Error(`${name} is not there`)
}

interface Town {
  readonly impervious: number
  readonly routing: 'OUTLET' | 'PERVIOUS' | 'IMPERVIOUS'
  readonly infiltration: 'HORTON' | 'GREEN_AMPT' | 'MODIFIED_GREEN_AMPT'
  readonly lid: string
  readonly fromImpervious: number
  readonly toPervious: 0 | 1
  readonly evaporationMm: number
  readonly rainMm: readonly number[]
  readonly wetStepS: number
}

/** Two subcatchments, the upper one flowing onto the lower, a pipe below. */
function town(made: Town): string {
  const soil = made.infiltration === 'HORTON' ? '60 4 4 3 0' : '90 6 0.3'
  return `
[OPTIONS]
FLOW_UNITS LPS
INFILTRATION ${made.infiltration}
FLOW_ROUTING KINWAVE
START_DATE 06/01/2020
END_DATE 06/01/2020
END_TIME 08:00
WET_STEP 0:00:${String(made.wetStepS).padStart(2, '0')}
DRY_STEP 0:05:00
ROUTING_STEP 20
REPORT_STEP 0:05:00
[EVAPORATION]
CONSTANT ${made.evaporationMm}
[RAINGAGES]
R1 VOLUME 0:05 1.0 TIMESERIES TS
[SUBCATCHMENTS]
UP R1 DOWN 0.4 ${made.impervious} 40 1 0
DOWN R1 J1 1.2 ${made.impervious} 90 0.5 0
[SUBAREAS]
UP 0.013 0.2 1.5 5 25 OUTLET
DOWN 0.013 0.2 1.5 5 25 ${made.routing} 60
[INFILTRATION]
UP ${soil}
DOWN ${soil}
[LID_CONTROLS]
CELL BC
CELL SURFACE 150 0.05 0.15 0.5 5
CELL SOIL 600 0.45 0.20 0.10 60 10 60
CELL STORAGE 300 0.5 12 0
CELL DRAIN 4 0.5 150 0
PAVE PP
PAVE SURFACE 1.5 0 0.02 0.5 5
PAVE PAVEMENT 100 0.15 0 500 0
PAVE STORAGE 300 0.5 12 0
PAVE DRAIN 4 0.5 150 0
ROOF GR
ROOF SURFACE 20 0.1 0.1 1.0 5
ROOF SOIL 100 0.45 0.20 0.10 60 10 60
ROOF DRAINMAT 25 0.5 0.1
TANK RB
TANK STORAGE 1000 0 0 0
TANK DRAIN 10 0.5 0 2
[LID_USAGE]
DOWN ${made.lid} 2 400 20 30 ${made.fromImpervious} ${made.toPervious}
[JUNCTIONS]
J1 10 2
[OUTFALLS]
O1 9 FREE NO
[CONDUITS]
C1 J1 O1 200 0.013 0 0
[XSECTIONS]
C1 CIRCULAR 0.6 0 0 0
[TIMESERIES]
${made.rainMm.map((mm, i) => `TS ${Math.floor(i / 12)}:${(i % 12) * 5} ${mm}`).join('\n')}
`
}

test('every run closes its balance, and nothing is below nothing', () => {
  fc.assert(
    fc.property(
      fc.record({
        impervious: fc.integer({ min: 0, max: 100 }),
        routing: fc.constantFrom('OUTLET', 'PERVIOUS', 'IMPERVIOUS'),
        infiltration: fc.constantFrom('HORTON', 'GREEN_AMPT', 'MODIFIED_GREEN_AMPT'),
        lid: fc.constantFrom('CELL', 'PAVE', 'ROOF', 'TANK'),
        fromImpervious: fc.integer({ min: 0, max: 100 }),
        toPervious: fc.constantFrom(0, 1),
        evaporationMm: fc.integer({ min: 0, max: 8 }),
        rainMm: fc.array(fc.integer({ min: 0, max: 15 }), { minLength: 1, maxLength: 24 }),
        wetStepS: fc.constantFrom(10, 30, 59),
      }),
      (made) => {
        const run = runHydrology(readModel(town(made), NO_FILE).model)
        expect(Math.abs(run.continuity.runoff.errorPercent)).toBeLessThan(1e-9)
        expect(Math.abs(run.continuity.routing.errorPercent)).toBeLessThan(1e-9)
        const rainMm = made.rainMm.reduce((sum, mm) => sum + mm, 0)
        for (const own of run.subcatchments) {
          expect((1000 * own.rainM3) / own.areaM2).toBeCloseTo(rainMm, 9)
          expect(own.runoffM3).toBeGreaterThanOrEqual(-1e-9)
          expect(own.infiltratedM3).toBeGreaterThanOrEqual(0)
          expect(own.evaporatedM3).toBeGreaterThanOrEqual(0)
          const left = own.evaporatedM3 + own.infiltratedM3 + own.runoffM3 + own.storedAtEndM3
          expect(left).toBeCloseTo(own.rainM3 + own.runonM3 + own.storedAtStartM3, 6)
        }
        for (const flows of run.reported.subcatchments) {
          expect(flows.every((flow) => flow >= 0)).toBe(true)
        }
      },
    ),
    { numRuns: 15 },
  )
})

const STEADY: Town = {
  impervious: 100,
  routing: 'OUTLET',
  infiltration: 'HORTON',
  lid: 'CELL',
  fromImpervious: 0,
  toPervious: 0,
  evaporationMm: 0,
  rainMm: Array.from({ length: 96 }, () => 1),
  wetStepS: 30,
}

test('steady rain of 12 mm/h on 0.4 ha of roofs and roads runs off with i·A = 13.333 L/s', () => {
  const { subcatchments, reported } = runHydrology(readModel(town(STEADY), NO_FILE).model)
  const [upper] = subcatchments
  expect(1000 * (upper?.peakM3S ?? 0)).toBeCloseTo((1000 * 0.012 * 4000) / 3600, 3)
  expect(1000 * (reported.subcatchments[0]?.at(-1) ?? 0)).toBeCloseTo(13.333, 3)
})

test('the runoff of a subcatchment upstream is the run-on of the one below', () => {
  const { subcatchments } = runHydrology(readModel(town(STEADY), NO_FILE).model)
  const [upper, lower] = subcatchments
  expect(upper?.runonM3).toBe(0)
  expect(lower?.runonM3).toBeCloseTo(upper?.runoffM3 ?? Number.NaN, 9)
})

test('the pipe passes on all that came, and at most its full flow', () => {
  const heavy = { ...STEADY, rainMm: STEADY.rainMm.map(() => 15) }
  const { nodes, conduits } = runHydrology(readModel(town(heavy), NO_FILE).model)
  // Full pipe: 311.685·0.6^(8/3)·√0.005/0.013 = 434.2 L/s; 16 000 m² under 180 mm/h bring 800 L/s.
  expect(1000 * (conduits[0]?.peakM3S ?? 0)).toBeCloseTo(434.2, 0)
  expect(nodes[0]?.floodedM3).toBeGreaterThan(1000)
})

test('equal files give equal bits', () => {
  const first = runHydrology(readModel(town(STEADY), NO_FILE).model)
  const second = runHydrology(readModel(town(STEADY), NO_FILE).model)
  expect(second).toEqual(first)
})
