import type { Subcatchment } from './subcatchment.js'

/** Volumes in m³, flows in m³/s. */
export interface SubcatchmentTotals {
  readonly name: string
  readonly areaM2: number
  rainM3: number
  runonM3: number
  evaporatedM3: number
  infiltratedM3: number
  runoffM3: number
  peakM3S: number
  readonly storedAtStartM3: number
  storedAtEndM3: number
}

export interface NodeTotals {
  readonly name: string
  readonly kind: 'junction' | 'outfall'
  inflowM3: number
  peakM3S: number
  floodedM3: number
}

export interface ConduitTotals {
  readonly name: string
  readonly peakM3S: number
}

/** Totals before the first step. */
export function emptyTotals(
  { name, areaM2 }: { readonly name: string; readonly areaM2: number },
  part: Subcatchment | undefined,
): SubcatchmentTotals {
  const storedAtStartM3 = part?.storedM3() ?? 0
  return {
    ...{ name, areaM2, storedAtStartM3, storedAtEndM3: storedAtStartM3 },
    ...{ rainM3: 0, runonM3: 0, evaporatedM3: 0, infiltratedM3: 0, runoffM3: 0, peakM3S: 0 },
  }
}
