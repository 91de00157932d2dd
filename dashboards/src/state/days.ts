import type { Span } from '../api/client.js'
import { instantOf, wallClock } from '../i18n/city-time.js'

/** A day of the city's own calendar, e.g. `2026-11-28`. */
export type Day = string

/** Whole days of the city, both ends included. */
export interface Days {
  readonly first: Day
  readonly last: Day
}

/** How a window is named: the newest thirty days or year, one year of the calendar, or any two days. */
export const WINDOW_KINDS = ['30d', 'year', 'calendar', 'free'] as const
export type WindowKind = (typeof WINDOW_KINDS)[number]

const DAY_MS = 86_400_000

export function dayAt(zone: string, atMs: number): Day {
  return wallClock(zone, atMs).slice(0, 10)
}

/** The day some days later, or earlier. */
export function shifted(day: Day, days: number): Day {
  return new Date(Date.parse(`${day}T00:00Z`) + days * DAY_MS).toISOString().slice(0, 10)
}

/** From midnight to midnight of the city; null for what are no days, or are in the wrong order. */
export function spanOf(zone: string, { first, last }: Days): Span | null {
  if (!isDay(first) || !isDay(last) || last < first) return null
  const fromMs = instantOf(zone, `${first}T00:00`)
  const toMs = instantOf(zone, `${shifted(last, 1)}T00:00`)
  return fromMs === null || toMs === null ? null : { fromMs, toMs }
}

/** The days of a window, for a document that holds it as two instants; the second belongs to the day before. */
export function daysOf(zone: string, { fromMs, toMs }: Span): Days {
  return { first: dayAt(zone, fromMs), last: dayAt(zone, toMs - 1) }
}

/** Whole days that are over, so that the same window asked tomorrow is the same. */
export function lastThirtyDays(today: Day): Days {
  return { first: shifted(today, -30), last: shifted(today, -1) }
}

/** The year up to yesterday: 365 days, 366 over a leap day. */
export function lastYear(today: Day): Days {
  const before = `${String(Number(today.slice(0, 4)) - 1).padStart(4, '0')}${today.slice(4)}`
  // 29 February of a year that has none is 1 March.
  return {
    first: isDay(before) ? before : shifted(`${before.slice(0, 8)}28`, 1),
    last: shifted(today, -1),
  }
}

export function calendarYear(year: number): Days {
  return { first: `${year}-01-01`, last: `${year}-12-31` }
}

/** By which name days are known; `free` when by none. */
export function kindOf(days: Days, today: Day): WindowKind {
  const is = (other: Days): boolean => other.first === days.first && other.last === days.last
  if (is(lastThirtyDays(today))) return '30d'
  if (is(lastYear(today))) return 'year'
  return is(calendarYear(Number(days.first.slice(0, 4)))) ? 'calendar' : 'free'
}

function isDay(text: string): boolean {
  if (!/^\d{4}-\d\d-\d\d$/.test(text)) return false
  const atMs = Date.parse(`${text}T00:00Z`)
  return !Number.isNaN(atMs) && new Date(atMs).toISOString().startsWith(text)
}
