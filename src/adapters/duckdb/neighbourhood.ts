import type { Context } from '../../domain/qc/quality-record.js'
import { lowerBound, upperBound, type Stretch } from './stretch.js'

/** Changes that are near enough to each other to be looked at together. */
export interface Spot {
  /** Times at which the series itself or one of its neighbours changed. */
  readonly firstMs: number
  readonly lastMs: number
  /** Those at which the series itself did; null for none. */
  readonly own: { readonly firstMs: number; readonly lastMs: number } | null
}

/** Rows of a stretch, the end not included. */
export interface Rows {
  readonly from: number
  readonly to: number
}

/** What a spot means in a stretch that holds enough around it. */
export interface Neighbourhood {
  /** Rows whose flag may now be another. */
  readonly affected: Rows
  /** Rows that decide the flags of those. */
  readonly deciding: Rows
}

/** Times so near that reading what lies between is cheaper than looking twice. */
const NEAR_MS = 3_600_000

/**
 * Puts changes together into spots.
 *
 * @param ownMs, foreignMs ascending
 */
export function spotsOf(
  ownMs: readonly number[],
  foreignMs: readonly number[],
  { msBefore, msAfter }: Context,
): readonly Spot[] {
  const spots: { firstMs: number; lastMs: number; own: Spot['own'] }[] = []
  const nearMs = NEAR_MS + 2 * (msBefore + msAfter)
  let own = 0
  let foreign = 0
  while (own < ownMs.length || foreign < foreignMs.length) {
    const isOwn = (ownMs[own] ?? Infinity) <= (foreignMs[foreign] ?? Infinity)
    const at = (isOwn ? ownMs[own++] : foreignMs[foreign++]) ?? 0
    let spot = spots.at(-1)
    if (spot === undefined || at - spot.lastMs > nearMs) {
      spot = { firstMs: at, lastMs: at, own: null }
      spots.push(spot)
    }
    spot.lastMs = at
    if (isOwn) spot.own = { firstMs: spot.own?.firstMs ?? at, lastMs: at }
  }
  return spots
}

/** What of a series to read at first: enough unless rows are sparse. */
export function firstSpan(
  { firstMs, lastMs }: Spot,
  context: Context,
): { readonly fromMs: number; readonly toMs: number } {
  const reachMs = context.msBefore + context.msAfter
  const spareMs = context.rowsBefore + context.rowsAfter > 0 ? NEAR_MS : 0
  return { fromMs: firstMs - reachMs - spareMs, toMs: lastMs + reachMs + spareMs }
}

/**
 * The neighbourhood of a spot; where the stretch does not reach far enough, the wider span to read.
 *
 * @param stretch as it is after the change, so the own changed keys are in it
 */
export function neighbourhood(
  stretch: Stretch,
  { firstMs, lastMs, own }: Spot,
  { rowsBefore, rowsAfter, msBefore, msAfter }: Context,
): Neighbourhood | { readonly fromMs: number; readonly toMs: number } {
  const { atMs } = stretch
  let from = lowerBound(atMs, firstMs - msAfter)
  let to = upperBound(atMs, lastMs + msBefore)
  if (own !== null) {
    from = Math.min(from, lowerBound(atMs, own.firstMs) - rowsAfter)
    to = Math.max(to, upperBound(atMs, own.lastMs) + rowsBefore)
  }
  const affected = { from: Math.max(0, from), to: Math.min(atMs.length, to) }
  const earliestMs = (atMs[affected.from] ?? firstMs) - msBefore
  const latestMs = (atMs[affected.to - 1] ?? lastMs) + msAfter
  const isShortBefore =
    stretch.fromMs !== -Infinity && (from < rowsBefore || stretch.fromMs > earliestMs)
  const isShortAfter =
    stretch.toMs !== Infinity && (to + rowsAfter > atMs.length || stretch.toMs < latestMs)
  if (isShortBefore || isShortAfter) {
    const fromMs = isShortBefore
      ? Math.min(earliestMs, widened(firstMs, stretch.fromMs, -1))
      : stretch.fromMs
    const toMs = isShortAfter ? Math.max(latestMs, widened(lastMs, stretch.toMs, 1)) : stretch.toMs
    return { fromMs, toMs }
  }
  const deciding = {
    from: Math.max(0, Math.min(affected.from - rowsBefore, lowerBound(atMs, earliestMs))),
    to: Math.min(atMs.length, Math.max(affected.to + rowsAfter, upperBound(atMs, latestMs))),
  }
  return { affected, deciding }
}

/** Eight times as far: few steps reach any gap there is. */
function widened(spotMs: number, reachedMs: number, direction: 1 | -1): number {
  const reachMs = Math.max(NEAR_MS, (reachedMs - spotMs) * direction)
  return spotMs + direction * 8 * reachMs
}
