import { rounded } from '../rounding.js'
import { isUnverified, type StandardFact } from '../standard-fact.js'

export interface PerviousRule extends StandardFact {
  readonly minRatio: number
}

/** Target of the demonstration cities (standards sheet 7.15, 9.3). */
export const PERVIOUS_RULE: PerviousRule = {
  document: '系统化全域推进海绵城市建设示范, target table',
  tag: 'unverified',
  minRatio: 0.4,
}

export interface PerviousRatio {
  /** Share of the built-up area. */
  readonly ratio: number | null
  readonly meetsMin: boolean | null
  readonly reason: 'area_unknown' | 'no_built_up_area' | 'pervious_exceeds_built_up' | null
  readonly unverified: boolean
}

/**
 * Pervious ground ratio (可渗透地面面积比例, standards sheet 7.15): pervious area over built-up area.
 *
 * @param perviousM2 ≥ 0; null where not surveyed
 * @param builtUpM2 ≥ 0; null where not known
 */
export function perviousRatio(
  perviousM2: number | null,
  builtUpM2: number | null,
  rule: PerviousRule = PERVIOUS_RULE,
): PerviousRatio {
  const untold = { ratio: null, meetsMin: null, unverified: isUnverified([rule]) }
  if (perviousM2 === null || builtUpM2 === null) return { ...untold, reason: 'area_unknown' }
  if (builtUpM2 === 0) return { ...untold, reason: 'no_built_up_area' }
  if (perviousM2 > builtUpM2) return { ...untold, reason: 'pervious_exceeds_built_up' }
  const ratio = rounded(perviousM2 / builtUpM2)
  return { ...untold, ratio, meetsMin: ratio >= rule.minRatio, reason: null }
}
