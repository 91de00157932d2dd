import { INDICATORS } from '../domain/indicators/catalogue.js'
import type { IndicatorDescription } from '../ports/assessment.js'

/** The catalogue as a reader of the API sees it. */
export function descriptions(): readonly IndicatorDescription[] {
  return INDICATORS.map((indicator) => ({
    id: indicator.id,
    version: indicator.version,
    title: indicator.title,
    clause: indicator.clause,
    formula: indicator.formula,
    unit: indicator.unit,
    subjectKind: indicator.subjectKinds[0],
    subjectKinds: indicator.subjectKinds,
    parameters: indicator.parameters.map((rule) => ({
      name: rule.name,
      type: rule.type,
      unit: rule.unit,
      default: rule.default,
      description: rule.description,
    })),
  }))
}
