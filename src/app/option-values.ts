import { InvalidArgumentError, Option } from 'commander'

/** A number within a closed range. */
export function numberWithin(name: string, low: number, high: number): (text: string) => number {
  return (text) => {
    const value = Number(text)
    if (text.trim() !== '' && value >= low && value <= high) return value
    throw new InvalidArgumentError(`${name} takes a number from ${low} to ${high}.`)
  }
}

/** A whole number within a closed range. */
export function wholeNumber(name: string, low: number, high: number): (text: string) => number {
  const read = numberWithin(name, low, high)
  return (text) => {
    const value = read(text)
    if (Number.isInteger(value)) return value
    throw new InvalidArgumentError(`${name} takes a whole number from ${low} to ${high}.`)
  }
}

/** Numbers within a closed range, comma between. */
export function numberList(
  name: string,
  low: number,
  high: number,
): (text: string) => readonly number[] {
  const read = numberWithin(name, low, high)
  return (text) => text.split(',').map(read)
}

const UNITS_MS = { s: 1_000, m: 60_000, min: 60_000, h: 3_600_000, d: 86_400_000 } as const

/** A duration such as 5m, 6h or 1d, in ms; above zero. */
export function duration(name: string): (text: string) => number {
  return (text) => {
    const [, digits, unit] = /^(\d+(?:\.\d+)?)\s*(s|m|min|h|d)$/.exec(text.trim()) ?? []
    const ms = Number(digits) * UNITS_MS[(unit ?? 's') as keyof typeof UNITS_MS]
    if (ms > 0) return Math.round(ms)
    throw new InvalidArgumentError(`${name} takes a duration such as 30s, 5m, 6h or 1d.`)
  }
}

/** An option that takes a duration, its default written as the user would write it. */
export function durationOption(flags: string, description: string, byDefault: string): Option {
  const [name = flags] = flags.split(' ')
  const read = duration(name)
  return new Option(flags, description).argParser(read).default(read(byDefault), byDefault)
}

/** A time zone of the runtime's rules, such as Asia/Shanghai. */
export function timeZone(name: string): (text: string) => string {
  return (text) => {
    try {
      new Intl.DateTimeFormat('en', { timeZone: text }).format(0)
      return text
    } catch {
      // RangeError is the only answer Intl has for an unknown name.
      throw new InvalidArgumentError(`${name} takes a time zone such as Asia/Shanghai.`)
    }
  }
}
