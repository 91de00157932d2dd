import type { RegistryIndex } from '../domain/city/registry-index.js'
import type { Device, Sensor } from '../domain/city/registry.js'
import { QUANTITIES } from '../domain/quantity.js'
import { invalid, ProblemError } from './problem.js'

/** Finds what a caller names in the registry in force; throws a problem when it is not there. */

export interface PlacedSensor {
  readonly device: Device
  readonly sensor: Sensor
  /** Internal unit of the sensor's quantity, UCUM. */
  readonly unit: string
}

/** What rain can be asked for; the subjects of indicators are looked up by the assessment. */
export type SubjectKind = 'gauge' | 'catchment'

export function placedSensors(index: RegistryIndex): PlacedSensor[] {
  return Array.from(index.sensors.values(), placed)
}

/** The sensor that a path names: 404 without one. */
export function sensorOfPath(index: RegistryIndex, id: string): PlacedSensor {
  const found = index.sensors.get(id)
  if (found !== undefined) return placed(found)
  const detail = `The registry lists no sensor ${id}; /api/v1/series lists all.`
  throw new ProblemError('not_found', detail)
}

/** The device that a path names: 404 without one. */
export function deviceOfPath(index: RegistryIndex, id: string): Device {
  const device = index.devices.get(id)
  if (device !== undefined) return device
  const detail = `The registry lists no device ${id}; /api/v1/devices lists all.`
  throw new ProblemError('not_found', detail)
}

/** The sensors that a parameter names, separated by commas; all when it is left out. */
export function sensorsOfQuery(
  index: RegistryIndex,
  field: string,
  ids: string | undefined,
): PlacedSensor[] {
  if (ids === undefined) return placedSensors(index)
  return ids.split(',').map((id) => {
    const found = index.sensors.get(id)
    if (found !== undefined) return placed(found)
    throw invalid(field, id, 'ids of /api/v1/series, separated by commas')
  })
}

/** The rain gauge that a parameter names. */
export function gaugeOfQuery(index: RegistryIndex, field: string, id: string): PlacedSensor {
  requireSubject(index, 'gauge', field, id)
  return sensorOfPath(index, id)
}

/** The sensor that a parameter names; its quantity must be a state, because totals are not averaged. */
export function stateSensorOfQuery(index: RegistryIndex, field: string, id: string): PlacedSensor {
  const found = index.sensors.get(id)
  if (found === undefined) throw invalid(field, id, 'a sensor of /api/v1/series')
  const { quantity } = found.sensor
  if (QUANTITIES[quantity].measure === 'state') return placed(found)
  throw invalid(field, id, `a sensor of a state; ${quantity} adds up over time`)
}

/** Holds that the city has a subject of that kind. */
export function requireSubject(
  index: RegistryIndex,
  kind: SubjectKind,
  field: string,
  id: string,
): void {
  const ids = SUBJECTS[kind](index)
  if (ids.includes(id)) return
  const choice = ids.length === 0 ? 'but the city has none' : `one of: ${ids.join(', ')}`
  throw invalid(field, id, `a ${kind}, ${choice}`)
}

/** The ids that each kind of subject has in a city. */
const SUBJECTS: Readonly<Record<SubjectKind, (index: RegistryIndex) => string[]>> = {
  gauge: gauges,
  catchment: ({ catchments }) => [...catchments.keys()],
}

function gauges(index: RegistryIndex): string[] {
  return placedSensors(index)
    .filter(({ sensor }) => sensor.quantity === 'rain_depth')
    .map(({ sensor }) => sensor.id)
}

function placed(found: { readonly sensor: Sensor; readonly device: Device }): PlacedSensor {
  return { ...found, unit: QUANTITIES[found.sensor.quantity].unit }
}
