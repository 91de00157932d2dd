import { FLAG } from '../flag.js'
import { depthPm } from '../rain/rain-record.js'
import type { Context, NeighbourRecord, QualityRecord } from './quality-record.js'
import { worstFlag } from './worst-flag.js'

/** When the rain at other gauges shows that a dry one is stuck. */
export interface NeighbourSettings {
  readonly windowMs: number
  /** A neighbour is wet when more than this fell there within the window, mm. */
  readonly wetAboveMm: number
  /** So many wet neighbours make a dry gauge suspect. */
  readonly atLeast: number
}

export function neighbourContext({ windowMs }: NeighbourSettings): Context {
  return { rowsBefore: 0, rowsAfter: 0, msBefore: windowMs, msAfter: windowMs }
}

/**
 * Neighbour test for rain gauges (after U.S. IOOS QARTOD, neighbour test; the default, 0 while at
 * least two neighbours have more than 5 mm in an hour, is our own: recommended, no rule fixes it).
 * A window that ends at a row is dry when it is wholly known and nothing fell in it; every row of a
 * dry window is suspect while at least `atLeast` neighbours are wet in that window. Never fail: a
 * gauge may stand in a dry gap between showers.
 *
 * A neighbour is known when it is wet or its window is complete. No verdict on too much rain: the
 * centre of a cloudburst is small.
 *
 * @param record increments in mm, each of the step that ends at its row
 * @returns 9 for NaN; 2 where too few neighbours, or not all of the gauge's own window, are known
 */
export function neighbour(record: QualityRecord, settings: NeighbourSettings): Uint8Array {
  const { atMs, values, intervalMs, neighbours = [] } = record
  const flags = Uint8Array.from(values, (value) =>
    Number.isNaN(value) ? FLAG.missing : FLAG.notEvaluated,
  )
  if (intervalMs === null) return flags
  const verdicts = windowVerdicts({ atMs, values, intervalMs }, neighbours, settings)
  for (const [i, from] of atMs.entries()) {
    if (Number.isNaN(values[i] ?? Number.NaN)) continue
    for (let end = i; (atMs[end] ?? Number.POSITIVE_INFINITY) - from < settings.windowMs; end++) {
      flags[i] = worstFlag(flags[i] ?? FLAG.notEvaluated, verdicts[end] ?? FLAG.notEvaluated)
    }
  }
  return flags
}

/** Of the window that ends at each of the gauge's rows. */
function windowVerdicts(
  own: NeighbourRecord,
  neighbours: readonly NeighbourRecord[],
  { windowMs, wetAboveMm, atLeast }: NeighbourSettings,
): Uint8Array {
  const ownDepth = windowDepths(own, own.atMs, windowMs)
  const others = neighbours.map((gauge) => windowDepths(gauge, own.atMs, windowMs))
  const wetAbovePm = depthPm(wetAboveMm)
  return Uint8Array.from(own.atMs, (_, row) => {
    let wet = 0
    let known = 0
    for (const { pm, complete } of others) {
      const isWet = (pm[row] ?? 0) > wetAbovePm
      if (isWet) wet++
      if (isWet || complete[row] === 1) known++
    }
    if (known < atLeast || ownDepth.complete[row] !== 1) return FLAG.notEvaluated
    return ownDepth.pm[row] === 0 && wet >= atLeast ? FLAG.suspect : FLAG.good
  })
}

/** Depth that fell in (end − windowMs, end] and whether all of that span is known, for each end. */
function windowDepths(
  { atMs, values, intervalMs }: NeighbourRecord,
  endsMs: Float64Array,
  windowMs: number,
): { readonly pm: Float64Array; readonly complete: Uint8Array } {
  const pm = new Float64Array(endsMs.length)
  const complete = new Uint8Array(endsMs.length)
  let first = 0
  let next = 0
  let sumPm = 0
  let present = 0
  const count = (row: number, sign: 1 | -1): void => {
    const value = values[row] ?? Number.NaN
    if (Number.isNaN(value)) return
    sumPm += sign * depthPm(value)
    present += sign
  }
  for (const [i, endMs] of endsMs.entries()) {
    while (next < atMs.length && (atMs[next] ?? 0) <= endMs) count(next++, 1)
    while (first < next && (atMs[first] ?? 0) <= endMs - windowMs) count(first++, -1)
    pm[i] = sumPm
    complete[i] = present * intervalMs >= windowMs ? 1 : 0
  }
  return { pm, complete }
}
