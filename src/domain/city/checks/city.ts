import type { CityFault } from '../city-fault.js'
import type { CityView } from '../city-view.js'
import type { Draft } from '../registry-draft.js'
import { nearest } from '../nearest.js'
import type { Registry } from '../registry.js'

type CityDraft = Draft<Registry['city']>

/** What holds for the city as a whole: local days can be told, and the storm formula is citable. */
export function cityFaults({ registry }: CityView): CityFault[] {
  if (registry.city === undefined) return []
  return [...timeZoneFaults(registry.city), ...stormFormulaFaults(registry.city)]
}

function timeZoneFaults({ timeZone }: CityDraft): CityFault[] {
  if (timeZone === undefined || isTimeZone(timeZone)) return []
  const meant = nearest(timeZone, Intl.supportedValuesOf('timeZone'))
  return [
    {
      path: ['city', 'timeZone'],
      message: `"${timeZone}" is no time zone of the IANA database`,
      remedy: `write ${meant ?? 'Asia/Shanghai (all of mainland China)'}`,
    },
  ]
}

function isTimeZone(name: string): boolean {
  // A fixed offset, which some engines take, knows no rules of a place.
  if (/^[+-]/.test(name)) return false
  try {
    new Intl.DateTimeFormat('en', { timeZone: name }).format(0)
    return true
  } catch {
    // RangeError is the only answer Intl has for an unknown name.
    return false
  }
}

/** A formula counts for storms of its validity only and is cited by document and edition. */
function stormFormulaFaults({ stormFormula }: CityDraft): CityFault[] {
  if (stormFormula === undefined) return []
  const faults: CityFault[] = []
  const { validFrom, validTo, provenance } = stormFormula
  if (validFrom !== undefined && validTo !== undefined && validTo <= validFrom) {
    faults.push({
      path: ['city', 'stormFormula', 'validTo'],
      message: `the storm formula is valid to ${validTo}, not after it begins ${validFrom}`,
      remedy: 'exchange or correct the two dates',
    })
  }
  if (provenance !== undefined && !('edition' in provenance)) {
    faults.push({
      path: ['city', 'stormFormula', 'provenance', 'edition'],
      message: 'the storm formula does not say which edition it is',
      remedy: 'add edition: as printed on the document, e.g. edition: "2021"',
    })
  }
  return faults
}
