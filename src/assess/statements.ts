import type { Registry } from '../domain/city/registry.js'
import { figureFormulaOf } from '../domain/figures/figure-formulas.js'
import { wantsImportedSamples, withImportedSamples } from '../domain/figures/imported-samples.js'
import type { LabResult } from '../domain/laboratory/lab-result.js'
import { localTime } from '../domain/local-time.js'
import type { Scheme } from '../domain/scheme/scheme.js'
import type { Statement } from '../domain/scheme/statement.js'
import type { Window } from '../domain/time.js'
import type { AssessmentQuery, QueryFault } from '../ports/assessment.js'

/** Laboratory results that count, of samples taken in a window. */
export type LabResults = (window: Window) => Promise<readonly LabResult[]>

/** Of an item that zones score apart the least counts, whatever order they stand in. */
export function leastPoints(stated: readonly Statement[]): number | null {
  const points = stated.flatMap((statement) => statement.points ?? [])
  return points.length === 0 ? null : Math.min(...points)
}

/** The same statements in one order, each with its evidence in one order: how they were written down says nothing. */
export function inOrder(statements: readonly Statement[]): readonly Statement[] {
  const key = ({ item, subject }: Statement): string => JSON.stringify([item, subject ?? ''])
  const shown = ({ slot, title, number, date }: Statement['evidence'][number]): string =>
    JSON.stringify([slot, title, number ?? '', date ?? ''])
  const by =
    <T>(words: (one: T) => string) =>
    (a: T, b: T): number =>
      words(a) < words(b) ? -1 : words(a) > words(b) ? 1 : 0
  return statements
    .map((statement) => ({ ...statement, evidence: statement.evidence.toSorted(by(shown)) }))
    .sort(by(key))
}

/** The statements, with the samples that laboratories' files brought where a survey asks for them. */
export async function withSamples(
  { statements, window }: AssessmentQuery,
  timeZone: string,
  labResults: LabResults,
): Promise<readonly Statement[]> {
  if (!statements.some(({ figures }) => wantsImportedSamples(figures))) return statements
  // Samples from before construction are the baseline: there is no earliest day to ask for.
  const results = await labResults({ fromMs: 0, toMs: window.toMs })
  const time = localTime(timeZone)
  const dayOf = (atMs: number): string =>
    new Date(atMs + time.offsetMs(atMs)).toISOString().slice(0, 10)
  return statements.map((statement) =>
    statement.figures === undefined
      ? statement
      : { ...statement, figures: withImportedSamples(statement.figures, results, dayOf) },
  )
}

/** What is wrong with statements for a scheme and a city; every fault at once. */
export function statementFaults(
  scheme: Scheme,
  registry: Registry,
  statements: readonly Statement[],
): QueryFault[] {
  const faults: QueryFault[] = []
  const zones = registry.drainageZones.map(({ id }) => id)
  const seen = new Set<string>()
  for (const [i, { item, subject, evidence, points, figures }] of statements.entries()) {
    const at = `statements.${i}`
    const known = scheme.items.find(({ id }) => id === item)
    if (known === undefined) {
      const expected = `an item of ${scheme.id}: ${scheme.items.map(({ id }) => id).join(', ')}`
      faults.push({ field: `${at}.item`, value: item, expected })
      continue
    }
    if (subject !== undefined && !(known.level === 'zone' && zones.includes(subject))) {
      const expected =
        known.level === 'zone'
          ? `a drainage zone: ${zones.join(', ')}`
          : `nothing: ${item} is judged for the whole city`
      faults.push({ field: `${at}.subject`, value: subject, expected })
    }
    const key = `${item} ${subject ?? ''}`
    if (seen.has(key)) {
      faults.push({ field: at, value: key.trim(), expected: 'one statement per item and subject' })
    }
    seen.add(key)
    if (known.proof.by !== 'indicator') {
      const slots = known.proof.evidence.map(({ slot }) => slot)
      for (const { slot } of evidence.filter((one) => !slots.includes(one.slot))) {
        const expected = `one of the slots ${slots.join(', ')}`
        faults.push({ field: `${at}.evidence`, value: slot, expected })
      }
    }
    if (known.proof.by !== 'figures' && figures !== undefined) {
      const expected = `nothing: ${item} is not computed from figures`
      faults.push({ field: `${at}.figures`, value: Object.keys(figures).join(', '), expected })
    }
    if (known.proof.by === 'figures' && figures !== undefined) {
      for (const fault of figureFormulaOf(known.proof.formula).faults(figures)) {
        faults.push({ field: `${at}.figures`, value: fault, expected: known.proof.formula })
      }
    }
    const max = known.score?.max ?? 0
    if (points !== undefined && points > max) {
      faults.push({ field: `${at}.points`, value: String(points), expected: `0 to ${max}` })
    }
  }
  return faults
}
