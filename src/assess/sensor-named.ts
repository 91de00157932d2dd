import type { Registry, Sensor } from '../domain/city/registry.js'
import { QUANTITIES } from '../domain/quantity.js'

/** A sensor of one measure (totals, or states) by id. Throws RangeError: the caller checks subjects first. */
export function sensorNamed(registry: Registry, id: string, measure: 'total' | 'state'): Sensor {
  for (const { sensors } of registry.devices) {
    const sensor = sensors.find((candidate) => candidate.id === id)
    if (sensor === undefined) continue
    if (QUANTITIES[sensor.quantity].measure === measure) return sensor
    throw new RangeError(`${id} observes ${sensor.quantity}, which is no ${measure}`)
  }
  throw new RangeError(`the registry has no sensor ${id}`)
}

/** Longest time between two messages of a sensor that works, ms. */
export function expectedEveryMs(sensor: Sensor): number {
  const { reporting } = sensor
  return (reporting.type === 'periodic' ? reporting.intervalS : reporting.heartbeatS) * 1000
}
