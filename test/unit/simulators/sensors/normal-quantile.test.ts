import { expect, test } from 'vitest'
import { normalQuantile } from '../../../../simulators/sensors/normal-quantile.js'

test('quantiles are those of the tables', () => {
  // NIST/SEMATECH e-Handbook 1.3.6.7.1 and Abramowitz & Stegun table 26.5, to ten places.
  const table = [
    [0.5, 0],
    [0.9, 1.281_551_566],
    [0.975, 1.959_963_985],
    [0.99, 2.326_347_874],
    [0.999, 3.090_232_306],
    [0.001, -3.090_232_306],
  ] as const
  for (const [share, quantile] of table) expect(normalQuantile(share)).toBeCloseTo(quantile, 7)
})

test('the ends are infinite', () => {
  expect([normalQuantile(0), normalQuantile(1)]).toEqual([-Infinity, Infinity])
})
