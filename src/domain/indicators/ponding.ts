import { sum } from 'simple-statistics'
import type { PondingPoint, Sensor } from '../city/registry.js'
import { localTime } from '../local-time.js'
import {
  pondingEvents,
  type MaximumStatistic,
  type PondingEvent,
  type PondingFindings,
} from '../ponding/ponding-events.js'
import { rainEnd } from '../ponding/rain-end.js'
import { clockAligned, rainSteps } from '../rain/hyetograph.js'
import { observedRain } from '../rain/observed-rain.js'
import { rainEvents } from '../rain/rain-events.js'
import type { RainRecord } from '../rain/rain-record.js'
import type { Selection } from '../selection.js'
import { stateRecord } from '../state-record.js'
import { DAY_MS, HOUR_MS, MINUTE_MS, type Window } from '../time.js'
import { sensorOf } from './city-lookup.js'
import {
  columnsOf,
  numberOf,
  text,
  type Computation,
  type Indicator,
  type Loaded,
  type Scope,
} from './indicator.js'
import { BOUNDS_CONFIDENCE } from './measurement-bounds.js'
import { pondingNotes } from './ponding-notes.js'
import { PONDING_PARAMETERS } from './ponding-parameters.js'
import { pondingVerdict, type JudgedEvent, type PondingFault } from './ponding-verdict.js'
import { rainWeightedCoverage } from './rain-weighted-coverage.js'
import type { IndicatorResult } from './result.js'

/** How far before and after the window a ponding and its rain are followed, ms. */
const MARGIN_MS = DAY_MS

/** Ponding at one point: how deep, how long, and how soon after the rain it was gone. */
export const ponding: Indicator = {
  id: 'ponding',
  version: 1,
  title: text('道路积水', 'Ponding'),
  clause: [
    'standards.md §7.9, ponding event metrics (recommended)',
    'GB/T 51345-2018, road ponding ≤ 15 cm and recession ≤ 30 min (unverified, standards.md §3.6.1)',
  ],
  formula: text(
    '积水始于连续 2 次读数不低于 3 cm,止于低于 3 cm 满 10 min;最大水深为峰值 5 min 内读数的第 95 百分位;退水时间为积水结束减去雨停时刻。值为时间窗内最大水深。',
    'Ponding begins with 2 consecutive readings of at least 3 cm and ends once below 3 cm for 10 min; its depth is the 95th percentile of the readings in the peak 5 min; recession is the end of ponding minus the end of the rain. The value is the greatest depth in the window.',
  ),
  unit: 'mm',
  admissible: [0, Number.MAX_VALUE],
  subjectKinds: ['ponding-point'],
  parameters: PONDING_PARAMETERS,
  wants(scope) {
    const point = pointOf(scope)
    const window = recordWindow(scope)
    return [
      { role: 'ponding', series: point.sensor, window },
      { role: 'rain', series: point.gauge, window },
    ]
  },
  compute,
}

function compute(scope: Scope, loaded: Loaded, selection: Selection): Computation {
  const point = pointOf(scope)
  const sensor = sensorOf(scope.registry, point.sensor)
  const columns = columnsOf(loaded, point.sensor)
  const findings = findingsOf(scope, sensor, loaded, selection)
  const rain = observedRain(
    columnsOf(loaded, point.gauge),
    sensorOf(scope.registry, point.gauge),
    recordWindow(scope),
    selection,
    localTime(scope.registry.city.timeZone),
  )
  const seen = stateRecord(columns, sensor, scope.window, {
    selection,
    bridgeMs: 15 * MINUTE_MS,
  })
  const coverage = rainWeightedCoverage(rain, seen, scope.window)
  const events = findings.events.filter((event) => isWithin(event.fromMs, scope.window))
  const rows = events.map((event) => judgedEvent(scope, event, rain))
  const deepest = events.reduce((depth, { maxMm }) => Math.max(depth, maxMm), 0)
  const enough = coverage.share >= numberOf(scope, 'coverageMin')
  const value = events.length > 0 || enough ? deepest : null
  return {
    value,
    ...pondingVerdict(scope, rows, qualifyingRain(scope, rain), coverage.share),
    coverage,
    uncertainty: value === null || events.length === 0 ? null : uncertaintyOf(sensor, value),
    table: rows.map(({ event, end, recessionMs, faults }) => ({
      fromMs: event.fromMs,
      toMs: event.toMs,
      durationMs: event.toMs - event.fromMs,
      maxMm: event.maxMm,
      rawMaxMm: event.rawMaxMm,
      peakAtMs: event.peakAtMs,
      rainFromMs: end.found === 'rain' ? end.startMs : null,
      rainEndMs: end.found === 'rain' ? end.endMs : null,
      rain: end.found,
      recessionMs,
      tooDeep: faults.includes('depth'),
      tooLong: faults.includes('recession'),
      readings: event.readings,
      suspect: event.suspect,
      state: event.state,
    })),
    parts: [
      { name: 'events', value: events.length, unit: '{event}', members: [] },
      {
        name: 'duration',
        value: sum(events.map(({ fromMs, toMs }) => toMs - fromMs)) / MINUTE_MS,
        unit: 'min',
        members: [],
      },
    ],
    notes: pondingNotes(scope, sensor, rows, findings, loaded),
  }
}

function judgedEvent(scope: Scope, event: PondingEvent, rain: RainRecord): JudgedEvent {
  const stepMs = numberOf(scope, 'rainStepMin') * MINUTE_MS
  const reachMs = numberOf(scope, 'reachH') * HOUR_MS
  // A rain may have gone on for a day before the water rose.
  const around = { fromMs: event.fromMs - MARGIN_MS, toMs: event.toMs + MARGIN_MS }
  const end = rainEnd(rainSteps(rain, clockAligned(around, stepMs, 0), stepMs), event, {
    wetAboveMm: numberOf(scope, 'wetAboveMm'),
    dryMs: numberOf(scope, 'rainDryMin') * MINUTE_MS,
    reachMs,
  })
  const recessionMs = end.found === 'rain' ? Math.max(0, event.toMs - end.endMs) : null
  const faults: PondingFault[] = []
  if (event.maxMm > numberOf(scope, 'depthLimitMm')) faults.push('depth')
  if (recessionMs !== null && recessionMs > numberOf(scope, 'recessionLimitMin') * MINUTE_MS) {
    faults.push('recession')
  }
  return { event, end, recessionMs, faults }
}

/** Rain events of the window that reach the sewer's design depth within an hour; null without that depth. */
function qualifyingRain(scope: Scope, rain: RainRecord): number | null {
  const design = scope.parameters['designDepth60Mm']
  if (typeof design !== 'number') return null
  const events = rainEvents(rain, numberOf(scope, 'interEventH') * HOUR_MS)
  return events.filter(
    ({ fromMs, max60Mm }) =>
      isWithin(fromMs, scope.window) && max60Mm !== null && max60Mm >= design,
  ).length
}

function findingsOf(
  scope: Scope,
  sensor: Sensor,
  loaded: Loaded,
  selection: Selection,
): PondingFindings {
  const { reporting } = sensor
  return pondingEvents(
    columnsOf(loaded, sensor.id),
    {
      thresholdMm: numberOf(scope, 'thresholdMm'),
      startReadings: numberOf(scope, 'startReadings'),
      endBelowMs: numberOf(scope, 'endBelowMin') * MINUTE_MS,
      maximum: scope.parameters['maximum'] as MaximumStatistic,
      expectedMs:
        reporting.type === 'periodic' ? reporting.intervalS * 1500 : reporting.heartbeatS * 1000,
    },
    selection,
  )
}

function uncertaintyOf(sensor: Sensor, depthMm: number): IndicatorResult['uncertainty'] {
  if (sensor.accuracy === undefined) return null
  const off = sensor.accuracy.absolute + sensor.accuracy.relative * depthMm
  return {
    lower: Math.max(0, depthMm - off),
    upper: depthMm + off,
    confidence: BOUNDS_CONFIDENCE,
    method: 'instrument accuracy, absolute + relative × depth, read as 95 % limits',
  }
}

function pointOf(scope: Scope): PondingPoint {
  const point = scope.registry.pondingPoints.find(({ id }) => id === scope.subject.id)
  if (point === undefined)
    throw new RangeError(`the registry has no ponding point ${scope.subject.id}`)
  return point
}

function recordWindow(scope: Scope): Window {
  const marginMs = MARGIN_MS + numberOf(scope, 'interEventH') * HOUR_MS
  return { fromMs: scope.window.fromMs - marginMs, toMs: scope.window.toMs + marginMs }
}

function isWithin(atMs: number, window: Window): boolean {
  return atMs >= window.fromMs && atMs < window.toMs
}
