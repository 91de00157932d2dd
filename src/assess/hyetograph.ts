import type { Registry } from '../domain/city/registry.js'
import { localTime } from '../domain/local-time.js'
import { rainSteps } from '../domain/rain/hyetograph.js'
import { observedRain } from '../domain/rain/observed-rain.js'
import { depthMm } from '../domain/rain/rain-record.js'
import { rounded } from '../domain/rounding.js'
import { SHOWN } from '../domain/selection.js'
import { DAY_MS, type Window } from '../domain/time.js'
import type { Hyetograph } from '../ports/assessment.js'
import type { SeriesReads } from '../ports/series-store.js'
import { expectedEveryMs, sensorNamed } from './sensor-named.js'
import { cityAligned } from './steps.js'

/** Rain of a gauge per step of the window, from its record and not from single values: counters are differenced. */
export async function hyetograph(
  store: SeriesReads,
  registry: Registry,
  gauge: string,
  window: Window,
  stepMs: number,
): Promise<Hyetograph> {
  const sensor = sensorNamed(registry, gauge, 'total')
  const aligned = cityAligned(registry, window, stepMs)
  // A counter wants a reading before the window, a long span one after it.
  const marginMs = DAY_MS + expectedEveryMs(sensor)
  const columns = await store.read(gauge, {
    fromMs: aligned.fromMs - marginMs,
    toMs: aligned.toMs + marginMs,
  })
  const time = localTime(registry.city.timeZone)
  const steps = rainSteps(observedRain(columns, sensor, aligned, SHOWN, time), aligned, stepMs)
  const isKnown = (k: number) => (steps.coverage[k] ?? 0) + (steps.spread[k] ?? 0) > 0
  return {
    gauge,
    stepMs,
    fromMs: Array.from(steps.fromMs),
    depthMm: Array.from(steps.depthPm, (pm, k) => (isKnown(k) ? rounded(depthMm(pm)) : null)),
    coverage: Array.from(steps.coverage, (share) => rounded(Math.min(1, share))),
    worstFlag: Array.from(steps.flags),
  }
}
