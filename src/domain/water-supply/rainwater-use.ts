import { rounded } from '../rounding.js'
import { rainVolumeM3 } from '../runoff/runoff-coefficient.js'
import { isUnverified, type StandardFact } from '../standard-fact.js'

export type RainwaterUseKind =
  | 'road-washing'
  | 'green-space'
  | 'municipal'
  | 'industrial'
  | 'agricultural'
  | 'cooling'
  | 'scenic-water'
  | 'infiltration'

/** Rain used over a year, by meter. */
export interface UsedRainwater {
  readonly kind: RainwaterUseKind
  /** ≥ 0. */
  readonly volumeM3: number
}

export interface RainwaterUseRule extends StandardFact {
  /** Water that is not use. */
  readonly excluded: readonly RainwaterUseKind[]
}

/** Standards sheet 7.6; the target of a city is its own. */
export const RAINWATER_USE_RULE: RainwaterUseRule = {
  document: '建办城函〔2015〕635号 indicator 8',
  tag: 'unverified',
  excluded: ['scenic-water', 'infiltration'],
}

/**
 * What the use is divided by. Variant A: rain on the area, of the mean year or of the year itself.
 * Variant B: tap water sold in the year, m³. The city's plan says which.
 */
export type RainwaterUseBase =
  | {
      readonly variant: 'A'
      readonly rain: 'mean-annual' | 'actual-year'
      readonly rainMm: number
      readonly areaM2: number
    }
  | { readonly variant: 'B'; readonly tapWaterM3: number }

export interface RainwaterUse {
  /** Share of the base. */
  readonly ratio: number | null
  readonly reason: 'no_rain_or_area' | 'use_exceeds_rain' | 'no_tap_water' | null
  readonly base: RainwaterUseBase
  readonly usedM3: number
  readonly excludedM3: number
  readonly unverified: boolean
}

/**
 * Rainwater use ratio of a year (standards sheet 7.6): variant A `V_used / (10·H·F)`, variant B
 * `V_used / V_tap`. Variant A is tiny at the scale of a city; the result says its variant and year.
 */
export function rainwaterUse(
  used: readonly UsedRainwater[],
  base: RainwaterUseBase,
  rule: RainwaterUseRule = RAINWATER_USE_RULE,
): RainwaterUse {
  let usedM3 = 0
  let excludedM3 = 0
  for (const { kind, volumeM3 } of used) {
    if (rule.excluded.includes(kind)) excludedM3 += volumeM3
    else usedM3 += volumeM3
  }
  const common = { base, usedM3, excludedM3, unverified: isUnverified([rule]) }
  const wholeM3 = base.variant === 'A' ? rainVolumeM3(base.rainMm, base.areaM2) : base.tapWaterM3
  if (wholeM3 === 0) {
    const reason = base.variant === 'A' ? 'no_rain_or_area' : 'no_tap_water'
    return { ratio: null, reason, ...common }
  }
  // Tap water may be less than the rain used; rain may not.
  if (base.variant === 'A' && usedM3 > wholeM3) {
    return { ratio: null, reason: 'use_exceeds_rain', ...common }
  }
  return { ratio: rounded(usedM3 / wholeM3), reason: null, ...common }
}
