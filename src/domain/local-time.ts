import { DAY_MS, HOUR_MS } from './time.js'

/** Local hours of a zone, for the rules that say "day": counters that reset, dry-day patterns. */
export interface LocalTime {
  /** Local minus UTC at an instant, ms; whole minutes in every zone of this century. */
  offsetMs(atMs: number): number
  /** Hour of the local day, 0 to 23. */
  hour(atMs: number): number
  /** Day of the local week: 0 Sunday to 6 Saturday. */
  weekday(atMs: number): number
}

/**
 * Local time by the zone rules of the runtime (ECMA-402). Offsets are looked up once per UTC hour
 * and remembered as long as the returned object lives; zones change their offset on the hour.
 *
 * @param timeZone IANA name, e.g. Asia/Shanghai
 * @throws RangeError for a zone the runtime does not know
 */
export function localTime(timeZone: string): LocalTime {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
  })
  const byHour = new Map<number, number>()

  function offsetMs(atMs: number): number {
    const hourStart = Math.floor(atMs / HOUR_MS) * HOUR_MS
    const known = byHour.get(hourStart)
    if (known !== undefined) return known
    const parts = new Map(format.formatToParts(hourStart).map(({ type, value }) => [type, value]))
    const part = (type: Intl.DateTimeFormatPartTypes) => Number(parts.get(type))
    const local = Date.UTC(
      part('year'),
      part('month') - 1,
      part('day'),
      part('hour'),
      part('minute'),
    )
    byHour.set(hourStart, local - hourStart)
    return local - hourStart
  }

  const localMs = (atMs: number) => atMs + offsetMs(atMs)
  return {
    offsetMs,
    hour: (atMs) => Math.floor(positiveModulo(localMs(atMs), DAY_MS) / HOUR_MS),
    weekday: (atMs) => positiveModulo(Math.floor(localMs(atMs) / DAY_MS) + 4, 7),
  }
}

/**
 * The instant at which the local clock shows a date and time, or its jump where clocks leap over it.
 *
 * @param localMs the date and time as if they were UTC, e.g. `Date.UTC(2026, 5, 1)`
 */
export function instantOf(time: LocalTime, localMs: number): number {
  // The offset before the instant is a first guess; the offset at the guess decides.
  const guess = localMs - time.offsetMs(localMs - time.offsetMs(localMs))
  return localMs - time.offsetMs(guess)
}

/**
 * The instants in (fromMs, toMs] at which the local clock shows a full hour of the day.
 * A day whose clocks jump over that hour gives the instant of the jump's new offset.
 *
 * @param hour 0 to 23
 */
export function dailyInstants(
  time: LocalTime,
  hour: number,
  fromMs: number,
  toMs: number,
): Float64Array {
  const found: number[] = []
  const firstDay = Math.floor((fromMs + time.offsetMs(fromMs)) / DAY_MS)
  const lastDay = Math.floor((toMs + time.offsetMs(toMs)) / DAY_MS)
  for (let day = firstDay; day <= lastDay; day++) {
    const local = day * DAY_MS + hour * HOUR_MS
    const atMs = instantOf(time, local)
    if (atMs > fromMs && atMs <= toMs) found.push(atMs)
  }
  return Float64Array.from(found)
}

function positiveModulo(value: number, by: number): number {
  return ((value % by) + by) % by
}
