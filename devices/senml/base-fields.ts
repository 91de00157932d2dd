import { shown } from '../shown.js'

type BaseLabel = 'bn' | 'bt' | 'bu' | 'bv' | 'bs'

/** The base fields in force at a record (RFC 8428 §4.1): each lasts until it is given again. */
export interface Base {
  name: string
  timeS: number
  unit: string | null
  value: number | null
  sum: number | null
  /**
   * Base fields last given wrongly, with what is wrong. The one before must not be used in their
   * stead: a record whose base time cannot be read has no time.
   */
  readonly spoilt: Map<BaseLabel, string>
}

export function emptyBase(): Base {
  return { name: '', timeS: 0, unit: null, value: null, sum: null, spoilt: new Map() }
}

/** Takes over the base fields a record gives; null counts as not given. Returns what is wrong with the first bad one, else null. */
export function applyBaseFields(
  base: Base,
  record: Readonly<Record<string, unknown>>,
): string | null {
  const { bn, bt, bu, bv, bs } = record
  let fault: string | null = null
  if (isGiven(bn)) {
    if (typeof bn === 'string') base.name = bn
    fault = spoil(base, 'bn', typeof bn === 'string', bn, 'a base name is text')
  }
  if (isGiven(bt)) {
    if (isFinite(bt)) base.timeS = bt
    fault = spoil(base, 'bt', isFinite(bt), bt, 'a base time is a number of seconds') ?? fault
  }
  if (isGiven(bu)) {
    if (typeof bu === 'string') base.unit = bu
    fault = spoil(base, 'bu', typeof bu === 'string', bu, 'a base unit is text') ?? fault
  }
  if (isGiven(bv)) {
    if (isFinite(bv)) base.value = bv
    fault = spoil(base, 'bv', isFinite(bv), bv, 'a base value is a finite number') ?? fault
  }
  if (isGiven(bs)) {
    if (isFinite(bs)) base.sum = bs
    fault = spoil(base, 'bs', isFinite(bs), bs, 'a base sum is a finite number') ?? fault
  }
  return fault
}

function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null
}

function isFinite(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value)
}

function spoil(
  base: Base,
  label: BaseLabel,
  isGood: boolean,
  found: unknown,
  right: string,
): string | null {
  if (isGood) {
    base.spoilt.delete(label)
    return null
  }
  const fault = `${label} is ${shown(found)}; ${right}`
  base.spoilt.set(label, fault)
  return fault
}
