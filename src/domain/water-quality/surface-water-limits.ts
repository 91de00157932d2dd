import type { StandardFact } from '../standard-fact.js'
import type { GradeStep } from './grade-range.js'

/** Classes of surface water, best first; I and II are not told apart from III. */
export const SURFACE_WATER_CLASSES = ['III or better', 'IV', 'V', 'worse than V'] as const
export type SurfaceWaterClass = (typeof SURFACE_WATER_CLASSES)[number]

/** Items of the table; mg/L, pH without unit. COD is by dichromate, COD_Mn is the permanganate index. */
export const SURFACE_WATER_ITEMS = [
  'ph',
  'dissolvedOxygen',
  'permanganateIndex',
  'cod',
  'bod5',
  'ammoniaNitrogen',
  'totalPhosphorus',
  'totalNitrogen',
] as const
export type SurfaceWaterItem = (typeof SURFACE_WATER_ITEMS)[number]

/** Lakes and reservoirs (湖、库) have their own phosphorus limits and alone have nitrogen limits. */
export type WaterBodyKind = 'river' | 'lake'

type ItemLimits = readonly GradeStep<SurfaceWaterClass>[]

export interface SurfaceWaterLimits extends StandardFact {
  /** Items in the order of the table; an item that is not judged in a kind of water is left out. */
  readonly items: Record<WaterBodyKind, ReadonlyMap<SurfaceWaterItem, ItemLimits>>
}

const COMMON: readonly (readonly [SurfaceWaterItem, ItemLimits])[] = [
  ['ph', [step('III or better', 6, 9), step('IV', 6, 9), step('V', 6, 9)]],
  ['dissolvedOxygen', atLeast(5, 3, 2)],
  ['permanganateIndex', atMost(6, 10, 15)],
  ['cod', atMost(20, 30, 40)],
  ['bod5', atMost(4, 6, 10)],
  ['ammoniaNitrogen', atMost(1, 1.5, 2)],
]

/**
 * GB 3838-2002 table 1, classes III to V (standards sheet 7.13, unverified). Total nitrogen is
 * judged in lakes only; water temperature and faecal coliform are not in the table.
 */
export const GB_3838_2002: SurfaceWaterLimits = {
  document: 'GB 3838-2002 table 1',
  tag: 'unverified',
  items: {
    river: new Map([...COMMON, ['totalPhosphorus', atMost(0.2, 0.3, 0.4)]]),
    lake: new Map([
      ...COMMON,
      ['totalPhosphorus', atMost(0.05, 0.1, 0.2)],
      ['totalNitrogen', atMost(1, 1.5, 2)],
    ]),
  },
}

function atMost(iii: number, iv: number, v: number): ItemLimits {
  return [
    { grade: 'III or better', bounds: [{ side: 'at-most', limit: iii }] },
    { grade: 'IV', bounds: [{ side: 'at-most', limit: iv }] },
    { grade: 'V', bounds: [{ side: 'at-most', limit: v }] },
  ]
}

function atLeast(iii: number, iv: number, v: number): ItemLimits {
  return [
    { grade: 'III or better', bounds: [{ side: 'at-least', limit: iii }] },
    { grade: 'IV', bounds: [{ side: 'at-least', limit: iv }] },
    { grade: 'V', bounds: [{ side: 'at-least', limit: v }] },
  ]
}

function step(grade: SurfaceWaterClass, low: number, high: number): GradeStep<SurfaceWaterClass> {
  return {
    grade,
    bounds: [
      { side: 'at-least', limit: low },
      { side: 'at-most', limit: high },
    ],
  }
}
