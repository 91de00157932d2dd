import { expect, test } from 'vitest'
import { instantOf, offsetMs, wallClock } from '../../../dashboards/src/i18n/city-time.js'
import { alignedSpan, chosenFromQuery, stepFor } from '../../../dashboards/src/state/window.js'
import { MINUTE_MS, HOUR_MS } from '../../../src/domain/time.js'

test('three hours are shown by the minute, a day by five minutes, a week by a quarter of an hour', () => {
  expect(stepFor(3 * HOUR_MS, 0)).toBe(MINUTE_MS)
  expect(stepFor(24 * HOUR_MS, 0)).toBe(5 * MINUTE_MS)
  expect(stepFor(168 * HOUR_MS, 0)).toBe(15 * MINUTE_MS)
})

test('a step is never shorter than the slowest sensor reports, so that no gap is drawn that is none', () => {
  expect(stepFor(3 * HOUR_MS, 5 * MINUTE_MS)).toBe(5 * MINUTE_MS)
  expect(stepFor(3 * HOUR_MS, 5 * MINUTE_MS + 1)).toBe(10 * MINUTE_MS)
})

test('years are shown by whole days', () => {
  expect(stepFor(10 * 365 * 24 * HOUR_MS, 0) % (24 * HOUR_MS)).toBe(0)
})

test('a day of the city begins at its own midnight', () => {
  // 2026-07-01 10:17 in Shanghai, UTC+8.
  const atMs = Date.parse('2026-07-01T02:17:00Z')
  const span = alignedSpan({ fromMs: atMs, toMs: atMs }, 24 * HOUR_MS, 'Asia/Shanghai')
  expect(new Date(span.fromMs).toISOString()).toBe('2026-06-30T16:00:00.000Z')
  expect(new Date(span.toMs).toISOString()).toBe('2026-07-01T16:00:00.000Z')
})

test('an end that stands on a step is not moved', () => {
  const atMs = Date.parse('2026-07-01T02:15:00Z')
  expect(alignedSpan({ fromMs: atMs, toMs: atMs }, 5 * MINUTE_MS, 'Asia/Shanghai')).toEqual({
    fromMs: atMs,
    toMs: atMs,
  })
})

test('a zone with a half hour has its own offset', () => {
  expect(offsetMs('Asia/Kolkata', 0)).toBe(5.5 * HOUR_MS)
})

test('wall-clock time and instant lead to each other', () => {
  const atMs = Date.parse('2026-02-28T23:59:00Z')
  expect(wallClock('Asia/Shanghai', atMs)).toBe('2026-03-01T07:59')
  expect(instantOf('Asia/Shanghai', '2026-03-01T07:59')).toBe(atMs)
})

test('an hour that occurs twice is its first occurrence, one that is skipped is read before the change', () => {
  // Europe/Berlin: 2026-10-25 03:00 CEST becomes 02:00 CET; 2026-03-29 02:00 CET becomes 03:00 CEST.
  expect(instantOf('Europe/Berlin', '2026-10-25T02:30')).toBe(Date.parse('2026-10-25T00:30:00Z'))
  expect(instantOf('Europe/Berlin', '2026-03-29T02:30')).toBe(Date.parse('2026-03-29T01:30:00Z'))
})

test('what is no time is null', () => {
  expect(instantOf('Asia/Shanghai', '')).toBeNull()
})

test('an address without a window, or with a reversed one, shows the last week', () => {
  const week = { kind: 'last', hours: 168 }
  expect(chosenFromQuery(new URLSearchParams(''))).toEqual(week)
  expect(chosenFromQuery(new URLSearchParams('from=2000&to=1000'))).toEqual(week)
  expect(chosenFromQuery(new URLSearchParams('from=1000&to=1000'))).toEqual(week)
  expect(chosenFromQuery(new URLSearchParams('from=1000&to=2000'))).toEqual({
    kind: 'between',
    fromMs: 1000,
    toMs: 2000,
  })
})
