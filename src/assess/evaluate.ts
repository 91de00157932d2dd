import { INDICATORS } from '../domain/indicators/catalogue.js'
import type { Scope } from '../domain/indicators/indicator.js'
import type { IndicatorResult } from '../domain/indicators/result.js'
import type { IndicatorQuery, QueryFault } from '../ports/assessment.js'
import type { RegistryVersion } from '../ports/city-registry.js'
import type { SeriesReads } from '../ports/series-store.js'
import type { Compute, ComputeItem } from './compute.js'
import { mergedBySeries, readWanted, type ReadColumns } from './load.js'
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

/** Where an evaluation gets its series and its arithmetic from. */
export interface EvaluationSources {
  readonly store: SeriesReads
  readonly version: RegistryVersion
  readonly compute: Compute
}

/**
 * One indicator for one subject and window. The series are read once and hashed; the result holds
 * no clock time, software version or path, so equal series, registry and query give equal bytes.
 */
export async function evaluate(
  sources: EvaluationSources,
  query: IndicatorQuery,
): Promise<Evaluation> {
  const [evaluation] = await evaluateAll(sources, [query])
  if (evaluation === undefined) throw new Error(`no answer for ${query.indicator}`)
  return evaluation
}

/** Several of them, in the order asked, sharing what they read. */
export async function evaluateAll(
  { store, version, compute }: EvaluationSources,
  queries: readonly IndicatorQuery[],
): Promise<readonly Evaluation[]> {
  const readings = queries.map((query) => readingOf(version, query))
  const groups = [...inGroups(readings)].map((group) => ({
    group,
    items: group.flatMap((reading) => (reading.ok ? [reading.item] : [])),
  }))
  const load = async (items: readonly ComputeItem[] = []): Promise<ReadColumns> =>
    await readWanted(
      store,
      items.flatMap(({ wants }) => wants),
    )
  const evaluations: Evaluation[] = []
  let loading = load(groups[0]?.items)
  for (const [k, { group, items }] of groups.entries()) {
    const columns = await loading
    // The store reads the next ones while these are computed.
    loading = load(groups[k + 1]?.items)
    loading.catch(() => undefined)
    const { registry, sha256 } = version
    const results = await compute({ registry, sha256, items, columns })
    evaluations.push(...inOrder(group, results))
  }
  await loading
  return evaluations
}

type Reading =
  | { readonly ok: true; readonly item: ComputeItem }
  | { readonly ok: false; readonly faults: readonly QueryFault[] }

/** The query as it can be computed, or everything that is wrong with it. */
function readingOf({ registry }: RegistryVersion, query: IndicatorQuery): Reading {
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
  const { parameters } = reading
  const scope: Scope = { registry, subject, window: { fromMs, toMs }, parameters }
  const wants = mergedBySeries(indicator.wants(scope))
  const { window } = scope
  return { ok: true, item: { indicator: indicator.id, subject, window, parameters, wants } }
}

/** Results back in the places of their queries. */
function inOrder(
  group: readonly Reading[],
  results: readonly IndicatorResult[],
): readonly Evaluation[] {
  const rest = results.values()
  return group.map((reading) => {
    if (!reading.ok) return reading
    const { value: result } = rest.next()
    if (result === undefined) throw new Error(`no result of ${reading.item.indicator}`)
    return { ok: true, result }
  })
}

/** Neighbours that together want no more series than are read at once; one alone may want more. */
function* inGroups(readings: readonly Reading[]): Generator<readonly Reading[]> {
  let group: Reading[] = []
  let series = new Set<string>()
  for (const reading of readings) {
    const wanted = reading.ok ? reading.item.wants.map(({ series }) => series) : []
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
