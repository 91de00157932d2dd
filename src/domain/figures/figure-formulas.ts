import { AREA_FORMULAS } from './area-figures.js'
import { AUDITED_CAPTURE_RATIO } from './audited-figures.js'
import type { FigureFormula, FigureFormulaId } from './figure-formula.js'
import { SOURCE_PROJECTS } from './project-figures.js'
import { SEWAGE_AND_OVERFLOW } from './sewage-figures.js'
import { SHORELINE_FORMULAS } from './shoreline-figures.js'
import { URBAN_WATER_BODIES } from './water-body-figures.js'
import { BLACK_ODOUR, WATER_QUALITY } from './water-quality-figures.js'
import { YEARLY_FORMULAS } from './yearly-figures.js'

/** All formulas over figures. To add one: its file, its id in figure-formula.ts, one line here. */
const FIGURE_FORMULAS: readonly FigureFormula[] = [
  ...YEARLY_FORMULAS,
  AUDITED_CAPTURE_RATIO,
  WATER_QUALITY,
  BLACK_ODOUR,
  URBAN_WATER_BODIES,
  SEWAGE_AND_OVERFLOW,
  ...SHORELINE_FORMULAS,
  ...AREA_FORMULAS,
  SOURCE_PROJECTS,
]

/** The formula of an id. */
export function figureFormulaOf(id: FigureFormulaId): FigureFormula {
  const found = FIGURE_FORMULAS.find((formula) => formula.id === id)
  if (found === undefined) throw new Error(`no formula ${id}`)
  return found
}
