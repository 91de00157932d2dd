import { probit, shuffleInPlace } from 'simple-statistics'
import { randomOf } from './seeded-random.js'

/**
 * How an error is distributed, in a standard form that its term scales:
 *
 * - `normal`: around 0, 95 % of it within ±1;
 * - `rectangular`: anywhere between −1 and 1;
 * - `from-zero`: anywhere between 0 and 1;
 * - `exponential`: from 0 upwards, 1 on average;
 * - a sample, not empty: one of its numbers, each as likely.
 */
export type ErrorLaw = 'normal' | 'rectangular' | 'from-zero' | 'exponential' | readonly number[]

/** One way in which an amount may be off. */
export interface ErrorTerm {
  /** What errs, of one law; amounts with a source in common err together. */
  readonly source: string
  readonly law: ErrorLaw
  /** In the amount's unit; below 0 it takes away. */
  readonly scale: number
}

/** A value that was found, and in which ways the truth may differ from it. */
export interface UncertainAmount {
  readonly value: number
  readonly errors: readonly ErrorTerm[]
}

export const DRAWS = 2000

/** Middles of as many equally likely parts of each distribution as there are draws. */
const MIDDLES = Array.from({ length: DRAWS }, (_, k) => (k + 0.5) / DRAWS)
const LIMIT_95 = probit(0.975)
const STANDARD: Readonly<Record<Extract<ErrorLaw, string>, readonly number[]>> = {
  normal: MIDDLES.map((p) => probit(p) / LIMIT_95),
  rectangular: MIDDLES.map((p) => 2 * p - 1),
  'from-zero': MIDDLES,
  exponential: MIDDLES.map((p) => -Math.log(1 - p)),
}

/**
 * What amounts may truly be: `value + Σ scale · error`, draw by draw, by Latin hypercube sampling
 * (McKay, Beckman & Conover, Technometrics 21, 1979): every source takes each of DRAWS equally
 * likely values of its distribution once, in an order that follows from seed and source alone.
 * So one error gives the quantiles of its own distribution, many settle far sooner than with
 * independent draws, and no order of amounts or terms changes a draw.
 *
 * @returns per amount its DRAWS draws; the same index is the same draw in all of them
 */
export function drawn(seed: string, amounts: readonly UncertainAmount[]): readonly Float64Array[] {
  const columns = amounts.map(({ value }) => new Float64Array(DRAWS).fill(value))
  const sources = new Map<string, { readonly law: ErrorLaw; readonly scales: Float64Array }>()
  for (const [column, { errors }] of amounts.entries()) {
    for (const { source, law, scale } of errors) {
      if (scale === 0) continue
      let known = sources.get(source)
      if (known === undefined) {
        known = { law, scales: new Float64Array(amounts.length) }
        sources.set(source, known)
      }
      known.scales[column] = (known.scales[column] ?? 0) + scale
    }
  }
  for (const [source, { law, scales }] of [...sources].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const errors = shuffleInPlace(quantilesOf(law), randomOf(`${seed} ${source}`))
    for (const [column, draws] of columns.entries()) {
      const scale = scales[column] ?? 0
      if (scale === 0) continue
      for (let i = 0; i < DRAWS; i++) draws[i] = (draws[i] ?? 0) + scale * (errors[i] ?? 0)
    }
  }
  return columns
}

/** Of as many equally likely parts as there are draws, ascending in their share; a new array. */
function quantilesOf(law: ErrorLaw): number[] {
  if (typeof law === 'string') return [...STANDARD[law]]
  return MIDDLES.map((p) => law[Math.floor(p * law.length)] ?? 0)
}
