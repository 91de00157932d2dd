import type { Registry, Sensor } from './registry.js'

/**
 * Elevation from which a well's sensor measures, m above the datum: of a level the sensor's zero, of a
 * depth the ground, which is the station's unless the sensor has its own. Null where neither is told.
 */
export function wellZeroM(registry: Registry, sensor: Sensor): number | null {
  if (sensor.quantity === 'groundwater_level') return sensor.datumM ?? null
  return sensor.datumM ?? groundElevationM(registry, sensor.id)
}

/** Ground of the station a sensor stands at, m above the datum; null where not told. */
export function groundElevationM({ devices, stations }: Registry, sensor: string): number | null {
  const device = devices.find(({ sensors }) => sensors.some(({ id }) => id === sensor))
  const station = stations.find(({ id }) => id === device?.station)
  return station?.groundElevationM ?? null
}
