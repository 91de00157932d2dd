import { createHash } from 'node:crypto'
import { figureFormulaOf } from '../domain/figures/figure-formulas.js'
import { text } from '../domain/indicators/indicator.js'
import type { IndicatorResult } from '../domain/indicators/result.js'
import { roundedDeep } from '../domain/rounding.js'
import type { AssessmentDocument, SealedAssessment } from '../domain/scheme/assessment.js'
import { complianceArea, overall, zoneVerdicts } from '../domain/scheme/overall.js'
import type { Scheme, SchemeItem } from '../domain/scheme/scheme.js'
import { groupScores, scoreOf, type JudgedItem } from '../domain/scheme/score.js'
import type { AssessmentQuery } from '../ports/assessment.js'
import type { RegistryVersion } from '../ports/city-registry.js'
import { canonicalBytes } from './canonical.js'
import type { Backed } from './findings.js'
import { areaOfZone } from './subjects.js'

/** An item judged over its findings, with what is behind each. */
export type BackedItem = JudgedItem & { readonly backed: readonly Backed[] }

/** An assessment and the hash of its canonical bytes. */
export function sealed(
  scheme: Scheme,
  { registry, sha256 }: RegistryVersion,
  query: AssessmentQuery,
  judged: readonly BackedItem[],
): SealedAssessment {
  const zones = zoneVerdicts(
    judged,
    registry.drainageZones.map(({ id }) => ({ id, areaM2: areaOfZone(registry, id) })),
  )
  const { id, name, issuedBy, document, edition, weights } = scheme
  const whole = overall(scheme, judged)
  const scored = weights === 'none' ? null : scoreOf(judged)
  const written: AssessmentDocument = {
    format: 1,
    city: { id: registry.city.id, name: registry.city.name },
    window: { fromMs: query.window.fromMs, toMs: query.window.toMs },
    registry: sha256,
    scheme: { id, name, issuedBy, document, edition, weights, sha256: hashOf(scheme) },
    overall: { ...whole, vetoed: [...whole.vetoed] },
    score: scored === null ? null : { ...scored, steps: [...scored.steps] },
    scoreLabel: weights === 'operator' ? OPERATORS_OWN : weights === 'official' ? OFFICIAL : null,
    groups: groupScores(scheme, judged).map(({ group, score }) => ({
      group,
      name: scheme.groups.find((candidate) => candidate.id === group)?.name ?? text(group, group),
      score: { ...score, steps: [...score.steps] },
    })),
    zones: zones.map((zone) => ({ ...zone, open: [...zone.open] })),
    compliance: complianceArea(zones, registry.city.builtUpArea?.m2 ?? null),
    items: judged.map(({ item, verdict, value, reason, backed }) => {
      const source = scheme.sources[item.tag] ?? item.tag
      return {
        id: item.id,
        name: item.name,
        group: item.group,
        binding: item.binding,
        level: item.level,
        requirement: item.requirement,
        clause: item.clause,
        source,
        unverified:
          source.includes('(unverified)') ||
          backed.some(
            ({ result, figures }) => figures?.unverified === true || restsOnUnread(result),
          ),
        verdict,
        value,
        unit: unitOf(item, backed),
        reason,
        findings: backed.map(({ finding, result, figures }) => ({ ...finding, result, figures })),
        statements: query.statements.filter((statement) => statement.item === item.id),
      }
    }),
  }
  const rounded = roundedDeep(written)
  return { sha256: hashOf(rounded), assessment: rounded }
}

/** Whether a result used a fact whose official text nobody read: its clauses, limits and notes say so in words. */
function restsOnUnread(result: IndicatorResult | null): boolean {
  if (result === null) return false
  const { clause, formula, reason, notes } = result
  return [...clause, formula, reason, ...notes.map((one) => one.text)].some(({ en }) =>
    en.includes('unverified'),
  )
}

const OPERATORS_OWN = text(
  '分值为运营单位自定，非官方',
  'the points are the operator’s own, no official weights',
)
const OFFICIAL = text('官方分值', 'official weights')

function unitOf({ proof }: SchemeItem, backed: readonly Backed[]): string {
  switch (proof.by) {
    case 'statement':
      return proof.unit
    case 'figures':
      return figureFormulaOf(proof.formula).unit
    case 'indicator':
      return backed[0]?.result?.unit ?? ''
    default:
      return proof satisfies never
  }
}

function hashOf(value: unknown): string {
  return createHash('sha256').update(canonicalBytes(value)).digest('hex')
}
