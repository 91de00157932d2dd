import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  reservoirOutflow,
  reservoirStep,
} from '../../../../simulators/hydrology/surface-reservoir.js'

const MM_H = 0.001 / 3600

test('rain below the depression storage leaves nothing, and all of the rest leaves in the end', () => {
  const below = reservoirStep(0, 10 * MM_H, 0.1, 0.0015, 540)
  expect(below.depthM).toBeCloseTo(0.0015, 12)
  expect(below.outflowM).toBe(0)
  let depthM = 0
  let outM = 0
  for (let hour = 0; hour < 200; hour++) {
    const step = reservoirStep(depthM, hour === 0 ? 10 * MM_H : 0, 0.1, 0.0015, 3600)
    depthM = step.depthM
    outM += step.outflowM
  }
  expect(outM).toBeCloseTo(0.01 - 0.0015, 5)
})

test('steady rain reaches a runoff of i·A', () => {
  let depthM = 0
  for (let step = 0; step < 600; step++) {
    depthM = reservoirStep(depthM, 60 * MM_H, 0.05, 0.001, 60).depthM
  }
  expect(reservoirOutflow(0.05, depthM, 0.001) / (60 * MM_H)).toBeCloseTo(1, 5)
})

test.each([1, 60, 3600])('a recession of %d s follows its closed form', (stepS) => {
  // dh/dt = −α·h^(5/3): h = (h0^(−2/3) + (2/3)·α·t)^(−3/2)
  const [alpha, startM, storageM] = [0.2, 0.01, 0.002]
  let depthM = startM + storageM
  const totalS = 7200
  for (let atS = 0; atS < totalS; atS += stepS) {
    depthM = reservoirStep(depthM, 0, alpha, storageM, stepS).depthM
  }
  const expectedM = (startM ** (-2 / 3) + (2 / 3) * alpha * totalS) ** (-3 / 2)
  expect(depthM - storageM).toBeCloseTo(expectedM, 6)
})

test('an unhindered surface keeps only its storage', () => {
  const step = reservoirStep(0, 60 * MM_H, Infinity, 0.0004, 60)
  expect(step.depthM).toBeCloseTo(0.0004, 12)
  expect(step.outflowM).toBeCloseTo(0.0006, 12)
})

test('what came is what stands and what left, and neither is below nothing', () => {
  fc.assert(
    fc.property(
      fc.double({ min: 0, max: 0.1, noNaN: true }),
      fc.double({ min: 0, max: 300, noNaN: true }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.double({ min: 0, max: 5, noNaN: true }),
      fc.integer({ min: 1, max: 3600 }),
      (depthM, rainMmH, lostShare, alpha, stepS) => {
        const inMS = rainMmH * MM_H
        const netMS = inMS - lostShare * (inMS + depthM / stepS)
        const step = reservoirStep(depthM, netMS, alpha, 0.002, stepS)
        expect(step.depthM).toBeGreaterThanOrEqual(0)
        expect(step.outflowM).toBeGreaterThanOrEqual(-1e-15)
        expect(step.depthM + step.outflowM).toBeCloseTo(depthM + netMS * stepS, 12)
      },
    ),
  )
})
