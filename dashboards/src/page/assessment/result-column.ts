/**
 * How a column of a result's table is read: its name carries its unit by the rule of the house
 * (`depthMm`, `volumeM3`, `fromMs`).
 */
export interface ResultColumn {
  /** An instant in UTC epoch ms, a length of time in ms, a year of the calendar, or anything else. */
  readonly kind: 'instant' | 'duration' | 'year' | 'plain'
  /** UCUM code; empty for a pure number, words and times. */
  readonly unit: string
}

/** The longer ending first: `M3s` is not `M3`. */
const UNITS: readonly (readonly [ending: string, unit: string])[] = [
  ['M3s', 'm3/s'],
  ['MmH', 'mm/h'],
  ['M3', 'm3'],
  ['M2', 'm2'],
  ['Mm', 'mm'],
  ['Min', 'min'],
  ['M', 'm'],
  ['C', 'Cel'],
]

export function resultColumn(name: string): ResultColumn {
  if (/(^at|^from|^to|^end|^start|At|From|To|End|Start)Ms$/.test(name)) {
    return { kind: 'instant', unit: '' }
  }
  if (name.endsWith('Ms')) return { kind: 'duration', unit: '' }
  if (/^year$|Year$/.test(name)) return { kind: 'year', unit: '' }
  const found = UNITS.find(([ending]) => name.endsWith(ending))
  return { kind: 'plain', unit: found?.[1] ?? '' }
}
