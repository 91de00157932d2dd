import type { Registry } from '../domain/city/registry.js'
import type {
  Indicator,
  ParameterRule,
  ParameterValue,
  Subject,
  SubjectKind,
} from '../domain/indicators/indicator.js'
import type { Window } from '../domain/time.js'
import type { QueryFault } from '../ports/assessment.js'

/** The ids a city has for each kind of subject. */
const IDS: Readonly<Record<SubjectKind, (registry: Registry) => readonly string[]>> = {
  gauge: (registry) =>
    registry.devices.flatMap(({ sensors }) =>
      sensors.filter(({ quantity }) => quantity === 'rain_depth').map(({ id }) => id),
    ),
  catchment: (registry) => registry.catchments.map(({ id }) => id),
  outfall: (registry) => registry.outfalls.map(({ id }) => id),
  'ponding-point': (registry) => registry.pondingPoints.map(({ id }) => id),
  zone: (registry) => registry.drainageZones.map(({ id }) => id),
  city: (registry) => [registry.city.id],
}

/** The subject an id names, of the first kind that has it; a fault when none of them does. */
export function subjectNamed(
  registry: Registry,
  indicator: Indicator,
  id: string,
): Subject | QueryFault {
  for (const kind of indicator.subjectKinds) {
    if (IDS[kind](registry).includes(id)) return { kind, id }
  }
  const known = indicator.subjectKinds.map(
    (kind) => `a ${kind} (${IDS[kind](registry).join(', ') || 'the city has none'})`,
  )
  return { field: 'subject', value: id, expected: known.join(' or ') }
}

/** A window that holds time; faults otherwise. */
export function windowFaults(window: Window): QueryFault[] {
  if (window.fromMs < window.toMs) return []
  return [{ field: 'to', value: String(window.toMs), expected: 'a time after `from`' }]
}

export type ParameterReading =
  | { readonly ok: true; readonly parameters: Readonly<Record<string, ParameterValue>> }
  | { readonly ok: false; readonly faults: readonly QueryFault[] }

/** Every parameter of an indicator: as given, else its default; all faults at once. */
export function readParameters(
  rules: readonly ParameterRule[],
  given: Readonly<Record<string, string>>,
): ParameterReading {
  const faults: QueryFault[] = []
  const parameters: Record<string, ParameterValue> = {}
  for (const rule of rules) {
    const value = Object.hasOwn(given, rule.name) ? given[rule.name] : undefined
    if (value === undefined) {
      parameters[rule.name] = rule.default
      continue
    }
    const read = rule.type === 'number' ? numberWithin(rule, value) : wordOf(rule, value)
    if (read === null) faults.push({ field: rule.name, value, expected: expectation(rule) })
    else parameters[rule.name] = read
  }
  const known = rules.map(({ name }) => name)
  for (const [name, value] of Object.entries(given)) {
    if (!known.includes(name)) {
      faults.push({ field: name, value, expected: `one of the parameters ${known.join(', ')}` })
    }
  }
  return faults.length > 0 ? { ok: false, faults } : { ok: true, parameters }
}

function numberWithin(rule: ParameterRule, value: string): number | null {
  if (!/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(value.trim())) return null
  const number = Number(value)
  const [low, high] = rule.range ?? [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY]
  return number >= low && number <= high ? number : null
}

function wordOf(rule: ParameterRule, value: string): string | null {
  return rule.words === undefined || rule.words.includes(value) ? value : null
}

function expectation(rule: ParameterRule): string {
  if (rule.words !== undefined) return `one of ${rule.words.join(', ')}`
  if (rule.range === undefined) return `a ${rule.type}`
  return `a number from ${rule.range[0]} to ${rule.range[1]} ${rule.unit}`.trim()
}
