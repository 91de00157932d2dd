import { spanOf, type Days } from './days.js'

/** What is to be assessed. */
export interface Choice {
  readonly scheme: string
  readonly days: Days
}

/** `scheme`, `from` and `to` (days of the city, both included) of an address; null unless all are there. */
export function choiceFromQuery(query: URLSearchParams): Choice | null {
  const scheme = query.get('scheme')
  const days = { first: query.get('from') ?? '', last: query.get('to') ?? '' }
  // In any zone: whether they are days does not depend on it.
  return scheme === null || spanOf('UTC', days) === null ? null : { scheme, days }
}

export function writeChoice(query: URLSearchParams, choice: Choice | null): void {
  for (const name of ['scheme', 'from', 'to']) query.delete(name)
  if (choice === null) return
  query.set('scheme', choice.scheme)
  query.set('from', choice.days.first)
  query.set('to', choice.days.last)
}

export function isSameChoice(a: Choice, b: Choice): boolean {
  return a.scheme === b.scheme && a.days.first === b.days.first && a.days.last === b.days.last
}
