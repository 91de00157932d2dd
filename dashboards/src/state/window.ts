import type { Span } from '../api/client.js'
import { offsetMs } from '../i18n/city-time.js'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS

/** Steps a reader can name; the longest is the city's day. */
const STEPS_MS = [1, 2, 5, 10, 15, 30, 60, 180, 360, 1_440].map((minutes) => minutes * MINUTE_MS)

/** What is looked at: the newest hours, or a span of the past. */
export type Chosen =
  | { readonly kind: 'last'; readonly hours: LastHours }
  | { readonly kind: 'between'; readonly fromMs: number; readonly toMs: number }

export const LAST_HOURS = [3, 24, 168] as const
export type LastHours = (typeof LAST_HOURS)[number]

/** About as many steps as a wide chart has room for, well under the 4,000 the API gives. */
const MOST_STEPS = 700

/**
 * The step of a chart.
 *
 * @param lengthMs length of the window
 * @param intervalMs how often the slowest periodic series reports; a shorter step would show gaps that are none
 */
export function stepFor(lengthMs: number, intervalMs: number): number {
  const shortest = Math.max(intervalMs, lengthMs / MOST_STEPS)
  return STEPS_MS.find((stepMs) => stepMs >= shortest) ?? DAY_MS * Math.ceil(shortest / DAY_MS)
}

/** The span widened to whole steps of the city's wall clock, so that an hour starts at :00 and a day at 00:00. */
export function alignedSpan(span: Span, stepMs: number, zone: string): Span {
  const shift = offsetMs(zone, span.fromMs)
  return {
    fromMs: Math.floor((span.fromMs + shift) / stepMs) * stepMs - shift,
    toMs: Math.ceil((span.toMs + shift) / stepMs) * stepMs - shift,
  }
}

/** The span of a choice; `endMs` is where the newest hours end. */
export function chosenSpan(chosen: Chosen, endMs: number): Span {
  if (chosen.kind === 'between') return { fromMs: chosen.fromMs, toMs: chosen.toMs }
  return { fromMs: endMs - chosen.hours * HOUR_MS, toMs: endMs }
}

/** How a choice stands in the address: `24h`, or two instants. */
export function chosenFromQuery(query: URLSearchParams): Chosen {
  const fromMs = Number(query.get('from') ?? 'none')
  const toMs = Number(query.get('to') ?? 'none')
  if (Number.isInteger(fromMs) && Number.isInteger(toMs) && fromMs < toMs) {
    return { kind: 'between', fromMs, toMs }
  }
  const hours = LAST_HOURS.find((hours) => `${hours}h` === query.get('window'))
  return { kind: 'last', hours: hours ?? 168 }
}

export function writeChosen(query: URLSearchParams, chosen: Chosen): void {
  for (const name of ['from', 'to', 'window']) query.delete(name)
  if (chosen.kind === 'last') {
    query.set('window', `${chosen.hours}h`)
    return
  }
  query.set('from', String(chosen.fromMs))
  query.set('to', String(chosen.toMs))
}
