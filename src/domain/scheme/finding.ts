import { text } from '../indicators/indicator.js'
import { VERDICT_WORDS, type Text, type Verdict } from '../indicators/result.js'
import type { SchemeItem } from './scheme.js'
import type { Statement } from './statement.js'
import type { FormulaOutcome } from '../figures/figure-formula.js'

/** What is known of an item for one subject: a computed result, or what a person stated. */
export interface Finding {
  /** Id of the subject; the city's for items judged as a whole. */
  readonly subject: string
  /** Drainage zone it lies in; null for the whole city. */
  readonly zone: string | null
  readonly verdict: Verdict
  readonly value: number | null
  readonly reason: Text
  /** Area it stands for, m²; null where areas mean nothing. */
  readonly areaM2: number | null
}

/** An item judged over its subjects. */
export interface ItemJudgement {
  readonly verdict: Verdict
  readonly value: number | null
  readonly reason: Text
}

/**
 * A computed finding with the statement that goes with it: a FAIL of a 不宜 clause becomes
 * CONDITIONAL when proof is named and an evaluator has accepted it, and nothing else changes.
 */
export function withProof(
  item: SchemeItem,
  finding: Finding,
  statement: Statement | undefined,
): Finding {
  const accepted = statement?.acceptedBy
  const isProven = statement !== undefined && statement.evidence.length > 0
  if (!item.conditional || finding.verdict !== 'FAIL' || accepted === undefined || !isProven) {
    return finding
  }
  return {
    ...finding,
    verdict: 'CONDITIONAL',
    reason: text(
      `${finding.reason.zh}；论证材料（${statement.evidence.length} 件）经 ${accepted} 认可`,
      `${finding.reason.en}; proof (${statement.evidence.length}) accepted by ${accepted}`,
    ),
  }
}

/**
 * What a statement is worth: its verdict, provided each kind of evidence the item asks for is
 * there; a claim in the city's favour without it is NOT_EVALUATED, naming the slots that are empty.
 */
export function statedFinding(
  item: SchemeItem,
  subject: { readonly id: string; readonly zone: string | null; readonly areaM2: number | null },
  statement: Statement | undefined,
): Finding {
  const place = { subject: subject.id, zone: subject.zone, areaM2: subject.areaM2 }
  if (statement?.verdict === undefined) {
    return {
      ...place,
      verdict: 'NOT_EVALUATED',
      value: statement?.value ?? null,
      reason: text('未提交说明', 'nothing was stated'),
    }
  }
  const value = statement.value ?? null
  const said = text(
    `${statement.statedBy}：${statement.justification}`,
    `${statement.statedBy}: ${statement.justification}`,
  )
  const missing = emptySlots(item, statement)
  if (missing.length > 0 && NEEDS_EVIDENCE.has(statement.verdict)) {
    return {
      ...place,
      verdict: 'NOT_EVALUATED',
      value,
      reason: text(
        `缺佐证材料：${missing.map(({ zh }) => zh).join('、')}（${said.zh}）`,
        `evidence is missing: ${missing.map(({ en }) => en).join(', ')} (${said.en})`,
      ),
    }
  }
  if (statement.verdict === 'CONDITIONAL' && !(item.conditional && statement.acceptedBy)) {
    return {
      ...place,
      verdict: 'NOT_EVALUATED',
      value,
      reason: text(
        `有条件达标须条文为“不宜”且论证经评价人认可（${said.zh}）`,
        `CONDITIONAL wants a 不宜 clause and proof an evaluator has accepted (${said.en})`,
      ),
    }
  }
  return { ...place, verdict: statement.verdict, value, reason: said }
}

/**
 * What the figures of a statement come to. The formula decides, whatever verdict is stated; what is in the
 * city's favour stands only with the evidence behind the figures. A FAIL of 不宜 clauses alone may become
 * CONDITIONAL as in {@link withProof}.
 *
 * @param outcome null when no figures were given
 */
export function figuresFinding(
  item: SchemeItem,
  subject: { readonly id: string; readonly zone: string | null; readonly areaM2: number | null },
  statement: Statement | undefined,
  outcome: FormulaOutcome | null,
): Finding {
  const place = { subject: subject.id, zone: subject.zone, areaM2: subject.areaM2 }
  if (statement === undefined || outcome === null) {
    const reason = text('未提交数据', 'no figures were given')
    return { ...place, verdict: 'NOT_EVALUATED', value: null, reason }
  }
  const { value, verdict, reason } = outcome
  const missing = emptySlots(item, statement)
  if (missing.length === 0 || !NEEDS_EVIDENCE.has(verdict)) {
    const found = { ...place, verdict, value, reason }
    return outcome.breaksMust === true ? found : withProof(item, found, statement)
  }
  return {
    ...place,
    verdict: 'NOT_EVALUATED',
    value,
    reason: text(
      `${reason.zh}，但缺佐证材料：${missing.map(({ zh }) => zh).join('、')}`,
      `${reason.en}, but evidence is missing: ${missing.map(({ en }) => en).join(', ')}`,
    ),
  }
}

/** Verdicts in the city's favour: NOT_APPLICABLE is one, because it leaves the total of the points. */
const NEEDS_EVIDENCE: ReadonlySet<Verdict> = new Set(['PASS', 'CONDITIONAL', 'NOT_APPLICABLE'])

function emptySlots(item: SchemeItem, statement: Statement): readonly Text[] {
  if (item.proof.by === 'indicator') return []
  const filled = new Set(statement.evidence.map(({ slot }) => slot))
  return item.proof.evidence.filter(({ slot }) => !filled.has(slot)).map(({ name }) => name)
}

/**
 * One judgement of several findings: any FAIL fails, else any NOT_EVALUATED leaves it open, else any
 * CONDITIONAL makes it conditional; what is NOT_APPLICABLE does not count, and where nothing else is
 * left neither does the item. Without any subject it is NOT_EVALUATED.
 */
export function itemJudgement(item: SchemeItem, findings: readonly Finding[]): ItemJudgement {
  const value = combinedValue(item, findings)
  if (findings.length === 0) {
    return {
      verdict: 'NOT_EVALUATED',
      value,
      reason: text('名录中没有评价对象', 'the registry has nothing to judge'),
    }
  }
  const verdict =
    (['FAIL', 'NOT_EVALUATED', 'CONDITIONAL', 'PASS'] as const).find((candidate) =>
      findings.some((finding) => finding.verdict === candidate),
    ) ?? 'NOT_APPLICABLE'
  const deciding = findings.filter((finding) => finding.verdict === verdict)
  const [first] = deciding
  if (deciding.length === 1 && findings.length === 1 && first !== undefined) {
    return { verdict, value, reason: first.reason }
  }
  const names = deciding.map(({ subject }) => subject).join(', ')
  const words = VERDICT_WORDS[verdict]
  const why = commonReason(deciding)
  return {
    verdict,
    value,
    reason: text(
      `${findings.length} 个对象中 ${deciding.length} 个${words.zh}：${names}${why === null ? '' : `（${why.zh}）`}`,
      `${deciding.length} of ${findings.length} subjects ${words.en}: ${names}${why === null ? '' : ` (${why.en})`}`,
    ),
  }
}

/** What all of them say; null when they differ. */
function commonReason(findings: readonly Finding[]): Text | null {
  const [first] = findings
  return findings.every(({ reason }) => reason.en === first?.reason.en)
    ? (first?.reason ?? null)
    : null
}

/** Null as soon as one value that counts is unknown: an unknown zone must not improve a mean. */
function combinedValue(item: SchemeItem, findings: readonly Finding[]): number | null {
  const counted = findings.filter(({ verdict }) => verdict !== 'NOT_APPLICABLE')
  const values = counted.flatMap(({ value }) => (value === null ? [] : [value]))
  if (values.length === 0 || values.length < counted.length) return null
  if (item.proof.by === 'statement') return Math.min(...values)
  switch (item.proof.combine) {
    case 'least':
      return Math.min(...values)
    case 'greatest':
      return Math.max(...values)
    case 'area-weighted': {
      const areas = counted.map(({ areaM2 }) => areaM2 ?? 0)
      const total = areas.reduce((sum, area) => sum + area, 0)
      if (total === 0) return null
      return values.reduce((sum, value, i) => sum + value * (areas[i] ?? 0), 0) / total
    }
    default:
      return item.proof.combine satisfies never
  }
}
