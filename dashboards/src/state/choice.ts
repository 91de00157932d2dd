import { spanOf, type Days } from './days.js'

/** What is to be shown: a new assessment, or one that was kept. */
export type Choice = NewChoice | { readonly kind: 'kept'; readonly id: number }

export interface NewChoice {
  readonly kind: 'new'
  readonly scheme: string
  readonly days: Days
}

/**
 * `kept` (an id), or `scheme`, `from` and `to` (days of the city, both included) of an address; null
 * unless one of them is whole.
 */
export function choiceFromQuery(query: URLSearchParams): Choice | null {
  const id = idOf(query.get('kept'))
  if (id !== null) return { kind: 'kept', id }
  const scheme = query.get('scheme')
  const days = { first: query.get('from') ?? '', last: query.get('to') ?? '' }
  // In any zone: whether they are days does not depend on it.
  return scheme === null || spanOf('UTC', days) === null ? null : { kind: 'new', scheme, days }
}

export function writeChoice(query: URLSearchParams, choice: Choice | null): void {
  for (const name of ['kept', 'scheme', 'from', 'to']) query.delete(name)
  if (choice === null) return
  if (choice.kind === 'kept') {
    query.set('kept', String(choice.id))
    return
  }
  query.set('scheme', choice.scheme)
  query.set('from', choice.days.first)
  query.set('to', choice.days.last)
}

export function isSameChoice(a: Choice, b: Choice): boolean {
  const [one, other] = [new URLSearchParams(), new URLSearchParams()]
  writeChoice(one, a)
  writeChoice(other, b)
  return one.toString() === other.toString()
}

/** The id of a kept assessment as it stands in an address; null for anything else. */
export function idOf(text: string | null): number | null {
  return text !== null && /^\d{1,15}$/.test(text) ? Number(text) : null
}
