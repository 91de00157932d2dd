import { FLAG } from '../flag.js'
import type { Window } from '../time.js'
import type { RainRecord } from './rain-record.js'

export interface RainTotal {
  /** 1e-9 mm within the window; spans over its edges count in proportion. */
  readonly depthPm: number
  /** Time of the window with a known depth, ms. */
  readonly knownMs: number
}

/** Depth and known time of a record within a window. */
export function rainTotal(record: RainRecord, window: Window): RainTotal {
  let depthPm = 0
  let knownMs = 0
  for (const [i, flag] of record.flags.entries()) {
    if (flag === FLAG.missing) continue
    const from = record.fromMs[i] ?? 0
    const to = record.toMs[i] ?? 0
    const shared = Math.min(to, window.toMs) - Math.max(from, window.fromMs)
    if (shared <= 0) continue
    depthPm += Math.round(((record.depthPm[i] ?? 0) * shared) / (to - from))
    knownMs += shared
  }
  return { depthPm, knownMs }
}
