import { text } from '../indicators/indicator.js'
import { VERDICT_WORDS, type Text, type Verdict } from '../indicators/result.js'
import { itemJudgement } from './finding.js'
import type { Scheme } from './scheme.js'
import type { JudgedItem } from './score.js'

/** The whole, as a scheme sees it. */
export interface Overall {
  readonly verdict: Verdict
  readonly reason: Text
  /** Items whose veto fails the whole. */
  readonly vetoed: readonly { readonly item: string; readonly reason: Text }[]
}

/** A drainage zone: whether it meets every binding item. */
export interface ZoneVerdict {
  readonly zone: string
  readonly areaM2: number
  readonly verdict: Verdict
  /** Binding items that keep it from passing. */
  readonly open: readonly string[]
}

/** Share of the area that complies, and of that which might once everything is evaluated. */
export interface ComplianceArea {
  readonly basis: 'built-up-area' | 'catchments'
  readonly areaM2: number
  readonly compliantM2: number
  readonly share: number | null
  readonly reachableShare: number | null
}

/**
 * Binding items decide; a veto fails the whole whatever the others are, and one of which nobody can tell
 * whether it strikes keeps it from passing; else encouraged items are reported only.
 */
export function overall(scheme: Scheme, judged: readonly JudgedItem[]): Overall {
  const vetoed = scheme.vetoes.flatMap(({ item, when, reason }) => {
    const one = judged.find((candidate) => candidate.item.id === item)
    if (one === undefined) return []
    const strikes =
      'verdict' in when
        ? one.verdict === when.verdict
        : one.value !== null && one.value < when.below
    return strikes ? [{ item, reason }] : []
  })
  const binding = judged.filter(({ item }) => item.binding === 'binding')
  const { verdict, names } = worst(binding.map((one) => ({ ...one, name: one.item.id })))
  if (vetoed.length > 0) {
    const items = vetoed.map(({ item }) => item).join(', ')
    return {
      verdict: 'FAIL',
      vetoed,
      reason: text(`一票否决：${items}`, `veto of ${items}`),
    }
  }
  const open = scheme.vetoes.filter((one) => isOpen(one, judged)).map(({ item }) => item)
  if (open.length > 0 && verdict !== 'FAIL' && verdict !== 'NOT_EVALUATED') {
    const items = open.join(', ')
    return {
      verdict: 'NOT_EVALUATED',
      vetoed,
      reason: text(
        `一票否决项不能判定：${items}`,
        `whether a veto strikes cannot be told: ${items}`,
      ),
    }
  }
  return {
    verdict,
    vetoed,
    reason: text(
      `约束性（考核）项${VERDICT_WORDS[verdict].zh}：${names}`,
      `binding items ${VERDICT_WORDS[verdict].en}: ${names}`,
    ),
  }
}

/** Whether nobody can tell if a veto strikes: its item is not evaluated, or has no value to hold it against. */
function isOpen({ item, when }: Scheme['vetoes'][number], judged: readonly JudgedItem[]): boolean {
  const one = judged.find((candidate) => candidate.item.id === item)
  if (one === undefined || one.verdict === 'NOT_APPLICABLE') return false
  return one.verdict === 'NOT_EVALUATED' || (!('verdict' in when) && one.value === null)
}

/**
 * Zone by zone: the findings in the zone decide, and those of the whole city count for every zone
 * [GB/T 51345-2018, compliance by zone, (unverified)].
 */
export function zoneVerdicts(
  judged: readonly JudgedItem[],
  zones: readonly { readonly id: string; readonly areaM2: number }[],
): readonly ZoneVerdict[] {
  const binding = judged.filter(({ item }) => item.binding === 'binding')
  return zones.map(({ id, areaM2 }) => {
    const own = binding.map(({ item, findings }) => {
      const within = findings.filter(({ zone }) => zone === id || zone === null)
      // A zone without a subject of the item, such as a ponding point, has nothing to answer for.
      const isIdle = within.length === 0 && findings.length > 0 && item.proof.by === 'indicator'
      const { verdict } = isIdle
        ? { verdict: 'NOT_APPLICABLE' as const }
        : itemJudgement(item, within)
      return { name: item.id, verdict }
    })
    const { verdict } = worst(own)
    const open = own
      .filter((one) => one.verdict === 'FAIL' || one.verdict === 'NOT_EVALUATED')
      .map(({ name }) => name)
    return { zone: id, areaM2, verdict, open }
  })
}

/**
 * Σ area of compliant zones / built-up area (GB/T 51345-2018 as in standards sheet 3.12); CONDITIONAL complies,
 * NOT_EVALUATED does not.
 *
 * @param builtUpM2 null where it is not known: then a share of the zones' catchments
 */
export function complianceArea(
  zones: readonly ZoneVerdict[],
  builtUpM2: number | null,
): ComplianceArea {
  const areaOf = (verdicts: readonly Verdict[]): number =>
    zones
      .filter(({ verdict }) => verdicts.includes(verdict))
      .reduce((sum, { areaM2 }) => sum + areaM2, 0)
  const areaM2 = builtUpM2 ?? zones.reduce((sum, zone) => sum + zone.areaM2, 0)
  const compliantM2 = areaOf(['PASS', 'CONDITIONAL'])
  const openM2 = areaOf(['NOT_EVALUATED'])
  return {
    basis: builtUpM2 === null ? 'catchments' : 'built-up-area',
    areaM2,
    compliantM2,
    share: areaM2 === 0 ? null : compliantM2 / areaM2,
    reachableShare: areaM2 === 0 ? null : (compliantM2 + openM2) / areaM2,
  }
}

function worst(items: readonly { readonly name: string; readonly verdict: Verdict }[]): {
  readonly verdict: Verdict
  readonly names: string
} {
  const verdict: Verdict =
    (['FAIL', 'NOT_EVALUATED', 'CONDITIONAL', 'PASS'] as const).find((candidate) =>
      items.some((one) => one.verdict === candidate),
    ) ?? 'NOT_APPLICABLE'
  const names = items.filter((one) => one.verdict === verdict).map(({ name }) => name)
  return { verdict, names: names.join(', ') }
}
