import { AUDITED_CAPTURE_RATIO } from './audited-figures.js'
import type { FigureFormula, FigureFormulaId } from './figure-formula.js'
import { YEARLY_FORMULAS } from './yearly-figures.js'

/** All formulas over figures. To add one: its file, its id in figure-formula.ts, one line here. */
const FIGURE_FORMULAS: readonly FigureFormula[] = [...YEARLY_FORMULAS, AUDITED_CAPTURE_RATIO]

/** The formula of an id. */
export function figureFormulaOf(id: FigureFormulaId): FigureFormula {
  const found = FIGURE_FORMULAS.find((formula) => formula.id === id)
  if (found === undefined) throw new Error(`no formula ${id}`)
  return found
}
