import { createContext } from 'preact'
import { useContext } from 'preact/hooks'
import type { Text } from '../api/contract.js'
import { en } from './en.js'
import { zh, type MessageKey } from './zh.js'

export type { MessageKey } from './zh.js'

export const LANGUAGES = ['zh', 'en'] as const
export type Language = (typeof LANGUAGES)[number]

const TABLES: Readonly<Record<Language, Readonly<Record<MessageKey, string>>>> = { zh, en }
const TAGS: Readonly<Record<Language, string>> = { zh: 'zh-CN', en: 'en-GB' }

/** How UCUM codes are printed for people; a code without an entry is printed as it is. */
const UNIT_SIGNS: Readonly<Record<string, string>> = {
  'm3/s': 'm³/s',
  m3: 'm³',
  m2: 'm²',
  '{event}': '',
  '1': '',
  '[NTU]': 'NTU',
  '[pH]': '',
  Cel: '°C',
  'uS/cm': 'µS/cm',
}

type Values = Readonly<Record<string, string | number>>

/** Everything that turns a value into words: one language, one city zone. */
export interface Locale {
  readonly lang: Language
  /** BCP 47, for the html element. */
  readonly tag: string
  readonly zone: string
  t(key: MessageKey, values?: Values): string
  /** The message when there is one under that key, else the other text. */
  maybe(key: string, otherwise: string): string
  text(both: Text): string
  /** At most `digits` decimals; a dash for null. */
  number(value: number | null, digits?: number): string
  quantity(value: number | null, unit: string, digits?: number): string
  unit(ucum: string): string
  /** A share in [0, 1] as per cent. */
  percent(share: number | null, digits?: number): string
  /** Day and time to the minute, in the city's zone. */
  dateTime(atMs: number): string
  /** Day with its year, and time to the minute. */
  fullTime(atMs: number): string
  /** Time to the second; the day before it when it is not today's. */
  moment(atMs: number, nowMs: number): string
  /** HH:mm */
  clock(atMs: number): string
  /** Month and day. */
  day(atMs: number): string
  /** A length of time in two units at most. */
  duration(ms: number): string
}

export function locale(lang: Language, zone: string): Locale {
  const table = TABLES[lang]
  const tag = TAGS[lang]
  const plain = new Intl.DateTimeFormat(tag, {
    timeZone: zone,
    hourCycle: 'h23',
    month: lang === 'zh' ? 'numeric' : 'short',
    day: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
  })
  const full = formatter(tag, zone, {
    year: 'numeric',
    month: lang === 'zh' ? 'numeric' : 'short',
    day: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
  })
  const clock = formatter(tag, zone, { hour: '2-digit', minute: '2-digit' })
  const seconds = formatter(tag, zone, { hour: '2-digit', minute: '2-digit', second: '2-digit' })
  const day = formatter(tag, zone, { month: lang === 'zh' ? 'numeric' : 'short', day: 'numeric' })
  const numbers = new Map<number, Intl.NumberFormat>()

  const number = (value: number | null, digits = 1): string => {
    if (value === null) return '—'
    let format = numbers.get(digits)
    if (format === undefined) {
      format = new Intl.NumberFormat(tag, { maximumFractionDigits: digits })
      numbers.set(digits, format)
    }
    // A minus of proper width, and never "-0".
    return format.format(value === 0 ? 0 : value).replace('-', '−')
  }
  const t = (key: MessageKey, values: Values = {}): string => fill(table[key], values)
  const unit = (ucum: string): string => UNIT_SIGNS[ucum] ?? ucum

  return {
    lang,
    tag,
    zone,
    t,
    maybe: (key, otherwise) => (key in table ? table[key as MessageKey] : otherwise),
    text: (both) => both[lang],
    number,
    unit,
    quantity: (value, ucum, digits) => {
      const sign = unit(ucum)
      if (value === null || sign === '') return number(value, digits)
      return `${number(value, digits)} ${sign}`
    },
    percent: (share, digits = 0) => (share === null ? '—' : `${number(share * 100, digits)} %`),
    dateTime: (atMs) => plain.format(atMs),
    fullTime: (atMs) => full.format(atMs),
    moment: (atMs, nowMs) =>
      day.format(atMs) === day.format(nowMs) && Math.abs(nowMs - atMs) < 86_400_000
        ? seconds.format(atMs)
        : plain.format(atMs),
    clock: (atMs) => clock.format(atMs),
    day: (atMs) => day.format(atMs),
    duration: (ms) => duration(ms, t, number),
  }
}

function formatter(
  tag: string,
  zone: string,
  fields: Intl.DateTimeFormatOptions,
): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat(tag, { timeZone: zone, hourCycle: 'h23', ...fields })
}

function fill(message: string, values: Values): string {
  return message.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = values[name]
    return value === undefined ? whole : String(value)
  })
}

function duration(
  ms: number,
  t: Locale['t'],
  number: (value: number, digits: number) => string,
): string {
  const minutes = ms / 60_000
  if (minutes < 1) return t('unit.seconds', { n: number(ms / 1_000, ms < 10_000 ? 1 : 0) })
  if (minutes < 60) return t('unit.minutes', { n: number(minutes, minutes < 10 ? 1 : 0) })
  const hours = Math.floor(minutes / 60)
  const rest = Math.round(minutes - hours * 60)
  if (hours >= 48) return t('unit.days', { n: number(minutes / 1_440, 1) })
  if (rest === 0) return t('unit.hours', { n: hours })
  if (rest === 60) return t('unit.hours', { n: hours + 1 })
  return t('unit.hoursMinutes', { h: hours, m: rest })
}

const LocaleContext = createContext<Locale>(locale('zh', 'UTC'))
export const LocaleProvider = LocaleContext.Provider

/** The language and zone of the page around the component. */
export function useLocale(): Locale {
  return useContext(LocaleContext)
}
