import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../src/domain/time.js'
import type { Chance } from '../random.js'
import type { MonthCharacter, RainCharacter } from './rain-character.js'

/** Rain of a span by steps of one length. */
export interface RainSteps {
  /** Start of the first step, UTC epoch ms. */
  readonly fromMs: number
  readonly stepMs: number
  /** mm per step. */
  readonly depthMm: Float64Array
}

/** How the rain of a day falls: the shape of a storm of the place's storm intensity formula. */
export interface StormShape {
  /** b in min and n of `i ∝ 1/(t + b)^n`. */
  readonly b: number
  readonly n: number
}

/** Storms of a wet day, at most. */
const MOST_STORMS = 3
/** Rain beyond the deepest day of a month's record: mean excess as a share of that day. */
const TAIL_SHARE = 0.15

/**
 * A year of rain with the character of a record: wet days by the chain of each month, depths drawn from
 * the month's own wet days, straight between them and with an exponential tail beyond the deepest, and
 * each day's depth let down in one to three storms of the place's shape, short and sharp in warm months.
 * The depth of a day is that of its steps, exactly.
 *
 * @param offsetMs of the place's local days from UTC, ms
 * @param stepMs divides a day
 * @throws RangeError for a step that does not
 */
export function rainYear(
  character: RainCharacter,
  shape: StormShape,
  year: number,
  stepMs: number,
  offsetMs: number,
  chance: Chance,
): RainSteps {
  if (!(stepMs > 0 && DAY_MS % stepMs === 0)) {
    throw new RangeError(`a step of ${stepMs} ms does not divide a day`)
  }
  const firstDay = Date.UTC(year, 0) / DAY_MS
  const days = Date.UTC(year + 1, 0) / DAY_MS - firstDay
  const perDay = DAY_MS / stepMs
  const depthMm = new Float64Array(days * perDay)
  let wasWet = false
  for (let k = 0; k < days; k++) {
    const day = firstDay + k
    const month = new Date(day * DAY_MS).getUTCMonth()
    const ofMonth = character[month]
    if (ofMonth === undefined) throw new RangeError(`no character of month ${month + 1}`)
    const likely: number = wasWet ? ofMonth.wetAfterWet : ofMonth.wetAfterDry
    wasWet = ofMonth.depthsMm.length > 0 && chance.uniform('wet', day) < likely
    if (!wasWet) continue
    const depth = dayDepthMm(ofMonth, chance.uniform('depth', day), chance.uniform('tail', day))
    letDown(depthMm.subarray(k * perDay, (k + 1) * perDay), depth, { shape, month, day, chance })
  }
  return { fromMs: firstDay * DAY_MS - offsetMs, stepMs, depthMm }
}

/** The depth that a share of the month's wet days stays below, mm. */
function dayDepthMm({ depthsMm }: MonthCharacter, quantile: number, tail: number): number {
  const count = depthsMm.length
  const place = quantile * (count + 1) - 1
  const low = Math.floor(place)
  const deepest = depthsMm[count - 1] ?? 0
  if (low >= count - 1) return deepest - TAIL_SHARE * deepest * Math.log(1 - tail)
  const [before, after] = [depthsMm[Math.max(0, low)] ?? 0, depthsMm[low + 1] ?? 0]
  return low < 0 ? after : before + (place - low) * (after - before)
}

interface DayParts {
  readonly shape: StormShape
  /** 0 for January. */
  readonly month: number
  readonly day: number
  readonly chance: Chance
}

/** Fills a day's steps with its depth. */
function letDown(steps: Float64Array, depthMm: number, parts: DayParts): void {
  const { day, chance } = parts
  const storms = 1 + Math.floor(MOST_STORMS * chance.uniform('storms', day) ** 2)
  const weights = Array.from({ length: storms }, (_, i) => 0.05 + chance.uniform('weight', day, i))
  const whole = weights.reduce((sum, weight) => sum + weight, 0)
  for (const [i, weight] of weights.entries()) {
    addStorm(steps, (depthMm * weight) / whole, i, parts)
  }
  // What differs by rounding goes where most falls, so that the day is exact.
  const fallen = steps.reduce((sum, depth) => sum + depth, 0)
  const greatest = steps.indexOf(Math.max(...steps))
  steps[greatest] = (steps[greatest] ?? 0) + (depthMm - fallen)
}

function addStorm(
  steps: Float64Array,
  depthMm: number,
  i: number,
  { shape, month, day, chance }: DayParts,
): void {
  const stepMs = DAY_MS / steps.length
  // Frontal rain of winter lasts three times as long as the showers of July.
  const warmth = (1 - Math.cos((2 * Math.PI * (month + 0.5)) / 12)) / 2
  const medianH = (1.2 + 0.25 * Math.sqrt(depthMm)) * (3 - 2 * warmth)
  const hours = medianH * Math.exp(0.5 * chance.normal('duration', day, i))
  const durationMs = Math.min(20 * HOUR_MS, Math.max(10 * MINUTE_MS, hours * HOUR_MS))
  const startMs = chance.uniform('start', day, i) * (DAY_MS - durationMs)
  const peak = 0.3 + 0.25 * chance.uniform('peak', day, i)
  const first = Math.floor(startMs / stepMs)
  const last = Math.min(steps.length - 1, Math.floor((startMs + durationMs) / stepMs))
  let before = 0
  for (let k = first; k <= last; k++) {
    const fallen = fallenShare(shape, ((k + 1) * stepMs - startMs) / durationMs, durationMs, peak)
    steps[k] = (steps[k] ?? 0) + depthMm * (fallen - before)
    before = fallen
  }
}

/**
 * Share of a Chicago storm that has fallen by a share of its duration: the cumulative curve of Keifer & Chu
 * (1957), peak outwards on both sides.
 */
function fallenShare(
  shape: StormShape,
  progress: number,
  durationMs: number,
  peak: number,
): number {
  if (progress >= 1) return 1
  const minutes = durationMs / MINUTE_MS
  const whole = stormShare(shape, minutes)
  const upTo = (share: number, part: number): number =>
    (part * stormShare(shape, (share * minutes) / part)) / whole
  return progress < peak
    ? peak - upTo(peak - progress, peak)
    : peak + upTo(progress - peak, 1 - peak)
}

/** Depth of the first so many minutes, up to a factor. */
function stormShare({ b, n }: StormShape, minutes: number): number {
  return minutes / (minutes + b) ** n
}
