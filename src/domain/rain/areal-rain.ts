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
): RainRecord {
  const [only] = gauges
  if (gauges.length === 1 && only !== undefined) return only.record
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
  return writer.finish()
}

function meanOfStep(
  gauges: readonly { readonly weight: number; readonly steps: RainSteps }[],
  k: number,
): { depthPm: number; flag: number; spread?: boolean } {
  let weights = 0
  let weighted = 0
  let flag: number = FLAG.missing
  let spread = false
  for (const { weight, steps } of gauges) {
    const spreadShare = steps.spread[k] ?? 0
    if ((steps.coverage[k] ?? 0) + spreadShare < VALID_SHARE) continue
    weights += weight
    weighted += weight * (steps.depthPm[k] ?? 0)
    flag = worstFlag(flag, steps.flags[k] ?? FLAG.missing)
    if (spreadShare >= VALID_SHARE) spread = true
  }
  if (weights === 0) return MISSING_SPAN
  return { depthPm: Math.round(weighted / weights), flag, spread }
}
