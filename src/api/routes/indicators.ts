import { z } from 'zod'
import { indicatorResultSchema } from '../../domain/indicators/result.js'
import type { Api, ApiParts } from '../parts.js'
import { invalidRequest, ProblemError, problemResponses } from '../problem.js'
import { indicatorListSchema } from '../schemas/indicators.js'
import { windowOf, windowQuery } from '../window.js'

/** Indicators: which there are, and one for a subject and window. */
export function indicatorRoutes(api: Api, { assess, clock }: ApiParts): void {
  api.route({
    method: 'GET',
    url: '/api/v1/indicators',
    config: { role: 'reader' },
    schema: {
      tags: ['indicators'],
      summary: 'All indicators with clause, formula and parameters',
      querystring: z.strictObject({}),
      response: { 200: indicatorListSchema, ...problemResponses },
    },
    handler: () => ({
      items: assess.indicators().map((indicator) => ({
        ...indicator,
        clause: [...indicator.clause],
        subjectKinds: [...indicator.subjectKinds],
        parameters: [...indicator.parameters],
      })),
    }),
  })

  api.route({
    method: 'GET',
    url: '/api/v1/indicators/:id',
    config: { role: 'reader' },
    schema: {
      tags: ['indicators'],
      summary: 'The result of one indicator, with everything needed to redo it by hand',
      description:
        'Every further query parameter is taken as one of the indicator’s own (see /indicators); an unknown one is refused.',
      params: z.strictObject({ id: z.string() }),
      querystring: z
        .object({
          subject: z
            .string('the id of what the indicator is for')
            .meta({ description: 'of one of the indicator’s subjectKinds' }),
          ...windowQuery,
        })
        .catchall(z.string('one value')),
      response: { 200: indicatorResultSchema, ...problemResponses },
    },
    handler: async ({ params, query }) => {
      const indicator = assess.indicators().find(({ id }) => id === params.id)
      if (indicator === undefined) {
        const known = assess.indicators().map(({ id }) => id)
        const detail = `There is no indicator ${params.id}; there are ${known.join(', ')}.`
        throw new ProblemError('not_found', detail)
      }
      const { subject, from, to, ...parameters } = query
      const evaluation = await assess.evaluate({
        indicator: indicator.id,
        subject,
        window: windowOf({ from, to }, clock.nowMs()),
        parameters,
      })
      if (evaluation.ok) return evaluation.result
      throw invalidRequest(evaluation.faults)
    },
  })
}
