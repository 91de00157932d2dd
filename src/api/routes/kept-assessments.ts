import { z } from 'zod'
import { sealedAssessmentSchema, type SealedAssessment } from '../../domain/scheme/assessment.js'
import { compared, type Change } from '../../domain/scheme/compared.js'
import type { AssessmentVersion } from '../../domain/scheme/kept-assessment.js'
import { ASSESSMENT_BYTES, assessmentBody, sealedAssessment } from '../assessment-query.js'
import type { Api, ApiParts } from '../parts.js'
import { invalid, ProblemError, problemResponses } from '../problem.js'
import {
  assessmentChangesSchema,
  assessmentVersionListSchema,
  keptReceiptSchema,
} from '../schemas/assessments.js'

/** Assessments that stay: each a version of its scheme and window, with who kept it and why. */
export function keptAssessmentRoutes(api: Api, parts: ApiParts): void {
  const { ledger, keptAssessments } = parts
  const params = z.strictObject({
    id: z
      .string()
      .regex(/^\d{1,15}$/, 'the id of a kept assessment')
      .transform(Number),
  })

  async function versionOf(id: number): Promise<AssessmentVersion> {
    const { items } = await ledger.assessments()
    return items.find((item) => item.id === id) ?? unknown(id)
  }

  async function writtenOf(id: number): Promise<string> {
    return (await ledger.assessmentDocument(id)) ?? unknown(id)
  }

  async function documentOf(id: number): Promise<SealedAssessment> {
    const read = sealedAssessmentSchema.safeParse(JSON.parse(await writtenOf(id)))
    if (read.success) return read.data
    throw invalid('id', id, 'an assessment in the form of this release; its JSON can still be read')
  }

  async function changesSince(before: number | null, after: SealedAssessment): Promise<Change[]> {
    if (before === null) return []
    return [...compared((await documentOf(before)).assessment, after.assessment)]
  }

  api.route({
    method: 'POST',
    url: '/api/v1/assessments/kept',
    config: { role: 'engineer' },
    bodyLimit: ASSESSMENT_BYTES,
    schema: {
      tags: ['assessments'],
      summary: 'Assess and keep it: a new version unless it is the same as the newest',
      description:
        'The assessment and its statements become an entry of the journal, with who and why. A version is never overwritten.',
      security: [{ token: [] }],
      querystring: z.strictObject({}),
      body: z.strictObject({
        ...assessmentBody,
        person: z.string().trim().min(1).max(200).meta({ description: 'who keeps it' }),
        reason: z.string().trim().min(1).max(1_000).meta({ description: 'why' }),
      }),
      response: { 200: keptReceiptSchema, ...problemResponses },
    },
    handler: async ({ body }) => {
      const { person, reason, ...query } = body
      const document = await sealedAssessment(parts, query)
      const { id, isNew } = await keptAssessments.keep(document, { person, reason })
      const version = await versionOf(id)
      const changes = await changesSince(version.previous, document)
      return { isNew, version, changes, sealed: document }
    },
  })

  api.route({
    method: 'GET',
    url: '/api/v1/assessments/kept',
    config: { role: 'reader' },
    schema: {
      tags: ['assessments'],
      summary: 'Every assessment that was kept, newest first, with its version',
      querystring: z.strictObject({
        scheme: z.string().min(1).optional().meta({ description: 'absent: of all schemes' }),
      }),
      response: { 200: assessmentVersionListSchema, ...problemResponses },
    },
    handler: async ({ query }) => {
      const { items, missing } = await ledger.assessments()
      const asks = (item: AssessmentVersion): boolean =>
        query.scheme === undefined || item.scheme === query.scheme
      return { items: items.filter(asks), missing: [...missing] }
    },
  })

  api.route({
    method: 'GET',
    url: '/api/v1/assessments/kept/:id',
    config: { role: 'reader' },
    schema: {
      tags: ['assessments'],
      summary: 'A kept assessment, whole, as it was sealed',
      params,
      querystring: z.strictObject({}),
      response: {
        200: {
          description: 'the assessment with its hash',
          content: {
            'application/json': {
              schema: z.custom<Buffer>().meta({ $ref: '#/components/schemas/SealedAssessment' }),
            },
          },
        },
        ...problemResponses,
      },
    },
    // The very bytes that were sealed, whatever this release would make of them.
    handler: async ({ params: { id } }, reply) =>
      reply.type('application/json').send(Buffer.from(await writtenOf(id))),
  })

  api.route({
    method: 'GET',
    url: '/api/v1/assessments/kept/:id/changes',
    config: { role: 'reader' },
    schema: {
      tags: ['assessments'],
      summary: 'What a kept assessment changed: verdicts, values, and which series had other data',
      params,
      querystring: z.strictObject({
        since: z
          .string()
          .regex(/^\d{1,15}$/, 'the id of a kept assessment')
          .transform(Number)
          .optional()
          .meta({ description: 'id of another kept one; absent: the version before' }),
      }),
      response: { 200: assessmentChangesSchema, ...problemResponses },
    },
    handler: async ({ params: { id }, query }) => {
      const before = query.since ?? (await versionOf(id)).previous
      return { before, after: id, changes: await changesSince(before, await documentOf(id)) }
    },
  })
}

function unknown(id: number): never {
  throw new ProblemError(
    'not_found',
    `There is no kept assessment ${id}; see /api/v1/assessments/kept.`,
  )
}
