import { expect, test } from 'vitest'
import type { LidLayers } from '../../../../../simulators/hydrology/lid/makeup.js'
import { rainBarrel } from '../../../../../simulators/hydrology/lid/rain-barrel.js'

const MM_H = 0.001 / 3600

function tank(delayS: number, covered = false): LidLayers {
  return {
    surface: { bermM: 0, freeShare: 1, conveyance: 0 },
    ...{ pavement: null, soil: null, drainMat: null },
    storage: { thicknessM: 1, poreShare: 1, seepageMS: 0, clogsAtM: Infinity, covered },
    drain: {
      ...{ coefficient: 1e-3, exponent: 0.5, offsetM: 0.2, delayS },
      ...{ opensM: 0, closesM: 0 },
    },
  }
}

test('a tank fills to its brim and spills the rest', () => {
  const unit = rainBarrel(tank(6 * 3600), 0, 0)
  let spilledM = 0
  // 2 m in an hour into a tank of 1 m whose drain is closed in the rain.
  for (let step = 0; step < 60; step++) {
    spilledM += unit.step(10 * MM_H, 1990 * MM_H, 0, 60).overflowMS * 60
  }
  expect(unit.storedM()).toBeCloseTo(1, 9)
  expect(spilledM).toBeCloseTo(1, 9)
})

test('the drain opens after its delay of dry time and leaves what stands below it', () => {
  const unit = rainBarrel(tank(3600), 1, 0)
  for (let step = 0; step < 59; step++) unit.step(0, 0, 0, 60)
  expect(unit.storedM()).toBe(1)
  for (let step = 0; step < 600; step++) unit.step(0, 0, 0, 60)
  expect(unit.storedM()).toBeCloseTo(0.2, 9)
})

test('rain falls into an open tank, not into a covered one', () => {
  const open = rainBarrel(tank(1e9), 0, 0)
  const covered = rainBarrel(tank(1e9, true), 0, 0)
  for (const unit of [open, covered]) unit.step(60 * MM_H, 0, 0, 60)
  expect(open.storedM()).toBeCloseTo(0.001, 12)
  expect(covered.storedM()).toBe(0)
})
