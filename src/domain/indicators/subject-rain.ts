import type { Catchment, Registry } from '../city/registry.js'
import { localTime } from '../local-time.js'
import { arealRain, type ArealRain } from '../rain/areal-rain.js'
import { observedRain } from '../rain/observed-rain.js'
import type { Selection } from '../selection.js'
import { DAY_MS, MINUTE_MS, type Window } from '../time.js'
import { sensorOf } from './city-lookup.js'
import { columnsOf, type Loaded } from './indicator.js'

/** A rain gauge with its share in areal rain. */
export interface GaugeWeight {
  readonly sensor: string
  readonly weight: number
}

/** How far before a window rain is looked at, ms: tells the dry time before its first event. */
export const RAIN_LOOK_BACK_MS = 7 * DAY_MS
/** How far after it, ms, beside the inter-event time: the rest of an event that began within. */
export const RAIN_LOOK_AHEAD_MS = DAY_MS

/**
 * The gauges of several catchments taken as one: each catchment's weights, made to add up to its
 * area, added per gauge. So the areal rain of the whole is the area-weighted mean of its parts.
 */
export function gaugeWeights(catchments: readonly Catchment[]): readonly GaugeWeight[] {
  const weights = new Map<string, number>()
  for (const { gauges, area } of catchments) {
    const total = gauges.reduce((sum, { weight }) => sum + weight, 0)
    for (const { sensor, weight } of gauges) {
      weights.set(sensor, (weights.get(sensor) ?? 0) + (weight / total) * area.m2)
    }
  }
  return [...weights].map(([sensor, weight]) => ({ sensor, weight }))
}

/** Areal rain of the gauges over a window, from loaded observations. */
export function rainOf(
  registry: Registry,
  gauges: readonly GaugeWeight[],
  loaded: Loaded,
  window: Window,
  rainStepMin: number,
  selection: Selection,
): ArealRain {
  const time = localTime(registry.city.timeZone)
  const records = gauges.map(({ sensor, weight }) => ({
    weight,
    record: observedRain(
      columnsOf(loaded, sensor),
      sensorOf(registry, sensor),
      window,
      selection,
      time,
    ),
  }))
  return arealRain(records, window, rainStepMin * MINUTE_MS)
}
