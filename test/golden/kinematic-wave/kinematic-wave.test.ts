import { expect, test } from 'vitest'
import { conduit } from '../../../simulators/hydrology/conduit.js'

const CHANNEL = {
  name: 'C1',
  from: 0,
  to: 1,
  lengthM: 100,
  roughness: 0.015,
  slope: 0.001,
  shape: { kind: 'open-rectangle', widthM: 2, heightM: 2 },
  barrels: 1,
} as const

test('a steady flow of 2.6562 m³/s stands 1 m deep in the channel', () => {
  const pipe = conduit(CHANNEL, 10)
  let outM3S = 0
  for (let step = 0; step < 1000; step++) outM3S = pipe.step(2.6562, 10)
  expect(outM3S).toBeCloseTo(2.6562, 6)
  expect(pipe.storedM3()).toBeCloseTo(200, 1)
})

test('a full pipe of 1 m carries 2.3976 m³/s, two of them twice that', () => {
  const pipe = {
    ...CHANNEL,
    roughness: 0.013,
    slope: 0.01,
    shape: { kind: 'circular', heightM: 1 },
  } as const
  expect(conduit(pipe, 10).fullM3S).toBeCloseTo(2.3976, 4)
  expect(conduit({ ...pipe, barrels: 2 }, 10).fullM3S).toBeCloseTo(2 * 2.3976, 4)
})

test.each([5, 10, 60])(
  'a small pulse lags by 564.7 s over a kilometre in steps of %d s',
  (stepS) => {
    const pipe = conduit({ ...CHANNEL, lengthM: 1000 }, stepS)
    const steadyM3S = 2.6562
    for (let step = 0; step < 20_000 / stepS; step++) pipe.step(steadyM3S, stepS)
    const pulseM3S = 0.002 * steadyM3S
    let volumeM3 = 0
    let momentM3S = 0
    for (let step = 0; step < 20_000 / stepS; step++) {
      const into = step * stepS < 60 ? pulseM3S : 0
      const moreM3 = (pipe.step(steadyM3S + into, stepS) - steadyM3S) * stepS
      volumeM3 += moreM3
      momentM3S += moreM3 * (step + 0.5) * stepS
    }
    expect(volumeM3).toBeCloseTo(pulseM3S * 60, 5)
    // The centre of a pulse of 60 s comes in after 30 s.
    expect(Math.abs(momentM3S / volumeM3 - 30 - 564.7) / 564.7).toBeLessThan(0.01)
  },
)
