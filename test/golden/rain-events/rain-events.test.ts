import { expect, test } from 'vitest'
import { rainEventsIndicator } from '../../../src/domain/indicators/rain-events.js'
import { everyFive, judge, smallCity } from '../../unit/src/domain/indicators/small-city.js'
import { at, window } from '../../unit/src/domain/rain/series.js'

const TAIL = [0.4, 0.8, 0.6, 0.6]

test('the event table of the hand-worked record', () => {
  const rain = everyFive(-12_000, 6_000, (min) => {
    if (min > 0 && min <= 60) return 0.5
    if (min > 415 && min <= 445) return 1
    if (min > 805 && min <= 825) return TAIL[(min - 810) / 5] ?? 0
    return min === 2005 ? 1.9 : 0
  })
  const found = judge(
    rainEventsIndicator,
    smallCity(),
    { kind: 'gauge', id: 'RG' },
    window(0, 2880),
    { RG: rain },
  )
  expect(found.value).toBe(2)
  expect(found.table).toMatchObject([
    { fromMs: at(0), toMs: at(445), depthMm: 12, max5Mm: 1, max15Mm: 3, max30Mm: 6, max60Mm: 6 },
    {
      fromMs: at(805),
      toMs: at(825),
      depthMm: 2.4,
      max5Mm: 0.8,
      max15Mm: 2,
      max30Mm: 2.4,
      antecedentDryMs: 21_600_000,
    },
  ])
  expect(found.parts.map(({ value }) => value)).toEqual([14.4, 1.9, 0, 16.3])
})
