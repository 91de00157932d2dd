import type { z } from 'zod'
import type { CityFault, CityPath } from '../../domain/city/city-fault.js'
import { nearest } from '../../domain/city/nearest.js'
import {
  alternatives,
  expectationAt,
  inWords,
  registryExpectation,
  valueAt,
  word,
  type Expectation,
} from './expectation.js'
import { plainText } from './plain-text.js'

type Issue = z.core.$ZodIssue

/** Turns the schema's complaints into what a city engineer can act on: field, found, wanted. */
export function explained(issues: readonly Issue[], value: unknown): CityFault[] {
  if (issues.length === 0) return []
  const schema = registryExpectation()
  return issues.flatMap((issue) =>
    withinUnion(issue, value).flatMap((inner) => explainText(inner, value, schema)),
  )
}

/** Of a union of a word and settings, where settings are written, what is wrong with those. */
function withinUnion(issue: Issue, value: unknown): readonly Issue[] {
  if (issue.code !== 'invalid_union') return [issue]
  const settings = issue.errors.at(-1)
  const path = issue.path.map((step) => (typeof step === 'symbol' ? String(step) : step))
  if (settings === undefined || typeof valueAt(value, path) !== 'object') return [issue]
  return settings.flatMap((inner) =>
    withinUnion({ ...inner, path: [...issue.path, ...inner.path] }, value),
  )
}

function explainText(issue: Issue, value: unknown, schema: Expectation): CityFault[] {
  const path = issue.path.map((step) => (typeof step === 'symbol' ? String(step) : step))
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => unknownKey(key, path, value, schema))
  }
  const found = valueAt(value, path)
  const wanted = expectationAt(schema, path, value)
  if (path.length === 0) {
    return [
      {
        path,
        message: found === null ? 'the text is empty' : `the registry is ${kindOf(found)}`,
        remedy: `write ${inWords(schema)}`,
      },
    ]
  }
  if (found === undefined || found === null) return [missing(found, path, wanted)]
  return [
    { path, message: `${shown(found)} ${complaint(issue)}`, remedy: remedy(issue, found, wanted) },
  ]
}

function unknownKey(key: string, path: CityPath, value: unknown, schema: Expectation): CityFault {
  const known = Object.keys(expectationAt(schema, path, value)?.properties ?? {})
  const at = { path: [...path, key], message: `"${plainText(key)}" is no known key here` }
  if (key === '<<') {
    return { ...at, remedy: 'write the keys out: merge keys (<<) are not read' }
  }
  const meant = nearest(key, known)
  if (meant !== null) return { ...at, remedy: `write ${meant}` }
  return { ...at, remedy: `delete it; known here: ${known.join(', ')}` }
}

function missing(
  found: null | undefined,
  path: CityPath,
  wanted: Expectation | undefined,
): CityFault {
  const last = path.at(-1)
  const words = inWords(wanted)
  if (typeof last === 'number') {
    return { path, message: 'the entry is empty', remedy: `write ${words}, or delete the "-"` }
  }
  return {
    path,
    message: found === null ? `"${last}" is empty` : `"${last}" is missing`,
    remedy:
      found === null
        ? `write ${words}, or delete the key if it may be left out`
        : `add ${last}: ${words}`,
  }
}

function complaint(issue: Issue): string {
  switch (issue.code) {
    case 'invalid_type':
      return 'is of another type'
    case 'invalid_union':
    case 'invalid_value':
      return 'is none of the known words'
    case 'too_small':
      return isLength(issue.origin) ? 'is too short' : 'is too small'
    case 'too_big':
      return isLength(issue.origin) ? 'is too long' : 'is too large'
    case 'invalid_format':
      return issue.format === 'datetime'
        ? 'is no instant with offset'
        : issue.format === 'date'
          ? 'is no date'
          : 'is no id'
    case 'custom':
      return 'cannot be'
    case 'not_multiple_of':
      return 'is no whole number'
    case 'unrecognized_keys':
    case 'invalid_key':
    case 'invalid_element':
    default:
      return 'is not as wanted'
  }
}

function remedy(issue: Issue, found: unknown, wanted: Expectation | undefined): string {
  switch (issue.code) {
    case 'invalid_union':
    case 'invalid_value':
      return wordRemedy(found, wanted)
    case 'invalid_type':
      return typeRemedy(found, wanted)
    case 'too_small':
      return isLength(issue.origin)
        ? `write ${inWords(wanted)}, at least ${issue.minimum}`
        : `write ${inWords(wanted)}`
    case 'too_big': {
      const isPercent = issue.maximum === 1 && typeof found === 'number' && found <= 100
      if (isPercent) return `write the share, not per cent: ${Number((found / 100).toPrecision(6))}`
      if (isLength(issue.origin)) return `write at most ${issue.maximum}`
      return `write ${inWords(wanted)}`
    }
    case 'invalid_format':
      // An id's rule is the schema's own sentence.
      return issue.format === 'regex'
        ? `write another: ${issue.message}`
        : `write ${inWords(wanted)}`
    case 'custom':
      return issue.message
    case 'not_multiple_of':
    case 'unrecognized_keys':
    case 'invalid_key':
    case 'invalid_element':
    default:
      return `write ${inWords(wanted)}`
  }
}

function wordRemedy(found: unknown, wanted: Expectation | undefined): string {
  if (wanted?.anyOf !== undefined) return `write ${inWords(wanted)}`
  const words = (wanted?.enum ?? (wanted?.const === undefined ? [] : [wanted.const])).map(word)
  const meant = typeof found === 'string' ? nearest(found, words) : null
  if (meant === null || words.length === 1) return `write ${alternatives(words)}`
  return `write ${meant} (known: ${words.join(', ')})`
}

function typeRemedy(found: unknown, wanted: Expectation | undefined): string {
  if (wanted?.type === 'string' && (typeof found === 'number' || typeof found === 'boolean')) {
    return `put it in quotes: "${found}"`
  }
  if ((wanted?.type === 'number' || wanted?.type === 'integer') && typeof found === 'string') {
    return `write ${inWords(wanted)}, without unit, quotes or thousands separators`
  }
  return `write ${inWords(wanted)}`
}

function isLength(origin: string): boolean {
  return origin === 'string' || origin === 'array' || origin === 'set' || origin === 'map'
}

/** A found value, short and harmless on a terminal. */
function shown(value: unknown): string {
  if (typeof value === 'string') {
    const text = plainText(value)
    return `"${text.length > 40 ? `${text.slice(0, 40)}…` : text}"`
  }
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  return kindOf(value)
}

function kindOf(value: unknown): string {
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list'
  if (typeof value === 'object' && value !== null) return 'a mapping'
  return `a single ${typeof value === 'number' ? 'number' : 'text'}`
}
