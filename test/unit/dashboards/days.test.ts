import { expect, test } from 'vitest'
import { choiceFromQuery } from '../../../dashboards/src/state/choice.js'
import {
  calendarYear,
  dayAt,
  daysOf,
  kindOf,
  lastThirtyDays,
  lastYear,
  shifted,
  spanOf,
} from '../../../dashboards/src/state/days.js'
import { DAY_MS, HOUR_MS } from '../../../src/domain/time.js'

test('days reach from midnight to midnight of the city, the last one included', () => {
  expect(spanOf('Asia/Shanghai', { first: '2026-06-01', last: '2026-06-30' })).toEqual({
    fromMs: Date.parse('2026-06-01T00:00:00+08:00'),
    toMs: Date.parse('2026-07-01T00:00:00+08:00'),
  })
})

test('a day on which the clock is put forward has 23 hours', () => {
  const span = spanOf('Europe/Berlin', { first: '2026-03-29', last: '2026-03-29' })
  expect((span?.toMs ?? 0) - (span?.fromMs ?? 0)).toBe(23 * HOUR_MS)
})

test('days in the wrong order, or that are none, are no window', () => {
  expect(spanOf('UTC', { first: '2026-06-02', last: '2026-06-01' })).toBeNull()
  expect(spanOf('UTC', { first: '2026-02-30', last: '2026-06-01' })).toBeNull()
  expect(spanOf('UTC', { first: '', last: '2026-06-01' })).toBeNull()
})

test('an instant before midnight in UTC is the next day in Shanghai', () => {
  expect(dayAt('Asia/Shanghai', Date.parse('2026-11-27T16:00:00Z'))).toBe('2026-11-28')
  expect(dayAt('Asia/Shanghai', Date.parse('2026-11-27T15:59:59Z'))).toBe('2026-11-27')
})

test('a window written by instants is told by its days again', () => {
  const days = { first: '2025-12-30', last: '2026-01-02' }
  const span = spanOf('Asia/Shanghai', days)
  expect(span === null ? null : daysOf('Asia/Shanghai', span)).toEqual(days)
})

test('the last thirty days and the last year end yesterday', () => {
  expect(lastThirtyDays('2026-03-01')).toEqual({ first: '2026-01-30', last: '2026-02-28' })
  expect(lastYear('2026-11-28')).toEqual({ first: '2025-11-28', last: '2026-11-27' })
})

test('the last year of a 29 February has 365 days', () => {
  const { first, last } = lastYear('2024-02-29')
  expect([first, last]).toEqual(['2023-03-01', '2024-02-28'])
  expect((Date.parse(last) - Date.parse(first)) / DAY_MS + 1).toBe(365)
})

test('days are known by the name that gives them', () => {
  const today = '2026-11-28'
  expect(kindOf(lastThirtyDays(today), today)).toBe('30d')
  expect(kindOf(lastYear(today), today)).toBe('year')
  expect(kindOf(calendarYear(2024), today)).toBe('calendar')
  expect(kindOf({ first: '2024-01-01', last: '2024-12-30' }, today)).toBe('free')
})

test('a day is shifted over the ends of months and leap years', () => {
  expect(shifted('2024-02-28', 1)).toBe('2024-02-29')
  expect(shifted('2025-03-01', -1)).toBe('2025-02-28')
})

test('an address is a whole question only with scheme and both days', () => {
  const ask = (query: string) => choiceFromQuery(new URLSearchParams(query))
  expect(ask('scheme=s&from=2026-01-01&to=2026-01-31')).toEqual({
    kind: 'new',
    scheme: 's',
    days: { first: '2026-01-01', last: '2026-01-31' },
  })
  expect(ask('from=2026-01-01&to=2026-01-31')).toBeNull()
  expect(ask('scheme=s&from=2026-01-01')).toBeNull()
  // What the storm view writes there.
  expect(ask('scheme=s&from=1767196800000&to=1769875200000')).toBeNull()
})
