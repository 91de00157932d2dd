import { sum } from 'simple-statistics'
import { depthMm } from '../rain/rain-record.js'
import { runoffCoefficient } from '../runoff/runoff-coefficient.js'
import { note, numberOf, text, type Computation, type Scope } from './indicator.js'
import {
  BOUNDS_CONFIDENCE,
  BOUNDS_METHOD,
  summedBounds,
  type Bounds,
} from './measurement-bounds.js'
import type { OutfallStorms, Storm } from './outfall-storms.js'
import type { IndicatorResult, Note, Part, Text } from './result.js'

/** Sums over the storms of one or several groups of outfalls; volumes are summed, never ratios averaged. */
export interface StormSums {
  readonly groups: readonly OutfallStorms[]
  readonly used: readonly Storm[]
  readonly rainM3: number
  readonly volumeM3: number
  readonly runoffBounds: Bounds | null
  readonly rainBounds: Bounds | null
  /** null when there is no group to speak of. */
  readonly coverage: IndicatorResult['coverage']
  /** Why the sums do not suffice for a value, null when they do. */
  readonly insufficient: Text | null
}

/** Share of the runoff that may have passed while no gauge was valid (recommended). */
const UNSEEN_SHARE = 0.05

/**
 * Adds up what can be used. The coverage is the share of the areal rain of all qualifying events
 * that fell in events measured whole, rain, recession and base flow; it is never given higher than
 * the share of the window in which a gauge was valid.
 */
export function stormSums(scope: Scope, groups: readonly OutfallStorms[]): StormSums {
  const storms = groups.flatMap((group) => group.storms)
  const used = storms.filter(({ use }) => use === 'used')
  const allRainM3 = sum(storms.map(({ rainM3 }) => rainM3))
  const rainM3 = sum(used.map((storm) => storm.rainM3))
  const volumeM3 = sum(used.map((storm) => storm.volumeM3))
  const rainKnown = Math.min(1, ...groups.map(({ rainKnownShare }) => rainKnownShare))
  const share = Math.min(rainKnown, allRainM3 > 0 ? rainM3 / allRainM3 : rainKnown)
  const unseenM3 = sum(groups.map((group) => group.unseenM3))
  return {
    groups,
    used,
    rainM3,
    volumeM3,
    runoffBounds: summedBounds(used.map(({ runoffBounds }) => runoffBounds)),
    rainBounds: summedBounds(used.map(({ rainBounds }) => rainBounds)),
    coverage:
      groups.length === 0
        ? null
        : { share, basis: 'areal rain of events measured whole; time with a valid gauge' },
    insufficient: insufficiency(scope, storms, rainKnown, share, unseenM3, volumeM3),
  }
}

function insufficiency(
  scope: Scope,
  storms: readonly Storm[],
  rainKnown: number,
  share: number,
  unseenM3: number,
  volumeM3: number,
): Text | null {
  const least = numberOf(scope, 'coverageMin')
  if (rainKnown === 0) {
    return text('时间窗内没有有效雨量计', 'no gauge was valid within the window')
  }
  if (unseenM3 > 0 && unseenM3 > UNSEEN_SHARE * (unseenM3 + Math.max(0, volumeM3))) {
    return text(
      `雨量缺测期间有 ${unseenM3.toFixed(1)} m³ 径流:没有雨量计记录到该场降雨`,
      `${unseenM3.toFixed(1)} m³ ran off while no gauge was valid: no gauge saw that storm`,
    )
  }
  if (rainKnown < least) {
    return text(
      `有效雨量时间占 ${percent(rainKnown)},低于 ${percent(least)}`,
      `a gauge was valid during ${percent(rainKnown)} of the window, less than ${percent(least)}`,
    )
  }
  if (storms.length > 0 && share < least) {
    return text(
      `面雨量加权有效覆盖 ${percent(share)},低于 ${percent(least)}`,
      `coverage weighted by areal rain is ${percent(share)}, less than ${percent(least)}`,
    )
  }
  return null
}

/** The uncertainty of a result from its bounds, kept within what the value may be. */
export function uncertaintyOf(
  bounds: Bounds | null,
  admissible: readonly [number, number],
): IndicatorResult['uncertainty'] {
  if (bounds === null) return null
  return {
    lower: Math.min(admissible[1], Math.max(admissible[0], bounds.lower)),
    upper: Math.min(admissible[1], Math.max(admissible[0], bounds.upper)),
    confidence: BOUNDS_CONFIDENCE,
    method: BOUNDS_METHOD,
  }
}

/** One row per storm and group, for a result's table. */
export function stormTable(sums: StormSums): Computation['table'] {
  return sums.groups.flatMap((group) =>
    group.storms.map((storm) => {
      const { event } = storm
      const coefficient = runoffCoefficient(storm.volumeM3, storm.rainM3)
      const upstreamM3 = sum(
        storm.runoffs.flatMap(({ upstream }) => upstream.map(({ volumeM3 }) => volumeM3)),
      )
      const baseM3s = sum(storm.runoffs.map(({ baseM3s }) => baseM3s))
      const windowEnds = storm.runoffs.map(({ window }) => window.toMs)
      return {
        outfalls: group.outfalls.map(({ id }) => id).join(' + '),
        fromMs: event.fromMs,
        toMs: event.toMs,
        depthMm: depthMm(event.depthPm),
        rainM3: storm.rainM3,
        runoffToMs: Math.max(...windowEnds),
        runoffEndedBy: storm.runoffs.map(({ window }) => window.endedBy).join(' + '),
        baseFlowM3s: Number.isNaN(baseM3s) ? null : baseM3s,
        peakM3s: sum(storm.runoffs.map(({ outfall }) => outfall.peakM3s ?? 0)),
        volumeM3: Number.isNaN(storm.volumeM3) ? null : storm.volumeM3,
        upstreamM3: Number.isNaN(upstreamM3) ? null : upstreamM3,
        reverseM3: finiteOrNull(sum(storm.runoffs.map(({ outfall }) => outfall.reverseM3))),
        runoffCoefficient: coefficient === null ? null : finiteOrNull(coefficient),
        controlRatio: coefficient === null ? null : finiteOrNull(1 - coefficient),
        flowCoverage: storm.flowCoverage,
        rainCompleteness: event.completeness,
        rainState: event.state,
        rainTiming: event.timing,
        use: storm.use,
      }
    }),
  )
}

/** What the sums are made of, beside the value. */
export function stormParts(sums: StormSums): Part[] {
  const members = sums.groups.flatMap(({ outfalls }) => outfalls.map(({ id }) => id))
  return [
    { name: 'rain-volume', value: sums.rainM3, unit: 'm3', members },
    { name: 'runoff-volume', value: sums.volumeM3, unit: 'm3', members },
    { name: 'area', value: areaOf(sums), unit: 'm2', members: catchmentsIn(sums) },
    { name: 'events-used', value: sums.used.length, unit: '{event}', members: [] },
    {
      name: 'events-qualifying',
      value: sum(sums.groups.map(({ storms }) => storms.length)),
      unit: '{event}',
      members: [],
    },
  ]
}

function areaOf(sums: StormSums): number {
  return sum(sums.groups.map(({ areaM2 }) => areaM2))
}

function catchmentsIn(sums: StormSums): string[] {
  return sums.groups.flatMap(({ catchments }) => catchments)
}

/** What a reader of the sums has to know. */
export function stormNotes(sums: StormSums): Note[] {
  const notes: Note[] = []
  const storms = sums.groups.flatMap((group) => group.storms)
  const times = (some: readonly Storm[]) =>
    some.map(({ event }) => new Date(event.fromMs).toISOString()).join(', ')
  const aboveOne = sums.used.filter(({ volumeM3, rainM3 }) => volumeM3 > rainM3)
  if (aboveOne.length > 0) {
    notes.push(
      note(
        'phi_above_one',
        `${times(aboveOne)}:径流系数大于 1,有外来水、面积有误或雨量偏小`,
        `${times(aboveOne)}: runoff coefficient above 1: external inflow, a wrong area, or a gauge that caught too little`,
      ),
    )
  }
  for (const [use, zh, en] of REASONS_UNUSED) {
    const some = storms.filter((storm) => storm.use === use)
    if (some.length > 0) {
      notes.push(note(`event_${use}`, `${times(some)}:${zh}`, `${times(some)}: ${en}`))
    }
  }
  const volumes = sums.used.flatMap(({ runoffs }) =>
    runoffs.flatMap(({ outfall, upstream }) => [outfall, ...upstream]),
  )
  const bridgedMin = sum(volumes.map(({ bridgedMs }) => bridgedMs)) / 60_000
  if (bridgedMin > 0) {
    notes.push(
      note(
        'gap_bridged',
        `流量短缺测共 ${bridgedMin.toFixed(0)} min 线性插补,误差区间已放宽`,
        `flow gaps of ${bridgedMin.toFixed(0)} min in all are bridged linearly and widen the interval`,
      ),
    )
  }
  const reverseM3 = sum(volumes.map((volume) => volume.reverseM3))
  if (reverseM3 > 0) {
    notes.push(
      note(
        'reverse_flow',
        `倒流 ${reverseM3.toFixed(1)} m³ 按负值计入`,
        `${reverseM3.toFixed(1)} m³ flowed back and count negative`,
      ),
    )
  }
  const cut = sums.used.filter(({ runoffs }) =>
    runoffs.some(({ window }) => window.endedBy !== 'recession'),
  )
  if (cut.length > 0) {
    notes.push(
      note(
        'recession_cut',
        `${times(cut)}:退水在下一场降雨或最长退水时间处截断`,
        `${times(cut)}: the recession was cut by the next event or the longest recession`,
      ),
    )
  }
  const spread = sums.used.filter(({ event }) => event.timing === 'spread')
  if (spread.length > 0) {
    notes.push(
      note(
        'rain_timing_unknown',
        `${times(spread)}:累计雨量计缺测,总量已知,时程未知`,
        `${times(spread)}: a counter’s gap; the depth is known, its distribution in time is not`,
      ),
    )
  }
  const shared = sums.groups.filter(({ outfalls }) => outfalls.length > 1)
  for (const { outfalls } of shared) {
    const ids = outfalls.map(({ id }) => id).join(', ')
    notes.push(
      note(
        'shared_catchment',
        `${ids} 共用汇水区,合并计算`,
        `${ids} share catchments and are taken together`,
      ),
    )
  }
  const small = sum(sums.groups.map(({ smallEvents }) => smallEvents))
  if (small > 0) {
    notes.push(
      note(
        'small_events_dropped',
        `${small} 场降雨不大于最小降雨量,未计入`,
        `${small} events are not deeper than the least depth and do not count`,
      ),
    )
  }
  if (sums.used.length > 0 && (sums.runoffBounds === null || sums.rainBounds === null)) {
    notes.push(
      note(
        'accuracy_unknown',
        '有仪器未登记准确度,不给出误差区间',
        'the accuracy of an instrument is not in the registry: no interval is given',
      ),
    )
  }
  return notes
}

const REASONS_UNUSED = [
  ['rain-incomplete', '雨量不完整,未计入', 'rain not complete, not used'],
  ['flow-incomplete', '流量缺测过多,未计入', 'too much flow missing, not used'],
  ['base-flow-unknown', '基流无法确定,未计入', 'base flow cannot be told, not used'],
] as const

export function noRequirement(): Text {
  return text('无规定要求,仅给出数值', 'no requirement is set; the value is given')
}

export function noQualifyingRain(): Text {
  return text('时间窗内没有符合条件的降雨', 'no qualifying rain fell within the window')
}

export function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`
}

function finiteOrNull(value: number): number | null {
  return Number.isFinite(value) ? value : null
}
