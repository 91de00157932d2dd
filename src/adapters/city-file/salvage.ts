import type { z } from 'zod'
import type { RegistryDraft } from '../../domain/city/registry-draft.js'

/**
 * What is left of a registry with faults: every value the schema refused becomes undefined, in its
 * place, so that indices still point where they did. The one place where types are asserted: after
 * it nothing in the draft is of another type than the schema's.
 */
export function salvaged(value: unknown, issues: readonly z.core.$ZodIssue[]): RegistryDraft {
  const copy: unknown = structuredClone(value)
  for (const issue of issues) {
    // An unknown key spoils nothing beside it.
    if (issue.code === 'unrecognized_keys') continue
    // Without the word that says which form it is, nobody has looked at the rest of the mapping.
    blank(copy, issue.code === 'invalid_union' ? issue.path.slice(0, -1) : issue.path)
  }
  return isRecord(copy) ? copy : {}
}

function blank(root: unknown, path: readonly PropertyKey[]): void {
  const last = path.at(-1)
  if (last === undefined) return
  let holder = root
  for (const step of path.slice(0, -1)) {
    if (!isRecord(holder)) return
    holder = Object.hasOwn(holder, step) ? holder[step] : undefined
  }
  if (isRecord(holder) && Object.hasOwn(holder, last)) holder[last] = undefined
}

function isRecord(value: unknown): value is Record<PropertyKey, unknown> {
  return typeof value === 'object' && value !== null
}
