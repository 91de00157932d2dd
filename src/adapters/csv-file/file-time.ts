import { Temporal } from 'temporal-polyfill'
import type { Mapping } from './mapping.js'

/** Reads the time cells of one file. Returns UTC epoch ms, or a sentence that says what is wrong. */
export type TimeReader = (cell: string) => number | string

/**
 * Makes the reader for a mapping. A time that the zone's summer time skips, or that has neither
 * offset nor zone, is a fault, never a guess; a time that is repeated in autumn is the one the
 * mapping says.
 */
export function timeReader(time: Mapping['time']): TimeReader {
  const shiftMs = time.stamps === 'start' ? Math.round((time.intervalS ?? 0) * 1000) : 0
  return (cell) => {
    const text = cell.trim()
    const atMs = time.form === 'iso' ? isoMs(text, time) : epochMs(text, time.form)
    return typeof atMs === 'string' ? atMs : atMs + shiftMs
  }
}

function epochMs(text: string, form: 'epoch-s' | 'epoch-ms'): number | string {
  const number = Number(text)
  if (text === '' || !Number.isFinite(number)) return `"${text}" is no number of ${form}`
  return Math.round(form === 'epoch-s' ? number * 1000 : number)
}

const HAS_OFFSET = /(?:Z|[+-]\d{2}:?\d{2})$/i

function isoMs(text: string, time: Mapping['time']): number | string {
  const iso = text.replace(/^(\d{4}-\d{2}-\d{2})[ T]/, '$1T')
  if (HAS_OFFSET.test(iso.slice(10))) {
    const atMs = Date.parse(iso)
    return Number.isNaN(atMs) ? `"${text}" is no ISO 8601 time` : atMs
  }
  if (time.zone === undefined) {
    return `"${text}" has no offset and the mapping names no time.zone`
  }
  let local: Temporal.PlainDateTime
  try {
    local = Temporal.PlainDateTime.from(iso, { overflow: 'reject' })
  } catch {
    return `"${text}" is no ISO 8601 time`
  }
  try {
    const corrected = local.add({ seconds: clockCorrectionS(local, time) })
    return inZone(corrected, time.zone, time.repeatedHour, text)
  } catch (error) {
    return `time.zone "${time.zone}": ${error instanceof Error ? error.message : 'unknown zone'}`
  }
}

function clockCorrectionS(local: Temporal.PlainDateTime, time: Mapping['time']): number {
  for (const fault of time.clockFaults) {
    const begun = Temporal.PlainDateTime.compare(local, fault.from) >= 0
    const over = Temporal.PlainDateTime.compare(local, fault.to) >= 0
    if (begun && !over) return fault.addS
  }
  return 0
}

function inZone(
  local: Temporal.PlainDateTime,
  zone: string,
  repeatedHour: 'earlier' | 'later',
  text: string,
): number | string {
  const zoned = local.toZonedDateTime(zone, { disambiguation: repeatedHour })
  if (!zoned.toPlainDateTime().equals(local)) {
    return `"${text}" does not exist in ${zone}: summer time skips it; is the zone right, or the clock?`
  }
  return zoned.epochMilliseconds
}
