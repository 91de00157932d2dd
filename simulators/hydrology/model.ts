import type { GreenAmptMakeup } from './green-ampt.js'
import type { HortonMakeup } from './horton.js'
import type { LidUse } from './lid/makeup.js'
import type { StepFunction } from './step-function.js'

/** All that a run needs, in SI; times are seconds since its start. */
export interface HydrologyModel {
  /** The wall clock of the file at the start, as if it were UTC. */
  readonly startMs: number
  readonly durationS: number
  readonly steps: StepLengths
  /** Rain of each gauge, m/s. */
  readonly rain: readonly StepFunction[]
  /** Potential evaporation, m/s. */
  readonly evaporation: StepFunction
  /** Whether evaporation rests while it rains. */
  readonly evaporatesOnlyDry: boolean
  readonly subcatchments: readonly SubcatchmentMakeup[]
  readonly network: NetworkMakeup
}

/** Lengths of steps, s, > 0. */
export interface StepLengths {
  readonly wetS: number
  readonly dryS: number
  readonly routingS: number
  readonly reportS: number
  /** Results are reported after this time. */
  readonly reportFromS: number
}

export interface SubcatchmentMakeup {
  readonly name: string
  /** Position of its gauge in `rain`; null: no rain falls on it. */
  readonly gauge: number | null
  readonly outlet: Outlet
  readonly areaM2: number
  readonly widthM: number
  /** Rise over run. */
  readonly slope: number
  /** Share of the area without facilities that is impervious, 0..1. */
  readonly impervious: number
  /** Share of the impervious area that has no depression storage, 0..1. */
  readonly withoutStorage: number
  /** Manning's n. */
  readonly roughness: { readonly impervious: number; readonly pervious: number }
  readonly storageM: { readonly impervious: number; readonly pervious: number }
  /** Where a share of the runoff of one kind of surface goes instead of to the outlet. */
  readonly routing: { readonly to: 'outlet' | 'impervious' | 'pervious'; readonly share: number }
  readonly infiltration: InfiltrationMakeup
  readonly facilities: readonly LidUse[]
}

export type InfiltrationMakeup =
  | ({ readonly method: 'horton' } & HortonMakeup)
  | ({ readonly method: 'green-ampt' } & GreenAmptMakeup)

/** Where water goes: a node or another subcatchment by its position, or out of the model. */
export type Outlet =
  | { readonly to: 'node'; readonly at: number }
  | { readonly to: 'subcatchment'; readonly at: number }
  | { readonly to: 'nowhere' }

export interface NetworkMakeup {
  readonly nodes: readonly NodeMakeup[]
  readonly conduits: readonly ConduitMakeup[]
}

export interface NodeMakeup {
  readonly name: string
  readonly kind: 'junction' | 'outfall'
}

export interface ConduitMakeup {
  readonly name: string
  /** Positions of its nodes. */
  readonly from: number
  readonly to: number
  readonly lengthM: number
  readonly roughness: number
  /** Fall over length, > 0. */
  readonly slope: number
  readonly shape: ConduitShape
  /** Equal pipes side by side, ≥ 1. */
  readonly barrels: number
}

export type ConduitShape =
  | { readonly kind: 'circular'; readonly heightM: number }
  | { readonly kind: 'closed-rectangle'; readonly heightM: number; readonly widthM: number }
  | { readonly kind: 'open-rectangle'; readonly heightM: number; readonly widthM: number }
