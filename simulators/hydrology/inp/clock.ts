const MONTHS = 'JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC'.split(' ')
const S_PER_DAY = 86_400

/** Midnight of a date as SWMM writes it (06/01/2020, 6-1-2020, JUN-01-2020), as if UTC; null when it is none. */
export function dateMs(text: string): number | null {
  const [, monthText = '', day, year] = /^(\w+)[/-](\d{1,2})[/-](\d{4})$/.exec(text) ?? []
  const named = MONTHS.indexOf(monthText.toUpperCase())
  const month = named >= 0 ? named : Number(monthText) - 1
  const ms = Date.UTC(Number(year), month, Number(day))
  const back = new Date(ms)
  const isOne = back.getUTCMonth() === month && back.getUTCDate() === Number(day)
  return isOne ? ms : null
}

/** Seconds of `H:MM`, `H:MM:SS` or, without a colon, of a number of a unit; null when it is none. */
export function clockS(text: string, secondsPerUnit: number): number | null {
  const parts = /^(\d+):(\d{1,2})(?::(\d{1,2}(?:\.\d+)?))?\s*$/.exec(text)
  if (parts !== null) {
    const [, hours, minutes, seconds] = parts
    return Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds ?? 0)
  }
  const value = Number(text)
  if (text.trim() === '' || !Number.isFinite(value) || value < 0) return null
  return value * secondsPerUnit
}

/** Time of day in seconds, `H:MM[:SS]` or decimal hours; null when it is none. */
export function timeOfDayS(text: string): number | null {
  const seconds = clockS(text, 3600)
  return seconds !== null && seconds <= S_PER_DAY ? seconds : null
}
