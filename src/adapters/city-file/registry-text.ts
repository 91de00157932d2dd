import { registrySchema, type Registry } from '../../domain/city/registry.js'
import type { CityFault, CityPath } from '../../domain/city/city-fault.js'
import { crossReferenceFaults } from '../../domain/city/cross-references.js'
import { registryRemarks } from '../../domain/city/remarks.js'
import type { RegistryFault, RegistryReading } from '../../ports/city-registry.js'
import { explained } from './explain.js'
import { joined, type JoinedSources, type NamedSource } from './joined-sources.js'
import { pathText } from './path-text.js'
import { salvaged } from './salvage.js'
import { unitRules } from './unit-rules.js'
import { yamlSource } from './yaml-source.js'

export interface ReadOptions {
  /** Device models that can be decoded (devices/index.ts); not checked when absent. */
  readonly models?: readonly string[]
}

/**
 * Reads a registry from YAML and checks it whole: syntax, credentials, form, references.
 * Faults come all at once, in the order of the text. When the syntax is broken only syntax and
 * credentials are reported, because what the rest means is a guess. Never throws, whatever the text.
 */
export function readRegistry(text: string, options: ReadOptions = {}): RegistryReading {
  return readSources([{ file: null, source: yamlSource(text) }], options)
}

/** Reads a registry that is spread over several texts, each with some of its sections. */
export function readSources(
  sources: readonly NamedSource[],
  options: ReadOptions,
): RegistryReading {
  const all = joined(sources)
  if (!all.isWellFormed) return { ok: false, faults: sorted(all.faults) }

  const parsed = registrySchema.safeParse(all.value)
  const issues = parsed.success ? [] : parsed.error.issues
  const draft = parsed.success ? parsed.data : salvaged(all.value, issues)
  const found = [
    ...explained(issues, all.value),
    ...crossReferenceFaults(draft, { units: unitRules, models: options.models }),
  ].filter(({ path }) => !all.isHidden(path))
  const faults = [...all.faults, ...placed(found, all)]
  if (!parsed.success || faults.length > 0) return { ok: false, faults: sorted(faults) }

  const registry: Registry = parsed.data
  return { ok: true, registry, remarks: sorted(placed(registryRemarks(registry), all)) }
}

function placed(faults: readonly CityFault[], sources: JoinedSources): RegistryFault[] {
  return faults.map(({ path, message, remedy }) => placedFault(path, message, remedy, sources))
}

function placedFault(
  path: CityPath,
  message: string,
  remedy: string,
  sources: JoinedSources,
): RegistryFault {
  return { ...sources.placeOf(path), path: pathText(path), message, remedy }
}

/** By file, line and path; faults without a line first. */
function sorted(faults: readonly RegistryFault[]): RegistryFault[] {
  return [...faults].sort(
    (a, b) =>
      compare(a.file ?? '', b.file ?? '') ||
      (a.line ?? 0) - (b.line ?? 0) ||
      compare(a.path, b.path),
  )
}

/** By code units, so that the order depends on no language of the machine. */
function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
