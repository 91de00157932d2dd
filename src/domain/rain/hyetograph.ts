import { FLAG } from '../flag.js'
import { worstFlag } from '../qc/worst-flag.js'
import type { Window } from '../time.js'
import type { RainRecord } from './rain-record.js'

/** Rain per step, by column; every step of the window is present. */
export interface RainSteps {
  readonly stepMs: number
  readonly fromMs: Float64Array
  /** 1e-9 mm, integer; 0 where nothing is known. */
  readonly depthPm: Float64Array
  /** Share of the step with a valid record, 0 to 1; a depth may be known all the same, see `spread`. */
  readonly coverage: Float64Array
  /** Share of the step within long spans whose depth is known but not its distribution in time. */
  readonly spread: Float64Array
  readonly flags: Uint8Array
}

/**
 * The steps a window needs so that each begins on a full multiple of the step by the local clock:
 * the first holds `fromMs`, the last ends at or after `toMs`.
 *
 * @param offsetMs local minus UTC at the window's start
 */
export function clockAligned(window: Window, stepMs: number, offsetMs: number): Window {
  const fromMs = Math.floor((window.fromMs + offsetMs) / stepMs) * stepMs - offsetMs
  const steps = Math.ceil((window.toMs - fromMs) / stepMs)
  return { fromMs, toMs: fromMs + steps * stepMs }
}

/**
 * Rain per step of an aligned window. The depth of a span that crosses steps is shared out in
 * proportion to time, in whole 1e-9 mm, so the steps add up to the record. A step with neither
 * coverage nor spread rain is unknown, not dry.
 *
 * @param aligned its length a multiple of the step; time outside the record is missing
 */
export function rainSteps(record: RainRecord, aligned: Window, stepMs: number): RainSteps {
  const count = Math.round((aligned.toMs - aligned.fromMs) / stepMs)
  const steps: RainSteps = {
    stepMs,
    fromMs: Float64Array.from({ length: count }, (_, k) => aligned.fromMs + k * stepMs),
    depthPm: new Float64Array(count),
    coverage: new Float64Array(count),
    spread: new Float64Array(count),
    flags: new Uint8Array(count).fill(FLAG.missing),
  }
  for (let i = 0; i < record.fromMs.length; i++) {
    const spanFrom = record.fromMs[i] ?? 0
    const spanTo = record.toMs[i] ?? 0
    const flag = record.flags[i] ?? FLAG.missing
    if (flag === FLAG.missing || spanTo <= aligned.fromMs || spanFrom >= aligned.toMs) continue
    const depth = record.depthPm[i] ?? 0
    const upTo = (atMs: number) => Math.round((depth * (atMs - spanFrom)) / (spanTo - spanFrom))
    const share = record.spread[i] === 1 ? steps.spread : steps.coverage
    let from = Math.max(spanFrom, aligned.fromMs)
    const end = Math.min(spanTo, aligned.toMs)
    for (let k = Math.floor((from - aligned.fromMs) / stepMs); from < end; k++) {
      const to = Math.min(end, aligned.fromMs + (k + 1) * stepMs)
      steps.depthPm[k] = (steps.depthPm[k] ?? 0) + upTo(to) - upTo(from)
      share[k] = (share[k] ?? 0) + (to - from) / stepMs
      steps.flags[k] = worstFlag(steps.flags[k] ?? FLAG.missing, flag)
      from = to
    }
  }
  return steps
}
