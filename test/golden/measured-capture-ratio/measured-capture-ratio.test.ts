import { expect, test } from 'vitest'
import { measuredCaptureRatio } from '../../../src/domain/indicators/measured-capture-ratio.js'
import { everyFive, judge, smallCity } from '../../unit/src/domain/indicators/small-city.js'
import { window, type Row } from '../../unit/src/domain/rain/series.js'

/** Rectangles of 5-min means: flow in m³/s from a minute on for so many seconds. */
function means(...pulses: (readonly [fromMin: number, m3s: number, seconds: number])[]): Row[] {
  return everyFive(-13_000, 17_000, (min) => {
    const pulse = pulses.find(([from, , seconds]) => min > from && min <= from + seconds / 60)
    return pulse?.[1] ?? 0
  })
}

test('the ratio of a zone comes from its summed volumes: 0.55625', () => {
  const rain = everyFive(-13_000, 17_000, (min) => {
    if (min > 600 && min <= 660) return 1.5
    if (min > 3000 && min <= 3100) return 1.5
    return min > 5000 && min <= 5010 ? 1 : 0
  })
  const rows = {
    RG: rain,
    F1: means([600, 0.04, 3000], [3000, 0.05, 3600]),
    F2: means([600, 0.01, 3600], [3000, 0.02, 4500]),
  }
  const city = smallCity()
  const flows = city.devices.flatMap(({ sensors }) => sensors)
  for (const sensor of flows) {
    if (sensor.quantity === 'flow') Object.assign(sensor, { kind: { type: 'interval-mean' } })
  }
  const found = judge(
    measuredCaptureRatio,
    city,
    { kind: 'zone', id: 'Z1' },
    window(0, 7 * 1440),
    rows,
    { minWindowDays: 7 },
  )
  expect(found.table).toHaveLength(4)
  expect(Math.abs((found.value ?? 0) - 0.55625)).toBeLessThan(1e-9)
  expect(found.verdict).toBe('FAIL')
  expect(Math.abs((found.uncertainty?.lower ?? 0) - 0.5272)).toBeLessThan(0.0014)
  expect(Math.abs((found.uncertainty?.upper ?? 0) - 0.5831)).toBeLessThan(0.0014)
})
