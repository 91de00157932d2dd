import { depthMm, type RainRecord } from '../rain/rain-record.js'
import { rainEvents, type RainEvent } from '../rain/rain-events.js'
import { rainTotal } from '../rain/rain-total.js'
import { HOUR_MS } from '../time.js'
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
import { percent } from './storm-sums.js'
import { AREAL_STEP, COVERAGE_MIN, INTER_EVENT } from './shared-parameters.js'
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
  clause: ['standards.md §7.1, event separation (recommended)'],
  formula: text(
    '两段有雨时段之间无雨时间不小于最小降雨间隔时分为两场;降雨量达到最小值的场次计数,场次归属其开始时刻所在的时间窗。',
    'Two wet spells are two events when the time between them is at least the inter-event time; events with at least the least depth count, each in the window it begins in.',
  ),
  unit: '{event}',
  admissible: [0, Number.MAX_SAFE_INTEGER],
  subjectKinds: ['gauge', 'catchment'],
  parameters: [
    INTER_EVENT,
    {
      name: 'minDepthMm',
      type: 'number',
      unit: 'mm',
      default: 2,
      range: [0, 100],
      description: text(
        '降雨量小于此值的场次不列入,但计数(standards.md §7.1,推荐)',
        'Events with less depth are not listed, but counted (standards.md §7.1, recommended)',
      ),
    },
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
  const record = rainOf(
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
      ? text('无规定要求,仅给出数值', 'no requirement is set; the value is given')
      : text(
          `雨量有效覆盖 ${percent(share)} 不足`,
          `the rain record covers ${percent(share)} of the window: too little`,
        ),
    coverage: { share, basis: 'time' },
    uncertainty: null,
    table: kept.map(eventRow),
    parts: balance(record, all, kept, dropped),
    notes: eventNotes(kept, dropped),
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

function eventNotes(kept: readonly RainEvent[], dropped: readonly RainEvent[]): Note[] {
  const notes: Note[] = []
  const incomplete = kept.filter(({ state }) => state === 'incomplete').length
  const spread = kept.filter(({ timing }) => timing === 'spread').length
  if (dropped.length > 0) {
    notes.push(
      note(
        'small_events_dropped',
        `${dropped.length} 场降雨小于最小降雨量,未列入`,
        `${dropped.length} events are below the least depth and not listed`,
      ),
    )
  }
  if (incomplete > 0) {
    notes.push(
      note(
        'incomplete_events',
        `${incomplete} 场降雨之内或前后缺测超过最小降雨间隔,可能更长更大`,
        `${incomplete} events have a gap longer than the inter-event time in or beside them; they may have been longer and deeper`,
      ),
    )
  }
  if (spread > 0) {
    notes.push(
      note(
        'rain_timing_unknown',
        `${spread} 场降雨含累计雨量计缺测时段:总量已知,时程未知`,
        `${spread} events include a counter’s gap: the depth is known, its distribution in time is not`,
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
