import type { SeriesId } from '../domain/observation.js'
import type { Window } from '../domain/time.js'
import { union, type Extent, type Extents } from './journal-survey.js'

/** Of one device: days of arrival whose entries are projected again, and the time that they speak of. */
export interface AffectedDays extends Extent {
  readonly days: ReadonlySet<number>
}

/**
 * Which days of arrival have to be projected again, of each device, so that the observations of a
 * window are those of today's rules and all others stay as they are.
 *
 * A day is taken whole, because the books are kept by hour of arrival; and with it every other day
 * that speaks of a time of a series of which its entries speak, since two values at one time decide
 * together which is current. So no entry that is left out says anything about a time that is taken
 * in. A day's time reaches from its first to its last observation: one that brought a backlog takes
 * all days of the backlog with it.
 *
 * @param extents of what is stored and of what today's rules give, together
 */
export function affectedDays(extents: Extents, window: Window): ReadonlyMap<string, AffectedDays> {
  const affected = new Map<string, AffectedDays>()
  const wanted = { firstMs: window.fromMs, lastMs: window.toMs - 1 }
  for (const [device, ofDay] of extents) {
    const days = new Set<number>()
    const spoken = new Map<SeriesId, Extent>()
    for (let before = -1; before !== days.size;) {
      before = days.size
      for (const [dayMs, ofSeries] of ofDay) {
        if (days.has(dayMs) || !speaksOf(ofSeries, wanted, spoken)) continue
        days.add(dayMs)
        for (const [series, extent] of ofSeries) {
          spoken.set(series, union(spoken.get(series) ?? extent, extent))
        }
      }
    }
    if (days.size > 0) affected.set(device, { days, ...[...spoken.values()].reduce(union) })
  }
  return affected
}

function speaksOf(
  ofSeries: ReadonlyMap<SeriesId, Extent>,
  wanted: Extent,
  spoken: ReadonlyMap<SeriesId, Extent>,
): boolean {
  return [...ofSeries].some(([series, extent]) => {
    const taken = spoken.get(series)
    return meet(extent, wanted) || (taken !== undefined && meet(extent, taken))
  })
}

function meet(a: Extent, b: Extent): boolean {
  return a.firstMs <= b.lastMs && a.lastMs >= b.firstMs
}
