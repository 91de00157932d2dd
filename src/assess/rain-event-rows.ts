import type { Registry } from '../domain/city/registry.js'
import {
  gaugeWeights,
  RAIN_LOOK_AHEAD_MS,
  RAIN_LOOK_BACK_MS,
  rainOf,
} from '../domain/indicators/subject-rain.js'
import { rainEvents, type RainEvent } from '../domain/rain/rain-events.js'
import { depthMm } from '../domain/rain/rain-record.js'
import { rounded } from '../domain/rounding.js'
import { SHOWN } from '../domain/selection.js'
import { HOUR_MS } from '../domain/time.js'
import type { RainEventQuery, RainEventRow } from '../ports/assessment.js'
import type { SeriesReads } from '../ports/series-store.js'
import { loadInputs } from './load.js'

/** Step of the areal mean for a page, min; the indicators take theirs as a parameter. */
const AREAL_STEP_MIN = 5

/** Events that overlap the window, whole, also where they reach beyond it. */
export async function rainEventRows(
  store: SeriesReads,
  registry: Registry,
  query: RainEventQuery,
): Promise<readonly RainEventRow[]> {
  const { subject, window, interEventMs, minDepthMm } = query
  const gauges =
    subject.kind === 'gauge'
      ? [{ sensor: subject.id, weight: 1 }]
      : gaugeWeights(registry.catchments.filter(({ id }) => id === subject.id))
  const around = {
    fromMs: window.fromMs - RAIN_LOOK_BACK_MS - interEventMs,
    toMs: window.toMs + RAIN_LOOK_AHEAD_MS + interEventMs,
  }
  const { loaded } = await loadInputs(
    store,
    gauges.map(({ sensor }) => ({ role: 'rain', series: sensor, window: around })),
  )
  const { record } = rainOf(registry, gauges, loaded, around, AREAL_STEP_MIN, SHOWN)
  return rainEvents(record, interEventMs)
    .filter(({ fromMs, toMs }) => fromMs < window.toMs && toMs > window.fromMs)
    .filter(({ depthPm }) => depthMm(depthPm) >= minDepthMm)
    .map(rowOf)
}

function rowOf(event: RainEvent): RainEventRow {
  const durationMs = event.toMs - event.fromMs
  const depth = depthMm(event.depthPm)
  const perHour = (mm: number | null, times: number) => (mm === null ? null : rounded(mm * times))
  return {
    fromMs: event.fromMs,
    toMs: event.toMs,
    depthMm: depth,
    durationMs,
    meanIntensityMmH: rounded((depth * HOUR_MS) / durationMs),
    peak60MmH: perHour(event.max60Mm, 1),
    peak30MmH: perHour(event.max30Mm, 2),
    peak5MmH: perHour(event.max5Mm, 12),
    antecedentDryMs: event.antecedentDryMs,
    coverage: rounded(event.completeness),
    worstFlag: event.worstFlag,
  }
}
