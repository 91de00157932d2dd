import { expect, test } from 'vitest'
import { greenAmpt } from '../../../simulators/hydrology/green-ampt.js'

const CM_H = 0.01 / 3600
const SILT_LOAM = { suctionM: 0.167, conductivityMS: 0.65 * CM_H, deficit: 0.34, modified: false }

/** Depth taken under steady rain in cm, and the last rate in cm/h. */
function underRain(rainCmH: number, hours: number, stepS: number) {
  const soil = greenAmpt(SILT_LOAM)
  let depthCm = 0
  let rateCmH = 0
  for (let step = 0; step < Math.round((hours * 3600) / stepS); step++) {
    rateCmH = soil.take(rainCmH * CM_H, 0, stepS) / CM_H
    depthCm += (rateCmH * stepS) / 3600
  }
  return { depthCm, rateCmH }
}

test('a ponded silt loam takes 3.17 cm in the first hour and then 1.81 cm/h', () => {
  const { depthCm, rateCmH } = underRain(1000, 1, 1)
  expect(Math.abs(depthCm - 3.17)).toBeLessThan(0.01)
  expect(Math.abs(rateCmH - 1.81)).toBeLessThan(0.01)
})

test('steps of an hour and of a second take the same from a ponded surface', () => {
  expect(underRain(1000, 1, 3600).depthCm).toBeCloseTo(underRain(1000, 1, 1).depthCm, 6)
})

test.each([
  [1, 10.5],
  [5, 0.85],
])('rain of %d cm/h ponds after %d cm', (rainCmH, pondingCm) => {
  const soil = greenAmpt(SILT_LOAM)
  const stepS = 1
  let depthCm = 0
  for (;;) {
    const rateCmH = soil.take(rainCmH * CM_H, 0, stepS) / CM_H
    if (rateCmH < rainCmH * 0.9999) break
    depthCm += (rateCmH * stepS) / 3600
    expect(depthCm).toBeLessThan(20)
  }
  expect(Math.abs(depthCm - pondingCm) / pondingCm).toBeLessThan(0.01)
})

test('an hour of 5 cm/h brings 3.02 cm into the ground, at 1.87 cm/h in the end', () => {
  const { depthCm, rateCmH } = underRain(5, 1, 1)
  expect(Math.abs(depthCm - 3.02)).toBeLessThan(0.01)
  expect(Math.abs(rateCmH - 1.87)).toBeLessThan(0.01)
})
