import type { Provenance } from '../city/registry.js'
import { text } from './indicator.js'
import type { Text } from './result.js'

/** Where a fact of the registry comes from, on one line; what was not checked says so. */
export function provenanceText(provenance: Provenance): Text {
  const { document, edition, clause, date, unverified } = provenance
  const named = [document, edition, clause, date].filter((part) => part !== undefined).join(', ')
  return unverified
    ? text(`${named}（未核实 unverified）`, `${named} (unverified)`)
    : text(named, named)
}
