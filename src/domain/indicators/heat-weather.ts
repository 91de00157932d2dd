import type { HeatIslandSection } from '../city/registry.js'
import { dailyMeans } from '../daily-means.js'
import { disturbedDays, type DisturbedDays } from '../heat-island/disturbed-days.js'
import type { HeatRule } from '../heat-island/heat-rule.js'
import type { LocalTime } from '../local-time.js'
import { observedRain } from '../rain/observed-rain.js'
import { rainDays } from '../rain/rain-days.js'
import type { Selection } from '../selection.js'
import { sensorOf } from './city-lookup.js'
import { spansOf } from './compared-years.js'
import { columnsOf, type Loaded, type Scope } from './indicator.js'

type Weather = NonNullable<HeatIslandSection['weather']>

export function weatherSeries({ rain, wind }: Weather) {
  return [
    { role: 'rain', series: rain },
    { role: 'wind', series: wind },
  ]
}

/**
 * Days of rain or wind in the seasons of the given years; none where the registry names no
 * instruments. The rain of a day is known when as much of it was watched as a mean needs.
 */
export function weatherOf(
  scope: Scope,
  { weather }: HeatIslandSection,
  years: readonly number[],
  given: {
    readonly loaded: Loaded
    readonly selection: Selection
    readonly time: LocalTime
    readonly rule: HeatRule
  },
): DisturbedDays {
  if (weather === undefined) return { disturbed: new Set(), unknown: new Set() }
  const { loaded, selection, time, rule } = given
  const { hoursMin, rainMaxMm } = rule.practice
  const means = dailyMeans(columnsOf(loaded, weather.wind), selection, time, hoursMin)
  const windMs = new Map(means.map(({ day, value }) => [day, value]))
  const gauge = sensorOf(scope.registry, weather.rain)
  const columns = columnsOf(loaded, weather.rain)
  const days = spansOf(scope, years, rule.season).flatMap((season) =>
    rainDays(observedRain(columns, gauge, season, selection, time), 'calendar', time),
  )
  return disturbedDays(
    days.map(({ date, depthMm, coverage }) => ({
      day: date,
      rainMm: depthMm > rainMaxMm || coverage >= hoursMin / 24 ? depthMm : null,
      windMs: windMs.get(date) ?? null,
    })),
    rule,
  )
}
