import { MINUTE_MS } from '../time.js'
import { depthMm, type RainRecord } from './rain-record.js'

/** Durations that depths are told for when nobody asks for others: 1 min to 24 h, min (recommended). */
export const DURATIONS_MIN: readonly number[] = [
  1, 5, 10, 15, 20, 30, 45, 60, 90, 120, 150, 180, 360, 720, 1440,
]

/** The greatest depth of a duration, by what rule. */
export interface DurationDepth {
  readonly durationMin: number
  /** mm, after the correction; null where spans of the record are too long to tell. */
  readonly depthMm: number | null
  /** What the depth was multiplied by; 1 without a correction. */
  readonly factor: number
}

/**
 * The greatest depth of each duration in a record, sliding over its spans.
 *
 * `weiss` multiplies by `n/(n − 0.125)`, n steps to the duration, because a maximum on a fixed clock
 * falls short of the true sliding one (Weiss, J. Geophys. Res. 69, 1964; formula (unverified)); a
 * duration that is not at least one whole step is left as it is.
 *
 * @param stepMs length of the record's own steps, ms; > 0
 */
export function durationDepths(
  record: RainRecord,
  durationsMin: readonly number[],
  stepMs: number,
  correction: 'none' | 'weiss',
): readonly DurationDepth[] {
  const wet = [...record.depthPm.keys()].filter((i) => (record.depthPm[i] ?? 0) > 0)
  const first = wet[0]
  const last = wet.at(-1)
  return durationsMin.map((durationMin) => {
    const n = (durationMin * MINUTE_MS) / stepMs
    const factor = correction === 'weiss' && n >= 1 ? n / (n - WEISS) : 1
    if (first === undefined || last === undefined) return { durationMin, depthMm: 0, factor: 1 }
    const depth = greatestDepthMm(record, first, last, durationMin * MINUTE_MS)
    return { durationMin, depthMm: depth === null ? null : depth * factor, factor }
  })
}

const WEISS = 0.125

/**
 * Greatest depth within any `widthMs` of the wet spans first..last, rain within a span being even.
 * The sum over a sliding window is linear between span boundaries, so its greatest value has a
 * boundary at its start or at its end.
 *
 * @returns mm; null when a wet span is longer than one and a half widths: finer peaks are unknown
 */
export function greatestDepthMm(
  record: RainRecord,
  first: number,
  last: number,
  widthMs: number,
): number | null {
  for (let i = first; i <= last; i++) {
    const length = (record.toMs[i] ?? 0) - (record.fromMs[i] ?? 0)
    if ((record.depthPm[i] ?? 0) > 0 && length > 1.5 * widthMs) return null
  }
  return depthMm(
    Math.max(
      greatestFrom(record, first, last, widthMs, 'start'),
      greatestFrom(record, first, last, widthMs, 'end'),
    ),
  )
}

/** One sweep with the window's start (or end) on every boundary; the depth passed by the other edge follows along. */
function greatestFrom(
  record: RainRecord,
  first: number,
  last: number,
  widthMs: number,
  edge: 'start' | 'end',
): number {
  const { fromMs, toMs, depthPm } = record
  const startMs = fromMs[first] ?? 0
  let greatest = 0
  let onEdge = 0
  let other = first
  let passedOther = 0
  for (let i = first; i <= last + 1; i++) {
    const boundary = i <= last ? (fromMs[i] ?? 0) : (toMs[last] ?? 0)
    const target = edge === 'start' ? boundary + widthMs : boundary - widthMs
    while (other <= last && (toMs[other] ?? 0) <= target) {
      passedOther += depthPm[other] ?? 0
      other++
    }
    let atTarget = passedOther
    if (other <= last && target > startMs) {
      const from = fromMs[other] ?? 0
      const share = Math.max(0, target - from) / ((toMs[other] ?? 0) - from)
      atTarget += (depthPm[other] ?? 0) * share
    }
    greatest = Math.max(greatest, edge === 'start' ? atTarget - onEdge : onEdge - atTarget)
    onEdge += depthPm[i] ?? 0
  }
  return greatest
}
