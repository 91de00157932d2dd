/** What the numbers of a file count, as factors to SI. */
export interface InpUnits {
  /** Of elevations, lengths and widths, m. */
  readonly lengthM: number
  /** Of rain and storage depths, m. */
  readonly depthM: number
  readonly areaM2: number
  /** Of the areas and widths of facilities, m² and m. */
  readonly lidAreaM2: number
  readonly flowM3S: number
}

const FT_M = 0.3048
const IN_M = 0.0254
const GALLON_M3 = 231 * IN_M ** 3
const DAY_S = 86_400

const US = { lengthM: FT_M, depthM: IN_M, areaM2: 43_560 * FT_M ** 2, lidAreaM2: FT_M ** 2 }
const SI = { lengthM: 1, depthM: 0.001, areaM2: 10_000, lidAreaM2: 1 }

/** The unit of flow decides those of everything else. */
export const UNITS = {
  CFS: { ...US, flowM3S: FT_M ** 3 },
  GPM: { ...US, flowM3S: GALLON_M3 / 60 },
  MGD: { ...US, flowM3S: (1e6 * GALLON_M3) / DAY_S },
  CMS: { ...SI, flowM3S: 1 },
  LPS: { ...SI, flowM3S: 0.001 },
  MLD: { ...SI, flowM3S: 1000 / DAY_S },
} as const satisfies Record<string, InpUnits>

export type FlowUnit = keyof typeof UNITS
