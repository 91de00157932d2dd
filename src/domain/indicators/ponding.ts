import { sum } from 'simple-statistics'
import type { PondingPoint, Sensor } from '../city/registry.js'
import { localTime } from '../local-time.js'
import {
  pondingEvents,
  type MaximumStatistic,
  type PondingEvent,
  type PondingFindings,
} from '../ponding/ponding-events.js'
import { rainEnd, type RainEnd } from '../ponding/rain-end.js'
import { clockAligned, rainSteps } from '../rain/hyetograph.js'
import { observedRain } from '../rain/observed-rain.js'
import { rainEvents, type RainEvent } from '../rain/rain-events.js'
import type { RainRecord } from '../rain/rain-record.js'
import type { Selection } from '../selection.js'
import { stateRecord } from '../state-record.js'
import { DAY_MS, HOUR_MS, MINUTE_MS, type Window } from '../time.js'
import { drawn } from '../uncertainty/draws.js'
import { sensorOf } from './city-lookup.js'
import { designRain, designRainNotes } from './design-rain.js'
import {
  columnsOf,
  numberOf,
  text,
  type Computation,
  type Indicator,
  type Loaded,
  type Scope,
} from './indicator.js'
import { instrumentErrors, withoutAccuracy } from './instrument-errors.js'
import { limitNotes, pondingNotes } from './ponding-notes.js'
import { PONDING_PARAMETERS } from './ponding-parameters.js'
import { pondingVerdict, type JudgedEvent, type PondingFault } from './ponding-verdict.js'
import { rainWeightedCoverage } from './rain-weighted-coverage.js'
import type { IndicatorResult } from './result.js'
import { joined, LANE_DEPTH, lines, RECOMMENDED, ROAD_PONDING, UNVERIFIED } from './sources.js'
import { ACCURACY_PROPAGATED, seedOf, uncertaintyOf } from './telemetry-uncertainty.js'

/** How far before and after the window a ponding and its rain are followed, ms. */
const MARGIN_MS = DAY_MS

/** Ponding at one point: how deep, how long, and how soon after the rain it was gone. */
export const ponding: Indicator = {
  id: 'ponding',
  version: 4,
  title: text('道路积水', 'Ponding'),
  clause: [
    joined(ROAD_PONDING, UNVERIFIED),
    LANE_DEPTH,
    joined(
      text(
        '积水起止、最大水深、雨停与退水的判读方法',
        'How start, end and greatest depth of a ponding, the end of rain and the recession are told',
      ),
      RECOMMENDED,
    ),
  ],
  formula: lines(
    text(
      '值为开始于时间窗内的各次积水的最大水深（mm）。',
      'The value is the greatest depth in mm of the pondings that begin in the window.',
    ),
    text(
      '【起止】积水始于连续 startReadings 次读数不低于 thresholdMm 的第一次，止于此后持续 endBelowMin 不再达到 thresholdMm 的首个低读数。',
      'Start and end: a ponding begins with the first of startReadings consecutive readings of at least thresholdMm and ends with the first reading below, after which none reaches thresholdMm for endBelowMin.',
    ),
    text(
      '【最大水深】均值最大的 5 min（自某次读数起）内读数的第 95 百分位（线性插值，type 7），或最高读数，由 maximum 定。',
      'Greatest depth: the 95th percentile (linear, type 7) of the readings in the five minutes (from a reading on) with the greatest mean, or the highest reading, as maximum says.',
    ),
    text(
      '【雨停】该点雨量计按 rainStepMin 步长，其后 rainDryMin 内再无雨量大于 wetAboveMm 的步长的末尾；有多场时取积水结束前已开始的最后一场，且雨停至积水开始不超过 reachH。',
      'End of rain, at the gauge of the point: the end of the last step of rainStepMin with more than wetAboveMm before rainDryMin without such a step; of several rains the last that had begun before the ponding ended, not more than reachH before it began.',
    ),
    text(
      '【退水】积水结束减雨停，不小于 0。',
      'Recession: end of ponding minus end of rain, not below 0.',
    ),
    text(
      '【缺测】不插补：读数间隔超过报告间隔的 1.5 倍（变化上报时为心跳间隔）的积水记为不完整；判读雨停处缺雨量则退水不明。',
      'Gaps: nothing is filled in; a ponding with readings further apart than 1.5 reporting intervals (a heartbeat, if it reports on change) was not seen whole, and where rain is missing about its end the recession is unknown.',
    ),
    text(
      '【判定】雨后水深大于 depthLimitMm 或退水长于 recessionLimitMin 即不达标；积水前 reachH 内无雨而超限的须核实，不评价；达标须全部未超限、记录完整、时间窗不短于 minWindowDays，且至少一场降雨的最大 1 h 雨量达到管渠设计值（designDepth60Mm，否则取名录）。',
      'Verdict: after rain, deeper than depthLimitMm or a recession longer than recessionLimitMin is FAIL; a limit broken with no rain within reachH before leaves the verdict open until it is looked into; PASS needs no limit broken, whole records, a window of at least minWindowDays, and at least one rain whose greatest hour reaches the sewer’s design depth (designDepth60Mm, else the registry’s).',
    ),
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
  const storms = rainEvents(rain, numberOf(scope, 'interEventH') * HOUR_MS)
  const design = designRain(
    scope,
    point,
    storms.filter(({ fromMs }) => isWithin(fromMs, scope.window)),
  )
  const deepest = events.reduce((depth, { maxMm }) => Math.max(depth, maxMm), 0)
  const enough = coverage.share >= numberOf(scope, 'coverageMin')
  const value = events.length > 0 || enough ? deepest : null
  const uncertainty =
    value === null || events.length === 0 ? null : uncertaintyOfDepth(scope, sensor.id, value)
  return {
    value,
    ...pondingVerdict(scope, rows, design, coverage.share),
    coverage,
    uncertainty,
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
      rainMax60Mm: end.found === 'rain' ? (rainOf(storms, end)?.max60Mm ?? null) : null,
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
      {
        name: 'greatest-60-min-rain',
        value: design.greatest60Mm,
        unit: 'mm',
        members: [point.gauge],
      },
      { name: 'design-60-min-rain', value: design.depth60Mm, unit: 'mm', members: [] },
    ],
    notes: [
      ...designRainNotes(scope, point),
      ...pondingNotes(scope, sensor, rows, findings, loaded),
      ...limitNotes(scope, uncertainty),
    ],
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

/** The rain event that a rain with its end belongs to. */
function rainOf(storms: readonly RainEvent[], rain: Extract<RainEnd, { found: 'rain' }>) {
  return storms.find(({ fromMs, toMs }) => fromMs < rain.endMs && toMs > rain.startMs)
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

/** All depths err alike, so the deepest stays the deepest. */
function uncertaintyOfDepth(
  scope: Scope,
  sensor: string,
  depthMm: number,
): IndicatorResult['uncertainty'] {
  const { registry } = scope
  if (withoutAccuracy(registry, [sensor]).length > 0) return null
  const seed = seedOf(ponding, scope)
  const depth = { value: depthMm, errors: instrumentErrors(registry, sensor, depthMm, 1) }
  return uncertaintyOf(
    ponding,
    seed,
    depthMm,
    drawn(seed, [depth]),
    ACCURACY_PROPAGATED,
    text(
      '【视为准确】未读到的水深：其间缺读数的积水另见说明。',
      'Taken as exact: that nothing deeper stood between the readings; pondings with readings missing stand in the notes.',
    ),
  )
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
