import { depthPm } from '../rain/rain-record.js'
import type { RainSteps } from '../rain/hyetograph.js'
import type { Window } from '../time.js'

export interface RainEndRule {
  /** A step is wet with more than this, mm. */
  readonly wetAboveMm: number
  /** Dry time after which the rain has ended, ms. */
  readonly dryMs: number
  /** Longest time from the end of a rain to the start of a ponding that it can have caused, ms. */
  readonly reachMs: number
}

export type RainEnd =
  | { readonly found: 'rain'; readonly endMs: number; readonly startMs: number }
  /** No rain within reach before the ponding. */
  | { readonly found: 'no-rain' }
  /** The gauge's record is missing where the end of the rain would be. */
  | { readonly found: 'unknown' }

/**
 * When the rain that a ponding belongs to ended: the end of the last step with more than 0.1 mm
 * before a dry half hour (recommended: no rule fixes it). Of several rains it is the last one that
 * had begun before the ponding ended. Unknown steps within the search are neither wet nor dry: with
 * one between the last wet step and the end of the dry time, or of the ponding, nobody can tell.
 */
export function rainEnd(steps: RainSteps, ponding: Window, rule: RainEndRule): RainEnd {
  const wetAbove = depthPm(rule.wetAboveMm)
  const isWet = (k: number) => (steps.depthPm[k] ?? 0) > wetAbove
  const isKnown = (k: number) => (steps.coverage[k] ?? 0) + (steps.spread[k] ?? 0) > 0.5
  const endOf = (k: number) => (steps.fromMs[k] ?? 0) + steps.stepMs

  // Back from the ponding's end to the last wet step that had begun by then…
  let k = steps.fromMs.length - 1
  while (k >= 0 && (steps.fromMs[k] ?? 0) >= ponding.toMs) k--
  let unknown = k < 0
  while (k >= 0 && !isWet(k)) {
    if (endOf(k) < ponding.fromMs - rule.reachMs) return { found: unknown ? 'unknown' : 'no-rain' }
    if (!isKnown(k)) unknown = true
    k--
  }
  if (k < 0 || unknown) return { found: 'unknown' }

  // …then onwards while the rain goes on, and back to where it began.
  let last = k
  for (let next = k + 1; next < steps.fromMs.length; next++) {
    if ((steps.fromMs[next] ?? 0) - endOf(last) >= rule.dryMs) break
    if (!isKnown(next)) return { found: 'unknown' }
    if (isWet(next)) last = next
  }
  let first = k
  for (let back = k - 1; back >= 0; back--) {
    if ((steps.fromMs[first] ?? 0) - endOf(back) >= rule.dryMs) break
    if (isWet(back)) first = back
  }
  return { found: 'rain', startMs: steps.fromMs[first] ?? 0, endMs: endOf(last) }
}
