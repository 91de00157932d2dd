import { isUnverified } from '../standard-fact.js'
import {
  BLACK_ODOUR_RULE,
  type BlackOdourGrade,
  type BlackOdourRule,
} from './black-odour-limits.js'
import type { GradeRange } from './grade-range.js'

export interface GradedPoint extends GradeRange<BlackOdourGrade> {
  readonly id: string
}

/** Consecutive heavy points and the water between them. */
export interface HeavyReach {
  readonly fromPoint: string
  readonly toPoint: string
  readonly points: number
}

export interface BodyGrade extends GradeRange<BlackOdourGrade> {
  /** null when best and worst differ. */
  readonly grade: BlackOdourGrade | null
  readonly reason: 'too_few_points' | 'points_undecided' | null
  readonly heavyReaches: readonly HeavyReach[]
  /** Points that could be heavy or not; a reach over them could be heavy too. */
  readonly undecidedPoints: readonly string[]
  readonly heavyPoints: number
  readonly unverified: boolean
}

/**
 * Grade of a water body and its heavy reaches (standards sheet 3.7.4): three or more consecutive
 * heavy points make the reach between them heavy, more than 60 % of the points the whole body.
 * Otherwise it is light when one point is black-odorous, and none when no point is.
 *
 * Points stand 200 to 600 m apart; that is for the sampling plan, not checked here.
 *
 * @param points along the water, in order; at least three, else no grade
 */
export function blackOdourBody(
  points: readonly GradedPoint[],
  rule: BlackOdourRule = BLACK_ODOUR_RULE,
): BodyGrade {
  const heavyPoints = points.filter(({ best }) => best === 'heavy').length
  const undecided = points.filter(({ best, worst }) => best !== 'heavy' && worst === 'heavy')
  const common = {
    heavyReaches: heavyReaches(points, rule.points.heavyReach),
    undecidedPoints: undecided.map(({ id }) => id),
    heavyPoints,
    // The points' grades rest on the limits.
    unverified: isUnverified([...Object.values(rule.limits), rule.shallow, rule.monthlyMean]),
  }
  if (points.length < rule.points.min) {
    return { grade: null, reason: 'too_few_points', best: 'none', worst: 'heavy', ...common }
  }
  const { best, worst } = bodyRange(points, heavyPoints, heavyPoints + undecided.length, rule)
  const told = best === worst
  const reason = told ? null : 'points_undecided'
  return { grade: told ? best : null, reason, best, worst, ...common }
}

function bodyRange(
  points: readonly GradedPoint[],
  heavy: number,
  heavyAtMost: number,
  rule: BlackOdourRule,
): GradeRange<BlackOdourGrade> {
  const isHeavy = (count: number) => count / points.length > rule.points.heavyBodyShare
  const least = points.some(({ best }) => best !== 'none') ? 'light' : 'none'
  const most = points.some(({ worst }) => worst !== 'none') ? 'light' : 'none'
  return { best: isHeavy(heavy) ? 'heavy' : least, worst: isHeavy(heavyAtMost) ? 'heavy' : most }
}

function heavyReaches(points: readonly GradedPoint[], fewest: number): HeavyReach[] {
  const reaches: HeavyReach[] = []
  let run: string[] = []
  for (const point of [...points, null]) {
    if (point?.best === 'heavy') {
      run.push(point.id)
      continue
    }
    const fromPoint = run[0]
    const toPoint = run.at(-1)
    if (run.length >= fewest && fromPoint !== undefined && toPoint !== undefined) {
      reaches.push({ fromPoint, toPoint, points: run.length })
    }
    run = []
  }
  return reaches
}
