import type { Quantity } from '../../src/domain/quantity.js'
import { DAY_MS, HOUR_MS, SECOND_MS } from '../../src/domain/time.js'
import { chance, type Chance } from '../random.js'
import type { Signal } from '../sensors/readings.js'
import { stormDepthMm, stormsBetween } from '../storm-calendar.js'

/** The weather of a scenario: its steps, and the rain of each over the whole city. */
export interface Weather {
  readonly chance: Chance
  /** Start of the first step, UTC epoch ms. */
  readonly startMs: number
  /** End of each step, UTC epoch ms. */
  readonly atMs: Float64Array
  readonly rainMm: Float64Array
  /** Water that is still on its way, mm: rain that fades with a time constant of an hour. */
  readonly wetMm: Float64Array
}

const FADES_IN_MS = HOUR_MS

export function weatherOf(seed: number, startMs: number, stepS: number, steps: number): Weather {
  const luck = chance(seed)
  const stepMs = stepS * SECOND_MS
  const atMs = Float64Array.from({ length: steps }, (_, step) => startMs + (step + 1) * stepMs)
  const storms = stormsBetween(luck, startMs, startMs + steps * stepMs)
  const rainMm = atMs.map((endMs) =>
    storms.reduce((sum, storm) => sum + stormDepthMm(storm, endMs - stepMs, endMs), 0),
  )
  const kept = Math.exp(-stepMs / FADES_IN_MS)
  let wet = 0
  const wetMm = rainMm.map((mm) => (wet = wet * kept + mm))
  return { chance: luck, startMs, atMs, rainMm, wetMm }
}

/** Value in dry weather, half the daily wave, and what a millimetre of water on its way adds. */
type Response = readonly [dry: number, wave: number, perMm: number]

/** Internal units. Plausible for a small town; made up, not fitted to any record. */
const RESPONSES: Readonly<Record<Exclude<Quantity, 'rain_depth' | 'volume'>, Response>> = {
  rain_intensity: [0, 0, 1],
  flow: [0.02, 0.004, 0.03],
  velocity: [0.3, 0.05, 0.06],
  level: [0.25, 0.02, 0.05],
  ponding_depth: [0, 0, 6],
  groundwater_level: [18, 0.01, 0.002],
  groundwater_depth: [3, 0.01, -0.002],
  suspended_solids: [30, 5, 12],
  turbidity: [15, 2, 9],
  dissolved_oxygen: [7.2, 0.8, -0.08],
  ammonia_nitrogen: [0.9, 0.15, 0.06],
  oxidation_reduction: [180, 15, -4],
  conductivity: [520, 20, -8],
  ph: [7.4, 0.1, -0.01],
  water_temperature: [22, 1.5, -0.05],
  air_temperature: [25, 5, -0.15],
  wind_speed: [2, 1, 0.1],
  relative_humidity: [70, -10, 0.8],
  soil_moisture: [24, 0, 0.6],
  voltage: [12.6, 0.3, 0],
}
const NEVER_BELOW_ZERO: ReadonlySet<Quantity> = new Set([
  ...(['flow', 'velocity', 'level', 'ponding_depth', 'dissolved_oxygen'] as const),
])

/**
 * What an ideal instrument would show at each step, internal unit. Every sensor has its own patch
 * of weather: rain and response differ by up to 20 % from the city's.
 */
export function truthOf(weather: Weather, sensor: string, quantity: Quantity): Signal {
  const { atMs, rainMm, wetMm, chance } = weather
  const patch = 0.8 + 0.4 * chance.uniform('patch', sensor)
  if (quantity === 'rain_depth') return { atMs, value: rainMm.map((mm) => mm * patch) }
  if (quantity === 'volume') {
    const stepS = ((atMs[1] ?? 0) - (atMs[0] ?? 0)) / SECOND_MS
    const flow = truthOf(weather, sensor, 'flow')
    return { atMs, value: flow.value.map((m3s) => m3s * Math.max(1, stepS)) }
  }
  const [dry, wave, perMm] = RESPONSES[quantity]
  const phase = chance.uniform('phase', sensor)
  const least = NEVER_BELOW_ZERO.has(quantity) ? 0 : -Infinity
  const value = atMs.map((endMs, row) => {
    const daily = wave * Math.sin(2 * Math.PI * (endMs / DAY_MS + phase))
    return Math.max(least, dry + daily + perMm * patch * (wetMm[row] ?? 0))
  })
  return { atMs, value }
}
