import { expect, test } from 'vitest'
import { ponding } from '../../../src/domain/indicators/ponding.js'
import { everyFive, judge, smallCity } from '../../unit/src/domain/indicators/small-city.js'
import { at, window, type Row } from '../../unit/src/domain/rain/series.js'

const RG = everyFive(-3000, 4500, (min) => (min > 600 && min <= 660 ? 1.5 : 0))

/** One reading a minute: `depth` from minute 620 until `end`, else dry. */
function judged(depth: (min: number) => number, end: number) {
  const rows: Row[] = []
  for (let min = -100; min <= 1500; min++) {
    rows.push({ min, value: min >= 620 && min < end ? depth(min) : 0 })
  }
  const city = smallCity()
  for (const sensor of city.devices.flatMap(({ sensors }) => sensors)) {
    if (sensor.id === 'PD') {
      Object.assign(sensor, { reporting: { type: 'periodic', intervalS: 60 } })
    }
  }
  return judge(
    ponding,
    city,
    { kind: 'ponding-point', id: 'P1' },
    window(0, 1440),
    { RG, PD: rows },
    {
      designDepth60Mm: 15,
      minWindowDays: 0,
    },
  )
}

test('both sides of 15 cm', () => {
  expect(judged(() => 150, 680)).toMatchObject({ value: 150, verdict: 'PASS' })
  expect(judged(() => 151, 680)).toMatchObject({ value: 151, verdict: 'FAIL' })
})

test('the gauge of ±5 % widens 150 mm by 7.5 mm', () => {
  const { uncertainty } = judged(() => 150, 680)
  expect(Math.abs((uncertainty?.lower ?? 0) - 142.5)).toBeLessThan(0.04)
  expect(Math.abs((uncertainty?.upper ?? 0) - 157.5)).toBeLessThan(0.04)
})

test('both sides of 30 min', () => {
  const within = judged(() => 100, 690)
  expect(within.table).toMatchObject([
    { toMs: at(690), rainEndMs: at(660), recessionMs: 1_800_000 },
  ])
  expect(within.verdict).toBe('PASS')
  expect(judged(() => 100, 691)).toMatchObject({ verdict: 'FAIL' })
})

test('both sides of 3 cm', () => {
  expect(judged(() => 30, 680).table).toHaveLength(1)
  expect(judged(() => 29, 680).table).toHaveLength(0)
})

test('the peak is the 95th percentile of five minutes', () => {
  const peak = [100, 110, 120, 110, 100]
  const found = judged((min) => peak[min - 640] ?? 50, 680)
  expect(found.value).toBeCloseTo(118, 9)
})
