import { QUANTITIES } from '../../domain/quantity.js'
import { convertible } from '../../domain/units.js'
import { readYaml, type PathFault, type YamlPath, type YamlReading } from '../yaml-text.js'
import { qcConfigSchema, type QcConfig } from './config-schema.js'
import { utcOffset } from './utc-offset.js'

/** Reads a configuration of `rainledger qc`; every fault at once, in the order of their lines. */
export function readQcConfig(text: string): YamlReading<QcConfig> {
  return readYaml(text, qcConfigSchema, 'the configuration', contradictions)
}

/** What no single part of the configuration can know. */
function contradictions(config: QcConfig): readonly PathFault[] {
  const faults: PathFault[] = []
  const { time, columns } = config
  if (time.stamps === 'start' && time.intervalS === undefined) {
    faults.push({ path: ['time', 'stamps'], message: 'start needs time.intervalS' })
  }
  if (time.zone !== undefined && utcOffset(time.zone) === null) {
    faults.push({ path: ['time', 'zone'], message: `"${time.zone}" is no zone and no offset` })
  }
  // Of two with one name the first counts.
  const byName = new Map(columns.toReversed().map((column) => [column.column, column]))
  for (const [index, column] of columns.entries()) {
    const path = ['columns', index]
    if (byName.get(column.column) !== column) {
      faults.push({ path: [...path, 'column'], message: `"${column.column}" is listed twice` })
    }
    faults.push(...unitFaults(column, path), ...referenceFaults(column, byName, path))
  }
  return faults
}

function unitFaults(
  { quantity, unit }: QcConfig['columns'][number],
  path: YamlPath,
): readonly PathFault[] {
  if (unit === undefined) return []
  const at = [...path, 'unit']
  if (quantity === undefined) return [{ path: at, message: 'a unit needs a quantity beside it' }]
  if (convertible(unit, quantity)) return []
  const internal = QUANTITIES[quantity].unit
  return [{ path: at, message: `"${unit}" cannot be converted to ${internal} of ${quantity}` }]
}

function referenceFaults(
  { column, quantity, absent, tests }: QcConfig['columns'][number],
  byName: ReadonlyMap<string, QcConfig['columns'][number]>,
  path: YamlPath,
): readonly PathFault[] {
  const faults: PathFault[] = []
  const { location, neighbour } = tests
  if (location !== undefined && location !== 'off' && absent === 'skip') {
    const message = 'needs a row for each position: absent must be missing'
    faults.push({ path: [...path, 'tests', 'location'], message })
  }
  if (location !== undefined && location !== 'off') {
    for (const axis of ['lon', 'lat'] as const) {
      if (byName.get(location[axis])?.absent !== 'skip') continue
      const message = `"${location[axis]}" leaves rows out: absent must be missing`
      faults.push({ path: [...path, 'tests', 'location', axis], message })
    }
  }
  if (neighbour === undefined || neighbour === 'off') return faults
  const at = [...path, 'tests', 'neighbour']
  if (quantity !== 'rain_depth') {
    faults.push({ path: at, message: 'is for columns of quantity rain_depth' })
  }
  for (const [index, name] of (neighbour.columns ?? []).entries()) {
    if (name !== column && byName.get(name)?.quantity === 'rain_depth') continue
    const message = `"${name}" is no other column of quantity rain_depth`
    faults.push({ path: [...at, 'columns', index], message })
  }
  return faults
}
