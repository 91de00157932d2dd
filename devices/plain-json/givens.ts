import type { Refusal } from '../../src/domain/fault.js'
import { shown } from '../shown.js'

/** One value with what stands around it, before anything is known of its parts. */
export interface Given {
  readonly name: string
  readonly value: unknown
  readonly unit: unknown
  readonly time: unknown
  readonly from: unknown
}

/** The values of a message in the order they are written; those whose form is wrong as refusals. */
export interface Givens {
  readonly values: readonly (Given | Refusal)[]
  /** Every `seq` of the message. */
  readonly seqs: readonly number[]
}

interface Reading {
  readonly values: (Given | Refusal)[]
  readonly seqs: number[]
}

type Members = Readonly<Record<string, unknown>>

/** What an outer object hands down to the values within. */
interface Around {
  readonly time?: unknown
  readonly from?: unknown
}

const EXAMPLE = '{"level": 1.2} or [{"name": "level", "value": 1.2, "unit": "m", "time": "…"}]'

/** Takes a message apart, in any of the forms of README.md. */
export function readGivens(message: unknown): Givens | Refusal {
  const reading: Reading = { values: [], seqs: [] }
  const fault = readForm(message, reading)
  if (fault !== null) return { code: 'payload_invalid', reason: `${fault}; send ${EXAMPLE}` }
  if (reading.values.length > 0) return reading
  return { code: 'payload_invalid', reason: `the message has no value; send ${EXAMPLE}` }
}

/** Returns what is wrong with the message as a whole, else null; so do the functions below. */
function readForm(message: unknown, reading: Reading): string | null {
  if (Array.isArray(message)) return readArray(message, {}, reading)
  if (isMembers(message)) return readObject(message, {}, reading)
  return `the payload is ${shown(message)}`
}

function readArray(items: readonly unknown[], around: Around, reading: Reading): string | null {
  for (const item of items) {
    if (!isMembers(item)) {
      reading.values.push(broken(`the array holds ${shown(item)} where an object is wanted`))
      continue
    }
    const fault = readObject(item, around, reading)
    if (fault !== null) reading.values.push(broken(fault))
  }
  return null
}

function readObject(object: Members, outer: Around, reading: Reading): string | null {
  const { seq, time = outer.time, from = outer.from, ...others } = object
  const seqFault = takeSeq(seq, reading)
  if (seqFault !== null) return seqFault
  const around = { time, from }

  if (isRecordForm(others)) {
    const { name, value, unit, ...unknown } = others
    const strange = Object.keys(unknown)[0]
    if (strange !== undefined) {
      return `member ${shown(strange)} is none of name, value, unit, time, from, seq`
    }
    reading.values.push({ name, value, unit, ...around })
    return null
  }
  for (const wrapper of ['values', 'records']) {
    const inside = others[wrapper]
    if (typeof inside !== 'object' || inside === null) continue
    const strange = Object.keys(others).find((label) => label !== wrapper)
    if (strange !== undefined) {
      return `member ${shown(strange)} stands beside ${wrapper}, where only time, from and seq may`
    }
    if (Array.isArray(inside)) return readArray(inside, around, reading)
    readNamedValues(inside as Members, around, reading)
    return null
  }
  readNamedValues(others, around, reading)
  return null
}

function isRecordForm(members: Members): members is Members & { readonly name: string } {
  return typeof members['name'] === 'string' && 'value' in members
}

/** {"level": 1.2, "rain": {"value": 0.2, "unit": "mm"}} */
function readNamedValues(values: Members, around: Around, reading: Reading): void {
  const { time, from } = around
  for (const [name, inside] of Object.entries(values)) {
    if (!isMembers(inside)) {
      reading.values.push({ name, value: inside, unit: undefined, time, from })
      continue
    }
    const { value, unit, ...unknown } = inside
    const strange = Object.keys(unknown)[0]
    if (strange !== undefined || !('value' in inside)) {
      const found = strange === undefined ? 'has no value' : `has the member ${shown(strange)}`
      reading.values.push(broken(`${shown(name)} ${found}; write {"value": 1.2, "unit": "m"}`))
      continue
    }
    reading.values.push({ name, value, unit, time, from })
  }
}

function takeSeq(seq: unknown, reading: Reading): string | null {
  if (seq === undefined || seq === null) return null
  if (typeof seq !== 'number' || !Number.isSafeInteger(seq) || seq < 0) {
    return `seq is ${shown(seq)}, not a whole number from 0 on`
  }
  reading.seqs.push(seq)
  return null
}

function isMembers(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function broken(reason: string): Refusal {
  return { code: 'record_invalid', reason }
}
