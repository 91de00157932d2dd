import type { StandardFact } from '../standard-fact.js'
import type { Bound } from './lab-value.js'

/** Grades of black-odorous water (黑臭水体), best first. */
export const BLACK_ODOUR_GRADES = ['none', 'light', 'heavy'] as const
export type BlackOdourGrade = (typeof BLACK_ODOUR_GRADES)[number]

/** Transparency in cm, dissolved oxygen in mg/L, redox potential in mV, ammonia nitrogen in mg/L. */
export const BLACK_ODOUR_INDICATORS = [
  'transparency',
  'dissolvedOxygen',
  'redoxPotential',
  'ammoniaNitrogen',
] as const
export type BlackOdourIndicator = (typeof BLACK_ODOUR_INDICATORS)[number]

export interface IndicatorLimits extends StandardFact {
  /** What water that is not black-odorous keeps. */
  readonly none: Bound
  /** What water keeps that is light at worst; beyond it is heavy. */
  readonly light: Bound
}

export interface BlackOdourRule {
  readonly limits: Record<BlackOdourIndicator, IndicatorLimits>
  /** In water shallower than this the transparency limit is a share of the depth. */
  readonly shallow: StandardFact & { readonly belowCm: number; readonly shareOfDepth: number }
  /** Fewest tests of an indicator, and the days allowed between two. */
  readonly tests: StandardFact & {
    readonly min: number
    readonly daysBetween: readonly [number, number]
  }
  /** Water is not black-odorous when the mean of a month keeps the limit of every indicator. */
  readonly monthlyMean: StandardFact
  /** A point is heavy when one indicator has more than `one` of its data heavy, or two more than `two`. */
  readonly heavyShare: StandardFact & { readonly one: number; readonly two: number }
  /** Points: fewest of a body, consecutive heavy ones that make a reach heavy, share that makes a body heavy. */
  readonly points: StandardFact & {
    readonly min: number
    readonly heavyReach: number
    readonly heavyBodyShare: number
  }
}

const GUIDE = '城市黑臭水体的检测与评价'
const READ = { document: `${GUIDE}, grading table`, tag: 'read' } as const

/**
 * Grading of standards sheet 3.7.4, read in a secondary copy. Unverified: the heavy limit of ammonia
 * (the copy prints 8.0, a misprint), the shallow-water rule and the monthly mean (sheet 3.2, 3.7.3).
 */
export const BLACK_ODOUR_RULE: BlackOdourRule = {
  limits: {
    transparency: { ...READ, none: above(25), light: atLeast(10) },
    dissolvedOxygen: { ...READ, none: above(2), light: atLeast(0.2) },
    redoxPotential: { ...READ, none: above(50), light: atLeast(-200) },
    ammoniaNitrogen: {
      document: READ.document,
      tag: 'unverified',
      none: { side: 'below', limit: 8 },
      light: { side: 'at-most', limit: 15 },
    },
  },
  shallow: {
    document: 'GB/T 51345-2018 item 4',
    tag: 'unverified',
    belowCm: 25,
    shareOfDepth: 0.4,
  },
  tests: { document: GUIDE, tag: 'read', min: 3, daysBetween: [1, 7] },
  monthlyMean: { document: 'GB/T 51345-2018 item 4', tag: 'unverified' },
  heavyShare: { document: GUIDE, tag: 'read', one: 0.6, two: 0.3 },
  points: { document: GUIDE, tag: 'read', min: 3, heavyReach: 3, heavyBodyShare: 0.6 },
}

function above(limit: number): Bound {
  return { side: 'above', limit }
}

function atLeast(limit: number): Bound {
  return { side: 'at-least', limit }
}
