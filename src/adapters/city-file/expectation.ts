import { z } from 'zod'
import type { CityPath } from '../../domain/city/city-fault.js'
import { registrySchema } from '../../domain/city/registry.js'

/** What the registry's schema wants at a place, as JSON Schema. */
export interface Expectation {
  readonly type?: string
  readonly description?: string
  readonly properties?: Readonly<Record<string, Expectation>>
  readonly required?: readonly string[]
  readonly items?: Expectation
  readonly prefixItems?: readonly Expectation[]
  readonly oneOf?: readonly Expectation[]
  /** A word such as `off`, or else the settings: the last. */
  readonly anyOf?: readonly Expectation[]
  readonly enum?: readonly unknown[]
  readonly const?: unknown
  readonly format?: string
  readonly pattern?: string
  readonly minimum?: number
  readonly maximum?: number
  readonly exclusiveMinimum?: number
  readonly minLength?: number
  readonly minItems?: number
}

/** The schema as data: read it once per text that has faults, then look up places in it. */
export function registryExpectation(): Expectation {
  return z.toJSONSchema(registrySchema, { io: 'input' }) as Expectation
}

/**
 * What is wanted at a path. Where it depends on a neighbour (`state`, `type`, `method`), the
 * values of the file decide. undefined below a place that knows no such key.
 */
export function expectationAt(
  root: Expectation,
  path: CityPath,
  value: unknown,
): Expectation | undefined {
  let wanted: Expectation | undefined = root
  let found = value
  for (const step of path) {
    if (wanted === undefined) return undefined
    const chosen: Expectation = variant(wanted, found)
    if (typeof step === 'number') wanted = chosen.prefixItems?.[step] ?? chosen.items
    else wanted = own(chosen.properties, step)
    found = child(found, step)
  }
  return wanted === undefined ? undefined : variant(wanted, found)
}

/** The value at a path of plain data; undefined when there is none. */
export function valueAt(root: unknown, path: CityPath): unknown {
  return path.reduce<unknown>(child, root)
}

/** What is wanted, in words: `a number from 0 to 1`, `roof, road or green`. */
export function inWords(wanted: Expectation | undefined): string {
  if (wanted === undefined) return 'nothing'
  const words = form(wanted)
  return wanted.description === undefined ? words : `${words} (${wanted.description})`
}

function form(wanted: Expectation): string {
  if (wanted.const !== undefined) return word(wanted.const)
  if (wanted.enum !== undefined) return alternatives(wanted.enum.map(word))
  if (wanted.anyOf !== undefined) return alternatives(wanted.anyOf.map(form))
  if (wanted.oneOf !== undefined) return `a mapping: ${alternatives(wanted.oneOf.map(example))}`
  switch (wanted.type) {
    case 'string':
      return textForm(wanted)
    case 'number':
    case 'integer':
      return numberForm(wanted)
    case 'boolean':
      return 'true or false'
    case 'array':
      return wanted.prefixItems === undefined
        ? 'a list, each entry on its own line after "- "'
        : `a list of ${wanted.prefixItems.length} numbers`
    case 'object':
      return `a mapping with ${(wanted.required ?? Object.keys(wanted.properties ?? {})).join(', ')}`
    case undefined:
    default:
      return 'a value'
  }
}

function textForm(wanted: Expectation): string {
  if (wanted.format === 'date-time') {
    return 'an instant with offset, e.g. "2026-01-31T08:00:00+08:00"'
  }
  if (wanted.format === 'date') return 'a date, e.g. 2026-01-31'
  return wanted.pattern === undefined ? 'a text' : 'an id'
}

function numberForm({ type, minimum, exclusiveMinimum, maximum }: Expectation): string {
  const noun = type === 'integer' ? 'a whole number' : 'a number'
  const isBounded = maximum !== undefined && maximum < Number.MAX_SAFE_INTEGER
  const upTo = isBounded ? ` up to ${maximum}` : ''
  if (exclusiveMinimum !== undefined) return `${noun} above ${exclusiveMinimum}${upTo}`
  if (minimum !== undefined && minimum > Number.MIN_SAFE_INTEGER) {
    return isBounded ? `${noun} from ${minimum} to ${maximum}` : `${noun} not below ${minimum}`
  }
  return `${noun}${upTo}`
}

/** A fixed word or number of the schema. */
export function word(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}

function example(option: Expectation): string {
  const pairs = (option.required ?? []).map((name) => {
    const wanted = own(option.properties, name)
    return wanted?.const === undefined ? `${name}: …` : `${name}: ${word(wanted.const)}`
  })
  return `{ ${pairs.join(', ')} }`
}

export function alternatives(words: readonly string[]): string {
  if (words.length <= 1) return words[0] ?? ''
  return `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`
}

/** The one of several forms whose fixed words agree with what stands there. */
function variant(wanted: Expectation, found: unknown): Expectation {
  const settings = wanted.anyOf?.at(-1)
  if (settings !== undefined && typeof found === 'object') return settings
  if (wanted.oneOf === undefined) return wanted
  const fitting = wanted.oneOf.find((option) =>
    Object.entries(option.properties ?? {}).every(
      ([name, property]) => property.const === undefined || child(found, name) === property.const,
    ),
  )
  return fitting ?? { ...wanted, properties: discriminators(wanted.oneOf) }
}

/** When no form fits, what is wanted of its fixed word is any of the words. */
function discriminators(options: readonly Expectation[]): Record<string, Expectation> {
  const words = new Map<string, unknown[]>()
  for (const option of options) {
    for (const [name, property] of Object.entries(option.properties ?? {})) {
      if (property.const === undefined) continue
      words.set(name, [...(words.get(name) ?? []), property.const])
    }
  }
  return Object.fromEntries([...words].map(([name, values]) => [name, { enum: values }]))
}

function child(value: unknown, step: string | number): unknown {
  if (typeof value !== 'object' || value === null) return undefined
  return Object.hasOwn(value, step) ? (value as Record<string | number, unknown>)[step] : undefined
}

function own<T>(record: Readonly<Record<string, T>> | undefined, name: string): T | undefined {
  return record !== undefined && Object.hasOwn(record, name) ? record[name] : undefined
}
