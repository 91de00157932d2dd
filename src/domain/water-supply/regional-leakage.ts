import { rounded } from '../rounding.js'
import { isUnverified } from '../standard-fact.js'
import { leakageGrade, type LeakageGrade } from './leakage.js'
import { LEAKAGE_RULE, type LeakageRule } from './leakage-rule.js'

export interface NetworkLeakage {
  readonly id: string
  /** > 0 for a network that supplies; its weight. */
  readonly suppliedM3: number
  /** R_BL, share of the supply; null when not told. */
  readonly gradedRatio: number | null
}

export interface RegionalLeakage {
  /** Share of the supply. */
  readonly gradedRatio: number | null
  readonly grade: LeakageGrade | null
  readonly reason: 'no_supply' | 'network_not_told' | null
  /** Networks that supply and have no ratio: with one of them the region has none. */
  readonly notTold: readonly string[]
  readonly unverified: boolean
}

/** Leakage of a region: the mean of its networks' R_BL weighted by supply (standards sheet 7.8). */
export function regionalLeakage(
  networks: readonly NetworkLeakage[],
  rule: LeakageRule = LEAKAGE_RULE,
): RegionalLeakage {
  const supplying = networks.filter(({ suppliedM3 }) => suppliedM3 > 0)
  const notTold: string[] = []
  let suppliedM3 = 0
  let lostM3 = 0
  for (const network of supplying) {
    if (network.gradedRatio === null) notTold.push(network.id)
    suppliedM3 += network.suppliedM3
    lostM3 += network.suppliedM3 * (network.gradedRatio ?? 0)
  }
  const unverified = isUnverified([rule.grades, rule.corrections])
  const untold = { gradedRatio: null, grade: null, notTold, unverified }
  if (supplying.length === 0) return { ...untold, reason: 'no_supply' }
  if (notTold.length > 0) return { ...untold, reason: 'network_not_told' }
  const gradedRatio = rounded(lostM3 / suppliedM3)
  return { gradedRatio, grade: leakageGrade(gradedRatio, rule), reason: null, notTold, unverified }
}
