import type { PondingEvent } from '../ponding/ponding-events.js'
import type { RainEnd } from '../ponding/rain-end.js'
import { DAY_MS, MINUTE_MS } from '../time.js'
import { cityTime } from './city-time.js'
import type { DesignRain } from './design-rain.js'
import { numberOf, text, type Scope } from './indicator.js'
import type { Text, Verdict } from './result.js'
import { percent } from './storm-sums.js'

export type PondingFault = 'depth' | 'recession'

/** A ponding with the rain it belongs to and the limits it broke. */
export interface JudgedEvent {
  readonly event: PondingEvent
  readonly end: RainEnd
  /** From the end of the rain to the end of the ponding; 0 when the water was gone first. */
  readonly recessionMs: number | null
  readonly faults: readonly PondingFault[]
}

/**
 * A limit broken after rain is a FAIL whatever the rain was: a lighter one is no excuse. One broken without any
 * rain (a burst main, or a gauge that fell silent) says nothing of the drainage and must be looked into. To pass, a rain of the
 * sewer's design depth must have come and been watched, in a window of a year.
 */
export function pondingVerdict(
  scope: Scope,
  rows: readonly JudgedEvent[],
  rain: DesignRain,
  coverage: number,
): { readonly verdict: Verdict; readonly reason: Text } {
  const time = cityTime(scope.registry)
  const breaking = rows.filter(({ faults }) => faults.length > 0)
  const broken = breaking.filter(({ end }) => end.found !== 'no-rain')
  if (broken.length > 0) return { verdict: 'FAIL', reason: brokenLimits(scope, broken, rain) }

  const notEvaluated = (zh: string, en: string) => ({
    verdict: 'NOT_EVALUATED' as const,
    reason: text(zh, en),
  })
  if (breaking.length > 0) {
    const times = time.list(breaking.map(({ event }) => event.fromMs))
    return notEvaluated(
      `无雨而积水超限，须核实（管道爆裂、雨量计失灵）：${times}`,
      `a limit was broken without rain, to be looked into (a burst main, a gauge that fell silent): ${times}`,
    )
  }
  const least = numberOf(scope, 'coverageMin')
  if (coverage < least) {
    return notEvaluated(
      `有效覆盖 ${percent(coverage)}，低于 ${percent(least)}`,
      `coverage of ${percent(coverage)} is less than ${percent(least)}`,
    )
  }
  const untold = rows.filter(
    ({ end, event }) => end.found === 'unknown' || event.state !== 'complete',
  )
  if (untold.length > 0) {
    const times = time.list(untold.map(({ event }) => event.fromMs))
    return notEvaluated(
      `退水时间无法确定，雨量或积水记录不完整：${times}`,
      `the recession cannot be told because the record of rain or ponding is not complete: ${times}`,
    )
  }
  if (rain.depth60Mm === null) {
    return notEvaluated(
      `水深、退水均未超限，但名录与请求均未给出管渠设计重现期的 1 h 雨量，不能判定达标（时间窗内最大 1 h 雨量 ${millimetres(rain.greatest60Mm)}）`,
      `no limit is broken, but neither registry nor request gives the depth of an hour at the sewer’s design return period, so nothing can pass (greatest hour of rain in the window: ${millimetres(rain.greatest60Mm)})`,
    )
  }
  if (rain.reached === 0) {
    return notEvaluated(
      `未经检验：水深、退水均未超限，但时间窗内最大 1 h 雨量 ${millimetres(rain.greatest60Mm)} 未达管渠设计 1 h 雨量 ${millimetres(rain.depth60Mm)}`,
      `not tested: no limit is broken, but the greatest hour of rain in the window, ${millimetres(rain.greatest60Mm)}, does not reach the sewer’s design hour of ${millimetres(rain.depth60Mm)}`,
    )
  }
  const days = (scope.window.toMs - scope.window.fromMs) / DAY_MS
  const leastDays = numberOf(scope, 'minWindowDays')
  if (days < leastDays) {
    return notEvaluated(
      `水深、退水均未超限，但时间窗 ${short(days)} 天，短于判定达标所需 ${leastDays} 天`,
      `no limit is broken, but the window of ${short(days)} days is shorter than the ${leastDays} it takes to pass`,
    )
  }
  return {
    verdict: 'PASS',
    reason: text(
      `最大 1 h 雨量达到管渠设计值 ${millimetres(rain.depth60Mm)} 的降雨 ${rain.reached} 场，水深均不大于 ${numberOf(scope, 'depthLimitMm')} mm，退水均不超过 ${numberOf(scope, 'recessionLimitMin')} min`,
      `events that reached the sewer’s design hour of ${millimetres(rain.depth60Mm)}: ${rain.reached}; no ponding deeper than ${numberOf(scope, 'depthLimitMm')} mm, no recession longer than ${numberOf(scope, 'recessionLimitMin')} min`,
    ),
  }
}

/** Each ponding that broke a limit with what it broke, and the rain beside the design rain. */
function brokenLimits(scope: Scope, broken: readonly JudgedEvent[], rain: DesignRain): Text {
  const time = cityTime(scope.registry)
  const depthLimit = `${numberOf(scope, 'depthLimitMm')} mm`
  const recessionLimit = `${numberOf(scope, 'recessionLimitMin')} min`
  const zh: string[] = []
  const en: string[] = []
  for (const { event, recessionMs, faults } of broken) {
    const at = time.at(event.fromMs)
    const depth = millimetres(event.maxMm)
    const recession = `${short((recessionMs ?? 0) / MINUTE_MS)} min`
    const isDeep = faults.includes('depth')
    const isLong = faults.includes('recession')
    const zhFaults = [
      ...(isDeep ? [`水深 ${depth} > ${depthLimit}`] : []),
      ...(isLong ? [`退水 ${recession} > ${recessionLimit}`] : []),
    ]
    const enFaults = [
      ...(isDeep ? [`depth ${depth} > ${depthLimit}`] : []),
      ...(isLong ? [`recession ${recession} > ${recessionLimit}`] : []),
    ]
    zh.push(`${at} ${zhFaults.join('、')}`)
    en.push(`${at} ${enFaults.join(', ')}`)
  }
  const greatest = millimetres(rain.greatest60Mm)
  const design = rain.depth60Mm === null ? null : millimetres(rain.depth60Mm)
  return text(
    `超限：${zh.join('；')} (${time.zone})。时间窗内最大 1 h 雨量 ${greatest}，管渠设计 1 h 雨量${design === null ? '未给出' : ` ${design}`}；超限即不达标，与雨量大小无关`,
    `limits broken: ${en.join('; ')} (${time.zone}). Greatest hour of rain in the window ${greatest}, design hour of the sewer ${design ?? 'not given'}; a limit that is broken fails whatever the rain was`,
  )
}

function millimetres(depthMm: number | null): string {
  return depthMm === null ? '—' : `${short(depthMm)} mm`
}

/** Six significant digits, no trailing zeros: enough to see on which side of a limit a value lies. */
function short(value: number): string {
  return String(Number(value.toPrecision(6)))
}
