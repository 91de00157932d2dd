import { shown } from '../shown.js'

/** [RFC8428 §4.4] The version when none is given. */
export const DEFAULT_VERSION = 10

/** [RFC9100 §4] Version 10 with feature 4, secondary units (10 + 2^4): understood as well. */
const WITH_SECONDARY_UNITS = 26

/**
 * What is wrong with the `bver` of a record, else null. Earlier versions than 10 were drafts of
 * the same format and are read as it.
 *
 * @param inForce the version of the records before; null at the first record
 */
export function versionFault(given: unknown, inForce: unknown): string | null {
  if (given === undefined || given === null) return null
  if (typeof given !== 'number' || !Number.isInteger(given) || given < 1) {
    return `bver is ${shown(given)}; a version is a whole number from 1 to ${DEFAULT_VERSION}`
  }
  if (given > DEFAULT_VERSION && given !== WITH_SECONDARY_UNITS) {
    return `bver is ${given}; versions up to ${DEFAULT_VERSION} and ${WITH_SECONDARY_UNITS} are understood`
  }
  if (inForce !== null && given !== inForce) {
    return `bver is ${given} after ${shown(inForce)}; all records of a pack have one version`
  }
  return null
}
