import { expect, test } from 'vitest'
import { dailyInstants, localTime } from '../../../../src/domain/local-time.js'

test('hours and weekdays are those of the zone', () => {
  const shanghai = localTime('Asia/Shanghai')
  // 2026-06-05 is a Friday; 17:30 UTC is Saturday 01:30 there.
  const atMs = Date.UTC(2026, 5, 5, 17, 30)
  expect(shanghai.hour(atMs)).toBe(1)
  expect(shanghai.weekday(atMs)).toBe(6)
})

test('a daily instant keeps its local hour across daylight saving', () => {
  const eastern = localTime('America/New_York')
  // Clocks jump from 02:00 EST to 03:00 EDT on 2008-03-09.
  const found = dailyInstants(eastern, 8, Date.UTC(2008, 2, 8, 6), Date.UTC(2008, 2, 10, 6))
  expect([...found].map((ms) => new Date(ms).toISOString())).toEqual([
    '2008-03-08T13:00:00.000Z',
    '2008-03-09T12:00:00.000Z',
  ])
})

test('an instant at the end of the span belongs to it, one at its start does not', () => {
  const shanghai = localTime('Asia/Shanghai')
  const eight = Date.UTC(2026, 0, 2)
  expect([...dailyInstants(shanghai, 8, eight - 86_400_000, eight)]).toEqual([eight])
})

test('an unknown zone is refused', () => {
  expect(() => localTime('Mars/Olympus')).toThrow(RangeError)
})
