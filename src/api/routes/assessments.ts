import { z } from 'zod'
import { sealedAssessmentSchema, type SealedAssessment } from '../../domain/scheme/assessment.js'
import { statementSchema, type Statement } from '../../domain/scheme/statement.js'
import type { Api, ApiParts } from '../parts.js'
import { invalidRequest, problemResponses } from '../problem.js'
import { schemeListSchema } from '../schemas/assessments.js'
import { timeParameter, TIME_RULE, windowOf } from '../window.js'

/** Schemes, and assessments of the city by one of them. */
export function assessmentRoutes(api: Api, { assess, clock }: ApiParts): void {
  api.route({
    method: 'GET',
    url: '/api/v1/schemes',
    config: { role: 'reader' },
    schema: {
      tags: ['assessments'],
      summary: 'The schemes a city can be assessed by, with document, edition and items',
      querystring: z.strictObject({}),
      response: { 200: schemeListSchema, ...problemResponses },
    },
    handler: () => ({ items: [...assess.schemes()] }),
  })

  const asked = {
    scheme: z.string('the id of a scheme, see /schemes'),
    from: timeParameter.meta({ description: `start, included; ${TIME_RULE}` }),
    to: timeParameter.meta({ description: `end, not included; ${TIME_RULE}` }),
  }

  async function sealed(query: {
    readonly scheme: string
    readonly from: number
    readonly to: number
    readonly statements: readonly Statement[]
  }): Promise<SealedAssessment> {
    const { scheme, from, to, statements } = query
    const window = windowOf({ from, to }, clock.nowMs())
    const answer = await assess.assess({ scheme, window, statements })
    if (!answer.ok) throw invalidRequest(answer.faults)
    return { sha256: answer.sha256, assessment: answer.assessment }
  }

  api.route({
    method: 'GET',
    url: '/api/v1/assessments',
    config: { role: 'reader' },
    schema: {
      tags: ['assessments'],
      summary: 'A whole scheme over the city: verdicts, points, and every result behind them',
      description: SEALED,
      querystring: z.strictObject(asked),
      response: { 200: sealedAssessmentSchema, ...problemResponses },
    },
    handler: ({ query }) => sealed({ ...query, statements: [] }),
  })

  api.route({
    method: 'POST',
    url: '/api/v1/assessments',
    config: { role: 'engineer' },
    schema: {
      tags: ['assessments'],
      summary: 'The same with what people state of items that telemetry does not prove',
      description: SEALED,
      security: [{ token: [] }],
      querystring: z.strictObject({}),
      body: z.strictObject({ ...asked, statements: z.array(statementSchema) }),
      response: { 200: sealedAssessmentSchema, ...problemResponses },
    },
    handler: ({ body }) => sealed(body),
  })
}

const SEALED =
  'Stores nothing. The hash is SHA-256 over the canonical JSON (RFC 8785) of the assessment: equal data, registry, scheme and statements give the same one.'
