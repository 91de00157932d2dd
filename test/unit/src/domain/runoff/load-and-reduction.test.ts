import { expect, test } from 'vitest'
import { pollutantLoad } from '../../../../../src/domain/runoff/pollutant-load.js'
import { annualReduction, reduction } from '../../../../../src/domain/runoff/reduction.js'

test('load and EMC of standards sheet 7.4: 39.0 m³, 7.02 kg, 180 mg/L', () => {
  const load = pollutantLoad({
    atMs: [0, 1, 2, 3, 4, 5].map((k) => k * 300_000),
    flowLs: [0, 20, 60, 40, 10, 0],
    concMgL: [0, 180, 240, 120, 60, 0],
  })
  expect(load.volumeM3).toBeCloseTo(39, 9)
  expect(load.massKg).toBeCloseTo(7.02, 9)
  expect(load.emcMgL).toBeCloseTo(180, 9)
})

test('without flow there is no mean concentration; columns that do not match are refused', () => {
  expect(pollutantLoad({ atMs: [0, 1000], flowLs: [0, 0], concMgL: [5, 5] }).emcMgL).toBeNull()
  expect(() => pollutantLoad({ atMs: [0], flowLs: [], concMgL: [] })).toThrow(RangeError)
})

test('annual reduction is weighted by rain depth, not by event', () => {
  const small = { depthMm: 10, inflow: 100, outflow: 0 }
  const large = { depthMm: 30, inflow: 400, outflow: 300 }
  expect(reduction(large)).toBe(0.25)
  // (10·1 + 30·0.25)/40
  expect(annualReduction([small, large])).toBeCloseTo(0.4375, 12)
  expect(annualReduction([{ depthMm: 5, inflow: 0, outflow: 0 }])).toBeNull()
  expect(annualReduction([])).toBeNull()
})
