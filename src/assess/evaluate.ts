import { judgedBothWays } from '../domain/indicators/both-ways.js'
import { INDICATORS } from '../domain/indicators/catalogue.js'
import type { Scope } from '../domain/indicators/indicator.js'
import type { IndicatorResult } from '../domain/indicators/result.js'
import { roundedDeep } from '../domain/rounding.js'
import type { IndicatorQuery, QueryFault } from '../ports/assessment.js'
import type { RegistryVersion } from '../ports/city-registry.js'
import type { SeriesReads } from '../ports/series-store.js'
import { loadInputs } from './load.js'
import { readParameters, subjectNamed, windowFaults } from './query.js'

export type Evaluation =
  | { readonly ok: true; readonly result: IndicatorResult }
  | { readonly ok: false; readonly faults: readonly QueryFault[] }

/**
 * One indicator for one subject and window. The series are read once and hashed; the result holds
 * no clock time, software version or path, so equal series, registry and query give equal bytes.
 */
export async function evaluate(
  store: SeriesReads,
  version: RegistryVersion,
  query: IndicatorQuery,
): Promise<Evaluation> {
  const { registry, sha256 } = version
  const indicator = INDICATORS.find(({ id }) => id === query.indicator)
  if (indicator === undefined) {
    const expected = `one of ${INDICATORS.map(({ id }) => id).join(', ')}`
    return { ok: false, faults: [{ field: 'indicator', value: query.indicator, expected }] }
  }
  const subject = subjectNamed(registry, indicator, query.subject)
  const reading = readParameters(indicator.parameters, query.parameters)
  const faults = [
    ...('field' in subject ? [subject] : []),
    ...windowFaults(query.window),
    ...(reading.ok ? [] : reading.faults),
  ]
  if (faults.length > 0 || 'field' in subject || !reading.ok) return { ok: false, faults }

  const { fromMs, toMs } = query.window
  const scope: Scope = {
    registry,
    subject,
    window: { fromMs, toMs },
    parameters: reading.parameters,
  }
  const inputs = await loadInputs(store, indicator.wants(scope))
  const judgement = judgedBothWays(indicator, scope, inputs.loaded)
  const result: IndicatorResult = {
    indicator: indicator.id,
    version: indicator.version,
    title: indicator.title,
    clause: [...indicator.clause],
    formula: indicator.formula,
    subject,
    window: { fromMs, toMs },
    registry: sha256,
    value: judgement.value,
    unit: indicator.unit,
    verdict: judgement.verdict,
    reason: judgement.reason,
    coverage: judgement.coverage,
    uncertainty: judgement.uncertainty,
    withoutSuspect: judgement.withoutSuspect,
    inputs: [...inputs.uses],
    parameters: { ...reading.parameters },
    table: judgement.table,
    parts: [...judgement.parts],
    notes: [...judgement.notes],
  }
  return { ok: true, result: roundedDeep(result) }
}
