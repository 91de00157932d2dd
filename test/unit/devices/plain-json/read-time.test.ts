import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { readTime } from '../../../../devices/plain-json/read-time.js'

/** `date -u -d … +%s` gives the seconds. */
test.each<[unknown, number]>([
  ['2026-11-23T00:00:00Z', 1_795_392_000_000],
  ['2026-11-23T08:00:00+08:00', 1_795_392_000_000],
  ['2026-11-23 08:00+0800', 1_795_392_000_000],
  ['2026-11-22t19:00:00-05', 1_795_392_000_000],
  ['2026-11-23T05:30:00+05:30', 1_795_392_000_000],
  ['2026-11-23T00:00:00.25Z', 1_795_392_000_250],
  ['2026-11-23T00:00:00,999999999Z', 1_795_392_001_000],
  ['2026-11-23T00:00:00.000499999Z', 1_795_392_000_000],
  ['2024-02-29T00:00:00Z', 1_709_164_800_000],
  ['0050-01-01T00:00:00Z', -60_589_296_000_000],
  [1_795_392_000, 1_795_392_000_000],
  [1_795_392_000.5, 1_795_392_000_500],
  [1_795_392_000_000, 1_795_392_000_000],
  // 2^28 s is 1978-07-04T21:24:16Z; 1e11 ms is 1973-03-03T09:46:40Z
  [268_435_456, 268_435_456_000],
  [99_999_999_999, 99_999_999_999_000],
  [100_000_000_000, 100_000_000_000],
])('%j is read as %d ms', (given, atMs) => {
  expect(readTime('time', given)).toBe(atMs)
})

test.each<unknown>([
  '2026-11-23',
  '2026-11-23T08:00:00',
  '2023-02-29T00:00:00Z',
  '2026-13-01T00:00:00Z',
  '2026-11-23T24:00:00Z',
  '2026-11-23T23:60:00Z',
  '2026-06-30T23:59:60Z',
  '2026-11-23T00:00:00+24:00',
  '23.11.2026 08:00',
  '1795392000',
  '',
  268_435_455,
  0,
  -1,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  8.64e15 + 1000,
  true,
  {},
])('%j is refused with what would be right', (given) => {
  expect(readTime('time', given)).toMatch(/^time is .+(write it like|add the offset)/)
})

test('what toISOString writes is read back', () => {
  fc.assert(
    fc.property(fc.date({ noInvalidDate: true }), (date) => {
      expect(readTime('time', date.toISOString())).toBe(date.getTime())
    }),
  )
})
