import { CONFIDENCE, coverageInterval } from '../uncertainty/coverage-interval.js'
import { DRAWS } from '../uncertainty/draws.js'
import { note, text, type Indicator, type Scope } from './indicator.js'
import type { IndicatorResult, Note, Text } from './result.js'
import { lines } from './sources.js'

/** The words that the draws of a result follow from: what it is of, in its own fields. */
export function seedOf({ id }: Pick<Indicator, 'id'>, { subject, window }: Scope): string {
  return `${id} ${subject.kind}:${subject.id} ${window.fromMs} ${window.toMs}`
}

/**
 * The uncertainty of a value from its draws, with all in words that a stranger needs to redo them.
 * Where the value can be read in several ways, its interval spans those of all.
 *
 * @param readings the draws of each way to read the value, at least one
 * @param seed of `seedOf`, as the draws were made with
 * @param propagated what the draws hold, with the names of the sources
 * @param exact what they take for granted
 */
export function uncertaintyOf(
  { admissible }: Pick<Indicator, 'admissible'>,
  seed: string,
  value: number,
  readings: readonly Float64Array[],
  propagated: Text,
  exact: Text,
): IndicatorResult['uncertainty'] {
  const intervals = readings.map((draws) => coverageInterval(draws, value, admissible))
  const bounded = intervals.filter((interval) => interval !== null)
  if (bounded.length < readings.length) return null
  const method = lines(
    text(
      `蒙特卡洛法（按 JCGM 101:2008 的分布传播，未核实 unverified）：${DRAWS} 次拉丁超立方抽样，取第 2.5 与 97.5 百分位（线性插值，type 7），限于可取范围内，并放宽至含数值本身，故可不对称。`,
      `Monte Carlo, distributions propagated as in JCGM 101:2008 (unverified): ${DRAWS} draws by Latin hypercube, the 2.5th and 97.5th percentile (linear, type 7), kept within what the value may be and widened up to the value itself, so they may lie askew.`,
    ),
    propagated,
    exact,
    text(
      `【重算】种子词“${seed}”。每个误差来源取其分布的 ${DRAWS} 个等概率中点各一次，自升序由 xoshiro128** 打乱（Fisher–Yates，自末位起），其状态为 SplitMix64 的前两个数（低位字在前），初值为“种子词 来源名”的 FNV-1a（64 位）。`,
      `To redo: the seed is “${seed}”. Every source takes the ${DRAWS} equally likely midpoints of its distribution once, shuffled from ascending order (Fisher–Yates from the last down) by xoshiro128** whose state is the first two numbers of SplitMix64, low words first, from the 64-bit FNV-1a of “seed source”.`,
    ),
  )
  return {
    lower: Math.min(...bounded.map(({ lower }) => lower)),
    upper: Math.max(...bounded.map(({ upper }) => upper)),
    confidence: CONFIDENCE,
    method,
  }
}

/** What the accuracies of the registry are taken for; the first part of what is propagated. */
export const ACCURACY_PROPAGATED = text(
  '【计入】仪器准确度：名录的相对值（来源“传感器 gain”）与绝对值（“传感器 zero”）按正态误差的 95 % 限值理解，同一仪器在整个时间窗内取同一误差，不因场次多而抵消。',
  'In it: accuracy of the instruments, relative (source “sensor gain”) and absolute (“sensor zero”), read as 95 % limits of a normal error, one and the same for an instrument over the whole window, so that many events do not average it out.',
)

/** Why there is no interval. */
export function accuracyNotes(unknown: readonly string[]): Note[] {
  if (unknown.length === 0) return []
  const named = unknown.join(', ')
  return [
    note(
      'accuracy_unknown',
      `名录未登记准确度的仪器：${named}；不给出误差区间`,
      `the registry gives no accuracy for ${named}: no interval is given`,
    ),
  ]
}
