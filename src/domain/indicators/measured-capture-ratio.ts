import type { DrainageZone, Outfall } from '../city/registry.js'
import { runoffCoefficient } from '../runoff/runoff-coefficient.js'
import type { Selection } from '../selection.js'
import { DAY_MS } from '../time.js'
import { sharingOutfalls } from './city-lookup.js'
import {
  note,
  numberOf,
  text,
  type Computation,
  type Indicator,
  type Loaded,
  type Scope,
} from './indicator.js'
import { outfallStorms, outfallWants } from './outfall-storms.js'
import type { IndicatorResult, Note, Part, Text, Verdict } from './result.js'
import { provenanceText } from './provenance-text.js'
import { STORM_PARAMETERS } from './shared-parameters.js'
import {
  smallRain,
  SMALL_RAIN_PARAMETERS,
  SMALL_RAIN_RULE,
  smallRainNotes,
  smallRainParts,
  type SmallRain,
} from './small-rain.js'
import { CAPTURE_RATIO_INDICATOR, joined, lines, RECOMMENDED } from './sources.js'
import { stormNotes } from './storm-notes.js'
import { STORM_RULES } from './storm-rules.js'
import {
  noQualifyingRain,
  noRequirement,
  percent,
  stormSums,
  type StormSums,
} from './storm-sums.js'
import { stormParts, stormTable } from './storm-table.js'
import { uncertaintyOfStorms } from './storm-uncertainty.js'
import { zoneOutfalls, type ZoneOutfalls } from './zone-outfalls.js'

/** The share of rain that was not discharged, as measured at the outfalls of a zone or of one group. */
export const measuredCaptureRatio: Indicator = {
  id: 'measured-capture-ratio',
  version: 3,
  title: text('年径流总量控制率（实测）', 'Measured volume capture ratio'),
  clause: [
    CAPTURE_RATIO_INDICATOR,
    joined(
      text(
        '由实测场次体积计算控制率的算法',
        'The way from measured volumes of events to a capture ratio',
      ),
      RECOMMENDED,
    ),
  ],
  formula: lines(
    text(
      'α = 1 − ΣV / Σ(10·H·F)，体积相加，不平均比率。V = Σ max(Q − Qb, 0)·dt 为场次径流量（m³），H 为面雨量（mm），F 为汇水面积（hm²），Q 为排口流量，Qb 为基流。排水分区须全部排口在整个时间窗内已计量或已证明封堵，否则只给已计量部分（parts 中 metered-part）。判定须时间窗不短于 minWindowDays：不低于目标为达标。与核算值、模型值并列，不替代。',
      'α = 1 − ΣV / Σ(10·H·F), volumes summed, ratios never averaged. V = Σ max(Q − Qb, 0)·dt is the storm runoff in m³, H the areal rain in mm, F the catchment area in hm², Q the flow of the outfall, Qb its base flow. A zone needs every outfall metered or proven shut throughout the window; otherwise the metered part alone is given (metered-part under parts). A verdict needs a window of at least minWindowDays: PASS from the target upwards. It stands beside the audited and the modelled ratio and replaces neither.',
    ),
    SMALL_RAIN_RULE,
    STORM_RULES,
  ),
  unit: '1',
  admissible: [0, 1],
  subjectKinds: ['zone', 'outfall'],
  parameters: [
    ...STORM_PARAMETERS,
    {
      name: 'minWindowDays',
      type: 'number',
      unit: 'd',
      default: 365,
      range: [0, 3660],
      description: joined(
        text(
          '判定所需时间窗的最短长度，较短只给数值。',
          'Least length of the window for a verdict; shorter ones give the value only.',
        ),
        CAPTURE_RATIO_INDICATOR,
      ),
    },
    ...SMALL_RAIN_PARAMETERS,
  ],
  wants: (scope) => groupsOf(scope).flatMap((group) => outfallWants(scope, group)),
  compute,
}

function compute(scope: Scope, loaded: Loaded, selection: Selection): Computation {
  const groups = groupsOf(scope).map((group) => outfallStorms(scope, group, loaded, selection))
  const sums = stormSums(scope, groups)
  const ratio = captureRatio(sums)
  const zone = scope.registry.drainageZones.find(({ id }) => id === scope.subject.id)
  const isZone = scope.subject.kind === 'zone' && zone !== undefined
  const parties = isZone ? zoneOutfalls(scope.registry, zone.id, scope.window) : null
  const open = parties === null ? null : notAccountedFor(scope, parties)
  const small = smallRain(scope, sums, isZone ? zone : undefined)
  const judged = withSmallRain(
    scope,
    judge(scope, sums, ratio, open, isZone ? zone : undefined),
    small,
  )
  const { verdict, reason, value } = judged
  const uncertainty = uncertaintyOfStorms(
    measuredCaptureRatio,
    scope,
    sums,
    value,
    (volumeM3, rainM3) => 1 - volumeM3 / rainM3,
  )
  return {
    value,
    verdict,
    reason,
    coverage: open === null ? sums.coverage : ofMeteredPart(sums.coverage),
    uncertainty,
    table: stormTable(sums),
    parts: [
      ...(parties === null ? [] : zoneParts(parties, sums, ratio, groups.length)),
      ...stormParts(sums),
      ...(small.designDepthMm === null ? [] : smallRainParts(small)),
    ],
    notes: [
      ...smallRainNotes(scope, small),
      ...stormNotes(scope, sums),
      ...ratioNotes(sums, value, uncertainty, isZone ? zone : undefined),
    ],
  }
}

/** 1 − ΣV/ΣR; null without rain. Water that flowed back in excess counts as fully captured, no more. */
function captureRatio(sums: StormSums): number | null {
  const discharged = runoffCoefficient(sums.volumeM3, sums.rainM3)
  return discharged === null ? null : Math.min(1, 1 - discharged)
}

/** What the ratio alone would pass, held against what left in small rains. */
function withSmallRain(
  scope: Scope,
  judged: ReturnType<typeof judge>,
  { designDepthMm, discharging, events }: SmallRain,
): ReturnType<typeof judge> {
  if (scope.parameters['smallRain'] !== 'judge' || judged.verdict !== 'PASS') return judged
  const { value, reason } = judged
  if (designDepthMm === null) {
    return {
      value,
      verdict: 'NOT_EVALUATED',
      reason: text(
        `${reason.zh}；名录未给分区设计降雨量（designRainfall），小雨是否外排不能判定`,
        `${reason.en}; the registry gives the zone no designRainfall, so whether small rain is discharged cannot be told`,
      ),
    }
  }
  const said = text(
    `各排口共 ${events} 场次小于设计降雨量 ${designDepthMm} mm，其中 ${discharging.length} 场次外排`,
    `of ${events} events of less than the design depth of ${designDepthMm} mm, counted at each group of outfalls, ${discharging.length} were discharged`,
  )
  return {
    value,
    verdict: discharging.length > 0 ? 'FAIL' : 'PASS',
    reason: text(`${reason.zh}；${said.zh}`, `${reason.en}; ${said.en}`),
  }
}

function judge(
  scope: Scope,
  sums: StormSums,
  ratio: number | null,
  open: Text | null,
  zone: DrainageZone | undefined,
): { readonly value: number | null; readonly verdict: Verdict; readonly reason: Text } {
  const without = (reason: Text) => ({ value: null, verdict: 'NOT_EVALUATED' as const, reason })
  if (open !== null) return without(open)
  if (sums.insufficient !== null) return without(sums.insufficient)
  if (ratio === null) return without(noQualifyingRain())
  if (ratio < 0) {
    return without(
      text(
        `排出量 ${sums.volumeM3.toFixed(1)} m³ 大于降雨量 ${sums.rainM3.toFixed(1)} m³：有外来水、面积有误或雨量偏小`,
        `more water left (${sums.volumeM3.toFixed(1)} m³) than fell (${sums.rainM3.toFixed(1)} m³): external inflow, a wrong area, or a gauge that caught too little`,
      ),
    )
  }

  const given = (reason: Text) => ({ value: ratio, verdict: 'NOT_EVALUATED' as const, reason })
  const target = zone?.captureRatioTarget
  if (target === undefined) return given(noRequirement())
  const named = provenanceText(target.provenance)
  const required = text(
    `目标 ${percent(target.ratio)}，${named.zh}`,
    `target ${percent(target.ratio)}, ${named.en}`,
  )
  const days = (scope.window.toMs - scope.window.fromMs) / DAY_MS
  const least = numberOf(scope, 'minWindowDays')
  if (days < least) {
    return given(
      text(
        `时间窗 ${days.toFixed(1)} 天，短于判定所需 ${least} 天，仅给出数值；${required.zh}`,
        `the window of ${days.toFixed(1)} days is shorter than the ${least} a verdict needs; the value is given; ${required.en}`,
      ),
    )
  }
  const met = ratio >= target.ratio
  return {
    value: ratio,
    verdict: met ? 'PASS' : 'FAIL',
    reason: text(
      `实测 ${percent(ratio)}；${required.zh}`,
      `measured ${percent(ratio)}; ${required.en}`,
    ),
  }
}

/** The coverage of sums that hold the metered outfalls only must not be read as the zone's. */
function ofMeteredPart(coverage: IndicatorResult['coverage']): IndicatorResult['coverage'] {
  if (coverage === null) return null
  const { zh, en } = coverage.basis
  return {
    share: coverage.share,
    basis: text(`仅就已计量部分：${zh}`, `of the metered part alone: ${en}`),
  }
}

/** Why a zone has no ratio of its own: the outfalls and catchments nobody can account for. */
function notAccountedFor(scope: Scope, parties: ZoneOutfalls): Text | null {
  const zh: string[] = []
  const en: string[] = []
  const list = (some: readonly { readonly id: string }[]) => some.map(({ id }) => id).join(', ')
  const hm2 = (m2: number) => `${(m2 / 10_000).toFixed(2)} hm²`
  if (parties.unmetered.length > 0) {
    zh.push(`时间窗内未全程计量的排口：${list(parties.unmetered)}`)
    en.push(`outfalls not metered throughout the window: ${list(parties.unmetered)}`)
  }
  if (parties.mixed.length > 0) {
    zh.push(`兼排其他分区的排口：${list(parties.mixed)}`)
    en.push(`outfalls that drain other zones, too: ${list(parties.mixed)}`)
  }
  if (parties.undrained.length > 0) {
    zh.push(`未登记排口的汇水区：${list(parties.undrained)}`)
    en.push(`catchments without a known outfall: ${list(parties.undrained)}`)
  }
  if (zh.length === 0 && parties.metered.length === 0) {
    return text('该分区没有登记排口', 'the zone has no outfall in the registry')
  }
  if (zh.length === 0) return null
  const zoneM2 = scope.registry.catchments
    .filter(({ zone }) => zone === scope.subject.id)
    .reduce((sum, { area }) => sum + area.m2, 0)
  const share = text(
    `分区 ${hm2(zoneM2)} 中 ${hm2(parties.unmeteredAreaM2)} 未计量，不能给出全区控制率`,
    `${hm2(parties.unmeteredAreaM2)} of the zone’s ${hm2(zoneM2)} are unmetered, so the zone as a whole has no ratio`,
  )
  return text(`${zh.join('；')}；${share.zh}`, `${en.join('; ')}; ${share.en}`)
}

/** The metered part with its own ratio, and who is left. */
function zoneParts(
  parties: ZoneOutfalls,
  sums: StormSums,
  ratio: number | null,
  groups: number,
): Part[] {
  const usable = groups > 0 && sums.insufficient === null && ratio !== null && ratio >= 0
  return [
    {
      name: 'metered-part',
      value: usable ? ratio : null,
      unit: '1',
      members: parties.metered.flat().map(({ id }) => id),
    },
    {
      name: 'unmetered-area',
      value: parties.unmeteredAreaM2,
      unit: 'm2',
      members: [...parties.unmetered, ...parties.mixed, ...parties.undrained].map(({ id }) => id),
    },
  ]
}

function ratioNotes(
  sums: StormSums,
  value: number | null,
  uncertainty: IndicatorResult['uncertainty'],
  zone: DrainageZone | undefined,
): Note[] {
  const notes: Note[] = []
  const target = zone?.captureRatioTarget
  if (target !== undefined && target.provenance.unverified) {
    const named = provenanceText(target.provenance)
    notes.push(
      note(
        'target_unverified',
        `目标值 ${percent(target.ratio)} 未经核实：${named.zh}`,
        `the target of ${percent(target.ratio)} has not been verified: ${named.en}`,
      ),
    )
  }
  if (
    target !== undefined &&
    value !== null &&
    uncertainty !== null &&
    uncertainty.lower < target.ratio &&
    target.ratio < uncertainty.upper
  ) {
    notes.push(
      note(
        'target_within_uncertainty',
        '目标值落在误差区间之内',
        'the target lies within the interval of the value',
      ),
    )
  }
  if (sums.rainM3 > 0 && sums.volumeM3 < 0) {
    notes.push(
      note(
        'reverse_flow_exceeds',
        '倒流量大于排出量，控制率按 1 计',
        'more water flowed back than out; the ratio is held at 1',
      ),
    )
  }
  return notes
}

function groupsOf(scope: Scope): readonly (readonly Outfall[])[] {
  const { registry, subject, window } = scope
  if (subject.kind === 'zone') return zoneOutfalls(registry, subject.id, window).metered
  const outfall = registry.outfalls.find(({ id }) => id === subject.id)
  return outfall === undefined ? [] : [sharingOutfalls(registry, outfall)]
}
