import type { Sensor } from '../city/registry.js'
import type { Quantity } from '../quantity.js'
import { HOUR_MS } from '../time.js'
import type { FlatLineSettings } from './flat-line.js'
import type { NeighbourSettings } from './neighbour.js'
import type { RateOfChangeSettings } from './rate-of-change.js'

/** Settings with where they come from. */
export type Sourced<Settings> = Settings & { readonly source: string }

const OWN_STEP = 'Rainledger’s own default, step (recommended: no rule fixes it)'
const OWN_STUCK = 'Rainledger’s own default, stuck (recommended: no rule fixes it)'

/** Fastest change by quantity, internal unit per second; suspect only. No entry: not evaluated. */
const FASTEST_CHANGE: Readonly<Partial<Record<Quantity, number>>> = {
  // 1 m in 5 min.
  level: 1 / 300,
  // 4 °C in 10 min.
  air_temperature: 4 / 600,
}

/**
 * Longest stillness by quantity; suspect only. Level and flow have none: theirs holds during rain
 * only, and a dry pipe is still for weeks.
 */
const LONGEST_STILLNESS_MS: Readonly<Partial<Record<Quantity, number>>> = {
  suspended_solids: 12 * HOUR_MS,
  turbidity: 12 * HOUR_MS,
  dissolved_oxygen: 12 * HOUR_MS,
  ammonia_nitrogen: 12 * HOUR_MS,
  oxidation_reduction: 12 * HOUR_MS,
  conductivity: 12 * HOUR_MS,
  ph: 12 * HOUR_MS,
  air_temperature: 6 * HOUR_MS,
}

/** "Unchanged" leaves room for the rounding of a unit conversion and for nothing a sensor resolves. */
const UNCHANGED = 1e-9

export function defaultRateOfChange(
  sensor: Pick<Sensor, 'quantity'>,
): Sourced<RateOfChangeSettings> | undefined {
  const suspectPerS = FASTEST_CHANGE[sensor.quantity]
  return suspectPerS === undefined ? undefined : { suspectPerS, source: OWN_STEP }
}

export function defaultFlatLine(
  sensor: Pick<Sensor, 'quantity'>,
): Sourced<FlatLineSettings> | undefined {
  const suspectAfterMs = LONGEST_STILLNESS_MS[sensor.quantity]
  if (suspectAfterMs === undefined) return undefined
  return { suspectAfterMs, tolerance: UNCHANGED, source: OWN_STUCK }
}

/** For gauges that report increments; of a counter, differences would have to be formed first. */
export function defaultNeighbour(
  sensor: Pick<Sensor, 'quantity' | 'kind'>,
): Sourced<NeighbourSettings> | undefined {
  if (sensor.quantity !== 'rain_depth' || sensor.kind.type === 'counter') return undefined
  return { windowMs: HOUR_MS, wetAboveMm: 5, atLeast: 2, source: OWN_STUCK }
}
