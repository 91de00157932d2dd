import { FLAG } from '../flag.js'
import { worstFlag } from '../qc/worst-flag.js'
import { MINUTE_MS } from '../time.js'
import { greatestDepthMm } from './greatest-depth.js'
import type { RainRecord } from './rain-record.js'

/** One independent wet spell of a rain record. */
export interface RainEvent {
  /** Start of the first wet span, UTC epoch ms. */
  readonly fromMs: number
  /** End of the last wet span. */
  readonly toMs: number
  /** Exact depth, 1e-9 mm. */
  readonly depthPm: number
  /** Greatest depth within any 5, 15, 30 and 60 minutes, mm; null where a wet span is too long to tell. */
  readonly max5Mm: number | null
  readonly max15Mm: number | null
  readonly max30Mm: number | null
  readonly max60Mm: number | null
  /** From the end of the rain before, of whatever depth; null when the record cannot tell. */
  readonly antecedentDryMs: number | null
  /** Share of the event's time with a valid record, 0 to 1. */
  readonly completeness: number
  /**
   * `incomplete`: a missing stretch longer than the inter-event time lies in or within the
   * inter-event time of the event, or the record ends there; it may have been longer and deeper.
   */
  readonly state: 'complete' | 'incomplete'
  /** Whether some of the depth is known only over a long span (a counter's gap). */
  readonly timing: 'seen' | 'spread'
  /** Worst flag of the event's spans by 9 < 2 < 1 < 3 < 4. */
  readonly worstFlag: number
}

/**
 * Splits a rain record into independent events.
 *
 * Two wet spans belong to different events when the time between them without rain, from the end of
 * one to the start of the next, is at least the inter-event time. Missing time counts as time
 * without rain here, and makes the events beside it `incomplete` when it is longer than the
 * inter-event time. (After Restrepo-Posada & Eagleson, J. Hydrology 55, 1982.)
 *
 * @param interEventMs shortest dry spell that ends an event, ms; > 0
 * @returns events in time order, none for a dry or missing record; their depths add up to the record's
 */
export function rainEvents(record: RainRecord, interEventMs: number): RainEvent[] {
  const { fromMs, toMs, depthPm } = record
  const runs: { first: number; last: number }[] = []
  for (let i = 0; i < depthPm.length; i++) {
    if (depthPm[i] === 0) continue
    const run = runs.at(-1)
    if (run !== undefined && (fromMs[i] ?? 0) - (toMs[run.last] ?? 0) < interEventMs) run.last = i
    else runs.push({ first: i, last: i })
  }

  const unseen = longMissingStretches(record, interEventMs)
  const events: RainEvent[] = []
  for (const { first, last } of runs) {
    events.push(eventOf(record, first, last, events.at(-1), unseen, interEventMs))
  }
  return events
}

interface Stretch {
  readonly fromMs: number
  readonly toMs: number
}

function eventOf(
  record: RainRecord,
  first: number,
  last: number,
  before: RainEvent | undefined,
  unseen: readonly Stretch[],
  interEventMs: number,
): RainEvent {
  const fromMs = record.fromMs[first] ?? 0
  const toMs = record.toMs[last] ?? 0
  let depth = 0
  let missingMs = 0
  let flag: number = FLAG.missing
  let timing: RainEvent['timing'] = 'seen'
  for (let i = first; i <= last; i++) {
    depth += record.depthPm[i] ?? 0
    flag = worstFlag(flag, record.flags[i] ?? FLAG.missing)
    if (record.flags[i] === FLAG.missing)
      missingMs += (record.toMs[i] ?? 0) - (record.fromMs[i] ?? 0)
    if (record.spread[i] === 1) timing = 'spread'
  }
  const touched = unseen.some(
    (stretch) => stretch.fromMs < toMs + interEventMs && stretch.toMs > fromMs - interEventMs,
  )
  const hidden =
    before === undefined ||
    unseen.some((stretch) => stretch.fromMs < fromMs && stretch.toMs > before.toMs)
  const greatest = (minutes: number) => greatestDepthMm(record, first, last, minutes * MINUTE_MS)
  return {
    fromMs,
    toMs,
    depthPm: depth,
    max5Mm: greatest(5),
    max15Mm: greatest(15),
    max30Mm: greatest(30),
    max60Mm: greatest(60),
    antecedentDryMs: hidden ? null : fromMs - before.toMs,
    completeness: 1 - missingMs / (toMs - fromMs),
    state: touched ? 'incomplete' : 'complete',
    timing,
    worstFlag: flag,
  }
}

/** Stretches without a valid record that are longer than the inter-event time, and all time outside the record. */
function longMissingStretches(record: RainRecord, interEventMs: number): Stretch[] {
  const stretches: Stretch[] = [{ fromMs: Number.NEGATIVE_INFINITY, toMs: record.window.fromMs }]
  for (const [i, flag] of record.flags.entries()) {
    // The writer has joined neighbouring missing spans, so one span is one stretch.
    const fromMs = record.fromMs[i] ?? 0
    const toMs = record.toMs[i] ?? 0
    if (flag === FLAG.missing && toMs - fromMs > interEventMs) stretches.push({ fromMs, toMs })
  }
  stretches.push({ fromMs: record.window.toMs, toMs: Number.POSITIVE_INFINITY })
  return stretches
}
