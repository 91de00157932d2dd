import { expect, test } from 'vitest'
import { stormRunoffVolume } from '../../../src/domain/indicators/storm-runoff-volume.js'
import {
  everyFive,
  judge,
  metered,
  outfall,
  smallCity,
} from '../../unit/src/domain/indicators/small-city.js'
import { window } from '../../unit/src/domain/rain/series.js'

const WINDOW = window(0, 1440)
const RG = everyFive(-13_000, 7_000, (min) => (min > 600 && min <= 660 ? 1.5 : 0))
const O1 = { kind: 'outfall', id: 'O1' } as const

test('a triangle of 6480 m³ on a base flow gives 6472.5 m³ up to its end', () => {
  const flow = everyFive(-13_000, 7_000, (min) => {
    const into = min - 600
    if (into <= 0 || into >= 180) return 0.02
    return 0.02 + (into <= 60 ? 0.02 * into : 0.01 * (180 - into))
  })
  const baseFlow = { method: 'antecedent', windowH: 2 }
  const city = smallCity({
    outfalls: [
      outfall('O1', ['C1'], [metered('F1')], { baseFlow }),
      outfall('O2', ['C2'], [metered('F2')]),
    ],
  })
  const found = judge(stormRunoffVolume, city, O1, WINDOW, { RG, F1: flow })
  expect(Math.abs((found.value ?? 0) - 6472.5)).toBeLessThan(1e-6)
  expect(Math.abs((found.uncertainty?.lower ?? 0) - (6472.5 - 323.6))).toBeLessThan(1.6)
  expect(Math.abs((found.uncertainty?.upper ?? 0) - (6472.5 + 323.6))).toBeLessThan(1.6)
  expect(found.table).toMatchObject([{ baseFlowM3s: 0.02, runoffEndedBy: 'recession' }])
})

test('what flows back is subtracted up to the end of the storm', () => {
  const flow = everyFive(-13_000, 7_000, (min) => {
    if (min >= 605 && min <= 660) return 0.1
    return min >= 665 && min <= 690 ? -0.04 : 0
  })
  const found = judge(stormRunoffVolume, smallCity(), O1, WINDOW, { RG, F1: flow })
  expect(Math.abs((found.value ?? 0) - 354)).toBeLessThan(1e-6)
})
