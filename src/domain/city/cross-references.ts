import type { CityFault } from './city-fault.js'
import { cityView } from './city-view.js'
import { areaFaults } from './checks/areas.js'
import { cityFaults } from './checks/city.js'
import { comparisonFaults } from './checks/comparisons.js'
import { deviceFaults } from './checks/devices.js'
import { identityFaults } from './checks/identities.js'
import { outfallFaults } from './checks/outfalls.js'
import { referenceFaults } from './checks/references.js'
import { qualityTestFaults } from './checks/quality-tests.js'
import { sensorFaults } from './checks/sensors.js'
import type { RegistryDraft } from './registry-draft.js'
import type { UnitRules } from './unit-rules.js'

export interface CrossReferenceRules {
  readonly units: UnitRules
  /** Device models that can be decoded; not checked when absent. */
  readonly models?: readonly string[] | undefined
}

/**
 * Everything in a registry that contradicts something else in it, at once.
 *
 * A fault is what would make a result wrong or ambiguous. What merely makes a result missing or
 * gives it a caveat (an unmetered outfall, an unverified fact) is no fault: see remarks.ts.
 *
 * @param registry whole, or what could be read of one with faults (registry-draft.ts)
 * @returns none for a consistent registry; in the order of the checks below, not of the file
 */
export function crossReferenceFaults(
  registry: RegistryDraft,
  rules: CrossReferenceRules,
): CityFault[] {
  const city = cityView(registry)
  return [
    ...cityFaults(city),
    ...identityFaults(city),
    ...referenceFaults(city),
    ...areaFaults(city),
    ...outfallFaults(city),
    ...comparisonFaults(city),
    ...deviceFaults(city, rules.models),
    ...sensorFaults(city, rules.units),
    ...qualityTestFaults(city),
  ]
}
