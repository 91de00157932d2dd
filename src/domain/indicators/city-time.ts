import type { Registry } from '../city/registry.js'
import { localTime } from '../local-time.js'

/** Instants as people of the city write them. */
export interface CityTime {
  /** e.g. `2026-06-01 14:05+08:00`; seconds and milliseconds only where they are not zero. */
  readonly at: (atMs: number) => string
  /** Several instants and the zone they are told in: `…, … (Asia/Shanghai)`. */
  readonly list: (instants: readonly number[]) => string
  /** Name of the zone, e.g. Asia/Shanghai. */
  readonly zone: string
}

/**
 * The city's local time for the sentences of a result. The zone stands in the registry, so the words
 * stay a function of data; the offset keeps an instant unique also when clocks are put back.
 */
export function cityTime(registry: Registry): CityTime {
  const zone = registry.city.timeZone
  const time = localTime(zone)
  const at = (atMs: number): string => {
    const offsetMs = time.offsetMs(atMs)
    const local = new Date(atMs + offsetMs).toISOString()
    return `${local.slice(0, 10)} ${clock(local)}${offset(offsetMs)}`
  }
  return { zone, at, list: (instants) => `${instants.map(at).join(', ')} (${zone})` }
}

/** Hours and minutes of `YYYY-MM-DDTHH:mm:ss.sssZ`, and what lies below them unless it is zero. */
function clock(iso: string): string {
  if (!iso.endsWith('.000Z')) return iso.slice(11, 23)
  return iso.endsWith(':00.000Z') ? iso.slice(11, 16) : iso.slice(11, 19)
}

function offset(offsetMs: number): string {
  return `${offsetMs < 0 ? '-' : '+'}${new Date(Math.abs(offsetMs)).toISOString().slice(11, 16)}`
}
