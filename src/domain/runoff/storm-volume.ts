import { sum } from 'simple-statistics'
import { KNOWN, segmentAt, type StateRecord } from '../state-record.js'
import { SECOND_MS, type Window } from '../time.js'
import type { BaseFlow } from './base-flow.js'

/** What ran off within a window, and how well it is known. */
export interface StormVolume {
  /** Σ max(Q − Qb, 0)·dt, reversed flow counted negative, m³; measured and bridged time. */
  readonly volumeM3: number
  /** The part of it that ran backwards, m³, as a positive number. */
  readonly reverseM3: number
  /** How far the volume may be off because of bridged gaps, m³, to either side. */
  readonly bridgedOffM3: number
  readonly measuredMs: number
  readonly bridgedMs: number
  readonly missingMs: number
  /**
   * Known time over which a zero error of the meter stays in the volume: all of it without base
   * flow, none while a base flow above zero is taken off, which has the same error in it.
   */
  readonly zeroErrorMs: number
  /** Greatest excess over the base flow, m³/s, not below 0; 0 when nothing is known. */
  readonly peakExcessM3s: number
  /** Greatest flow, base flow included, m³/s; null when nothing is known. */
  readonly peakM3s: number | null
  /** When it was reached first; null when nothing is known. */
  readonly peakAtMs: number | null
  /** Whether the base flow was known wherever the flow was. */
  readonly baseFlow: 'known' | 'unknown'
}

/**
 * Storm runoff volume over a window, `V = Σ max(Q − Qb, 0)·dt` (recommended: no rule
 * fixes how base flow is taken off).
 *
 * The excess over the base flow is taken at every node of the record (reading, edge of a span, edge
 * of the window) and integrated between nodes: by trapezoid for instants, by rectangle for means.
 *
 * Reversed flow keeps its sign: `max` is there so that base flow taken too high does not make
 * negative runoff, so it applies where water flows out (0 <= Q). Where it flows back (Q < 0) the
 * excess is Q itself, and that water is not counted a second time when it leaves again.
 *
 * A bridged gap lies between the rectangles of its two neighbours, which is how far it may be off.
 * Missing time adds nothing; the caller judges by `missingMs`.
 */
export function stormVolume(flow: StateRecord, window: Window, base: BaseFlow): StormVolume {
  const volumes: number[] = []
  const reversed: number[] = []
  const off: number[] = []
  let measuredMs = 0
  let bridgedMs = 0
  let zeroErrorMs = 0
  let peakExcess = 0
  let peak = Number.NEGATIVE_INFINITY
  let peakAtMs: number | null = null
  let unknownBase = false

  const inside = Math.max(0, window.toMs - window.fromMs)
  for (let i = segmentAt(flow, window.fromMs); i < flow.fromMs.length; i++) {
    const segmentFrom = flow.fromMs[i] ?? 0
    const segmentTo = flow.toMs[i] ?? 0
    if (segmentFrom >= window.toMs) break
    if (flow.known[i] === KNOWN.missing) continue
    const from = Math.max(segmentFrom, window.fromMs)
    const to = Math.min(segmentTo, window.toMs)
    if (to <= from) continue
    const start = flow.start[i] ?? 0
    const slope = ((flow.end[i] ?? 0) - start) / (segmentTo - segmentFrom)
    const q0 = start + slope * (from - segmentFrom)
    const q1 = start + slope * (to - segmentFrom)
    const base0 = base(from)
    // The last millisecond still belongs to the hour that the segment ends in.
    const base1 = base(to - 1)
    const n0 = excess(q0, base0)
    const n1 = excess(q1, base1)
    if (Number.isNaN(n0) || Number.isNaN(n1)) unknownBase = true
    const seconds = (to - from) / SECOND_MS
    const zeroErrorNodes = Number(keepsZeroError(q0, base0)) + Number(keepsZeroError(q1, base1))
    zeroErrorMs += (zeroErrorNodes / 2) * (to - from)
    peakExcess = Math.max(peakExcess, n0, n1)
    volumes.push(((n0 + n1) / 2) * seconds)
    reversed.push(((Math.max(0, -n0) + Math.max(0, -n1)) / 2) * seconds)
    if (Math.max(q0, q1) > peak) {
      peak = Math.max(q0, q1)
      peakAtMs = q0 >= q1 ? from : to
    }
    if (flow.known[i] === KNOWN.bridged) {
      off.push((Math.abs(n1 - n0) / 2) * seconds)
      bridgedMs += to - from
    } else measuredMs += to - from
  }
  return {
    volumeM3: sum(volumes),
    reverseM3: sum(reversed),
    bridgedOffM3: sum(off),
    measuredMs,
    bridgedMs,
    missingMs: inside - measuredMs - bridgedMs,
    zeroErrorMs,
    peakExcessM3s: peakExcess,
    peakM3s: peak === Number.NEGATIVE_INFINITY ? null : peak,
    peakAtMs,
    baseFlow: unknownBase ? 'unknown' : 'known',
  }
}

function excess(flowM3s: number, baseM3s: number): number {
  if (Number.isNaN(baseM3s)) return Number.NaN
  return flowM3s < 0 ? flowM3s : Math.max(flowM3s - baseM3s, 0)
}

/** Whether an excess moves with the zero of the meter. */
function keepsZeroError(flowM3s: number, baseM3s: number): boolean {
  return baseM3s === 0 || flowM3s < 0
}
