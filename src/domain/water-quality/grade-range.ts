import { standing, type LabValue, type Bound } from './lab-value.js'

/** The grades a result may have, best and worst; told when both are the same. */
export interface GradeRange<Grade extends string> {
  readonly best: Grade
  readonly worst: Grade
}

/** A grade with the bounds that a value of this grade, or a better one, keeps all of. */
export interface GradeStep<Grade extends string> {
  readonly grade: Grade
  readonly bounds: readonly Bound[]
}

/**
 * The grade of one value: the first step whose bounds it keeps. A detection limit too high for a
 * bound leaves both answers open.
 *
 * @param steps best first, each at least as wide as the one before
 * @param beyond grade of a value that keeps the bounds of no step
 */
export function gradeRange<Grade extends string>(
  measured: LabValue,
  steps: readonly GradeStep<Grade>[],
  beyond: Grade,
): GradeRange<Grade> {
  const stands = steps.map(({ grade, bounds }) => ({
    grade,
    standings: bounds.map((bound) => standing(measured, bound)),
  }))
  const best = stands.find(({ standings }) => !standings.includes('breaks'))
  const worst = stands.find(({ standings }) => standings.every((one) => one === 'meets'))
  return { best: best?.grade ?? beyond, worst: worst?.grade ?? beyond }
}

/**
 * The worst of several grades (单因子评价: the worst single item decides), each perhaps open.
 *
 * @param order all grades, best first
 * @returns the best grade for no ranges
 */
export function worstRange<Grade extends string>(
  ranges: readonly GradeRange<Grade>[],
  order: readonly [Grade, ...Grade[]],
): GradeRange<Grade> {
  const worse = (a: Grade, b: Grade) => (order.indexOf(a) >= order.indexOf(b) ? a : b)
  let total: GradeRange<Grade> = { best: order[0], worst: order[0] }
  for (const { best, worst } of ranges) {
    total = { best: worse(total.best, best), worst: worse(total.worst, worst) }
  }
  return total
}
