import { isInShare, memberLabel, memberOfDevice } from '../domain/city/member.js'
import type { ApiParts } from './parts.js'
import { ProblemError } from './problem.js'

/**
 * Throws the problem that names every sensor which the registry lacks, or which another member owns:
 * two owners of one series would write over each other.
 *
 * @param field where the request names them
 */
export function refuseForeignSensors(
  named: Iterable<string>,
  field: string,
  { registry, member }: Pick<ApiParts, 'registry' | 'member'>,
): void {
  const { sensors } = registry.current().index
  const deviceOf = (sensor: string): string => sensors.get(sensor)?.device.id ?? ''
  const all = [...new Set(named)]
  const unknown = all.filter((sensor) => !sensors.has(sensor))
  if (unknown.length > 0) {
    throw new ProblemError(
      'invalid_request',
      `The registry has no sensor ${unknown.join(', ')}; nothing of the request was journaled.`,
      unknown.map((value) => ({
        field,
        value,
        expected: 'a sensor of /api/v1/series; add it with `rainledger city apply`',
      })),
    )
  }
  if (member === null) return
  const foreign = all.filter((sensor) => !isInShare(deviceOf(sensor), member))
  if (foreign.length === 0) return
  throw new ProblemError(
    'invalid_request',
    `${foreign.join(', ')}: of other members than ${memberLabel(member)}; nothing of the request was journaled.`,
    foreign.map((value) => {
      const owner = { number: memberOfDevice(deviceOf(value), member.of), of: member.of }
      const expected = `a sensor of this member; send what concerns this one to member ${memberLabel(owner)}`
      return { field, value, expected }
    }),
  )
}
