import { KNOWN, segmentAt, type StateRecord } from '../state-record.js'
import type { Window } from '../time.js'
import type { BaseFlow } from './base-flow.js'

export interface RecessionRule {
  /** The storm is over when the flow is below base flow plus this share of the peak. */
  readonly peakShare: number
  /** Longest time from the end of the rain that still counts, ms. */
  readonly maxRecessionMs: number
}

export interface RunoffWindow extends Window {
  readonly endedBy: 'recession' | 'next-event' | 'max-recession'
}

/**
 * The time in which the runoff of a rain event passes: from the start of the rain until, after
 * both the rain and the peak, the flow is below base flow + share of the peak flow; at the latest
 * until the next event starts or the longest recession is over (recommended: no rule fixes it).
 *
 * The peak is the greatest flow within those bounds, base flow included; when there is no flow at
 * all, the window ends with the rain. Where flow is missing the recession is not seen to end.
 *
 * @param rain the event
 * @param nextMs start of the next event; Infinity when there is none
 */
export function runoffWindow(
  flow: StateRecord,
  rain: Window,
  nextMs: number,
  base: BaseFlow,
  rule: RecessionRule,
): RunoffWindow {
  const longestMs = rain.toMs + rule.maxRecessionMs
  const latest: RunoffWindow = {
    fromMs: rain.fromMs,
    toMs: Math.min(nextMs, longestMs),
    endedBy: nextMs < longestMs ? 'next-event' : 'max-recession',
  }
  const peak = peakOf(flow, latest)
  if (peak === null) return latest
  if (peak.flowM3s <= 0) return { ...latest, toMs: rain.toMs, endedBy: 'recession' }

  const searchFromMs = Math.max(peak.atMs, rain.toMs)
  for (let i = segmentAt(flow, searchFromMs); i < flow.fromMs.length; i++) {
    const segmentFrom = flow.fromMs[i] ?? 0
    if (segmentFrom >= latest.toMs) break
    if (flow.known[i] === KNOWN.missing) continue
    for (const atMs of [Math.max(segmentFrom, searchFromMs), flow.toMs[i] ?? 0]) {
      if (atMs >= latest.toMs) break
      // The end of a segment belongs to the hour before it, as in stormVolume.
      const baseM3s = base(atMs === flow.toMs[i] ? atMs - 1 : atMs)
      if (flowAt(flow, i, atMs) < baseM3s + rule.peakShare * peak.flowM3s) {
        return { ...latest, toMs: Math.max(atMs, rain.toMs), endedBy: 'recession' }
      }
    }
  }
  return latest
}

function peakOf(
  flow: StateRecord,
  window: Window,
): { readonly atMs: number; readonly flowM3s: number } | null {
  let peak: { atMs: number; flowM3s: number } | null = null
  for (let i = segmentAt(flow, window.fromMs); i < flow.fromMs.length; i++) {
    const from = Math.max(flow.fromMs[i] ?? 0, window.fromMs)
    const to = Math.min(flow.toMs[i] ?? 0, window.toMs)
    if ((flow.fromMs[i] ?? 0) >= window.toMs) break
    if (flow.known[i] === KNOWN.missing || to <= from) continue
    for (const atMs of [from, to]) {
      const flowM3s = flowAt(flow, i, atMs)
      if (peak === null || flowM3s > peak.flowM3s) peak = { atMs, flowM3s }
    }
  }
  return peak
}

function flowAt(flow: StateRecord, i: number, atMs: number): number {
  const from = flow.fromMs[i] ?? 0
  const start = flow.start[i] ?? 0
  return start + (((flow.end[i] ?? 0) - start) * (atMs - from)) / ((flow.toMs[i] ?? 0) - from)
}
