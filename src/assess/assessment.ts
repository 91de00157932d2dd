import { itemJudgement } from '../domain/scheme/finding.js'
import type { Scheme } from '../domain/scheme/scheme.js'
import type { AssessmentAnswer, AssessmentQuery } from '../ports/assessment.js'
import type { EvaluationSources } from './evaluate.js'
import { computed, ofFigures, statedSubjects } from './findings.js'
import { windowFaults } from './query.js'
import { sealed, type BackedItem } from './sealed.js'
import {
  inOrder,
  leastPoints,
  statementFaults,
  withSamples,
  type LabResults,
} from './statements.js'

/** What an assessment is made from. */
export interface AssessmentSources extends EvaluationSources {
  readonly schemes: readonly Scheme[]
  readonly labResults: LabResults
}

/**
 * One scheme over the whole city: every indicator of every subject it names, statements beside them,
 * verdicts and points, as one document with the hash of its canonical bytes.
 */
export async function assessment(
  sources: AssessmentSources,
  query: AssessmentQuery,
): Promise<AssessmentAnswer> {
  const { version, schemes, labResults } = sources
  const { registry } = version
  const scheme = schemes.find(({ id }) => id === query.scheme)
  if (scheme === undefined) {
    const expected = `one of ${schemes.map(({ id }) => id).join(', ')}`
    return { ok: false, faults: [{ field: 'scheme', value: query.scheme, expected }] }
  }
  const statements = await withSamples(query, registry.city.timeZone, labResults)
  const faults = [...windowFaults(query.window), ...statementFaults(scheme, registry, statements)]
  if (faults.length > 0) return { ok: false, faults }

  const judged: BackedItem[] = []
  for (const item of scheme.items) {
    const stated = inOrder(statements).filter((statement) => statement.item === item.id)
    const backed =
      item.proof.by === 'indicator'
        ? await computed(sources, item, query, stated)
        : item.proof.by === 'figures'
          ? ofFigures(registry, item, item.proof.formula, stated)
          : statedSubjects(registry, item, stated)
    if (!Array.isArray(backed)) return { ok: false, faults: backed.faults }
    const findings = backed.map(({ finding }) => finding)
    const selfScore = leastPoints(stated)
    judged.push({ item, findings, backed, selfScore, ...itemJudgement(item, findings) })
  }
  const written = { ...query, statements: inOrder(query.statements) }
  return { ok: true, ...sealed(scheme, version, written, judged) }
}
