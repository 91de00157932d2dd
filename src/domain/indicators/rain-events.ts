import { depthMm, type RainRecord } from '../rain/rain-record.js'
import { rainEvents, type RainEvent } from '../rain/rain-events.js'
import { rainTotal } from '../rain/rain-total.js'
import { HOUR_MS } from '../time.js'
import { cityTime, type CityTime } from './city-time.js'
import {
  note,
  numberOf,
  text,
  type Computation,
  type Indicator,
  type Loaded,
  type Scope,
} from './indicator.js'
import type { Note, Part } from './result.js'
import { noRequirement, percent } from './storm-sums.js'
import { AREAL_STEP, COVERAGE_MIN, INTER_EVENT, recommendedNumber } from './shared-parameters.js'
import { joined, RECOMMENDED } from './sources.js'
import {
  gaugeWeights,
  RAIN_LOOK_AHEAD_MS,
  RAIN_LOOK_BACK_MS,
  rainOf,
  type GaugeWeight,
} from './subject-rain.js'
import type { Selection } from '../selection.js'

/** Rain events of a gauge or of a catchment's areal rain; the value is their number. */
export const rainEventsIndicator: Indicator = {
  id: 'rain-events',
  version: 1,
  title: text('降雨场次', 'Rain events'),
  clause: [
    joined(
      text(
        '按最小无雨间隔划分降雨场次，方法见 Restrepo-Posada & Eagleson, J. Hydrology 55 (1982) 303–319（据网上副本的摘要）；间隔与最小雨量的取值',
        'Separation of rain events by a least dry spell, a method of Restrepo-Posada & Eagleson, J. Hydrology 55 (1982) 303–319 (its abstract read in a copy on the web); the numbers',
      ),
      RECOMMENDED,
    ),
  ],
  formula: text(
    '两段有雨时段之间无雨时间不小于 interEventH 即分为两场，否则合为一场；缺测时段按无雨计，但其长于 interEventH 时相邻场次记为不完整（incomplete）。汇水区雨量为各雨量计按 rainStepMin 步长的加权面雨量。雨量不小于 minDepthMm 的场次计数，整场归属其开始时刻所在的时间窗。',
    'Two wet spells are two events when the time without rain between them is at least interEventH, else one; missing time counts as time without rain, and where it is longer than interEventH the events beside it are marked incomplete. The rain of a catchment is the weighted mean of its gauges in steps of rainStepMin. Events with at least minDepthMm count, each whole and in the window it begins in.',
  ),
  unit: '{event}',
  admissible: [0, Number.MAX_SAFE_INTEGER],
  subjectKinds: ['gauge', 'catchment'],
  parameters: [
    INTER_EVENT,
    recommendedNumber(
      'minDepthMm',
      'mm',
      2,
      [0, 100],
      '降雨量小于此值的场次不列入，其雨量合计另列',
      'Events with less depth are not listed; their depth is given as a sum',
    ),
    COVERAGE_MIN,
    AREAL_STEP,
  ],
  wants(scope) {
    return gaugesOf(scope).map(({ sensor }) => ({
      role: 'rain',
      series: sensor,
      window: recordWindow(scope),
    }))
  },
  compute,
}

function compute(scope: Scope, loaded: Loaded, selection: Selection): Computation {
  const { window } = scope
  const { record } = rainOf(
    scope.registry,
    gaugesOf(scope),
    loaded,
    recordWindow(scope),
    numberOf(scope, 'rainStepMin'),
    selection,
  )
  const all = rainEvents(record, numberOf(scope, 'interEventH') * HOUR_MS)
  const minDepthMm = numberOf(scope, 'minDepthMm')
  const inside = all.filter(({ fromMs }) => fromMs >= window.fromMs && fromMs < window.toMs)
  const kept = inside.filter((event) => depthMm(event.depthPm) >= minDepthMm)
  const dropped = inside.filter((event) => depthMm(event.depthPm) < minDepthMm)

  const share = rainTotal(record, window).knownMs / (window.toMs - window.fromMs)
  const enough = share >= numberOf(scope, 'coverageMin')
  return {
    value: enough ? kept.length : null,
    verdict: 'NOT_EVALUATED',
    reason: enough
      ? noRequirement()
      : text(
          `有效雨量记录占时间窗 ${percent(share)}，低于 ${percent(numberOf(scope, 'coverageMin'))}`,
          `the rain record covers ${percent(share)} of the window, less than ${percent(numberOf(scope, 'coverageMin'))}`,
        ),
    coverage: {
      share,
      basis: text(
        '有有效雨量记录的时间占比',
        'share of the window’s time with a valid rain record',
      ),
    },
    uncertainty: null,
    table: kept.map(eventRow),
    parts: balance(record, all, kept, dropped),
    notes: eventNotes(kept, dropped, cityTime(scope.registry)),
  }
}

/** One event as a row of a result's table. */
export function eventRow(event: RainEvent): Record<string, number | string | null> {
  return {
    fromMs: event.fromMs,
    toMs: event.toMs,
    depthMm: depthMm(event.depthPm),
    durationMs: event.toMs - event.fromMs,
    max5Mm: event.max5Mm,
    max15Mm: event.max15Mm,
    max30Mm: event.max30Mm,
    max60Mm: event.max60Mm,
    antecedentDryMs: event.antecedentDryMs,
    completeness: event.completeness,
    state: event.state,
    timing: event.timing,
    worstFlag: event.worstFlag,
  }
}

/** The water balance of the record: what is listed, dropped and outside adds up to all of it, exactly. */
function balance(
  record: RainRecord,
  all: readonly RainEvent[],
  kept: readonly RainEvent[],
  dropped: readonly RainEvent[],
): Part[] {
  const sum = (events: readonly RainEvent[]) =>
    events.reduce((depth, event) => depth + event.depthPm, 0)
  const part = (name: string, depthPm: number): Part => ({
    name,
    value: depthMm(depthPm),
    unit: 'mm',
    members: [],
  })
  const outside = sum(all) - sum(kept) - sum(dropped)
  return [
    part('depth-of-events', sum(kept)),
    part('depth-of-dropped-events', sum(dropped)),
    part('depth-of-events-beginning-outside-the-window', outside),
    part(
      'depth-of-record',
      record.depthPm.reduce((depth, span) => depth + span, 0),
    ),
  ]
}

function eventNotes(
  kept: readonly RainEvent[],
  dropped: readonly RainEvent[],
  time: CityTime,
): Note[] {
  const notes: Note[] = []
  const starts = (events: readonly RainEvent[]) => time.list(events.map(({ fromMs }) => fromMs))
  const incomplete = kept.filter(({ state }) => state === 'incomplete')
  const spread = kept.filter(({ timing }) => timing === 'spread')
  if (dropped.length > 0) {
    notes.push(
      note(
        'small_events_dropped',
        `小于最小降雨量、未列入的场次：${dropped.length} 场`,
        `events below the least depth, not listed: ${dropped.length}`,
      ),
    )
  }
  if (incomplete.length > 0) {
    notes.push(
      note(
        'incomplete_events',
        `场内或前后缺测超过最小降雨间隔，或记录至此为止，实际可能更长更大：${starts(incomplete)}`,
        `a gap longer than the inter-event time lies in or beside them, or the record ends there; they may have been longer and deeper: ${starts(incomplete)}`,
      ),
    )
  }
  if (spread.length > 0) {
    notes.push(
      note(
        'rain_timing_unknown',
        `含累计雨量计缺测时段，总量已知、时程未知：${starts(spread)}`,
        `a counter’s gap lies in them, the depth is known, its distribution in time is not: ${starts(spread)}`,
      ),
    )
  }
  return notes
}

function gaugesOf(scope: Scope): readonly GaugeWeight[] {
  if (scope.subject.kind === 'gauge') return [{ sensor: scope.subject.id, weight: 1 }]
  return gaugeWeights(scope.registry.catchments.filter(({ id }) => id === scope.subject.id))
}

function recordWindow(scope: Scope): { fromMs: number; toMs: number } {
  const interEventMs = numberOf(scope, 'interEventH') * HOUR_MS
  return {
    fromMs: scope.window.fromMs - RAIN_LOOK_BACK_MS - interEventMs,
    toMs: scope.window.toMs + RAIN_LOOK_AHEAD_MS + interEventMs,
  }
}
