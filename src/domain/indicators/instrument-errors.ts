import type { Registry } from '../city/registry.js'
import type { ErrorTerm } from '../uncertainty/draws.js'
import { sensorOf } from './city-lookup.js'

/**
 * The errors that an instrument brings into an amount: a gain and a zero error, each one and the
 * same over the whole window. Nothing in the registry says how much of an accuracy would change from
 * storm to storm; what changes from reading to reading averages out within a storm. Taken as
 * constant it does not average out over storms either.
 *
 * @param amount that its gain acts on, in the result's unit; below 0 for what is subtracted
 * @param zeroFactor what one unit of zero error brings into the result
 * @returns none when the accuracy is not in the registry (`withoutAccuracy`)
 */
export function instrumentErrors(
  registry: Registry,
  sensor: string,
  amount: number,
  zeroFactor: number,
): readonly ErrorTerm[] {
  const { accuracy } = sensorOf(registry, sensor)
  if (accuracy === undefined) return []
  return [
    { source: `${sensor} gain`, law: 'normal', scale: accuracy.relative * amount },
    { source: `${sensor} zero`, law: 'normal', scale: accuracy.absolute * zeroFactor },
  ]
}

/** The sensors, each once and sorted, whose accuracy is not in the registry. */
export function withoutAccuracy(registry: Registry, sensors: Iterable<string>): readonly string[] {
  return [...new Set(sensors)]
    .filter((sensor) => sensorOf(registry, sensor).accuracy === undefined)
    .toSorted()
}
