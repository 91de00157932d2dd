import type { RegistryIndex } from '../domain/city/registry-index.js'
import type { Registry } from '../domain/city/registry.js'

/** One version of the registry, as the journal holds it. */
export interface RegistryVersion {
  readonly registry: Registry
  /** The registry by id, worked out once per version. */
  readonly index: RegistryIndex
  /** Hex SHA-256 over the RFC 8785 canonical JSON of the registry; assessments cite it. */
  readonly sha256: string
  /** The YAML text it was read from, as it was applied. */
  readonly text: string
  /** Journal entry that brought it. */
  readonly seq: number
  readonly arrivalMs: number
  /** Who applied it, and why. */
  readonly person: string
  readonly reason: string
}

/** One thing that is wrong with a registry, with where and what would be right. */
export interface RegistryFault {
  /** The file, when the registry came from a folder of several. */
  readonly file?: string
  /** Line in the file, from 1; null when the registry did not come from a text. */
  readonly line: number | null
  /** e.g. `devices[3].sensors[0].unit` */
  readonly path: string
  readonly message: string
  readonly remedy: string
}

export type RegistryReading =
  | {
      readonly ok: true
      readonly registry: Registry
      /** What is in order but leaves a result missing or with a caveat, e.g. an unverified area. */
      readonly remarks: readonly RegistryFault[]
    }
  | { readonly ok: false; readonly faults: readonly RegistryFault[] }

export interface RegistryChange {
  /** The YAML text of the whole registry. */
  readonly text: string
  readonly person: string
  readonly reason: string
}

/** The registry in force. It changes by a journal entry, without a restart. */
export interface CityRegistry {
  current(): RegistryVersion
  /** Checks the text whole; when it is faultless, journals it and puts it in force. The same content twice is no new version. */
  apply(
    change: RegistryChange,
  ): Promise<
    | { readonly ok: true; readonly version: RegistryVersion; readonly changed: boolean }
    | { readonly ok: false; readonly faults: readonly RegistryFault[] }
  >
}
