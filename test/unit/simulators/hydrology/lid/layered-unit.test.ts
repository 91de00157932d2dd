import { expect, test } from 'vitest'
import { layeredUnit } from '../../../../../simulators/hydrology/lid/layered-unit.js'
import type { LidLayers } from '../../../../../simulators/hydrology/lid/makeup.js'

const MM_H = 0.001 / 3600

const GRAVEL = {
  ...{ thicknessM: 0.3, poreShare: 1 / 3, seepageMS: 0, clogsAtM: Infinity, covered: false },
}

const CELL: LidLayers = {
  surface: { bermM: 0.15, freeShare: 0.95, conveyance: Math.sqrt(0.005) / 0.15 },
  pavement: null,
  soil: {
    thicknessM: 0.6,
    porosity: 0.45,
    fieldCapacity: 0.2,
    wiltingPoint: 0.1,
    conductivityMS: 60 * MM_H,
    conductivitySlope: 10,
    suctionM: 0.06,
  },
  storage: GRAVEL,
  drain: null,
  drainMat: null,
}

/** Steps of 30 s under steady rain, m over the unit. */
function run(layers: LidLayers, { rainMmH = 0, runonMmH = 0, evapMmH = 0, hours = 1, full = 0 }) {
  const unit = layeredUnit(layers, full, 20, 800)
  const before = unit.storedM()
  const sum = { inM: 0, evaporatedM: 0, seepedM: 0, overflowM: 0, drainedM: 0 }
  for (let step = 0; step < hours * 120; step++) {
    const done = unit.step(rainMmH * MM_H, runonMmH * MM_H, evapMmH * MM_H, 30)
    sum.inM += done.inflowMS * 30
    sum.evaporatedM += done.evaporationMS * 30
    sum.seepedM += done.seepageMS * 30
    sum.overflowM += done.overflowMS * 30
    sum.drainedM += done.drainMS * 30
  }
  return { ...sum, storedM: unit.storedM() - before }
}

test('a cell that neither seeps nor drains stores all until its pores are full', () => {
  // Room: 0.15·0.95 above ground, 0.6·0.35 in the soil, 0.3/3 below: 452.5 mm, of which 400 mm come.
  const { inM, storedM, overflowM } = run(CELL, { rainMmH: 100, hours: 4 })
  expect(inM).toBeCloseTo(0.4, 9)
  expect(overflowM).toBe(0)
  expect(storedM).toBeCloseTo(0.4, 9)
})

test('a full cell lets all that comes go over its berm', () => {
  const { inM, storedM, overflowM } = run(CELL, { rainMmH: 100, hours: 24 })
  // All pores are full, and over the berm stands what sheet flow of 100 mm/h needs, some millimetres.
  expect(storedM).toBeGreaterThan(0.4525)
  expect(storedM).toBeLessThan(0.48)
  expect(overflowM + storedM).toBeCloseTo(inM, 9)
})

test('soil gives water down to its field capacity and no further', () => {
  const { storedM, seepedM } = run(
    { ...CELL, storage: { ...GRAVEL, seepageMS: 1000 * MM_H } },
    { hours: 24 * 10, full: 1 },
  )
  // From saturation 0.6·(0.45 − 0.20) leaves the soil and 0.3/3 the storage.
  expect(seepedM).toBeCloseTo(-storedM, 9)
  expect(seepedM).toBeCloseTo(0.6 * 0.25 + 0.1, 6)
})

test('evaporation takes the water between field capacity and wilting point, too', () => {
  const { storedM, evaporatedM } = run(CELL, { evapMmH: 1, hours: 24 * 14, full: 1 })
  // All that pores hold above wilting point: 0.6·0.35 + 0.1.
  expect(evaporatedM).toBeCloseTo(0.31, 6)
  expect(storedM).toBeCloseTo(-0.31, 6)
})

test('an underdrain leaves what stands below its offset', () => {
  const drain = {
    ...{ coefficient: 1e-4, exponent: 0.5, offsetM: 0.1, delayS: 0 },
    ...{ opensM: 0, closesM: 0 },
  }
  const gravel: LidLayers = { ...CELL, soil: null, surface: { ...CELL.surface, bermM: 0 } }
  const { drainedM, storedM } = run({ ...gravel, drain }, { hours: 48, full: 1 })
  // 0.2 m of 0.3 m stand above the offset, a third of it water.
  expect(drainedM).toBeCloseTo(0.2 / 3, 6)
  expect(storedM).toBeCloseTo(-0.2 / 3, 6)
})

test('a pavement takes no more than it lets through', () => {
  const pavement = {
    ...{ thicknessM: 0.1, poreShare: 0.15 / 1.15, permeabilityMS: 50 * MM_H },
    clogsAtM: Infinity,
  }
  const layers: LidLayers = {
    ...CELL,
    ...{ soil: null, pavement },
    surface: { bermM: 0, freeShare: 1, conveyance: 0 },
  }
  const { inM, storedM, overflowM } = run(layers, { rainMmH: 80, hours: 1 })
  expect(storedM).toBeCloseTo(0.05, 6)
  expect(overflowM).toBeCloseTo(inM - 0.05, 6)
})
