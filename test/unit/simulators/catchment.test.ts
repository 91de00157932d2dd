import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { simulatedCatchment, type CatchmentMakeup } from '../../../simulators/catchment.js'
import { MINUTE_MS } from '../../../src/domain/time.js'

const PAVED: CatchmentMakeup = {
  areaM2: 10_000,
  impervious: 1,
  depressionMm: 0,
  infiltrationMmH: 0,
  spongeMm: 0,
  drawdownH: 24,
  lagMin: 10,
  dryWeatherFlowM3s: 0,
}

test('the water balance closes after any rain', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 0, max: 30 }), { minLength: 1, maxLength: 300 }),
      fc.record({
        impervious: fc.double({ min: 0, max: 1, noNaN: true }),
        depressionMm: fc.double({ min: 0, max: 4, noNaN: true }),
        infiltrationMmH: fc.double({ min: 0, max: 60, noNaN: true }),
        spongeMm: fc.double({ min: 0, max: 40, noNaN: true }),
        lagMin: fc.double({ min: 1, max: 60, noNaN: true }),
      }),
      (tenths, makeup) => {
        const catchment = simulatedCatchment({ ...PAVED, ...makeup })
        for (const tenth of tenths) {
          expect(catchment.step(tenth / 10, MINUTE_MS)).toBeGreaterThanOrEqual(0)
        }
        const { rainMm, runoffMm, infiltratedMm, evaporatedMm, storedMm } = catchment.balance()
        expect(runoffMm + infiltratedMm + evaporatedMm + storedMm).toBeCloseTo(rainMm, 9)
      },
    ),
  )
})

test('all rain on bare paving runs off in the end', () => {
  const catchment = simulatedCatchment(PAVED)
  let volumeM3 = 0
  for (let minute = 0; minute < 600; minute++) {
    volumeM3 += catchment.step(minute < 20 ? 0.5 : 0, MINUTE_MS) * 60
  }
  // 20 min × 0.5 mm on 1 hm² = 100 m³.
  expect(volumeM3).toBeCloseTo(100, 6)
})

test('a storm smaller than the sponge storage does not reach the outfall', () => {
  const catchment = simulatedCatchment({ ...PAVED, spongeMm: 12 })
  let largest = 0
  for (let minute = 0; minute < 240; minute++) {
    largest = Math.max(largest, catchment.step(minute < 20 ? 0.5 : 0, MINUTE_MS))
  }
  expect(largest).toBe(0)
})
