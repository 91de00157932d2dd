import { rainTotal } from '../rain/rain-total.js'
import type { RainRecord } from '../rain/rain-record.js'
import { KNOWN, type StateRecord } from '../state-record.js'
import type { Window } from '../time.js'
import { text } from './indicator.js'
import type { IndicatorResult } from './result.js'

/** Share of the window's rain that fell while the point was watched; of its time when none fell. */
export function rainWeightedCoverage(
  rain: RainRecord,
  seen: StateRecord,
  window: Window,
): NonNullable<IndicatorResult['coverage']> {
  const lengthMs = window.toMs - window.fromMs
  const all = rainTotal(rain, window)
  let watchedMs = 0
  for (const [i, known] of seen.known.entries()) {
    if (known !== KNOWN.missing) watchedMs += (seen.toMs[i] ?? 0) - (seen.fromMs[i] ?? 0)
  }
  const watchedPm = watchedDepth(rain, seen, window)
  const rainKnown = all.knownMs / lengthMs
  const share = all.depthPm > 0 ? Math.min(1, watchedPm / all.depthPm) : watchedMs / lengthMs
  return {
    share: Math.min(share, rainKnown),
    basis:
      all.depthPm > 0
        ? text(
            '时间窗内降雨量中该点有读数期间所占比例，且不高于雨量计有效时间占比',
            'share of the window’s rain that fell while the point was watched, at most the share of time with a valid gauge',
          )
        : text(
            '时间窗内无雨：该点有读数的时间占比，且不高于雨量计有效时间占比',
            'no rain in the window: share of its time in which the point was watched, at most the share with a valid gauge',
          ),
  }
}

/** Rain of a window that fell while a state was known, 1e-9 mm; one pass over both records. */
function watchedDepth(rain: RainRecord, seen: StateRecord, window: Window): number {
  let depth = 0
  let k = 0
  for (let i = 0; i < rain.fromMs.length; i++) {
    const pm = rain.depthPm[i] ?? 0
    const from = Math.max(rain.fromMs[i] ?? 0, window.fromMs)
    const to = Math.min(rain.toMs[i] ?? 0, window.toMs)
    if (pm === 0 || to <= from) continue
    while ((seen.toMs[k] ?? Number.POSITIVE_INFINITY) <= from) k++
    for (let j = k; (seen.fromMs[j] ?? Number.POSITIVE_INFINITY) < to; j++) {
      if (seen.known[j] === KNOWN.missing) continue
      const shared = Math.min(seen.toMs[j] ?? 0, to) - Math.max(seen.fromMs[j] ?? 0, from)
      depth += (pm * shared) / ((rain.toMs[i] ?? 0) - (rain.fromMs[i] ?? 0))
    }
  }
  return depth
}
