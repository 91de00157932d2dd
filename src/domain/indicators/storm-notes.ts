import { sum } from 'simple-statistics'
import { catchmentsOf, isAccountedFor } from './city-lookup.js'
import { cityTime } from './city-time.js'
import { note, type Scope } from './indicator.js'
import type { Storm } from './outfall-storms.js'
import { provenanceText } from './provenance-text.js'
import { accuracyNotes } from './telemetry-uncertainty.js'
import type { Note } from './result.js'
import { baseFlowNotes } from './storm-rules.js'
import type { StormSums } from './storm-sums.js'
import { unknownAccuracies } from './storm-uncertainty.js'

/** What a reader of the sums has to know. */
export function stormNotes(scope: Scope, sums: StormSums): Note[] {
  const outfalls = sums.groups.flatMap((group) => group.outfalls)
  return [
    ...baseFlowNotes(scope, outfalls),
    ...areaNotes(scope, sums),
    ...unmeteredNotes(scope, sums),
    ...eventNotes(scope, sums),
    ...flowNotes(sums),
    ...groupNotes(sums),
    ...accuracyNotes(unknownAccuracies(scope.registry, sums)),
  ]
}

/** Where the areas come from: an area that is not the surveyed one is the commonest way to a wrong ratio. */
function areaNotes(scope: Scope, sums: StormSums): Note[] {
  const ids = new Set(sums.groups.flatMap(({ catchments }) => catchments))
  return catchmentsOf(scope.registry, ids).map(({ id, area }) => {
    const named = provenanceText(area.provenance)
    const hm2 = `${(area.m2 / 10_000).toFixed(2)} hm²`
    return note(
      'area_source',
      `汇水区 ${id} 面积 ${hm2}：${named.zh}`,
      `area of catchment ${id}, ${hm2}: ${named.en}`,
    )
  })
}

function unmeteredNotes(scope: Scope, sums: StormSums): Note[] {
  const open = sums.groups
    .flatMap(({ outfalls }) => outfalls)
    .filter((outfall) => !isAccountedFor(outfall, scope.window))
  if (open.length === 0) return []
  const ids = open.map(({ id }) => id).join(', ')
  return [
    note(
      'outfall_unmetered',
      `排口 ${ids} 在时间窗内并非全程计量，未计量时段按缺测计`,
      `outfall ${ids} is not metered throughout the window; the time without a meter counts as missing`,
    ),
  ]
}

function eventNotes(scope: Scope, sums: StormSums): Note[] {
  const notes: Note[] = []
  const time = cityTime(scope.registry)
  const storms = sums.groups.flatMap((group) => group.storms)
  const starts = (some: readonly Storm[]) => time.list(some.map(({ event }) => event.fromMs))
  const about = (code: string, some: readonly Storm[], zh: string, en: string) => {
    if (some.length > 0) notes.push(note(code, `${zh}：${starts(some)}`, `${en}: ${starts(some)}`))
  }
  about(
    'phi_above_one',
    sums.used.filter(({ volumeM3, rainM3 }) => volumeM3 > rainM3),
    '径流系数大于 1，有外来水、面积有误或雨量偏小，场次',
    'runoff coefficient above 1, so external inflow, a wrong area, or a gauge that caught too little, in the events of',
  )
  for (const [use, zh, en] of REASONS_UNUSED) {
    about(
      `event_${use}`,
      storms.filter((storm) => storm.use === use),
      zh,
      en,
    )
  }
  about(
    'recession_cut',
    sums.used.filter(({ runoffs }) => runoffs.some(({ window }) => window.endedBy !== 'recession')),
    '退水未完即被下一场降雨或最长退水时间截断，场次',
    'the recession was cut by the next event or the longest recession in the events of',
  )
  about(
    'rain_timing_unknown',
    sums.used.filter(({ event }) => event.timing === 'spread'),
    '累计雨量计缺测，总量已知、时程未知，场次',
    'a counter’s gap, the depth is known, its distribution in time is not, in the events of',
  )
  const small = sum(sums.groups.map(({ smallEvents }) => smallEvents))
  if (small > 0) {
    notes.push(
      note(
        'small_events_dropped',
        `降雨量不大于最小降雨量、未计入的场次：${small} 场`,
        `events not deeper than the least depth, not counted: ${small}`,
      ),
    )
  }
  return notes
}

const REASONS_UNUSED = [
  [
    'unfinished',
    '时间窗结束时降雨间隔未满、场次尚未结束，既不计入数值也不计入覆盖，场次',
    'not over when the window ends (the inter-event time has not passed), so left out of value and coverage, the events of',
  ],
  [
    'rain-incomplete',
    '雨量不完整（场内或前后缺测长于 interEventH，或场内有效率低于 eventCoverageMin），未计入的场次',
    'rain not complete (a gap longer than interEventH in or beside it, or less than eventCoverageMin of it valid), so left out, the events of',
  ],
  [
    'flow-incomplete',
    '径流时段内流量缺测过多，未计入的场次',
    'too much flow missing in the runoff time, so left out, the events of',
  ],
  ['base-flow-unknown', '基流不明，未计入的场次', 'base flow unknown, so left out, the events of'],
] as const

function flowNotes(sums: StormSums): Note[] {
  const notes: Note[] = []
  const volumes = sums.used.flatMap(({ runoffs }) =>
    runoffs.flatMap(({ outfall, upstream }) => [outfall, ...upstream]),
  )
  const bridgedMin = sum(volumes.map(({ bridgedMs }) => bridgedMs)) / 60_000
  if (bridgedMin > 0) {
    notes.push(
      note(
        'gap_bridged',
        `流量短缺测共 ${bridgedMin.toFixed(0)} min，按直线插补，误差区间已放宽`,
        `flow gaps of ${bridgedMin.toFixed(0)} min in all are bridged linearly and widen the interval`,
      ),
    )
  }
  const reverseM3 = sum(volumes.map((volume) => volume.reverseM3))
  if (reverseM3 > 0) {
    notes.push(
      note(
        'reverse_flow',
        `倒流 ${reverseM3.toFixed(1)} m³，按负值计入`,
        `${reverseM3.toFixed(1)} m³ flowed back and count negative`,
      ),
    )
  }
  return notes
}

function groupNotes(sums: StormSums): Note[] {
  return sums.groups
    .filter(({ outfalls }) => outfalls.length > 1)
    .map(({ outfalls }) => {
      const ids = outfalls.map(({ id }) => id).join(', ')
      return note(
        'shared_catchment',
        `${ids} 共用汇水区，合并计算`,
        `${ids} share catchments and are taken together`,
      )
    })
}
