import type { Registry } from '../../../../../src/domain/city/registry.js'
import { smallCity, type CityChanges } from './small-city.js'

export interface Accuracy {
  readonly absolute?: number
  readonly relative?: number
}

/** The small city, its sensors exact but for those named. */
export function cityWith(
  accuracies: Readonly<Record<string, Accuracy>>,
  changes: CityChanges = {},
): Registry {
  const registry = smallCity(changes)
  for (const sensor of registry.devices.flatMap(({ sensors }) => sensors)) {
    const accuracy = { absolute: 0, relative: 0, ...accuracies[sensor.id] }
    Object.assign(sensor, { accuracy })
  }
  return registry
}
