import type { Outfall, Registry } from '../city/registry.js'
import { localTime, type LocalTime } from '../local-time.js'
import { depthMm, type RainRecord } from '../rain/rain-record.js'
import { rainEvents, type RainEvent } from '../rain/rain-events.js'
import { rainTotal } from '../rain/rain-total.js'
import { baseFlow, baseFlowLookBackMs, dryWeather } from '../runoff/base-flow.js'
import {
  eventRunoff,
  type EventRunoff,
  type MeteredFlow,
  type UpstreamFlow,
} from '../runoff/event-runoff.js'
import { rainVolumeM3 } from '../runoff/runoff-coefficient.js'
import { stormVolume } from '../runoff/storm-volume.js'
import type { Selection } from '../selection.js'
import { constantRecord, joinedRecords, stateRecord, type StateRecord } from '../state-record.js'
import { FLAG } from '../flag.js'
import { HOUR_MS, MINUTE_MS, type Window } from '../time.js'
import { catchmentsOf, meteringWithin, sensorOf } from './city-lookup.js'
import { columnsOf, numberOf, type Loaded, type Scope, type Want } from './indicator.js'
import { gaugeParts, metersOver, type GaugePart, type RunoffMeters } from './storm-instruments.js'
import {
  gaugeWeights,
  RAIN_LOOK_AHEAD_MS,
  RAIN_LOOK_BACK_MS,
  rainOf,
  type GaugeWeight,
} from './subject-rain.js'

/** One rain event over the catchments of some outfalls, with what left through these. */
export interface Storm {
  readonly event: RainEvent
  readonly rainM3: number
  readonly volumeM3: number
  /** One per outfall, in the group's order. */
  readonly runoffs: readonly EventRunoff[]
  /** Least share of a runoff window with known flow. */
  readonly flowCoverage: number
  /**
   * `used`, or why the event cannot stand in a sum. `unfinished`: the window and the record end
   * before the inter-event time after it has passed, so it belongs to a later window.
   */
  readonly use: 'used' | 'unfinished' | 'rain-incomplete' | 'flow-incomplete' | 'base-flow-unknown'
  /** What the runoffs were measured with, one per outfall. */
  readonly meters: readonly RunoffMeters[]
  /** What the rain was measured with. */
  readonly gauges: readonly GaugePart[]
}

/** Everything that rain events over a window brought to a group of outfalls. */
export interface OutfallStorms {
  readonly outfalls: readonly Outfall[]
  readonly catchments: readonly string[]
  readonly areaM2: number
  /** Events with more than the least depth that begin in the window. */
  readonly storms: readonly Storm[]
  readonly smallEvents: number
  /** Share of the window with a valid gauge. */
  readonly rainKnownShare: number
  /** Runoff while no gauge was valid, m³. */
  readonly unseenM3: number
}

/** The series that `outfallStorms` reads for a group of outfalls. */
export function outfallWants(scope: Scope, outfalls: readonly Outfall[]): Want[] {
  const wants: Want[] = []
  const windows = recordWindows(scope, outfalls)
  for (const { sensor } of gaugesOf(scope.registry, outfalls)) {
    wants.push({ role: 'rain', series: sensor, window: windows.rain })
  }
  for (const outfall of outfalls) {
    for (const { metering } of meteringWithin(outfall, windows.flow)) {
      if (metering.state !== 'metered') continue
      wants.push({ role: 'flow', series: metering.sensor, window: windows.flow })
    }
    for (const { sensor } of outfall.upstream) {
      wants.push({ role: 'upstream', series: sensor, window: windows.flow })
    }
  }
  return wants
}

/**
 * Rain events over the catchments of a group of outfalls and the storm runoff that left through
 * them. The outfalls of a group share catchments, so their volumes belong to one area.
 *
 * An event stands in sums when its rain is whole (state complete, enough of its time covered), its
 * flow is covered over the whole runoff window, and its base flow is known.
 */
export function outfallStorms(
  scope: Scope,
  outfalls: readonly Outfall[],
  loaded: Loaded,
  selection: Selection,
): OutfallStorms {
  const { registry, window } = scope
  const windows = recordWindows(scope, outfalls)
  const gauges = gaugesOf(registry, outfalls)
  const areal = rainOf(
    registry,
    gauges,
    loaded,
    windows.rain,
    numberOf(scope, 'rainStepMin'),
    selection,
  )
  const rain = areal.record
  const catchments = catchmentsOf(registry, new Set(outfalls.flatMap((o) => o.catchments)))
  const areaM2 = catchments.reduce((sum, { area }) => sum + area.m2, 0)
  const meters = outfalls.map((outfall) =>
    metersOf(scope, outfall, loaded, windows.flow, rain, selection),
  )

  const time = localTime(registry.city.timeZone)
  const minDepthMm = numberOf(scope, 'minDepthMm')
  const all = rainEvents(rain, numberOf(scope, 'interEventH') * HOUR_MS)
  const deep = all.filter((event) => depthMm(event.depthPm) > minDepthMm)
  const isInside = ({ fromMs }: RainEvent) => fromMs >= window.fromMs && fromMs < window.toMs
  const knownUntilMs = lastKnownMs(rain)
  const storms: Storm[] = []
  for (const [i, event] of deep.entries()) {
    if (!isInside(event)) continue
    const nextMs = deep[i + 1]?.fromMs ?? Number.POSITIVE_INFINITY
    const parts = gaugeParts(gauges, areal.sharesIn(event))
    storms.push(stormOf(scope, event, nextMs, knownUntilMs, meters, areaM2, parts, time))
  }
  return {
    outfalls,
    catchments: catchments.map(({ id }) => id),
    areaM2,
    storms,
    smallEvents: all.filter(isInside).length - storms.length,
    rainKnownShare: rainTotal(rain, window).knownMs / (window.toMs - window.fromMs),
    unseenM3: unseenVolume(scope, meters, rain),
  }
}

/** End of the last span with a valid gauge, UTC epoch ms; -Infinity without one. */
function lastKnownMs(rain: RainRecord): number {
  for (let i = rain.flags.length - 1; i >= 0; i--) {
    if (rain.flags[i] !== FLAG.missing) return rain.toMs[i] ?? Number.NEGATIVE_INFINITY
  }
  return Number.NEGATIVE_INFINITY
}

/**
 * Whether all that keeps an event from being whole is that the window ends: the gauges were valid
 * up to its end, nothing is recorded beyond, and the inter-event time had not passed. A gauge that
 * failed before the window's end makes the event incomplete instead.
 */
function isUnfinished(scope: Scope, event: RainEvent, knownUntilMs: number): boolean {
  const interEventMs = numberOf(scope, 'interEventH') * HOUR_MS
  const bridgeMs = numberOf(scope, 'bridgeMin') * MINUTE_MS
  return event.toMs + interEventMs > knownUntilMs && knownUntilMs >= scope.window.toMs - bridgeMs
}

interface OutfallMeters {
  readonly outfall: Outfall
  readonly method: Outfall['baseFlow']
  readonly flow: MeteredFlow
  readonly upstream: readonly UpstreamFlow[]
}

function stormOf(
  scope: Scope,
  event: RainEvent,
  nextMs: number,
  knownUntilMs: number,
  meters: readonly OutfallMeters[],
  areaM2: number,
  gauges: readonly GaugePart[],
  time: LocalTime,
): Storm {
  const rule = {
    peakShare: numberOf(scope, 'recessionPeakShare'),
    maxRecessionMs: numberOf(scope, 'maxRecessionH') * HOUR_MS,
  }
  const runoffs = meters.map(({ flow, upstream, method }) =>
    eventRunoff(flow, upstream, event, nextMs, method, rule, time),
  )
  const flowCoverage = Math.min(...runoffs.map(({ coverage }) => coverage))
  const least = numberOf(scope, 'eventCoverageMin')
  const use = (): Storm['use'] => {
    if (isUnfinished(scope, event, knownUntilMs)) return 'unfinished'
    if (event.state === 'incomplete' || event.completeness < least) return 'rain-incomplete'
    if (flowCoverage < least) return 'flow-incomplete'
    if (runoffs.some((runoff) => runoff.baseFlow === 'unknown')) return 'base-flow-unknown'
    return 'used'
  }
  const rainM3 = rainVolumeM3(depthMm(event.depthPm), areaM2)
  return {
    event,
    rainM3,
    volumeM3: runoffs.reduce((sum, { volumeM3 }) => sum + volumeM3, 0),
    runoffs,
    flowCoverage,
    use: use(),
    meters: meters.map(({ outfall }, k) => metersOver(outfall, runoffs[k]?.window ?? event)),
    gauges,
  }
}

function metersOf(
  scope: Scope,
  outfall: Outfall,
  loaded: Loaded,
  window: Window,
  rain: RainRecord,
  selection: Selection,
): OutfallMeters {
  const { registry } = scope
  const options = { selection, bridgeMs: numberOf(scope, 'bridgeMin') * MINUTE_MS }
  const stretches = meteringWithin(outfall, window)
  const records = stretches.map(({ metering, fromMs, toMs }): StateRecord => {
    const stretch = { fromMs, toMs }
    if (metering.state === 'unmetered') return constantRecord(stretch, null)
    if (metering.state === 'shut') return constantRecord(stretch, 0)
    const { sensor } = metering
    return stateRecord(columnsOf(loaded, sensor), sensorOf(registry, sensor), stretch, options)
  })
  // What is proven shut has no base flow to look for.
  const onlyShut = meteringWithin(outfall, scope.window).every(
    ({ metering }) => metering.state === 'shut',
  )
  const method = onlyShut ? ({ method: 'none' } as const) : outfall.baseFlow
  const withDry = (record: StateRecord): MeteredFlow => ({
    record,
    dry:
      method.method === 'dry-day-pattern'
        ? dryWeather(record, rain, method.dryAfterH * HOUR_MS)
        : new Uint8Array(0),
  })
  return {
    outfall,
    method,
    flow: withDry(joinedRecords(records, window)),
    upstream: outfall.upstream.map(({ sensor, travelMin }) => ({
      ...withDry(
        stateRecord(columnsOf(loaded, sensor), sensorOf(registry, sensor), window, options),
      ),
      travelMs: travelMin * MINUTE_MS,
    })),
  }
}

/** Storm runoff during the time of the window in which no gauge was valid. */
function unseenVolume(scope: Scope, meters: readonly OutfallMeters[], rain: RainRecord): number {
  const time = localTime(scope.registry.city.timeZone)
  let volume = 0
  for (const [i, flag] of rain.flags.entries()) {
    if (flag !== FLAG.missing) continue
    const fromMs = Math.max(rain.fromMs[i] ?? 0, scope.window.fromMs)
    const toMs = Math.min(rain.toMs[i] ?? 0, scope.window.toMs)
    if (toMs <= fromMs) continue
    for (const { flow, method } of meters) {
      const base = baseFlow(method, flow.record, fromMs, flow.dry, time)
      const found = stormVolume(flow.record, { fromMs, toMs }, base)
      if (found.baseFlow === 'known') volume += Math.max(0, found.volumeM3)
    }
  }
  return volume
}

function gaugesOf(registry: Registry, outfalls: readonly Outfall[]): readonly GaugeWeight[] {
  return gaugeWeights(catchmentsOf(registry, new Set(outfalls.flatMap((o) => o.catchments))))
}

function recordWindows(
  scope: Scope,
  outfalls: readonly Outfall[],
): { readonly rain: Window; readonly flow: Window } {
  const interEventMs = numberOf(scope, 'interEventH') * HOUR_MS
  const recessionMs = numberOf(scope, 'maxRecessionH') * HOUR_MS
  const baseMs = Math.max(...outfalls.map((outfall) => baseFlowLookBackMs(outfall.baseFlow)))
  const travelMs = Math.max(
    0,
    ...outfalls.flatMap((o) => o.upstream.map(({ travelMin }) => travelMin * MINUTE_MS)),
  )
  const { fromMs, toMs } = scope.window
  const aheadMs = toMs + interEventMs + RAIN_LOOK_AHEAD_MS
  return {
    rain: {
      fromMs: fromMs - Math.max(RAIN_LOOK_BACK_MS + interEventMs, baseMs + HOUR_MS),
      toMs: aheadMs,
    },
    flow: { fromMs: fromMs - baseMs - travelMs - HOUR_MS, toMs: aheadMs + recessionMs },
  }
}
