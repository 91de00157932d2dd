import type { Clock } from '../ports/clock.js'
import type {
  CityRegistry,
  RegistryChange,
  RegistryFault,
  RegistryReading,
  RegistryVersion,
} from '../ports/city-registry.js'
import type { Journal, JournalEntry } from '../ports/journal.js'
import { registryIndex } from '../domain/city/registry-index.js'
import type { Registry } from '../domain/city/registry.js'

export interface RegistryParts {
  readonly journal: Journal
  readonly clock: Clock
  readonly read: (text: string) => RegistryReading
  readonly sha256: (registry: Registry) => string
}

export class NoRegistryError extends Error {
  override readonly name = 'NoRegistryError'
}

/**
 * Opens the registry that the journal last saw.
 * Throws NoRegistryError when the journal holds none and `initial` gives none,
 * and Error when the text is faulty.
 */
export async function openRegistry(
  parts: RegistryParts,
  initial: RegistryChange | null,
): Promise<CityRegistry> {
  const newest = await parts.journal.newest('registry')
  let inForce = newest === null ? null : versionOf(newest, parts)

  async function apply(change: RegistryChange): ReturnType<CityRegistry['apply']> {
    const reading = parts.read(change.text)
    if (!reading.ok) return reading
    const sha256 = parts.sha256(reading.registry)
    if (inForce !== null && inForce.sha256 === sha256) {
      return { ok: true, version: inForce, changed: false }
    }
    if (inForce !== null && inForce.registry.city.id !== reading.registry.city.id) {
      return { ok: false, faults: [otherCity(inForce.registry, reading.registry)] }
    }
    const arrivalMs = parts.clock.nowMs()
    const seq = await parts.journal.append({
      kind: 'registry',
      arrivalMs,
      device: '',
      client: change.person,
      topic: change.reason,
      qos: 1,
      retain: false,
      dup: false,
      payload: Buffer.from(change.text),
    })
    const { registry } = reading
    inForce = {
      registry,
      index: registryIndex(registry),
      sha256,
      text: change.text,
      seq,
      arrivalMs,
      person: change.person,
      reason: change.reason,
    }
    return { ok: true, version: inForce, changed: true }
  }

  if (inForce === null) {
    if (initial === null) {
      throw new NoRegistryError(
        'this data folder has no city registry yet; start with --city FILE, or --demo for the demo city',
      )
    }
    const applied = await apply(initial)
    if (!applied.ok) throw new Error(`the registry has ${applied.faults.length} faults`)
  }

  return {
    current() {
      if (inForce === null) throw new NoRegistryError('no registry is in force')
      return inForce
    },
    apply,
  }
}

/** Topics name the city, so under another one every device would fall silent. */
function otherCity({ city }: Registry, given: Registry): RegistryFault {
  return {
    line: null,
    path: 'city.id',
    message: `is ${given.city.id}, but this data folder is that of ${city.id}`,
    remedy: `apply it to the service of ${given.city.id}, or start one: rainledger up --city FILE --data FOLDER`,
  }
}

function versionOf(entry: JournalEntry, parts: RegistryParts): RegistryVersion {
  const text = Buffer.from(entry.payload).toString('utf8')
  const reading = parts.read(text)
  if (!reading.ok) {
    const first = reading.faults[0]
    throw new Error(
      `the registry in journal entry ${entry.seq} cannot be read by this release: ${first?.path} ${first?.message}`,
    )
  }
  return {
    registry: reading.registry,
    index: registryIndex(reading.registry),
    sha256: parts.sha256(reading.registry),
    text,
    seq: entry.seq,
    arrivalMs: entry.arrivalMs,
    person: entry.client,
    reason: entry.topic,
  }
}
