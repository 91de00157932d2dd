import { rounded } from '../rounding.js'
import { isUnverified } from '../standard-fact.js'
import { LEAKAGE_RULE, type LeakageRule } from './leakage-rule.js'

/** A year of a public supply network; null where not known. */
export interface SupplyYear {
  /** Water supplied, Qs, m³; ≥ 0. */
  readonly suppliedM3: number
  /** Consumption of registered users, Qa, m³; 0 to the supply. */
  readonly consumedM3: number
  /** Share of the volume metered to the household, 0 to 1. */
  readonly householdMeteredShare: number | null
  /** Pipes of DN 75 and wider, km. */
  readonly pipeKm: number | null
  /** Mean outlet pressure over the year, MPa. */
  readonly outletPressureMPa: number | null
  /** Greatest depth of frozen soil, m; 0 where none freezes. */
  readonly frostDepthM: number | null
}

export type LeakageInput = 'householdMeteredShare' | 'pipeKm' | 'outletPressureMPa' | 'frostDepthM'

/** Shares of the supply that correct the gross ratio, R1 to R4. */
export interface LeakageCorrections {
  readonly householdMetering: number | null
  readonly pipeLength: number | null
  readonly pressure: number | null
  readonly frost: number | null
}

export type LeakageGrade = 'grade 1' | 'grade 2' | 'over grade 2'

export interface Leakage {
  /** R_WL, share of the supply. */
  readonly grossRatio: number | null
  /** R_BL, share of the supply: the graded value; negative when corrections exceed the loss. */
  readonly gradedRatio: number | null
  readonly corrections: LeakageCorrections
  readonly grade: LeakageGrade | null
  /** Why there is no graded ratio. */
  readonly reason: 'no_supply' | 'consumption_exceeds_supply' | 'correction_input_missing' | null
  readonly missing: readonly LeakageInput[]
  /** Against the limit of 635 indicator 9, which does not say which of the two it means. */
  readonly within635: { readonly gross: boolean | null; readonly graded: boolean | null }
  readonly unverified: boolean
}

/**
 * Leakage ratio of a supply network (CJJ 92-2016, revision of 2018; standards sheet 7.8):
 * `R_WL = (Qs − Qa) / Qs`, `R_BL = R_WL − (R1 + R2 + R3 + R4)`. R_BL is what is graded. The rules of
 * the corrections are unverified, and R_BL and its grade with them.
 */
export function leakage(year: SupplyYear, rule: LeakageRule = LEAKAGE_RULE): Leakage {
  const unverified = isUnverified([rule.grades, rule.corrections, rule.limit635])
  const none = { householdMetering: null, pipeLength: null, pressure: null, frost: null }
  const untold = {
    grossRatio: null,
    gradedRatio: null,
    corrections: none,
    grade: null,
    missing: [],
    within635: { gross: null, graded: null },
    unverified,
  } as const
  if (year.suppliedM3 === 0) return { ...untold, reason: 'no_supply' }
  if (year.consumedM3 > year.suppliedM3) return { ...untold, reason: 'consumption_exceeds_supply' }
  const grossRatio = rounded((year.suppliedM3 - year.consumedM3) / year.suppliedM3)
  const corrections = leakageCorrections(year, rule)
  const missing = missingInputs(year)
  const gradedRatio = corrected(grossRatio, corrections)
  const within = (ratio: number | null) => (ratio === null ? null : ratio <= rule.limit635.max)
  return {
    grossRatio,
    gradedRatio,
    corrections,
    grade: gradedRatio === null ? null : leakageGrade(gradedRatio, rule),
    reason: missing.length > 0 ? 'correction_input_missing' : null,
    missing,
    within635: { gross: within(grossRatio), graded: within(gradedRatio) },
    unverified,
  }
}

function leakageCorrections(year: SupplyYear, { corrections }: LeakageRule): LeakageCorrections {
  const { householdMetering, pipeLength, pressure, frost } = corrections
  const { householdMeteredShare, pipeKm, outletPressureMPa, frostDepthM } = year
  const lengthShare = (km: number) => {
    const kmPer10kM3 = km / (year.suppliedM3 / 10_000)
    const share = pipeLength.factor * (kmPer10kM3 - pipeLength.referenceKmPer10kM3)
    return Math.min(pipeLength.limit, Math.max(-pipeLength.limit, share))
  }
  const pressureShare = (mpa: number) =>
    pressure.findLast(({ overMPa }) => mpa > overMPa)?.share ?? 0
  return {
    householdMetering:
      householdMeteredShare === null ? null : rounded(householdMetering * householdMeteredShare),
    pipeLength: pipeKm === null ? null : rounded(lengthShare(pipeKm)),
    pressure: outletPressureMPa === null ? null : pressureShare(outletPressureMPa),
    frost: frostDepthM === null ? null : frostDepthM > frost.overM ? frost.share : 0,
  }
}

function missingInputs(year: SupplyYear): LeakageInput[] {
  const inputs = ['householdMeteredShare', 'pipeKm', 'outletPressureMPa', 'frostDepthM'] as const
  return inputs.filter((input) => year[input] === null)
}

function corrected(grossRatio: number, corrections: LeakageCorrections): number | null {
  const { householdMetering, pipeLength, pressure, frost } = corrections
  if (householdMetering === null || pipeLength === null) return null
  if (pressure === null || frost === null) return null
  // Rounded, so that a ratio on a limit is not lifted over it by the last bit of a difference.
  return rounded(grossRatio - (householdMetering + pipeLength + pressure + frost))
}

/**
 * Grade of a leakage ratio.
 *
 * @param gradedRatio R_BL, share of the supply
 */
export function leakageGrade(gradedRatio: number, rule: LeakageRule = LEAKAGE_RULE): LeakageGrade {
  if (gradedRatio <= rule.grades.first) return 'grade 1'
  return gradedRatio <= rule.grades.second ? 'grade 2' : 'over grade 2'
}
