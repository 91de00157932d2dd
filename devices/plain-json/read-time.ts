import { shown } from '../shown.js'

/** Numbers from here on are milliseconds: in seconds it would be the year 5138, in ms it is 1973. */
const MILLISECONDS_FROM = 1e11

/** Numbers below are no time since 1970 that a sensor could mean: in seconds, July 1978 (2^28). */
const SECONDS_FROM = 2 ** 28

/** Beyond the years an ISO date can name. */
const FURTHEST_MS = 8.64e15

const ISO =
  /^([+-]\d{6}|\d{4})-(\d\d)-(\d\d)[Tt ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?([Zz]|[+-]\d\d(?::?\d\d)?)$/

const RIGHT = 'write it like 2026-11-23T08:00:00+08:00, or as seconds or milliseconds since 1970'

/**
 * A time as people write it: ISO 8601 date and time with an offset (RFC 3339, seconds optional),
 * or a number since 1970: milliseconds from 100 000 000 000 on, seconds below.
 *
 * @returns UTC epoch ms, rounded half up; or a sentence that says what is wrong
 */
export function readTime(label: string, given: unknown): number | string {
  if (typeof given === 'string') return isoTime(label, given)
  if (typeof given !== 'number') return `${label} is ${shown(given)}; ${RIGHT}`
  const atMs = Math.round(given >= MILLISECONDS_FROM ? given : given * 1000)
  if (!(given >= SECONDS_FROM && atMs <= FURTHEST_MS))
    return `${label} is ${shown(given)}; ${RIGHT}`
  return atMs
}

function isoTime(label: string, text: string): number | string {
  const match = ISO.exec(text)
  if (match === null) {
    return isWithoutOffset(text)
      ? `${label} is ${shown(text)}, which could be anybody’s local time; add the offset, e.g. +08:00`
      : `${label} is ${shown(text)}; ${RIGHT}`
  }
  const [y, mo, d, h, mi, s] = match.slice(1, 7).map((digits) => Number(digits ?? '0')) as Parts
  const [, , , , , , , fraction = '0', offset = 'Z'] = match
  const localMs = utcMs(y, mo, d, h, mi, s)
  const offsetMin = offsetMinutes(offset)
  // A date that does not exist (30 February, 24:00) comes back as another one.
  const back = new Date(localMs)
  const exists =
    back.getUTCFullYear() === y &&
    back.getUTCMonth() === mo - 1 &&
    back.getUTCDate() === d &&
    h < 24 &&
    mi < 60 &&
    s < 60
  if (!exists || offsetMin === null) {
    return `${label} is ${shown(text)}, which is no date and time; ${RIGHT}`
  }
  return localMs - offsetMin * 60_000 + Math.round(Number(`0.${fraction}`) * 1000)
}

type Parts = [y: number, mo: number, d: number, h: number, mi: number, s: number]

/** Date.UTC would take the years 0 to 99 for 1900 to 1999. */
function utcMs(...[y, mo, d, h, mi, s]: Parts): number {
  const date = new Date(0)
  date.setUTCFullYear(y, mo - 1, d)
  date.setUTCHours(h, mi, s)
  return date.getTime()
}

function offsetMinutes(offset: string): number | null {
  if (offset === 'Z' || offset === 'z') return 0
  const digits = offset.slice(1).replace(':', '')
  const hours = Number(digits.slice(0, 2))
  const minutes = Number(digits.slice(2) || '0')
  if (hours > 23 || minutes > 59) return null
  return (offset.startsWith('-') ? -1 : 1) * (hours * 60 + minutes)
}

function isWithoutOffset(text: string): boolean {
  return /^\d{4}-\d\d-\d\d([Tt ]\d\d:\d\d(:\d\d([.,]\d+)?)?)?$/.test(text)
}
