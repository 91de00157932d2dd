import type { Registry } from '../domain/city/registry.js'
import type { FigureFormulaId } from '../domain/figures/figure-formula.js'
import { figureFormulaOf } from '../domain/figures/figure-formulas.js'
import { text } from '../domain/indicators/indicator.js'
import type { IndicatorResult } from '../domain/indicators/result.js'
import type { AssessmentDocument } from '../domain/scheme/assessment.js'
import { figuresFinding, statedFinding, withProof, type Finding } from '../domain/scheme/finding.js'
import type { SchemeItem } from '../domain/scheme/scheme.js'
import type { Statement } from '../domain/scheme/statement.js'
import type { AssessmentQuery, QueryFault } from '../ports/assessment.js'
import { evaluateAll, type EvaluationSources } from './evaluate.js'
import { areaOfZone, subjectsOf, type SubjectPlace } from './subjects.js'

/** A finding with the result it was taken from; null when a person stated it. */
export interface Backed {
  readonly finding: Finding
  readonly result: IndicatorResult | null
  readonly figures: AssessmentDocument['items'][number]['findings'][number]['figures']
}

/** Findings from telemetry: of every subject of the kind that the item names. */
export async function computed(
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

/** Findings from figures: of the city, or of each zone where the item is judged so. */
export function ofFigures(
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

/** Findings that people state. */
export function statedSubjects(
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
