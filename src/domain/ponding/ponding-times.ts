import type { PondingEvent } from './ponding-events.js'

/** How a ponding rose and fell, ms. */
export interface PondingTimes {
  /** From the start to the highest reading, the first of equal ones. */
  readonly onsetMs: number
  /** From the highest reading to the end. */
  readonly drainMs: number
  readonly durationMs: number
}

/** Onset, drain and duration of a ponding, by its raw peak. */
export function pondingTimes({ fromMs, peakAtMs, toMs }: PondingEvent): PondingTimes {
  return { onsetMs: peakAtMs - fromMs, drainMs: toMs - peakAtMs, durationMs: toMs - fromMs }
}
