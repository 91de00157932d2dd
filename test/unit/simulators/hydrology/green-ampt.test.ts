import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { greenAmpt } from '../../../../simulators/hydrology/green-ampt.js'

const CM_H = 0.01 / 3600
const SILT_LOAM = { suctionM: 0.167, conductivityMS: 0.65 * CM_H, deficit: 0.34, modified: false }

/** Depth of rain of 5 cm/h at which the soil no longer takes all, cm. */
function pondingCm(soil: ReturnType<typeof greenAmpt>): number {
  let depthCm = 0
  for (let second = 0; second < 7200; second++) {
    const rateCmH = soil.take(5 * CM_H, 0, 1) / CM_H
    if (rateCmH < 4.9999) return depthCm
    depthCm += rateCmH / 3600
  }
  return Number.POSITIVE_INFINITY
}

test('after 9 dry hours a soaked soil meets the next rain with what its upper zone gave up', () => {
  // √Ks = √0.2559 in/h = 0.5059, so a new front needs 4.5/0.5059 = 8.9 dry hours, and the zone gives up
  // 0.5059/75 = 0.006745 of its capacity an hour: in 9 h the deficit comes back to 0.34·0.0607 = 0.02064.
  // Then Fs = 0.65·16.7·0.02064/(5 − 0.65) = 0.0515 cm.
  const soil = greenAmpt(SILT_LOAM)
  for (let minute = 0; minute < 600; minute++) soil.take(100 * CM_H, 0, 60)
  for (let minute = 0; minute < 540; minute++) soil.take(0, 0, 60)
  expect(Math.abs(pondingCm(soil) - 0.0515)).toBeLessThan(0.002)
})

test('a shorter dry spell continues the old front, so that the soil ponds at once', () => {
  const soil = greenAmpt(SILT_LOAM)
  for (let minute = 0; minute < 600; minute++) soil.take(100 * CM_H, 0, 60)
  for (let minute = 0; minute < 300; minute++) soil.take(0, 0, 60)
  expect(pondingCm(soil)).toBeLessThan(0.002)
})

test('weak rain fills the upper zone of the modified method only with what comes', () => {
  const soil = greenAmpt({ ...SILT_LOAM, modified: true })
  for (let hour = 0; hour < 10; hour++) {
    expect(soil.take(0.6 * CM_H, 0, 3600)).toBeCloseTo(0.6 * CM_H, 15)
  }
})

test('no soil takes more than it is offered, or less than nothing', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.integer({ min: 0, max: 200 }), fc.integer({ min: 0, max: 50 })), {
        minLength: 1,
        maxLength: 30,
      }),
      fc.integer({ min: 1, max: 3600 }),
      fc.boolean(),
      (steps, stepS, modified) => {
        const soil = greenAmpt({ ...SILT_LOAM, modified })
        for (const [rainMmH, pondedMm] of steps) {
          const offered = (rainMmH / 10) * CM_H + pondedMm / 1000 / stepS
          const rate = soil.take((rainMmH / 10) * CM_H, pondedMm / 1000, stepS)
          expect(rate).toBeGreaterThanOrEqual(0)
          expect(rate).toBeLessThanOrEqual(offered + 1e-15)
        }
      },
    ),
  )
})
