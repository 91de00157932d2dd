import type { z } from 'zod'
import { text } from '../indicators/indicator.js'
import type { Text, Verdict } from '../indicators/result.js'

export const FIGURE_FORMULA_IDS = [
  'leakage',
  'wastewater-reuse',
  'rainwater-use',
  'audited-capture-ratio',
  'water-quality',
  'black-odour',
  'urban-water-bodies',
  'sewage-and-overflow',
  'shoreline-ratio',
  'natural-pattern',
  'pervious-ratio',
  'contiguous-area',
  'source-projects',
] as const
export type FigureFormulaId = (typeof FIGURE_FORMULA_IDS)[number]

/** What a formula made of the figures of a year. */
export interface FormulaOutcome {
  readonly value: number | null
  readonly verdict: Verdict
  readonly reason: Text
  readonly unverified: boolean
  /** A FAIL that no proof makes CONDITIONAL: what is broken is not a 不宜 clause alone. */
  readonly breaksMust?: boolean
  /** Every intermediate figure, so that it can be redone by hand. */
  readonly steps: Readonly<Record<string, unknown>>
}

/** An indicator that is computed from the figures that a statement brings: of meters, ledgers, audit sheets. */
export interface FigureFormula {
  readonly id: FigureFormulaId
  readonly unit: string
  /** The whole rule in words; names are those of the inputs and steps. */
  readonly words: Text
  /** What is wrong with the inputs, as `field: message`; empty when nothing is. */
  readonly faults: (inputs: unknown) => readonly string[]
  /** @param inputs without faults */
  readonly compute: (inputs: unknown) => FormulaOutcome
}

/** A formula with its inputs checked by a schema. */
export function figureFormula<Inputs extends z.ZodType>(written: {
  readonly id: FigureFormulaId
  readonly unit: string
  readonly words: Text
  readonly inputs: Inputs
  readonly compute: (inputs: z.output<Inputs>) => FormulaOutcome
}): FigureFormula {
  const { id, unit, words, inputs, compute } = written
  return {
    id,
    unit,
    words,
    faults: (given) => {
      const read = inputs.safeParse(given)
      if (read.success) return []
      return read.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`)
    },
    compute: (given) => compute(inputs.parse(given)),
  }
}

/** Refuses a list in which an id is there twice: what is counted twice counts too much. */
export function eachIdOnce(
  items: readonly { readonly id: string }[],
  context: z.RefinementCtx,
): void {
  const seen = new Set<string>()
  for (const [i, { id }] of items.entries()) {
    if (seen.has(id)) {
      context.addIssue({ code: 'custom', path: [i, 'id'], message: `${id} is there twice` })
    }
    seen.add(id)
  }
}

/** The verdict of a comparison: null cannot be told, and why not is named. */
export function judged(
  meets: boolean | null,
  why: string | null,
  limit: number | null,
): { readonly verdict: Verdict; readonly reason: Text } {
  const against = limit === null ? '' : ` (${limit})`
  if (meets === null) {
    return {
      verdict: 'NOT_EVALUATED',
      reason: text(`不能判定：${why ?? ''}`, `cannot be told: ${why ?? ''}`),
    }
  }
  return meets
    ? { verdict: 'PASS', reason: text(`符合要求${against}`, `meets the requirement${against}`) }
    : { verdict: 'FAIL', reason: text(`不符合要求${against}`, `breaks the requirement${against}`) }
}
