import { sum } from 'simple-statistics'
import { isAccountedFor } from './city-lookup.js'
import { numberOf, text, type Scope } from './indicator.js'
import type { OutfallStorms, Storm } from './outfall-storms.js'
import type { IndicatorResult, Text } from './result.js'

/** Sums over the storms of one or several groups of outfalls; volumes are summed, never ratios averaged. */
export interface StormSums {
  readonly groups: readonly OutfallStorms[]
  readonly used: readonly Storm[]
  readonly rainM3: number
  readonly volumeM3: number
  /** null when there is no group to speak of. */
  readonly coverage: IndicatorResult['coverage']
  /** Why the sums do not suffice for a value, null when they do. */
  readonly insufficient: Text | null
}

const COVERAGE_BASIS = text(
  '全部符合条件且已结束场次的面雨量中，雨量、流量、基流均完整的场次所占比例，且不高于时间窗内雨量计有效时间占比',
  'share of the areal rain of all qualifying events that are over, which fell in events measured whole (rain, flow and base flow), at most the share of the window’s time with a valid gauge',
)

/** Share of the runoff that may have passed while no gauge was valid (recommended). */
const UNSEEN_SHARE = 0.05

/**
 * Adds up what can be used. The coverage is the share of the areal rain of all qualifying events
 * that fell in events measured whole, rain, recession and base flow; it is never given higher than
 * the share of the window in which a gauge was valid.
 */
export function stormSums(scope: Scope, groups: readonly OutfallStorms[]): StormSums {
  const storms = finishedStorms(groups)
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
    coverage: groups.length === 0 ? null : { share, basis: COVERAGE_BASIS },
    insufficient: insufficiency(scope, groups, rainKnown, share, unseenM3, volumeM3),
  }
}

/** Events that are over; one that is not belongs to a later window and is neither summed nor missed. */
function finishedStorms(groups: readonly OutfallStorms[]): readonly Storm[] {
  return groups.flatMap(({ storms }) => storms.filter(({ use }) => use !== 'unfinished'))
}

function insufficiency(
  scope: Scope,
  groups: readonly OutfallStorms[],
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
      `雨量缺测期间有 ${unseenM3.toFixed(1)} m³ 径流：没有雨量计记录到该场降雨`,
      `${unseenM3.toFixed(1)} m³ ran off while no gauge was valid: no gauge saw that storm`,
    )
  }
  if (rainKnown < least) {
    return text(
      `有效雨量时间占 ${percent(rainKnown)}，低于 ${percent(least)}`,
      `a gauge was valid during ${percent(rainKnown)} of the window, less than ${percent(least)}`,
    )
  }
  const storms = finishedStorms(groups)
  if (storms.length === 0 || share >= least) return null
  const leftOut = storms.filter(({ use }) => use !== 'used').length
  const unmetered = groups
    .flatMap(({ outfalls }) => outfalls)
    .filter((outfall) => !isAccountedFor(outfall, scope.window))
    .map(({ id }) => id)
    .join(', ')
  return text(
    `${unmetered === '' ? '' : `排口 ${unmetered} 在时间窗内并非全程计量；`}面雨量加权有效覆盖 ${percent(share)}，低于 ${percent(least)}：${storms.length} 场中 ${leftOut} 场不完整、未计入，原因见说明`,
    `${unmetered === '' ? '' : `outfall ${unmetered} is not metered throughout the window; `}coverage weighted by areal rain is ${percent(share)}, less than ${percent(least)}: of ${storms.length} events ${leftOut} not complete and left out, for the reasons in the notes`,
  )
}

export function noRequirement(): Text {
  return text('无规定要求，仅给出数值', 'no requirement is set; the value is given')
}

export function noQualifyingRain(): Text {
  return text('时间窗内没有符合条件的降雨', 'no qualifying rain fell within the window')
}

export function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`
}
