import { z } from 'zod'
import { refuseForeignSensors } from '../own-sensors.js'
import type { Api, ApiParts } from '../parts.js'
import { problemResponses } from '../problem.js'
import {
  correctionDraftSchema,
  judgementReceiptSchema,
  markDraftSchema,
  markListSchema,
} from '../schemas/judgements.js'

/** What persons say of observations: flags over the tests' heads, and other values. */
export function judgementRoutes(
  api: Api,
  { registry, member, ledger, judgements }: ApiParts,
): void {
  api.route({
    method: 'GET',
    url: '/api/v1/marks',
    config: { role: 'reader' },
    schema: {
      tags: ['judgements'],
      summary: 'Every mark that has taken effect, with who and why; the later counts',
      querystring: z.strictObject({
        series: z.string().optional().meta({ description: 'id of a sensor; absent: all' }),
      }),
      response: { 200: markListSchema, ...problemResponses },
    },
    handler: async ({ query }) => {
      const { items, missing } = await ledger.marks(query.series)
      return { items: [...items], missing: [...missing] }
    },
  })

  api.route({
    method: 'POST',
    url: '/api/v1/marks',
    config: { role: 'engineer' },
    schema: {
      tags: ['judgements'],
      summary: 'Flag the values of a series in a window, those that come later included',
      security: [{ token: [] }],
      querystring: z.strictObject({}),
      body: markDraftSchema,
      response: { 200: judgementReceiptSchema, ...problemResponses },
    },
    handler: async ({ body }) => {
      refuseForeignSensors([body.series], 'series', { registry, member })
      const { from: fromMs, to: toMs, ...said } = body
      return { seq: await judgements.mark({ ...said, fromMs, toMs }) }
    },
  })

  api.route({
    method: 'POST',
    url: '/api/v1/corrections',
    config: { role: 'engineer' },
    schema: {
      tags: ['judgements'],
      summary: 'Give other values; what the device sent stays readable as a revision',
      security: [{ token: [] }],
      querystring: z.strictObject({}),
      body: correctionDraftSchema,
      response: { 200: judgementReceiptSchema, ...problemResponses },
    },
    handler: async ({ body }) => {
      refuseForeignSensors([body.series], 'series', { registry, member })
      const values = body.values.map(({ at: atMs, value }) => ({ atMs, value }))
      return { seq: await judgements.correct({ ...body, values }) }
    },
  })
}
