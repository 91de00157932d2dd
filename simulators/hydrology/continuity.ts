import type { HydrologyModel } from './model.js'
import type { Network } from './network.js'
import type { SubcatchmentTotals } from './totals.js'

/** m³, and what does not close in percent of what came in. */
export interface RunoffContinuity {
  readonly storedAtStartM3: number
  readonly rainM3: number
  readonly evaporatedM3: number
  readonly infiltratedM3: number
  readonly runoffM3: number
  readonly storedAtEndM3: number
  readonly errorPercent: number
}

export interface RoutingContinuity {
  readonly inflowM3: number
  readonly outflowM3: number
  readonly floodedM3: number
  readonly storedAtEndM3: number
  readonly errorPercent: number
}

/** Runoff as SWMM counts it: error in percent of rain and of what stood in facilities at the start. */
export function runoffContinuity(
  { subcatchments }: HydrologyModel,
  totals: readonly SubcatchmentTotals[],
): RunoffContinuity {
  const sum = (of: (total: SubcatchmentTotals, at: number) => number): number =>
    totals.reduce((all, total, at) => all + of(total, at), 0)
  const storedAtStartM3 = sum((total) => total.storedAtStartM3)
  const rainM3 = sum((total) => total.rainM3)
  const evaporatedM3 = sum((total) => total.evaporatedM3)
  const infiltratedM3 = sum((total) => total.infiltratedM3)
  const storedAtEndM3 = sum((total) => total.storedAtEndM3)
  // What another subcatchment received has not left.
  const runoffM3 = sum(({ runoffM3 }, at) =>
    subcatchments[at]?.outlet.to === 'subcatchment' ? 0 : runoffM3,
  )
  const cameM3 = storedAtStartM3 + rainM3
  return {
    ...{ storedAtStartM3, rainM3, evaporatedM3, infiltratedM3, runoffM3, storedAtEndM3 },
    errorPercent: percentOf(
      cameM3 - evaporatedM3 - infiltratedM3 - runoffM3 - storedAtEndM3,
      cameM3,
    ),
  }
}

/** Routing: error in percent of what the subcatchments sent to nodes. */
export function routingContinuity(
  { subcatchments }: HydrologyModel,
  totals: readonly SubcatchmentTotals[],
  pipes: Network,
): RoutingContinuity {
  const inflowM3 = totals.reduce(
    (sum, { runoffM3 }, at) => sum + (subcatchments[at]?.outlet.to === 'node' ? runoffM3 : 0),
    0,
  )
  const outflowM3 = pipes.outflowM3.reduce((sum, value) => sum + value, 0)
  const floodedM3 = pipes.floodedM3.reduce((sum, value) => sum + value, 0)
  const storedAtEndM3 = pipes.storedM3()
  return {
    ...{ inflowM3, outflowM3, floodedM3, storedAtEndM3 },
    errorPercent: percentOf(inflowM3 - outflowM3 - floodedM3 - storedAtEndM3, inflowM3),
  }
}

function percentOf(part: number, whole: number): number {
  return whole > 0 ? (100 * part) / whole : 0
}
