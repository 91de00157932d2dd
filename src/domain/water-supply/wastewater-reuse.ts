import { rounded } from '../rounding.js'
import { isUnverified, type StandardFact } from '../standard-fact.js'
import type { GradeRange } from '../water-quality/grade-range.js'
import { isOfClass } from '../water-quality/section-class.js'
import type { SurfaceWaterClass } from '../water-quality/surface-water-limits.js'

export type ReuseKind =
  'municipal' | 'industrial' | 'agricultural' | 'green-space' | 'ecological' | 'plant-internal'

export interface ReusedWater {
  readonly kind: ReuseKind
  /** Over the year, ≥ 0. */
  readonly volumeM3: number
  /** Class of the effluent; asked of ecological replenishment only, null where not known. */
  readonly effluentClass: GradeRange<SurfaceWaterClass> | null
}

export interface ReuseRule extends StandardFact {
  readonly minRatio: number
  /** Ecological replenishment counts from this class up. */
  readonly effluentClass: SurfaceWaterClass
  /** The ratio is asked of cities with fewer water resources, m³ per person and year … */
  readonly resourcesUnderM3: number
  /** … whose inner water is below this class. */
  readonly innerWaterBelow: SurfaceWaterClass
}

/** Standards sheet 2.1 (indicator 7) and 7.7. */
export const REUSE_RULE: ReuseRule = {
  document: '建办城函〔2015〕635号 indicator 7',
  tag: 'unverified',
  minRatio: 0.2,
  effluentClass: 'IV',
  resourcesUnderM3: 500,
  innerWaterBelow: 'IV',
}

export interface WastewaterReuse {
  /** Share of the treated volume; null with a reason. */
  readonly ratio: number | null
  /** The share with what is not told left out, and with it counted. */
  readonly least: number | null
  readonly most: number | null
  readonly meetsMin: boolean | null
  readonly reason: 'nothing_treated' | 'reuse_exceeds_treated' | 'effluent_class_unknown' | null
  readonly unverified: boolean
}

/**
 * Wastewater reuse ratio `R = V_reuse / V_treated` of a year (standards sheet 7.7). Use within the
 * plant does not count; ecological replenishment counts when the effluent is of class IV or better.
 *
 * @param treatedM3 wastewater treated in the year, ≥ 0
 */
export function wastewaterReuse(
  reused: readonly ReusedWater[],
  treatedM3: number,
  rule: ReuseRule = REUSE_RULE,
): WastewaterReuse {
  const untold = { ratio: null, least: null, most: null, meetsMin: null }
  const unverified = isUnverified([rule])
  if (treatedM3 === 0) return { ...untold, reason: 'nothing_treated', unverified }
  let surelyM3 = 0
  let openM3 = 0
  for (const use of reused) {
    const counts = isCounted(use, rule)
    if (counts === true) surelyM3 += use.volumeM3
    if (counts === null) openM3 += use.volumeM3
  }
  if (surelyM3 > treatedM3) return { ...untold, reason: 'reuse_exceeds_treated', unverified }
  const least = rounded(surelyM3 / treatedM3)
  const most = rounded(Math.min(1, (surelyM3 + openM3) / treatedM3))
  const meetsLeast = least >= rule.minRatio
  const meetsMost = most >= rule.minRatio
  const meetsMin = meetsLeast === meetsMost ? meetsLeast : null
  const told = openM3 === 0
  const reason = told ? null : 'effluent_class_unknown'
  return { ratio: told ? least : null, least, most, meetsMin, reason, unverified }
}

function isCounted({ kind, effluentClass }: ReusedWater, rule: ReuseRule): boolean | null {
  if (kind === 'plant-internal') return false
  if (kind !== 'ecological') return true
  return effluentClass === null ? null : isOfClass(effluentClass, rule.effluentClass)
}

/**
 * Whether the least ratio is asked of a city: few water resources and inner water below class IV.
 *
 * @param resourcesM3 water resources, m³ per person and year; null when not known
 * @returns null when neither condition is known to fail and one is not known
 */
export function isReuseAsked(
  resourcesM3: number | null,
  innerWater: GradeRange<SurfaceWaterClass> | null,
  rule: ReuseRule = REUSE_RULE,
): boolean | null {
  const isScarce = resourcesM3 === null ? null : resourcesM3 < rule.resourcesUnderM3
  const isGood = innerWater === null ? null : isOfClass(innerWater, rule.innerWaterBelow)
  if (isScarce === false || isGood === true) return false
  return isScarce === null || isGood === null ? null : true
}
