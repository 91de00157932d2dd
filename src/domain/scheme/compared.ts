import { z } from 'zod'
import type { AssessmentDocument } from './assessment.js'

const side = z.union([z.string(), z.number()]).nullable()

/** One difference of two assessments. */
export const changeSchema = z
  .strictObject({
    what: z
      .string()
      .meta({ description: '`scheme`, `registry`, `window`, `overall`, `score`, or the item' }),
    subject: z.string().nullable(),
    field: z.enum(['content', 'verdict', 'value', 'inputs', 'statements', 'presence']),
    before: side,
    after: side,
  })
  .meta({ id: 'AssessmentChange' })

export type Change = z.output<typeof changeSchema>

/**
 * What changed from one assessment to another, in the order of a reader's questions: were scheme,
 * registry and window the same; what came out; and for each item and subject verdict, value and
 * which series had other observations. Empty for equal ones.
 */
export function compared(before: AssessmentDocument, after: AssessmentDocument): readonly Change[] {
  const changes: Change[] = []
  const note = (
    what: string,
    field: Change['field'],
    a: string | number | null,
    b: string | number | null,
    subject: string | null = null,
  ): void => {
    if (a !== b) changes.push({ what, subject, field, before: a, after: b })
  }
  note('city', 'content', before.city.id, after.city.id)
  note('scheme', 'content', schemeName(before), schemeName(after))
  note('registry', 'content', before.registry, after.registry)
  note('window', 'content', windowName(before), windowName(after))
  note('overall', 'verdict', before.overall.verdict, after.overall.verdict)
  note('score', 'value', before.score?.score ?? null, after.score?.score ?? null)
  const later = new Map(after.items.map((item) => [item.id, item]))
  for (const item of before.items) {
    const other = later.get(item.id)
    later.delete(item.id)
    if (other === undefined) {
      note(item.id, 'presence', 'there', null)
      continue
    }
    note(item.id, 'verdict', item.verdict, other.verdict)
    note(item.id, 'value', item.value, other.value)
    note(item.id, 'statements', JSON.stringify(item.statements), JSON.stringify(other.statements))
    const findings = new Map(other.findings.map((finding) => [finding.subject, finding]))
    for (const finding of item.findings) {
      const same = findings.get(finding.subject)
      findings.delete(finding.subject)
      const at = finding.subject
      if (same === undefined) {
        note(item.id, 'presence', 'there', null, at)
        continue
      }
      note(item.id, 'verdict', finding.verdict, same.verdict, at)
      note(item.id, 'value', finding.value, same.value, at)
      const otherInputs = inputsOf(same)
      const inputs = inputsOf(finding)
      for (const key of new Set([...inputs.keys(), ...otherInputs.keys()])) {
        note(
          item.id,
          'inputs',
          inputs.get(key) ?? null,
          otherInputs.get(key) ?? null,
          `${at} ${key}`,
        )
      }
    }
    for (const subject of findings.keys()) note(item.id, 'presence', null, 'there', subject)
  }
  for (const id of later.keys()) note(id, 'presence', null, 'there')
  return changes
}

function schemeName({ scheme }: AssessmentDocument): string {
  return `${scheme.id} ${scheme.edition} ${scheme.sha256}`
}

function windowName({ window }: AssessmentDocument): string {
  return `${new Date(window.fromMs).toISOString()} to ${new Date(window.toMs).toISOString()}`
}

/** By role and series: how many observations, and their hash. */
function inputsOf(
  finding: AssessmentDocument['items'][number]['findings'][number],
): ReadonlyMap<string, string> {
  return new Map(
    (finding.result?.inputs ?? []).map(({ role, series, count, sha256 }) => [
      `${role} ${series}`,
      `${count} observations, ${sha256}`,
    ]),
  )
}
