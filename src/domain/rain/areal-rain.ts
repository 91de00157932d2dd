import { sum } from 'simple-statistics'
import { FLAG } from '../flag.js'
import { worstFlag } from '../qc/worst-flag.js'
import type { Window } from '../time.js'
import { clockAligned, rainSteps, type RainSteps } from './hyetograph.js'
import { MISSING_SPAN, rainRecordWriter, type RainRecord } from './rain-record.js'

export interface WeightedRecord {
  readonly record: RainRecord
  /** > 0; only the proportions matter. */
  readonly weight: number
}

export interface ArealRain {
  readonly record: RainRecord
  /**
   * What share of the depth within a window each gauge stands for, in the order given; they add up
   * to 1. A step that a window cuts counts whole. Shares of the weights where the window is dry.
   */
  readonly sharesIn: (window: Window) => readonly number[]
}

/** Share of a step a gauge must know to speak for it: less than half would guess more than it tells. */
const VALID_SHARE = 0.5

/**
 * Areal rain: the weighted mean of the valid gauges, step by step, with the weights of the gauges
 * that are missing handed to the others. A gauge is valid in a step when it knows at least half of
 * it. A step without a valid gauge is missing.
 *
 * One gauge alone keeps its own record, spans and all: there is nothing to average.
 *
 * @param gauges records over the same window
 * @param stepMs steps of the mean, aligned to the UTC clock; at least the gauges' interval
 */
export function arealRain(
  gauges: readonly WeightedRecord[],
  window: Window,
  stepMs: number,
): ArealRain {
  const [only] = gauges
  if (gauges.length === 1 && only !== undefined) {
    return { record: only.record, sharesIn: () => [1] }
  }
  const aligned = clockAligned(window, stepMs, 0)
  const steps = gauges.map(({ record, weight }) => ({
    weight,
    steps: rainSteps(record, aligned, stepMs),
  }))
  const writer = rainRecordWriter(window)
  const count = Math.round((aligned.toMs - aligned.fromMs) / stepMs)
  for (let k = 0; k < count; k++) {
    writer.push(aligned.fromMs + (k + 1) * stepMs, meanOfStep(steps, k))
  }
  const sharesIn = ({ fromMs, toMs }: Window): readonly number[] =>
    sharesOfSteps(
      steps,
      Math.max(0, Math.floor((fromMs - aligned.fromMs) / stepMs)),
      Math.min(count, Math.ceil((toMs - aligned.fromMs) / stepMs)),
    )
  return { record: writer.finish(), sharesIn }
}

interface GaugeSteps {
  readonly weight: number
  readonly steps: RainSteps
}

function meanOfStep(
  gauges: readonly GaugeSteps[],
  k: number,
): { depthPm: number; flag: number; spread?: boolean } {
  let weights = 0
  let weighted = 0
  let flag: number = FLAG.missing
  let spread = false
  for (const { weight, steps } of gauges) {
    if (!isValid(steps, k)) continue
    weights += weight
    weighted += weight * (steps.depthPm[k] ?? 0)
    flag = worstFlag(flag, steps.flags[k] ?? FLAG.missing)
    if ((steps.spread[k] ?? 0) >= VALID_SHARE) spread = true
  }
  if (weights === 0) return MISSING_SPAN
  return { depthPm: Math.round(weighted / weights), flag, spread }
}

/** Shares of the gauges in the areal depth of the steps from one up to another. */
function sharesOfSteps(gauges: readonly GaugeSteps[], from: number, to: number): number[] {
  const depths = gauges.map(() => 0)
  for (let k = from; k < to; k++) {
    const valid = gauges.map(({ weight, steps }) => (isValid(steps, k) ? weight : 0))
    const weights = sum(valid)
    if (weights === 0) continue
    for (const [g, { steps }] of gauges.entries()) {
      const depthPm = steps.depthPm[k] ?? 0
      depths[g] = (depths[g] ?? 0) + (depthPm * (valid[g] ?? 0)) / weights
    }
  }
  const parts = depths.some((depth) => depth > 0) ? depths : gauges.map(({ weight }) => weight)
  const whole = sum(parts)
  return parts.map((part) => part / whole)
}

function isValid(steps: RainSteps, k: number): boolean {
  return (steps.coverage[k] ?? 0) + (steps.spread[k] ?? 0) >= VALID_SHARE
}
