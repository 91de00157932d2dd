import type { StandardFact } from '../standard-fact.js'

/** Numbers of the leakage standard; ratios as shares of the supply. */
export interface LeakageRule {
  /** Greatest R_BL of grade 1 and of grade 2. */
  readonly grades: StandardFact & { readonly first: number; readonly second: number }
  readonly corrections: StandardFact & {
    /** R1 of a network metered to every household. */
    readonly householdMetering: number
    /** R2 = factor · (km of DN ≥ 75 per 10⁴ m³ of supply − reference), held within ± limit. */
    readonly pipeLength: {
      readonly factor: number
      readonly referenceKmPer10kM3: number
      readonly limit: number
    }
    /** R3: the last step whose pressure is exceeded; ascending. */
    readonly pressure: readonly { readonly overMPa: number; readonly share: number }[]
    /** R4 where the soil freezes deeper. */
    readonly frost: { readonly overM: number; readonly share: number }
  }
  /** What 建办城函〔2015〕635号 asks, not saying of which ratio. */
  readonly limit635: StandardFact & { readonly max: number }
}

/** Standards sheet 7.8. The grades were read in a copy; the corrections were not read. */
export const LEAKAGE_RULE: LeakageRule = {
  grades: {
    document: 'CJJ 92-2016, partial revision of 2018',
    tag: 'read',
    first: 0.1,
    second: 0.12,
  },
  corrections: {
    document: 'CJJ 92-2016, partial revision of 2018, R1 to R4',
    tag: 'unverified',
    householdMetering: 0.08,
    pipeLength: { factor: 0.99, referenceKmPer10kM3: 0.0693, limit: 0.03 },
    pressure: [
      { overMPa: 0.35, share: 0.005 },
      { overMPa: 0.55, share: 0.01 },
      { overMPa: 0.75, share: 0.02 },
    ],
    frost: { overM: 1.4, share: 0.01 },
  },
  limit635: { document: '建办城函〔2015〕635号 indicator 9', tag: 'unverified', max: 0.12 },
}
