import { z } from 'zod'
import { sealedAssessmentSchema } from '../../domain/scheme/assessment.js'
import {
  ASSESSMENT_BYTES,
  assessmentBody,
  assessmentQuery,
  sealedAssessment,
} from '../assessment-query.js'
import type { Api, ApiParts } from '../parts.js'
import { problemResponses } from '../problem.js'
import { schemeListSchema } from '../schemas/assessments.js'

/** Schemes, and assessments of the city by one of them. */
export function assessmentRoutes(api: Api, parts: ApiParts): void {
  const { assess } = parts
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

  api.route({
    method: 'GET',
    url: '/api/v1/assessments',
    config: { role: 'reader' },
    schema: {
      tags: ['assessments'],
      summary: 'A whole scheme over the city: verdicts, points, and every result behind them',
      description: SEALED,
      querystring: z.strictObject(assessmentQuery),
      response: { 200: sealedAssessmentSchema, ...problemResponses },
    },
    handler: ({ query }) => sealedAssessment(parts, { ...query, statements: [] }),
  })

  api.route({
    method: 'POST',
    url: '/api/v1/assessments',
    config: { role: 'engineer' },
    bodyLimit: ASSESSMENT_BYTES,
    schema: {
      tags: ['assessments'],
      summary: 'The same with what people state of items that telemetry does not prove',
      description: SEALED,
      security: [{ token: [] }],
      querystring: z.strictObject({}),
      body: z.strictObject(assessmentBody),
      response: { 200: sealedAssessmentSchema, ...problemResponses },
    },
    handler: ({ body }) => sealedAssessment(parts, body),
  })
}

const SEALED =
  'Stores nothing. The hash is SHA-256 over the canonical JSON (RFC 8785) of the assessment: equal data, registry, scheme and statements give the same one.'
