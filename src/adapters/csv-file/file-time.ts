import { Temporal } from 'temporal-polyfill'
import { faultText } from '../../domain/fault.js'
import type { Mapping } from './mapping.js'

/** Reads the time cells of one file, in file order. Returns UTC epoch ms, or a sentence that says what is wrong. */
export type TimeReader = (cell: string) => number | string

/**
 * Makes the reader for a mapping. A time that the zone's summer time skips, or that has neither
 * offset nor zone, is a fault, never a guess; a time that is repeated in autumn is the one the
 * mapping says, or the order of the lines tells.
 */
export function timeReader(time: Mapping['time']): TimeReader {
  const { repeatedHour } = time
  const repeated = repeatedHour === 'in-order' ? hoursInOrder() : () => repeatedHour
  const shiftMs = time.stamps === 'start' ? Math.round((time.intervalS ?? 0) * 1000) : 0
  return (cell) => {
    const text = cell.trim()
    const atMs = time.form === 'iso' ? isoMs(text, time, repeated) : epochMs(text, time.form)
    return typeof atMs === 'string' ? atMs : atMs + shiftMs
  }
}

/** Beyond the years a date can name, ±8.64e15 ms. */
const FURTHEST_MS = 8.64e15

function epochMs(text: string, form: 'epoch-s' | 'epoch-ms'): number | string {
  const number = Number(text)
  if (text === '' || !Number.isFinite(number)) return `"${text}" is no number of ${form}`
  const atMs = Math.round(form === 'epoch-s' ? number * 1000 : number)
  if (Math.abs(atMs) <= FURTHEST_MS) return atMs
  return `"${text}" in ${form} is no time that a calendar has; is it the other of s and ms?`
}

/** Year first, as ISO 8601 and as spreadsheets write it: 2008-03-09T02:00:00, 2008/3/9 2:00. */
const WRITTEN =
  /^(\d{4})[-/](\d{1,2})[-/](\d{1,2})(?:[T ](\d{1,2}):(\d{2})(?::(\d{2}(?:\.\d{1,9})?))?\s*(Z|[+-]\d{2}:?\d{2})?)?$/i

function isoMs(text: string, time: Mapping['time'], repeated: RepeatedHour): number | string {
  const [, year, month, day, hour = '0', minute = '00', second = '00', offset] =
    WRITTEN.exec(text) ?? []
  if (year === undefined || month === undefined || day === undefined) {
    return `"${text}" is no ISO 8601 time`
  }
  const two = (digits: string): string => digits.padStart(2, '0')
  const iso = `${year}-${two(month)}-${two(day)}T${two(hour)}:${minute}:${second}`
  if (offset !== undefined) return instantMs(iso + offset.toUpperCase(), text)
  if (time.zone === undefined) {
    return `"${text}" has no offset and the mapping names no time.zone`
  }
  let local: Temporal.PlainDateTime
  try {
    local = Temporal.PlainDateTime.from(iso, { overflow: 'reject' })
  } catch {
    // Its only complaint: there is no such day or hour.
    return `"${text}" is no ISO 8601 time`
  }
  try {
    const corrected = local.add({ seconds: clockCorrectionS(local, time) })
    return inZone(corrected, time.zone, repeated, text)
  } catch (error) {
    return `"${text}": ${faultText(error)}`
  }
}

function instantMs(iso: string, text: string): number | string {
  try {
    return Temporal.Instant.from(iso).epochMilliseconds
  } catch {
    // Its only complaint: there is no such day, hour or offset.
    return `"${text}" is no ISO 8601 time`
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
  repeated: RepeatedHour,
  text: string,
): number | string {
  const earlier = local.toZonedDateTime(zone, { disambiguation: 'earlier' })
  const later = local.toZonedDateTime(zone, { disambiguation: 'later' })
  if (!earlier.toPlainDateTime().equals(local)) {
    return `"${text}" does not exist in ${zone}: summer time skips it; is the zone right, or the clock?`
  }
  const isRepeated = earlier.epochMilliseconds !== later.epochMilliseconds
  return (repeated(local, isRepeated) === 'earlier' ? earlier : later).epochMilliseconds
}

/** Which of the two instants a local time means; asked for every time, in file order. */
type RepeatedHour = (local: Temporal.PlainDateTime, isRepeated: boolean) => 'earlier' | 'later'

/**
 * A clock that follows summer time writes the last hour of it twice: the second time begins where
 * the file steps back against its own direction, which is newest first in some exports.
 */
function hoursInOrder(): RepeatedHour {
  let previous: Temporal.PlainDateTime | undefined
  let direction = 0
  let steppedBack = false
  return (local, isRepeated) => {
    const step = previous === undefined ? 0 : Temporal.PlainDateTime.compare(local, previous)
    previous = local
    if (direction === 0) direction = step
    if (!isRepeated) steppedBack = false
    else if (step !== 0 && step !== direction) steppedBack = true
    const isFirst = direction === -1 ? 'later' : 'earlier'
    const isSecond = direction === -1 ? 'earlier' : 'later'
    return steppedBack ? isSecond : isFirst
  }
}
