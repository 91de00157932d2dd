import { z } from 'zod'
import type { SealedAssessment } from '../domain/scheme/assessment.js'
import { statementSchema, type Statement } from '../domain/scheme/statement.js'
import type { ApiParts } from './parts.js'
import { invalidRequest } from './problem.js'
import { timeParameter, TIME_RULE, windowOf } from './window.js'

/** A survey of a city's waters with its samples is some megabytes. */
export const ASSESSMENT_BYTES = 16 * 1024 * 1024

/** What is to be assessed, as callers write it. */
export const assessmentQuery = {
  scheme: z.string('the id of a scheme, see /schemes'),
  from: timeParameter.meta({ description: `start, included; ${TIME_RULE}` }),
  to: timeParameter.meta({ description: `end, not included; ${TIME_RULE}` }),
}

/** The same with what people state of items that telemetry does not prove. */
export const assessmentBody = { ...assessmentQuery, statements: z.array(statementSchema) }

/** The assessment meant, with its hash; throws a problem that names what is wrong. */
export async function sealedAssessment(
  { assess, clock }: Pick<ApiParts, 'assess' | 'clock'>,
  asked: {
    readonly scheme: string
    readonly from: number
    readonly to: number
    readonly statements: readonly Statement[]
  },
): Promise<SealedAssessment> {
  const { scheme, from, to, statements } = asked
  const window = windowOf({ from, to }, clock.nowMs())
  const answer = await assess.assess({ scheme, window, statements })
  if (!answer.ok) throw invalidRequest(answer.faults)
  return { sha256: answer.sha256, assessment: answer.assessment }
}
