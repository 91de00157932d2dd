import { FLAG } from '../flag.js'
import type { SeriesColumns } from '../observation.js'
import { quantile } from '../quantile.js'
import { isTaken, type Selection } from '../selection.js'
import { MINUTE_MS } from '../time.js'

/** `p95-of-5-min` is robust against a spike; `raw` is the highest reading. */
export type MaximumStatistic = 'p95-of-5-min' | 'raw'

export interface PondingRule {
  /** Water stands when the depth is at least this, mm. */
  readonly thresholdMm: number
  /** Consecutive readings at or above the threshold that begin a ponding. */
  readonly startReadings: number
  /** The ponding ends once the depth has stayed below the threshold for at least this long, ms. */
  readonly endBelowMs: number
  readonly maximum: MaximumStatistic
  /** Longest time between two readings that follow each other, ms; more leaves a hole in the event. */
  readonly expectedMs: number
}

/** One time that water stood. */
export interface PondingEvent {
  /** First reading at or above the threshold. */
  readonly fromMs: number
  /** First reading below it of the stretch that ended the ponding; the last reading while it goes on. */
  readonly toMs: number
  readonly maxMm: number
  /** The highest single reading and when it was. */
  readonly rawMaxMm: number
  readonly peakAtMs: number
  readonly readings: number
  /**
   * `complete`: seen from start to end. `hole`: readings are missing within it, so its maximum is a
   * lower and its end an upper bound. `going-on`: the record ends before the end is proven.
   */
  readonly state: 'complete' | 'hole' | 'going-on'
  /** Whether a reading with flag 3 is among them. */
  readonly suspect: boolean
}

export interface PondingFindings {
  readonly events: readonly PondingEvent[]
  /** Readings at or above the threshold that were too few to begin a ponding: listed, never dropped silently. */
  readonly tooFew: readonly { readonly atMs: number; readonly depthMm: number }[]
}

const PEAK_WINDOW_MS = 5 * MINUTE_MS
const PEAK_SHARE = 0.95

/**
 * Finds the times that water stood (recommended: no rule fixes it): a ponding starts with the first
 * of at least `startReadings` consecutive readings at or above the threshold, and ends with the
 * first reading below it that is followed by no reading at or above it for at least `endBelowMs`.
 *
 * The time below is proven by readings: it runs from the first reading below to the last one below
 * before the depth rises again, or (the sensor reporting on change) to the rise itself when the
 * readings follow each other within `expectedMs`.
 *
 * @param columns ponding depth, mm, ascending
 * @returns in time order; nothing for a dry or empty record
 */
export function pondingEvents(
  columns: SeriesColumns,
  rule: PondingRule,
  selection: Selection,
): PondingFindings {
  const readings = takenReadings(columns, selection)
  const events: PondingEvent[] = []
  const tooFew: { atMs: number; depthMm: number }[] = []
  let i = 0
  while (i < readings.length) {
    if (!isWet(readings[i], rule)) {
      i++
      continue
    }
    let wet = i
    while (isWet(readings[wet], rule)) wet++
    if (wet - i < rule.startReadings) {
      for (const { atMs, depthMm } of readings.slice(i, wet)) tooFew.push({ atMs, depthMm })
      i = wet
      continue
    }
    const end = endOf(readings, wet, rule)
    events.push(eventOf(readings, i, end, rule))
    i = end.next
  }
  return { events, tooFew }
}

interface Reading {
  readonly atMs: number
  readonly depthMm: number
  readonly flag: number
}

interface End {
  /** Index of the first reading below that ends it; readings.length while it goes on. */
  readonly below: number
  /** Where to go on looking. */
  readonly next: number
  readonly proven: boolean
}

/** @param from first reading below the threshold after a wet one */
function endOf(readings: readonly Reading[], from: number, rule: PondingRule): End {
  let below = from
  while (below < readings.length) {
    let next = below
    while (next < readings.length && !isWet(readings[next], rule)) next++
    const firstMs = readings[below]?.atMs ?? 0
    const rise = readings[next]
    const lastMs = readings[next - 1]?.atMs ?? 0
    const followed = rise !== undefined && rise.atMs - lastMs <= rule.expectedMs
    const provenMs = (followed ? rise.atMs : lastMs) - firstMs
    const lostSight =
      rise !== undefined && rise.atMs - lastMs > Math.max(rule.expectedMs, rule.endBelowMs)
    if (provenMs >= rule.endBelowMs || lostSight) return { below, next, proven: true }
    if (rise === undefined) return { below, next, proven: false }
    while (isWet(readings[next], rule)) next++
    below = next
  }
  return { below: readings.length, next: readings.length, proven: false }
}

function eventOf(
  readings: readonly Reading[],
  first: number,
  end: End,
  rule: PondingRule,
): PondingEvent {
  const inside = readings.slice(first, end.below)
  const endReading = readings[Math.min(end.below, readings.length - 1)]
  let peak = inside[0]
  let hole = false
  const seen = end.below < readings.length ? readings.slice(first, end.below + 1) : inside
  for (const [k, reading] of seen.entries()) {
    const before = seen[k - 1]
    if (before !== undefined && reading.atMs - before.atMs > rule.expectedMs) hole = true
    if (k < inside.length && reading.depthMm > (peak?.depthMm ?? 0)) peak = reading
  }
  const rawMaxMm = peak?.depthMm ?? 0
  return {
    fromMs: inside[0]?.atMs ?? 0,
    toMs: endReading?.atMs ?? 0,
    maxMm: rule.maximum === 'raw' ? rawMaxMm : robustMaximum(inside),
    rawMaxMm,
    peakAtMs: peak?.atMs ?? 0,
    readings: inside.length,
    state: end.proven ? (hole ? 'hole' : 'complete') : 'going-on',
    suspect: inside.some(({ flag }) => flag === FLAG.suspect),
  }
}

/**
 * The 95th percentile (linear interpolation, type 7) of the readings within the peak five minutes:
 * the five minutes, starting at a reading, with the greatest mean. With readings five minutes apart
 * or more it is the highest of them.
 */
function robustMaximum(readings: readonly Reading[]): number {
  let best: readonly Reading[] = []
  let bestMean = Number.NEGATIVE_INFINITY
  let to = 0
  let total = 0
  for (const [from, { atMs, depthMm }] of readings.entries()) {
    while ((readings[to]?.atMs ?? Number.POSITIVE_INFINITY) < atMs + PEAK_WINDOW_MS) {
      total += readings[to]?.depthMm ?? 0
      to++
    }
    const mean = total / (to - from)
    if (mean > bestMean) {
      bestMean = mean
      best = readings.slice(from, to)
    }
    total -= depthMm
  }
  return quantile(
    best.map(({ depthMm }) => depthMm),
    PEAK_SHARE,
  )
}

function isWet(reading: Reading | undefined, rule: PondingRule): boolean {
  return reading !== undefined && reading.depthMm >= rule.thresholdMm
}

function takenReadings(columns: SeriesColumns, selection: Selection): Reading[] {
  const readings: Reading[] = []
  for (const [i, atMs] of columns.atMs.entries()) {
    const flag = columns.flags[i] ?? FLAG.missing
    if (!isTaken(flag, columns.origins[i] ?? 0, selection)) continue
    readings.push({ atMs, depthMm: columns.values[i] ?? 0, flag })
  }
  return readings
}
