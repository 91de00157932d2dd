import { QUANTITIES } from '../../quantity.js'
import type { CityFault, CityPath } from '../city-fault.js'
import type { CityView } from '../city-view.js'
import { periodFaults } from '../periods.js'
import { entries, sensorsOf, type DeviceDraft, type SensorDraft } from '../registry-draft.js'
import type { UnitRules } from '../unit-rules.js'

const KINDS_OF = {
  total: ['increment', 'counter', 'tip'],
  state: ['instant', 'interval-mean'],
} as const

/** Each sensor is consistent in itself, and its device can tell its values from its neighbours'. */
export function sensorFaults({ registry }: CityView, units: UnitRules): CityFault[] {
  const faults: CityFault[] = []
  for (const { sensor, path } of sensorsOf(registry)) {
    faults.push(
      ...kindFaults(sensor, path),
      ...unitFaults(sensor, path, units),
      ...limitFaults(sensor, path),
      ...periodFaults(sensor.calibrations, [...path, 'calibrations'], {
        what: 'the calibration',
        gaps: 'allowed',
      }),
    )
  }
  for (const [index, device] of entries(registry.devices)) {
    faults.push(...fieldFaults(device, ['devices', index, 'sensors']))
  }
  return faults
}

/** A total adds up and comes as increments, counter or tips; a state is sampled or averaged. */
function kindFaults({ kind, quantity }: SensorDraft, path: CityPath): CityFault[] {
  if (kind?.type === undefined || quantity === undefined) return []
  const { measure } = QUANTITIES[quantity]
  const fitting: readonly string[] = KINDS_OF[measure]
  if (fitting.includes(kind.type)) return []
  return [
    {
      path: [...path, 'kind', 'type'],
      message: `kind "${kind.type}" does not fit ${quantity}, which is a ${measure}`,
      remedy: `write ${alternatives(fitting)}, or correct the quantity`,
    },
  ]
}

function unitFaults(
  { unit, quantity }: SensorDraft,
  path: CityPath,
  units: UnitRules,
): CityFault[] {
  if (unit === undefined || quantity === undefined || units.convertible(unit, quantity)) return []
  return [
    {
      path: [...path, 'unit'],
      message: `"${unit}" is no UCUM unit of ${quantity}`,
      remedy: `write ${alternatives(units.accepted(quantity))}`,
    },
  ]
}

function limitFaults({ limits }: SensorDraft, path: CityPath): CityFault[] {
  if (limits === undefined) return []
  const faults: CityFault[] = []
  for (const test of ['fail', 'suspect'] as const) {
    const [low, high] = limits[test] ?? []
    if (low === undefined || high === undefined || low < high) continue
    faults.push({
      path: [...path, 'limits', test],
      message: `the limits [${low}, ${high}] leave no range between them`,
      remedy: low === high ? 'write [lowest, highest]' : `write [${high}, ${low}]`,
    })
  }
  const [failLow, failHigh] = limits.fail ?? []
  const [low, high] = limits.suspect ?? []
  if (failLow === undefined || failHigh === undefined || low === undefined || high === undefined) {
    return faults
  }
  if (faults.length === 0 && (low < failLow || high > failHigh)) {
    faults.push({
      path: [...path, 'limits', 'suspect'],
      message: `the suspect range [${low}, ${high}] reaches beyond the fail range [${failLow}, ${failHigh}]`,
      remedy: 'let the suspect range lie within the fail range',
    })
  }
  return faults
}

/** Values are matched by field or by sensor id; each name may mean one sensor of the device only. */
function fieldFaults(device: DeviceDraft, path: CityPath): CityFault[] {
  const faults: CityFault[] = []
  const fields = new Set<string>()
  const sensors = [...entries(device.sensors)]
  for (const [index, { field }] of sensors) {
    if (field === undefined) continue
    if (fields.has(field)) {
      faults.push({
        path: [...path, index, 'field'],
        message: `another sensor of the device reads the field "${field}" already`,
        remedy: 'give each sensor of a device its own field, as the payload names it',
      })
    }
    fields.add(field)
    const namesake = sensors.find(([other, { id }]) => other !== index && id === field)
    if (namesake !== undefined) {
      faults.push({
        path: [...path, index, 'field'],
        message: `the field "${field}" is the id of another sensor of the device`,
        remedy: 'rename that sensor: a payload may name a value by field or by id',
      })
    }
  }
  return faults
}

function alternatives(words: readonly string[]): string {
  if (words.length <= 1) return words[0] ?? 'another'
  return `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`
}
