import { judgedBothWays } from '../domain/indicators/both-ways.js'
import { INDICATORS } from '../domain/indicators/catalogue.js'
import type { Indicator, Scope, Want } from '../domain/indicators/indicator.js'
import type { IndicatorResult } from '../domain/indicators/result.js'
import { roundedDeep } from '../domain/rounding.js'
import type { IndicatorQuery, QueryFault } from '../ports/assessment.js'
import type { RegistryVersion } from '../ports/city-registry.js'
import type { SeriesReads } from '../ports/series-store.js'
import { loadInputsOfEach, type Inputs } from './load.js'
import { readParameters, subjectNamed, windowFaults } from './query.js'

export type Evaluation =
  | { readonly ok: true; readonly result: IndicatorResult }
  | { readonly ok: false; readonly faults: readonly QueryFault[] }

/**
 * Series read at once. A scan of the embedded store costs the same for one series and for many, so
 * few scans make an assessment linear in its sensors; a year of 64 at five minutes is 200 MB, and the
 * next ones are read meanwhile.
 */
const SERIES_AT_ONCE = 64

/** A query that can be computed, with the series it wants. */
interface Prepared {
  readonly indicator: Indicator
  readonly scope: Scope
  readonly wants: readonly Want[]
}

/**
 * One indicator for one subject and window. The series are read once and hashed; the result holds
 * no clock time, software version or path, so equal series, registry and query give equal bytes.
 */
export async function evaluate(
  store: SeriesReads,
  version: RegistryVersion,
  query: IndicatorQuery,
): Promise<Evaluation> {
  const [evaluation] = await evaluateAll(store, version, [query])
  if (evaluation === undefined) throw new Error(`no answer for ${query.indicator}`)
  return evaluation
}

/** Several of them, in the order asked, sharing what they read. */
export async function evaluateAll(
  store: SeriesReads,
  version: RegistryVersion,
  queries: readonly IndicatorQuery[],
): Promise<readonly Evaluation[]> {
  const readings = queries.map((query) => prepared(version, query))
  const groups = [...inGroups(readings)]
  const load = async (group: readonly Reading[] | undefined): Promise<readonly Inputs[]> =>
    await loadInputsOfEach(
      store,
      (group ?? []).map((reading) => (reading.ok ? reading.prepared.wants : [])),
    )
  const evaluations: Evaluation[] = []
  let loading = load(groups[0])
  for (const [k, together] of groups.entries()) {
    const inputs = await loading
    // The store reads the next ones while these are computed.
    loading = load(groups[k + 1])
    loading.catch(() => undefined)
    for (const [i, reading] of together.entries()) {
      if (!reading.ok) {
        evaluations.push(reading)
        continue
      }
      const own = inputs[i] ?? { loaded: new Map(), uses: [] }
      evaluations.push({ ok: true, result: computed(version, reading.prepared, own) })
    }
  }
  await loading
  return evaluations
}

type Reading =
  | { readonly ok: true; readonly prepared: Prepared }
  | { readonly ok: false; readonly faults: readonly QueryFault[] }

function prepared({ registry }: RegistryVersion, query: IndicatorQuery): Reading {
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
  return { ok: true, prepared: { indicator, scope, wants: indicator.wants(scope) } }
}

/** Neighbours that together want no more series than are read at once; one alone may want more. */
function* inGroups(readings: readonly Reading[]): Generator<readonly Reading[]> {
  let group: Reading[] = []
  let series = new Set<string>()
  for (const reading of readings) {
    const wanted = reading.ok ? reading.prepared.wants.map((want) => want.series) : []
    const together = new Set([...series, ...wanted])
    if (group.length > 0 && together.size > SERIES_AT_ONCE) {
      yield group
      group = []
      series = new Set(wanted)
    } else series = together
    group.push(reading)
  }
  if (group.length > 0) yield group
}

function computed(
  { sha256 }: RegistryVersion,
  { indicator, scope }: Prepared,
  inputs: Inputs,
): IndicatorResult {
  const { subject, window, parameters } = scope
  const judgement = judgedBothWays(indicator, scope, inputs.loaded)
  return roundedDeep({
    indicator: indicator.id,
    version: indicator.version,
    title: indicator.title,
    clause: [...indicator.clause],
    formula: indicator.formula,
    subject,
    window,
    registry: sha256,
    value: judgement.value,
    unit: indicator.unit,
    verdict: judgement.verdict,
    reason: judgement.reason,
    coverage: judgement.coverage,
    uncertainty: judgement.uncertainty,
    withoutSuspect: judgement.withoutSuspect,
    inputs: [...inputs.uses],
    parameters: { ...parameters },
    table: judgement.table,
    parts: [...judgement.parts],
    notes: [...judgement.notes],
  })
}
