/**
 * How sure a number of a standard is: `read` in a copy of the document, `unverified` (known, its
 * official wording not read), `recommended` (no rule fixes it; the operator's own choice).
 */
export type FactTag = 'read' | 'unverified' | 'recommended'

/** A table of numbers that a standard fixes: data, handed in, so that a city can put its own in. */
export interface StandardFact {
  /** Document, edition and clause or table. */
  readonly document: string
  readonly tag: FactTag
}

/** Whether one of the facts a result used is unverified; the result then carries `unverified: true`. */
export function isUnverified(facts: readonly StandardFact[]): boolean {
  return facts.some(({ tag }) => tag === 'unverified')
}
