import type { Sensor } from '../city/registry.js'
import type { Quantity } from '../quantity.js'
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../time.js'
import type { RangeLimits } from './gross-range.js'

/** Limits with where they come from. */
export interface SourcedLimits extends RangeLimits {
  readonly source: string
}

/** No rule fixes a range for online instruments; these are to be tuned to local records. */
const OWN_RANGE = 'Rainledger’s own default, range (recommended: no rule fixes it)'

/** Limits by quantity where the registry gives a sensor none; internal units. No entry: not evaluated. */
const BY_QUANTITY: Readonly<Partial<Record<Quantity, SourcedLimits>>> = {
  // 10 mm/min over a minute; no longer span can be more intense.
  rain_intensity: { fail: [0, 600], source: OWN_RANGE },
  turbidity: { fail: [0, 4000], source: OWN_RANGE },
  dissolved_oxygen: { fail: [0, 20], source: OWN_RANGE },
  oxidation_reduction: { fail: [-500, 800], source: OWN_RANGE },
  ammonia_nitrogen: { fail: [0, 100], source: OWN_RANGE },
  air_temperature: { fail: [-45, 50], source: OWN_RANGE },
  // Suspect only: a ponding deeper than the gauge's range is the very thing we must not lose.
  ponding_depth: {
    suspect: [-10, 1000],
    source: 'range of a usual ponding gauge, 0–100 cm ±1 cm (recommended: no rule fixes it)',
  },
}

/** Greatest depth that rain can reach within a span; our own defaults (recommended). */
const RAIN_LIMITS: readonly { readonly withinMs: number; readonly depthMm: number }[] = [
  { withinMs: MINUTE_MS, depthMm: 10 },
  { withinMs: 5 * MINUTE_MS, depthMm: 40 },
  { withinMs: HOUR_MS, depthMm: 220 },
  { withinMs: DAY_MS, depthMm: 800 },
]

/**
 * The limits a sensor is held to: the registry's own, else the default of its quantity.
 * Rain totals are held to the limit of the shortest listed span not shorter than theirs; a counter
 * only to not being negative, because its reading says nothing about one interval. Flow and level
 * have no default: theirs depend on the pipe and the ground.
 */
export function limitsOf(
  sensor: Pick<Sensor, 'quantity' | 'kind' | 'reporting' | 'limits'>,
): RangeLimits {
  if (sensor.limits !== undefined) return sensor.limits
  if (sensor.quantity === 'rain_depth') return rainLimits(sensor)
  return BY_QUANTITY[sensor.quantity] ?? {}
}

function rainLimits(sensor: Pick<Sensor, 'kind' | 'reporting'>): SourcedLimits {
  if (sensor.kind.type === 'counter') {
    return { fail: [0, Number.POSITIVE_INFINITY], source: 'a counter is never negative' }
  }
  // What is reported on change covers an unknown, short span; five minutes is the coarsest we ask of a gauge (recommended).
  const spanMs =
    sensor.reporting.type === 'periodic' ? sensor.reporting.intervalS * 1000 : 5 * MINUTE_MS
  const limit = RAIN_LIMITS.find(({ withinMs }) => spanMs <= withinMs)
  if (limit === undefined) return { fail: [0, Number.POSITIVE_INFINITY], source: OWN_RANGE }
  return { fail: [0, limit.depthMm], source: OWN_RANGE }
}
