import { expect, test } from 'vitest'
import { eventRunoffCoefficient } from '../../../src/domain/indicators/event-runoff-coefficient.js'
import { everyFive, judge, smallCity } from '../../unit/src/domain/indicators/small-city.js'
import { window } from '../../unit/src/domain/rain/series.js'

test('18 mm on 1.2 hm² and 120 m³: φ 0.556, control 0.444', () => {
  const rain = everyFive(-13_000, 7_000, (min) => (min > 600 && min <= 660 ? 1.5 : 0))
  const flow = everyFive(-13_000, 7_000, (min) => {
    const into = min - 600
    if (into <= 0 || into >= 180) return 0
    return (into <= 60 ? into / 60 : (180 - into) / 120) / 45
  })
  const found = judge(
    eventRunoffCoefficient,
    smallCity(),
    { kind: 'outfall', id: 'O1' },
    window(0, 1440),
    { RG: rain, F1: flow },
    { recessionPeakShare: 0 },
  )
  expect(found.value).toBeCloseTo(0.556, 3)
  expect(found.table[0]?.['controlRatio']).toBeCloseTo(0.444, 3)
  expect(found.table).toMatchObject([{ depthMm: 18 }])
  expect(Math.abs((found.uncertainty?.lower ?? 0) - 0.5176)).toBeLessThan(0.002)
  expect(Math.abs((found.uncertainty?.upper ?? 0) - 0.5963)).toBeLessThan(0.002)
})
