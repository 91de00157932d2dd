import type { Device, Registry, Sensor } from '../domain/city/registry.js'
import type { IndicatorResult } from '../domain/indicators/result.js'
import { QUANTITIES } from '../domain/quantity.js'
import { invalid, ProblemError } from './problem.js'

/** Finds what a caller names in the registry in force; throws a problem when it is not there. */

export interface PlacedSensor {
  readonly device: Device
  readonly sensor: Sensor
  /** Internal unit of the sensor's quantity, UCUM. */
  readonly unit: string
}

export function placedSensors(registry: Registry): PlacedSensor[] {
  return registry.devices.flatMap((device) =>
    device.sensors.map((sensor) => ({ device, sensor, unit: QUANTITIES[sensor.quantity].unit })),
  )
}

/** The sensor that a path names: 404 without one. */
export function sensorOfPath(registry: Registry, id: string): PlacedSensor {
  const placed = findSensor(registry, id)
  if (placed !== undefined) return placed
  throw new ProblemError(
    'not_found',
    `The registry lists no sensor ${id}; /api/v1/series lists all.`,
  )
}

/** The device that a path names: 404 without one. */
export function deviceOfPath(registry: Registry, id: string): Device {
  const device = registry.devices.find((device) => device.id === id)
  if (device !== undefined) return device
  throw new ProblemError(
    'not_found',
    `The registry lists no device ${id}; /api/v1/devices lists all.`,
  )
}

/** The rain gauge that a parameter names. */
export function gaugeOfQuery(registry: Registry, field: string, id: string): PlacedSensor {
  const placed = findSensor(registry, id)
  if (placed?.sensor.quantity === 'rain_depth') return placed
  throw invalid(field, id, `a sensor of rain_depth, one of: ${gauges(registry).join(', ')}`)
}

/** The sensor that a parameter names; its quantity must be a state, because totals are not averaged. */
export function stateSensorOfQuery(registry: Registry, field: string, id: string): PlacedSensor {
  const placed = findSensor(registry, id)
  if (placed === undefined) throw invalid(field, id, 'a sensor of /api/v1/series')
  if (QUANTITIES[placed.sensor.quantity].measure === 'state') return placed
  throw invalid(field, id, `a sensor of a state; ${placed.sensor.quantity} adds up over time`)
}

/** Holds that the city has a subject of that kind. */
export function requireSubject(
  registry: Registry,
  kind: SubjectKind,
  field: string,
  id: string,
): void {
  const ids = SUBJECTS[kind](registry)
  if (ids.includes(id)) return
  const choice = ids.length === 0 ? 'but the city has none' : `one of: ${ids.join(', ')}`
  throw invalid(field, id, `a ${kind}, ${choice}`)
}

type SubjectKind = IndicatorResult['subject']['kind']

/** The ids that each kind of subject has in a city. */
const SUBJECTS: Readonly<Record<SubjectKind, (registry: Registry) => string[]>> = {
  gauge: gauges,
  catchment: ({ catchments }) => catchments.map(({ id }) => id),
  outfall: ({ outfalls }) => outfalls.map(({ id }) => id),
  'ponding-point': ({ pondingPoints }) => pondingPoints.map(({ id }) => id),
  zone: ({ drainageZones }) => drainageZones.map(({ id }) => id),
}

function gauges(registry: Registry): string[] {
  return placedSensors(registry)
    .filter(({ sensor }) => sensor.quantity === 'rain_depth')
    .map(({ sensor }) => sensor.id)
}

function findSensor(registry: Registry, id: string): PlacedSensor | undefined {
  return placedSensors(registry).find(({ sensor }) => sensor.id === id)
}
