import { createHash } from 'node:crypto'
import type { Registry } from '../domain/city/registry.js'
import { wantsImportedSamples, withImportedSamples } from '../domain/figures/imported-samples.js'
import { text } from '../domain/indicators/indicator.js'
import type { IndicatorResult } from '../domain/indicators/result.js'
import type { LabResult } from '../domain/laboratory/lab-result.js'
import { localTime } from '../domain/local-time.js'
import { roundedDeep } from '../domain/rounding.js'
import type { AssessmentDocument, SealedAssessment } from '../domain/scheme/assessment.js'
import {
  figuresFinding,
  itemJudgement,
  statedFinding,
  withProof,
  type Finding,
} from '../domain/scheme/finding.js'
import { complianceArea, overall, zoneVerdicts } from '../domain/scheme/overall.js'
import type { Scheme, SchemeItem } from '../domain/scheme/scheme.js'
import { groupScores, scoreOf, type JudgedItem } from '../domain/scheme/score.js'
import type { Statement } from '../domain/scheme/statement.js'
import type { FigureFormulaId } from '../domain/figures/figure-formula.js'
import { figureFormulaOf } from '../domain/figures/figure-formulas.js'
import type { Window } from '../domain/time.js'
import type { AssessmentAnswer, AssessmentQuery, QueryFault } from '../ports/assessment.js'
import type { RegistryVersion } from '../ports/city-registry.js'
import { canonicalBytes } from './canonical.js'
import { evaluateAll, type EvaluationSources } from './evaluate.js'
import { windowFaults } from './query.js'

/** What an assessment is made from. */
export interface AssessmentSources extends EvaluationSources {
  readonly schemes: readonly Scheme[]
  readonly labResults: LabResults
}

/** Laboratory results that count, of samples taken in a window. */
export type LabResults = (window: Window) => Promise<readonly LabResult[]>

/** A finding with the result it was taken from; null when a person stated it. */
interface Backed {
  readonly finding: Finding
  readonly result: IndicatorResult | null
  readonly figures: AssessmentDocument['items'][number]['findings'][number]['figures']
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

  const judged: (JudgedItem & { readonly backed: readonly Backed[] })[] = []
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

/** Of an item that zones score apart the least counts, whatever order they stand in. */
function leastPoints(stated: readonly Statement[]): number | null {
  const points = stated.flatMap((statement) => statement.points ?? [])
  return points.length === 0 ? null : Math.min(...points)
}

/** The same statements in one order, each with its evidence in one order: how they were written down says nothing. */
function inOrder(statements: readonly Statement[]): readonly Statement[] {
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
async function withSamples(
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

/** An assessment and the hash of its canonical bytes. */
function sealed(
  scheme: Scheme,
  { registry, sha256 }: RegistryVersion,
  query: AssessmentQuery,
  judged: readonly (JudgedItem & { readonly backed: readonly Backed[] })[],
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

async function computed(
  sources: EvaluationSources,
  item: SchemeItem,
  query: AssessmentQuery,
  stated: readonly Statement[],
): Promise<Backed[] | { readonly faults: readonly QueryFault[] }> {
  const { proof } = item
  if (proof.by !== 'indicator') return []
  const places = subjectsOf(sources.version.registry, proof.subjects)
  const evaluations = await evaluateAll(
    sources,
    places.map(({ id: subject }) => ({
      indicator: proof.indicator,
      subject,
      window: query.window,
      parameters: proof.parameters,
    })),
  )
  const backed: Backed[] = []
  for (const [i, evaluation] of evaluations.entries()) {
    const place = places[i]
    if (!evaluation.ok) return { faults: evaluation.faults }
    if (place === undefined) continue
    const { result } = evaluation
    const finding: Finding = {
      subject: place.id,
      zone: place.zone,
      verdict: result.verdict,
      value: result.value,
      reason: result.reason,
      areaM2: place.areaM2,
    }
    const statement =
      stated.find(({ subject }) => subject === place.zone) ??
      stated.find(({ subject }) => subject === undefined)
    backed.push({ finding: withProof(item, finding, statement), result, figures: null })
  }
  return [...backed, ...unwatchedZones(sources.version.registry, item, places, stated)]
}

/**
 * Zones without a subject of an item that is judged zone by zone: nobody watched them, so nothing passes,
 * unless somebody states, with evidence, that the zone has none.
 */
function unwatchedZones(
  registry: Registry,
  item: SchemeItem,
  places: readonly SubjectPlace[],
  stated: readonly Statement[],
): readonly Backed[] {
  // A subject of the whole city stands for every zone.
  const isOfCity = places.some(({ zone }) => zone === null)
  if (item.level !== 'zone' || places.length === 0 || isOfCity) return []
  return registry.drainageZones.flatMap(({ id }): Backed[] => {
    if (places.some(({ zone }) => zone === id)) return []
    const said = stated.find(({ subject }) => subject === id)
    const hasNone = said?.verdict === 'NOT_APPLICABLE' && said.evidence.length > 0
    const finding: Finding = {
      ...{ subject: id, zone: id, value: null, areaM2: areaOfZone(registry, id) },
      verdict: hasNone ? 'NOT_APPLICABLE' : 'NOT_EVALUATED',
      reason: hasNone
        ? text(
            `${said.statedBy}：${said.justification}（佐证 ${said.evidence.length} 件）`,
            `${said.statedBy}: ${said.justification} (evidence: ${said.evidence.length})`,
          )
        : text(
            '名录中该分区没有评价对象；若确无，请以 NOT_APPLICABLE 说明并附佐证',
            'the registry has nothing to judge in this zone; if there is none, state NOT_APPLICABLE with evidence',
          ),
    }
    return [{ finding, result: null, figures: null }]
  })
}

interface SubjectPlace {
  readonly id: string
  /** Null for the whole city. */
  readonly zone: string | null
  readonly areaM2: number | null
}

function subjectsOf(
  registry: Registry,
  kind: 'zone' | 'outfall' | 'ponding-point' | 'catchment' | 'city',
): readonly SubjectPlace[] {
  switch (kind) {
    case 'zone':
      return registry.drainageZones.map(({ id }) => ({
        id,
        zone: id,
        areaM2: areaOfZone(registry, id),
      }))
    case 'outfall':
      return registry.outfalls.map(({ id, zone, catchments }) => ({
        id,
        zone,
        areaM2: areaOf(registry, (catchment) => catchments.includes(catchment.id)),
      }))
    case 'ponding-point':
      return registry.pondingPoints.map(({ id, zone }) => ({ id, zone, areaM2: null }))
    case 'catchment':
      return registry.catchments.map(({ id, zone, area }) => ({ id, zone, areaM2: area.m2 }))
    case 'city':
      return [{ id: registry.city.id, zone: null, areaM2: null }]
    default:
      return kind satisfies never
  }
}

/** Findings from figures: of the city, or of each zone where the item is judged so. */
function ofFigures(
  registry: Registry,
  item: SchemeItem,
  formula: FigureFormulaId,
  stated: readonly Statement[],
): Backed[] {
  const { words, compute } = figureFormulaOf(formula)
  return statedPlaces(registry, item, stated).map(({ place, statement }) => {
    const inputs = statement?.figures
    const outcome = inputs === undefined ? null : compute(inputs)
    return {
      finding: figuresFinding(item, place, statement, outcome),
      result: null,
      figures:
        outcome === null || inputs === undefined
          ? null
          : { formula, words, unverified: outcome.unverified, inputs, steps: outcome.steps },
    }
  })
}

function statedSubjects(
  registry: Registry,
  item: SchemeItem,
  stated: readonly Statement[],
): Backed[] {
  return statedPlaces(registry, item, stated).map(({ place, statement }) => ({
    finding: statedFinding(item, place, statement),
    result: null,
    figures: null,
  }))
}

interface StatedPlace {
  readonly place: {
    readonly id: string
    readonly zone: string | null
    readonly areaM2: number | null
  }
  readonly statement: Statement | undefined
}

/** The city, or every zone where the item is judged so and statements name zones. */
function statedPlaces(
  registry: Registry,
  item: SchemeItem,
  stated: readonly Statement[],
): readonly StatedPlace[] {
  const ofCity = stated.find(({ subject }) => subject === undefined)
  const byZone = stated.some(({ subject }) => subject !== undefined)
  if (item.level === 'city' || !byZone) {
    const place = { id: registry.city.id, zone: null, areaM2: null }
    return [{ place, statement: ofCity }]
  }
  return registry.drainageZones.map(({ id }) => ({
    place: { id, zone: id, areaM2: areaOfZone(registry, id) },
    statement: stated.find(({ subject }) => subject === id) ?? ofCity,
  }))
}

function statementFaults(
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

function areaOfZone(registry: Registry, zone: string): number {
  return areaOf(registry, (catchment) => catchment.zone === zone)
}

function areaOf(
  { catchments }: Registry,
  isIn: (catchment: Registry['catchments'][number]) => boolean,
): number {
  return catchments.filter(isIn).reduce((sum, { area }) => sum + area.m2, 0)
}

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
