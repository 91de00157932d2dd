import { localTime } from '../../domain/local-time.js'
import { HOUR_MS, MINUTE_MS } from '../../domain/time.js'

const FIXED = /^([+-])(\d{2})(?::?(\d{2}))?$/

/** Local minus UTC at an instant, ms, for an IANA zone or a fixed offset; null for neither. */
export function utcOffset(zone: string): ((atMs: number) => number) | null {
  const fixed = FIXED.exec(zone)
  if (fixed !== null) {
    const [, sign, hours, minutes = '0'] = fixed
    const offsetMs = Number(hours) * HOUR_MS + Number(minutes) * MINUTE_MS
    return () => (sign === '-' ? -offsetMs : offsetMs)
  }
  try {
    const time = localTime(zone)
    return (atMs) => time.offsetMs(atMs)
  } catch {
    // RangeError: the runtime knows no such zone.
    return null
  }
}
