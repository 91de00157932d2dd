import { registryIndex } from '../../domain/city/registry-index.js'
import type { Registry } from '../../domain/city/registry.js'
import type { RegistryReading, RegistryVersion } from '../../ports/city-registry.js'
import type { Logger } from '../../ports/logger.js'
import { memberLabel } from '../../domain/city/member.js'
import { sourceAnswer } from './answers.js'
import type { ActiveMember, RollCall } from './roll-call.js'

export interface RegistryReader {
  readonly read: (text: string) => RegistryReading
  readonly sha256: (registry: Registry) => string
}

/** The registry of the members: that of the first one which answers, kept while none does. */
export interface FollowedRegistry {
  /** null before the first. */
  current(): RegistryVersion | null
  /** Reads it again where it has changed. Rejects when the member does not give it. */
  follow(roll: RollCall): Promise<void>
}

export function followRegistry(reader: RegistryReader, logger: Logger): FollowedRegistry {
  let inForce: RegistryVersion | null = null
  let differing = ''

  function tellOfDifferences(active: readonly ActiveMember[], sha256: string): void {
    const others = active.filter((member) => member.registrySha256 !== sha256).map(memberLabel)
    if (others.join() === differing) return
    differing = others.join()
    if (others.length === 0) return
    logger.warn(
      { members: others },
      'these members have another registry in force than the first: apply the same one to every member',
    )
  }

  return {
    current: () => inForce,
    async follow({ active }) {
      const [first] = active
      if (first === undefined) return
      if (first.registrySha256 !== inForce?.sha256) inForce = await versionOf(first, reader)
      tellOfDifferences(active, inForce.sha256)
    },
  }
}

async function versionOf(member: ActiveMember, reader: RegistryReader): Promise<RegistryVersion> {
  const { registry: version, text } = await member.http.json('/city/source', sourceAnswer)
  const reading = reader.read(text)
  if (!reading.ok) {
    const [fault] = reading.faults
    throw new Error(
      `the registry of member ${memberLabel(member)} cannot be read by this release: ${fault?.path} ${fault?.message}`,
    )
  }
  const { appliedMs: arrivalMs, ...who } = version
  return {
    ...who,
    arrivalMs,
    text,
    registry: reading.registry,
    index: registryIndex(reading.registry),
    sha256: reader.sha256(reading.registry),
  }
}
