import type { Assessment } from '../ports/assessment.js'
import type { CityRegistry } from '../ports/city-registry.js'
import type { SeriesReads } from '../ports/series-store.js'
import type { Scheme } from '../domain/scheme/scheme.js'
import { assessment } from './assessment.js'
import type { Compute } from './compute.js'
import { descriptions } from './descriptions.js'
import { evaluate } from './evaluate.js'
import { hydrograph } from './hydrograph.js'
import { hyetograph } from './hyetograph.js'
import { rainEventRows } from './rain-event-rows.js'
import type { LabResults } from './statements.js'

export { canonicalBytes } from './canonical.js'
export { computeHere } from './compute.js'
export { openComputeThread } from './compute-thread.js'

/** What the assessment needs from the world. */
export interface AssessPorts {
  readonly store: SeriesReads
  readonly registry: CityRegistry
  readonly schemes: readonly Scheme[]
  readonly labResults: LabResults
  readonly compute: Compute
}

/**
 * Opens the assessment: stored series in, indicators with their evidence out. It keeps nothing
 * between calls; every answer is made of the registry in force and the series as stored when asked.
 */
export function openAssess(ports: AssessPorts): Assessment {
  const { store, registry, schemes, labResults, compute } = ports
  const city = () => registry.current().registry
  const sources = () => ({ store, version: registry.current(), compute })
  return {
    hyetograph: (gauge, window, stepMs) => hyetograph(store, city(), gauge, window, stepMs),
    hydrograph: (sensor, window, stepMs) => hydrograph(store, city(), sensor, window, stepMs),
    rainEvents: (query) => rainEventRows(store, city(), query),
    indicators: descriptions,
    schemes: () => schemes,
    assess: (query) => assessment({ ...sources(), schemes, labResults }, query),
    evaluate: (query) => evaluate(sources(), query),
  }
}
