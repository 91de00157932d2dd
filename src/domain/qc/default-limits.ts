import type { Sensor } from '../city/registry.js'
import type { Quantity } from '../quantity.js'
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../time.js'
import type { RangeLimits } from './gross-range.js'

/** Limits with where they come from. */
export interface SourcedLimits extends RangeLimits {
  readonly source: string
}

const RANGE_TABLE = 'standards.md §8.4, Range (recommended)'

/** Limits by quantity where the registry gives a sensor none; internal units. No entry: not evaluated. */
const BY_QUANTITY: Readonly<Partial<Record<Quantity, SourcedLimits>>> = {
  // 10 mm/min over a minute; no longer span can be more intense.
  rain_intensity: { fail: [0, 600], source: RANGE_TABLE },
  turbidity: { fail: [0, 4000], source: RANGE_TABLE },
  dissolved_oxygen: { fail: [0, 20], source: RANGE_TABLE },
  oxidation_reduction: { fail: [-500, 800], source: RANGE_TABLE },
  ammonia_nitrogen: { fail: [0, 100], source: RANGE_TABLE },
  air_temperature: { fail: [-45, 50], source: RANGE_TABLE },
  // Suspect only: a ponding deeper than the gauge's range is the very thing we must not lose.
  ponding_depth: {
    suspect: [-10, 1000],
    source: 'standards.md §8.2, ponding gauge 0–100 cm ±1 cm (recommended)',
  },
}

/** Greatest depth that rain can reach within a span, standards.md §8.4 (recommended). */
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
  // What is reported on change covers an unknown, short span; five minutes is the coarsest the sheet asks of a gauge.
  const spanMs =
    sensor.reporting.type === 'periodic' ? sensor.reporting.intervalS * 1000 : 5 * MINUTE_MS
  const limit = RAIN_LIMITS.find(({ withinMs }) => spanMs <= withinMs)
  if (limit === undefined) return { fail: [0, Number.POSITIVE_INFINITY], source: RANGE_TABLE }
  return { fail: [0, limit.depthMm], source: RANGE_TABLE }
}
