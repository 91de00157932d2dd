import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { horton } from '../../../../simulators/hydrology/horton.js'

const MM_H = 0.001 / 3600
const SOIL = {
  initialMS: 76 * MM_H,
  finalMS: 5 * MM_H,
  decayPerS: 4 / 3600,
  recoveryPerS: -Math.log(0.02) / (7 * 86_400),
  capacityM: Infinity,
}

test.each([1, 30, 900])(
  'a flooded soil takes the integral of Horton’s curve in steps of %d s',
  (stepS) => {
    const soil = horton(SOIL)
    let depthM = 0
    for (let atS = 0; atS < 3600; atS += stepS) depthM += soil.take(1, 0, stepS) * stepS
    // 5·1 + (76 − 5)/4·(1 − e^−4) = 5 + 17.75·0.981684 = 22.4249 mm
    expect(1000 * depthM).toBeCloseTo(22.4249, 4)
  },
)

test('weak rain is taken whole and uses up the curve by its depth only', () => {
  const soil = horton(SOIL)
  expect(soil.take(10 * MM_H, 0, 3600)).toBeCloseTo(10 * MM_H, 12)
  // F(t) = 10 mm: 5t + 17.75(1 − e^−4t) = 10 at t = 0.17974 h (0.8987 + 17.75·0.51275), where
  // fp = 5 + 71·e^−0.71897 = 5 + 71·0.48725 = 39.595 mm/h.
  expect(soil.take(1, 0, 0.01) / MM_H).toBeCloseTo(39.595, 1)
})

test('a dry soil gets 98 % of what it lost back in its drying time', () => {
  const soil = horton(SOIL)
  for (let step = 0; step < 100; step++) soil.take(1, 0, 3600)
  for (let hour = 0; hour < 7 * 24; hour++) soil.take(0, 0, 3600)
  // fp = f0 − (f0 − fmin)·e^(−kr·t) = 76 − 71·0.02 = 74.58 mm/h
  expect(soil.take(1, 0, 0.01) / MM_H).toBeCloseTo(74.58, 1)
})

test('a soil with a bound takes no more than that', () => {
  const soil = horton({ ...SOIL, capacityM: 0.02 })
  let depthM = 0
  for (let step = 0; step < 20; step++) depthM += soil.take(1, 0, 600) * 600
  expect(depthM).toBeCloseTo(0.02, 12)
})

test('no soil takes more than it is offered, or less than nothing', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.integer({ min: 0, max: 200 }), fc.integer({ min: 0, max: 50 })), {
        minLength: 1,
        maxLength: 30,
      }),
      fc.integer({ min: 1, max: 3600 }),
      (steps, stepS) => {
        const soil = horton(SOIL)
        for (const [rainMmH, pondedMm] of steps) {
          const rate = soil.take(rainMmH * MM_H, pondedMm / 1000, stepS)
          expect(rate).toBeGreaterThanOrEqual(0)
          expect(rate).toBeLessThanOrEqual(rainMmH * MM_H + pondedMm / 1000 / stepS + 1e-15)
        }
      },
    ),
  )
})
