import { sum } from 'simple-statistics'
import type { PondingPoint, Sensor } from '../city/registry.js'
import { FLAG } from '../flag.js'
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
import { rainEvents } from '../rain/rain-events.js'
import { rainTotal } from '../rain/rain-total.js'
import type { RainRecord } from '../rain/rain-record.js'
import type { Selection } from '../selection.js'
import { KNOWN, stateRecord, type StateRecord } from '../state-record.js'
import { DAY_MS, HOUR_MS, MINUTE_MS, type Window } from '../time.js'
import { sensorOf } from './city-lookup.js'
import {
  columnsOf,
  note,
  numberOf,
  text,
  type Computation,
  type Indicator,
  type Loaded,
  type Scope,
} from './indicator.js'
import { BOUNDS_CONFIDENCE } from './measurement-bounds.js'
import type { IndicatorResult, Note, Text, Verdict } from './result.js'
import { COVERAGE_MIN, INTER_EVENT } from './shared-parameters.js'
import { percent } from './storm-sums.js'

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
  parameters: [
    parameter(
      'thresholdMm',
      'mm',
      30,
      [1, 500],
      '积水起止水深',
      'Depth at which water stands',
      '§7.9',
    ),
    parameter(
      'startReadings',
      '1',
      2,
      [1, 60],
      '起始所需连续读数',
      'Consecutive readings that begin it',
      '§7.9',
    ),
    parameter(
      'endBelowMin',
      'min',
      10,
      [0, 240],
      '结束所需低于阈值时长',
      'Time below that ends it',
      '§7.9',
    ),
    {
      name: 'maximum',
      type: 'string',
      unit: '',
      default: 'p95-of-5-min',
      words: ['p95-of-5-min', 'raw'],
      description: text(
        '最大水深的统计方法(standards.md §7.9,推荐)',
        'Statistic of the greatest depth (standards.md §7.9, recommended)',
      ),
    },
    parameter(
      'rainStepMin',
      'min',
      5,
      [1, 60],
      '判断雨停的步长',
      'Step in which the end of rain is told',
      '§7.9',
    ),
    parameter(
      'wetAboveMm',
      'mm',
      0.1,
      [0, 10],
      '步长内有雨的下限',
      'Depth above which a step is wet',
      '§7.9',
    ),
    parameter(
      'rainDryMin',
      'min',
      30,
      [5, 720],
      '雨停所需无雨时长',
      'Dry time after which rain has ended',
      '§7.9',
    ),
    parameter(
      'reachH',
      'h',
      6,
      [0, 23],
      '雨停至积水开始的最长间隔',
      'Longest time from the end of a rain to a ponding of its',
      '',
    ),
    parameter(
      'depthLimitMm',
      'mm',
      150,
      [0, 2000],
      '水深限值',
      'Limit of the depth',
      '§3.6.1 (unverified)',
    ),
    parameter(
      'recessionLimitMin',
      'min',
      30,
      [0, 1440],
      '退水时间限值',
      'Limit of the recession',
      '§3.6.1 (unverified)',
    ),
    {
      name: 'designDepth60Mm',
      type: 'number',
      unit: 'mm',
      default: null,
      range: [0, 500],
      description: text(
        '雨水管渠设计重现期的 1 h 降雨量;无此值不能判定达标(GB/T 51345-2018,未核实)',
        'Greatest 1-h depth at the sewer design return period; without it nothing can pass (GB/T 51345-2018, unverified)',
      ),
    },
    INTER_EVENT,
    COVERAGE_MIN,
  ],
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
    ...verdictOf(scope, rows, qualifyingRain(scope, rain), coverage.share),
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
    notes: notesOf(scope, sensor, rows, findings, loaded),
  }
}

type Fault = 'depth' | 'recession'

interface JudgedEvent {
  readonly event: PondingEvent
  readonly end: RainEnd
  /** From the end of the rain to the end of the ponding; 0 when the water was gone first. */
  readonly recessionMs: number | null
  readonly faults: readonly Fault[]
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
  const faults: Fault[] = []
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

/**
 * A limit broken is a FAIL whatever the rain was: a lighter one is no excuse. To pass, a rain of the
 * sewer's design depth must have come and been watched.
 */
function verdictOf(
  scope: Scope,
  rows: readonly JudgedEvent[],
  qualifying: number | null,
  coverage: number,
): { readonly verdict: Verdict; readonly reason: Text } {
  const broken = rows.filter(({ faults }) => faults.length > 0)
  if (broken.length > 0) {
    const times = broken.map(({ event }) => new Date(event.fromMs).toISOString()).join(', ')
    return {
      verdict: 'FAIL',
      reason: text(`水深或退水时间超限:${times}`, `depth or recession above its limit: ${times}`),
    }
  }
  const notEvaluated = (zh: string, en: string) => ({
    verdict: 'NOT_EVALUATED' as const,
    reason: text(zh, en),
  })
  if (coverage < numberOf(scope, 'coverageMin')) {
    return notEvaluated(
      `有效覆盖 ${percent(coverage)} 不足`,
      `coverage of ${percent(coverage)} is too little`,
    )
  }
  const untold = rows.filter(
    ({ end, event }) => end.found === 'unknown' || event.state !== 'complete',
  )
  if (untold.length > 0) {
    return notEvaluated(
      '有积水的退水时间无法确定',
      'the recession of a ponding cannot be told: rain or ponding record not complete',
    )
  }
  if (qualifying === null) {
    return notEvaluated(
      '未给出管渠设计重现期的 1 h 降雨量,仅给出数值',
      'the 1-h depth of the sewer’s design return period is not given; the value is',
    )
  }
  if (qualifying === 0) {
    return notEvaluated(
      '未经检验:没有达到管渠设计重现期的降雨',
      'not tested: no rain reached the sewer’s design return period',
    )
  }
  return {
    verdict: 'PASS',
    reason: text(
      `${qualifying} 场达到设计标准的降雨,水深和退水时间均未超限`,
      `${qualifying} events of the design depth or more, no limit broken`,
    ),
  }
}

/** Share of the window's rain that fell while the point was watched; of its time when none fell. */
function rainWeightedCoverage(
  rain: RainRecord,
  seen: StateRecord,
  window: Window,
): NonNullable<IndicatorResult['coverage']> {
  const lengthMs = window.toMs - window.fromMs
  const all = rainTotal(rain, window)
  let watchedMs = 0
  for (const [i, known] of seen.known.entries()) {
    if (known !== KNOWN.missing) watchedMs += (seen.toMs[i] ?? 0) - (seen.fromMs[i] ?? 0)
  }
  const watchedPm = watchedDepth(rain, seen, window)
  const rainKnown = all.knownMs / lengthMs
  const share = all.depthPm > 0 ? Math.min(1, watchedPm / all.depthPm) : watchedMs / lengthMs
  return {
    share: Math.min(share, rainKnown),
    basis: all.depthPm > 0 ? 'rain depth; time with a valid gauge' : 'time',
  }
}

/** Rain of a window that fell while a state was known, 1e-9 mm; one pass over both records. */
function watchedDepth(rain: RainRecord, seen: StateRecord, window: Window): number {
  let depth = 0
  let k = 0
  for (let i = 0; i < rain.fromMs.length; i++) {
    const pm = rain.depthPm[i] ?? 0
    const from = Math.max(rain.fromMs[i] ?? 0, window.fromMs)
    const to = Math.min(rain.toMs[i] ?? 0, window.toMs)
    if (pm === 0 || to <= from) continue
    while ((seen.toMs[k] ?? Number.POSITIVE_INFINITY) <= from) k++
    for (let j = k; (seen.fromMs[j] ?? Number.POSITIVE_INFINITY) < to; j++) {
      if (seen.known[j] === KNOWN.missing) continue
      const shared = Math.min(seen.toMs[j] ?? 0, to) - Math.max(seen.fromMs[j] ?? 0, from)
      depth += (pm * shared) / ((rain.toMs[i] ?? 0) - (rain.fromMs[i] ?? 0))
    }
  }
  return depth
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

function notesOf(
  scope: Scope,
  sensor: Sensor,
  rows: readonly JudgedEvent[],
  findings: PondingFindings,
  loaded: Loaded,
): Note[] {
  const notes: Note[] = []
  const at = (atMs: number) => new Date(atMs).toISOString()
  const few = findings.tooFew.filter(({ atMs }) => isWithin(atMs, scope.window))
  if (few.length > 0) {
    const named = few.map(({ atMs, depthMm }) => `${at(atMs)} ${depthMm} mm`).join(', ')
    notes.push(
      note(
        'ponding_too_few_readings',
        `达到阈值但读数不足、未计为积水:${named}`,
        `at the threshold but too few readings to be a ponding: ${named}`,
      ),
    )
  }
  const failed = failedPonding(scope, sensor, loaded)
  if (failed.length > 0) {
    notes.push(
      note(
        'ponding_reading_failed',
        `不合格读数显示积水,未计入,须查看:${failed.join(', ')}`,
        `readings that show ponding failed their quality tests and are left out; look at them: ${failed.join(', ')}`,
      ),
    )
  }
  const dry = rows.filter(({ end }) => end.found === 'no-rain')
  if (dry.length > 0) {
    const named = dry.map(({ event }) => at(event.fromMs)).join(', ')
    notes.push(
      note('ponding_without_rain', `无雨积水:${named}`, `ponding without rain before it: ${named}`),
    )
  }
  const broken = rows.filter(({ event }) => event.state !== 'complete')
  if (broken.length > 0) {
    const named = broken.map(({ event }) => `${at(event.fromMs)} ${event.state}`).join(', ')
    notes.push(
      note('ponding_incomplete', `积水记录不完整:${named}`, `ponding not seen whole: ${named}`),
    )
  }
  if (rows.length > 0 && sensor.accuracy === undefined) {
    notes.push(
      note(
        'accuracy_unknown',
        '仪器未登记准确度,不给出误差区间',
        'the accuracy of the instrument is not in the registry: no interval is given',
      ),
    )
  }
  return notes
}

function failedPonding(scope: Scope, sensor: Sensor, loaded: Loaded): string[] {
  const columns = columnsOf(loaded, sensor.id)
  const threshold = numberOf(scope, 'thresholdMm')
  const named: string[] = []
  for (const [i, atMs] of columns.atMs.entries()) {
    const value = columns.values[i] ?? Number.NaN
    if (columns.flags[i] !== FLAG.fail || !(value >= threshold)) continue
    if (isWithin(atMs, scope.window)) named.push(`${new Date(atMs).toISOString()} ${value} mm`)
  }
  return named
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

function parameter(
  name: string,
  unit: string,
  value: number,
  range: readonly [number, number],
  zh: string,
  en: string,
  clause: string,
) {
  const from = clause === '' ? '' : `standards.md ${clause}, `
  const source = clause.endsWith('(unverified)') ? `standards.md ${clause}` : `${from}recommended`
  return {
    name,
    type: 'number' as const,
    unit,
    default: value,
    range,
    description: text(`${zh}(${source})`, `${en} (${source})`),
  }
}
