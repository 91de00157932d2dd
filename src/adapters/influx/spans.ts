import type { Window } from '../../domain/time.js'
import { HOUR_MS } from '../../domain/time.js'

/** Six hours, at a reading a minute 360 points: they cost less than another request. */
const CLOSE_MS = 6 * HOUR_MS

/**
 * Joins spans that lie close together, so that many small reads become few.
 *
 * @returns ascending, not overlapping; everything given is in one of them, and what lies between
 */
export function joined(spans: readonly Window[]): readonly Window[] {
  const result: Window[] = []
  for (const span of [...spans].sort((a, b) => a.fromMs - b.fromMs)) {
    const last = result.at(-1)
    if (last !== undefined && span.fromMs - last.toMs < CLOSE_MS) {
      result[result.length - 1] = { fromMs: last.fromMs, toMs: Math.max(last.toMs, span.toMs) }
    } else {
      result.push(span)
    }
  }
  return result
}
