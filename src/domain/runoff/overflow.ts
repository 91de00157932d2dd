import { KNOWN, type StateRecord } from '../state-record.js'
import { SECOND_MS } from '../time.js'

export interface OverflowRule {
  /** It overflows when the flow is more than this, m³/s. */
  readonly thresholdM3s: number
  /** Time without overflow that separates two events, ms; 6 h (recommended). */
  readonly separationMs: number
}

/** One overflow of a combined sewer. */
export interface OverflowEvent {
  readonly fromMs: number
  readonly toMs: number
  readonly volumeM3: number
  readonly peakM3s: number
  /** `hole`: flow is missing within it or right beside it, so the volume is a lower bound. */
  readonly state: 'complete' | 'hole'
}

/**
 * Overflow events of a flow record: time above the threshold, joined while the pauses are shorter than
 * the separation (standards sheet 7.14, recommended). Volumes are of the time above only, straight
 * lines cut at the threshold.
 */
export function overflowEvents(flow: StateRecord, rule: OverflowRule): readonly OverflowEvent[] {
  const events: { fromMs: number; toMs: number; volume: number; peak: number; hole: boolean }[] = []
  let missing = false
  let missingToMs = Number.NEGATIVE_INFINITY
  for (let i = 0; i < flow.fromMs.length; i++) {
    if (flow.known[i] === KNOWN.missing) {
      missing = true
      missingToMs = flow.toMs[i] ?? missingToMs
      const open = events.at(-1)
      if (open !== undefined && open.toMs === flow.fromMs[i]) open.hole = true
      continue
    }
    const part = aboveThreshold(flow, i, rule.thresholdM3s)
    if (part === null) continue
    const last = events.at(-1)
    if (last === undefined || part.fromMs - last.toMs >= rule.separationMs) {
      events.push({ ...part, hole: part.fromMs === missingToMs })
    } else {
      last.toMs = part.toMs
      last.volume += part.volume
      last.peak = Math.max(last.peak, part.peak)
      last.hole ||= missing
    }
    missing = false
  }
  return events.map(({ fromMs, toMs, volume, peak, hole }) => ({
    fromMs,
    toMs,
    volumeM3: volume,
    peakM3s: peak,
    state: hole ? 'hole' : 'complete',
  }))
}

/** The part of a segment above a threshold; null when there is none. */
function aboveThreshold(
  flow: StateRecord,
  i: number,
  thresholdM3s: number,
): { fromMs: number; toMs: number; volume: number; peak: number } | null {
  const [fromMs, toMs] = [flow.fromMs[i] ?? 0, flow.toMs[i] ?? 0]
  const [start, end] = [flow.start[i] ?? 0, flow.end[i] ?? 0]
  if (start <= thresholdM3s && end <= thresholdM3s) return null
  const crossingMs = fromMs + ((thresholdM3s - start) / (end - start)) * (toMs - fromMs)
  const from = start > thresholdM3s ? fromMs : crossingMs
  const to = end > thresholdM3s ? toMs : crossingMs
  const first = Math.max(start, thresholdM3s)
  const last = Math.max(end, thresholdM3s)
  return {
    fromMs: from,
    toMs: to,
    volume: ((first + last) / 2) * ((to - from) / SECOND_MS),
    peak: Math.max(start, end),
  }
}

/**
 * Annual overflow volume control ratio `η = (V without measures − V untreated)/V without measures`
 * (standards sheet 3.7.2, (unverified); GB/T 51345-2018 asks for 50 %, as read in S9).
 *
 * @param withoutMeasuresM3 by a model, or the year before the project scaled by rain, > 0
 * @returns null without a volume to compare with
 */
export function overflowControlRatio(
  withoutMeasuresM3: number,
  untreatedM3: number,
): number | null {
  return withoutMeasuresM3 > 0 ? (withoutMeasuresM3 - untreatedM3) / withoutMeasuresM3 : null
}
