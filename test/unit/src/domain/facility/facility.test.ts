import { expect, test } from 'vitest'
import { captureCurve } from '../../../../../src/domain/capture/capture-curve.js'
import {
  areaWeightedShare,
  auditedShare,
  solidsReduction,
} from '../../../../../src/domain/facility/audited-capture.js'
import {
  controlledDepthMm,
  detentionScale,
  requiredVolumeM3,
  retentionScale,
} from '../../../../../src/domain/facility/facility-volume.js'
import { modelCardSchema, modelFaults } from '../../../../../src/domain/facility/model-card.js'
import { drawdownMs, storageUse } from '../../../../../src/domain/facility/storage-use.js'
import { modelSkill } from '../../../../../src/domain/facility/model-skill.js'

test('Vin of standards sheet 12: Win 21.6, Vin 61.6 m³', () => {
  const scale = retentionScale({
    ...{ storageM3: 40, conductivityMh: 0.036, gradient: 1, areaM2: 200, rainH: 3 },
  })
  expect(scale.duringRainM3).toBeCloseTo(21.6, 9)
  expect(scale.totalM3).toBeCloseTo(61.6, 9)
})

test('Ved of standards sheet 12: Wed 37.5, Ved 337.5 m³', () => {
  expect(detentionScale(300, 24, 3)).toEqual({ duringRainM3: 37.5, totalM3: 337.5 })
})

test('the volume method of standards sheet 5.4, and back', () => {
  expect(requiredVolumeM3(27.3, 0.55, 24_000)).toBeCloseTo(360.36, 9)
  expect(controlledDepthMm(360.36, 0.55, 24_000)).toBeCloseTo(27.3, 9)
})

test('project ratio of standards sheet 12: 0.7457', () => {
  const share = areaWeightedShare([
    { areaM2: 8000, share: 0.92 },
    { areaM2: 3000, share: 0.85 },
    { areaM2: 2500, share: 0 },
    { areaM2: 1500, share: 0.85 },
  ])
  expect(share).toBeCloseTo(0.7457, 4)
  expect(areaWeightedShare([])).toBeNull()
})

test('a facility controls the share of the depth that its volume holds', () => {
  // Standards sheet 5.2: 18 mm are 57.895 % of its curve; 18 mm · 0.8 · 1000 m² are 14.4 m³.
  const { shareOf } = captureCurve([2.5, 4, 6, 8, 12, 18, 25, 40, 65])
  const facility = { kind: 'facility', areaM2: 1000, volumeM3: 14.4, coefficient: 0.8 } as const
  expect(auditedShare(facility, shareOf).share).toBeCloseTo(0.57895, 5)
  const pervious = { kind: 'uncontrolled-pervious', areaM2: 10, lossMm: 8 } as const
  expect(auditedShare(pervious, shareOf).share).toBeCloseTo(0.33518, 5)
  const impervious = { kind: 'uncontrolled-impervious', areaM2: 10 } as const
  expect(auditedShare(impervious, shareOf).share).toBe(0)
})

test('SS reduction of standards sheet 5.6: 0.80 × 0.75 = 60 %', () => {
  const facilities = [
    { areaM2: 100, removal: 0.7 },
    { areaM2: 100, removal: 0.8 },
  ]
  expect(solidsReduction(0.8, facilities)).toBeCloseTo(0.6, 9)
  expect(solidsReduction(0.8, [])).toBeNull()
})

test('model skill of standards sheet 12: NSE 0.9720', () => {
  const observed = [0, 0.01, 0.05, 0.12, 0.09, 0.05, 0.02, 0.01]
  const simulated = [0, 0.008, 0.06, 0.11, 0.095, 0.04, 0.025, 0.012]
  const { nse, volumeError, peakError } = modelSkill(observed, simulated)
  expect(nse).toBeCloseTo(0.972, 4)
  // 0.350 against 0.350; 0.11 against 0.12.
  expect(volumeError).toBeCloseTo(0, 9)
  expect(peakError).toBeCloseTo(-1 / 12, 9)
  expect(modelSkill([1, 1], [1, 1]).nse).toBeNull()
  expect(() => modelSkill([1], [])).toThrow(RangeError)
})

test('storage use counts from the start of the event, a drifted zero from the floor', () => {
  // 1.2 m of 1.5, of which 0.3 stood there before: 0.9 of the free 1.2.
  expect(storageUse([0.3, 1.2, 0.6], 1.5)).toEqual({
    peakShare: expect.closeTo(0.8, 12) as number,
    relativeShare: expect.closeTo(0.75, 12) as number,
  })
  expect(storageUse([-0.2, 0.75], 1.5).relativeShare).toBeCloseTo(0.5, 12)
  expect(storageUse([1.5], 1.5).relativeShare).toBeNull()
  expect(() => storageUse([], 1)).toThrow(RangeError)
  expect(drawdownMs([0, 10, 20, 30], [0, 1, 0.4, 0.05], 15, 0.1)).toBe(15)
  expect(drawdownMs([0, 10], [0, 1], 5, 0.1)).toBeNull()
})

const CARD = modelCardSchema.parse({
  ...{ software: 'SWMM', version: '5.2.4', stepMin: 5, rainYears: 10, ratio: 0.72 },
  calibration: [
    { event: 'A', nse: 0.8 },
    { event: 'B', nse: 0.5 },
  ],
  verification: [
    { event: 'C', nse: 0.6 },
    { event: 'D', nse: 0.7 },
  ],
})

test('a model stands by its years, its events and their NSE (standards sheet 3.4.4)', () => {
  expect(modelFaults(CARD)).toEqual([])
  const [first] = CARD.calibration
  if (first === undefined) throw new Error('no event')
  const faulty = {
    ...{ ...CARD, rainYears: 9, stepMin: 90 },
    verification: [{ ...first, nse: 0.49 }],
  }
  expect(modelFaults(faulty).map((fault) => fault.split(':')[0])).toEqual([
    'rain_years',
    'step',
    'verification',
    'verification',
    'same_event',
  ])
})
