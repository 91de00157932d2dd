import { isUnverified } from '../standard-fact.js'
import { gradeRange, worstRange, type GradeRange } from './grade-range.js'
import type { LabValue } from './lab-value.js'
import {
  GB_3838_2002,
  SURFACE_WATER_CLASSES,
  type SurfaceWaterClass,
  type SurfaceWaterItem,
  type SurfaceWaterLimits,
  type WaterBodyKind,
} from './surface-water-limits.js'

/** Values of a section, one per item; null or absent where not measured. */
export type SectionValues = Partial<Record<SurfaceWaterItem, LabValue | null>>

export interface ItemClass extends GradeRange<SurfaceWaterClass> {
  readonly item: SurfaceWaterItem
}

export interface SectionClass extends GradeRange<SurfaceWaterClass> {
  /** null when best and worst differ. */
  readonly class: SurfaceWaterClass | null
  readonly reason: 'items_missing' | 'detection_limit_too_high' | null
  /** One per measured item, in the order of the table. */
  readonly items: readonly ItemClass[]
  /** Items of the table without a value. */
  readonly missing: readonly SurfaceWaterItem[]
  /** Items with a value that the table does not judge in this kind of water. */
  readonly notJudged: readonly SurfaceWaterItem[]
  readonly unverified: boolean
}

/**
 * Class of a section by its worst single item (单因子评价, GB 3838-2002 table 1, unverified;
 * standards sheet 7.13).
 *
 * An item without a value could be of any class, so the class is told only when the others leave
 * no doubt: `worse than V` is, whatever is missing. `best` and `worst` hold what is known.
 *
 * @param values mg/L, pH without unit; one sample, or the statistic of a period
 * @param limits which items are judged, and against what; leave items out there, not in `values`
 */
export function sectionClass(
  values: SectionValues,
  kind: WaterBodyKind,
  limits: SurfaceWaterLimits = GB_3838_2002,
): SectionClass {
  const judged = limits.items[kind]
  const items: ItemClass[] = []
  const missing: SurfaceWaterItem[] = []
  for (const [item, steps] of judged) {
    const measured = values[item] ?? null
    if (measured === null) missing.push(item)
    else items.push({ item, ...gradeRange(measured, steps, 'worse than V') })
  }
  const { best, worst: measuredWorst } = worstRange(items, SURFACE_WATER_CLASSES)
  const worst = missing.length > 0 ? 'worse than V' : measuredWorst
  const told = best === worst
  const open = missing.length > 0 ? 'items_missing' : 'detection_limit_too_high'
  return {
    class: told ? best : null,
    reason: told ? null : open,
    best,
    worst,
    items,
    missing,
    notJudged: measuredItems(values).filter((item) => !judged.has(item)),
    unverified: isUnverified([limits]),
  }
}

function measuredItems(values: SectionValues): SurfaceWaterItem[] {
  const all = Object.keys(values) as SurfaceWaterItem[]
  return all.filter((item) => (values[item] ?? null) !== null)
}

/**
 * Whether a section is of the asked class or better (建办城函〔2015〕635号 indicator 5 asks IV).
 *
 * @returns null when the section's range lies on both sides
 */
export function isOfClass(
  section: GradeRange<SurfaceWaterClass>,
  asked: SurfaceWaterClass,
): boolean | null {
  const rank = (one: SurfaceWaterClass) => SURFACE_WATER_CLASSES.indexOf(one)
  if (rank(section.worst) <= rank(asked)) return true
  if (rank(section.best) > rank(asked)) return false
  return null
}
