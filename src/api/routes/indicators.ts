import { z } from 'zod'
import { indicatorResultSchema } from '../../domain/indicators/result.js'
import { requireSubject } from '../city-index.js'
import type { Api, ApiParts } from '../parts.js'
import { ProblemError, problemResponses } from '../problem.js'
import { indicatorListSchema } from '../schemas/indicators.js'
import { windowOf, windowQuery } from '../window.js'

/** Indicators: which there are, and one for a subject and window. */
export function indicatorRoutes(api: Api, { registry, assess, clock }: ApiParts): void {
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
            .meta({ description: 'of the indicator’s subjectKind' }),
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
      requireSubject(registry.current().registry, indicator.subjectKind, 'subject', subject)
      const evaluation = await assess.evaluate({
        indicator: indicator.id,
        subject,
        window: windowOf({ from, to }, clock.nowMs()),
        parameters,
      })
      if (evaluation.ok) return evaluation.result
      const detail = `${indicator.id} cannot be computed with these parameters.`
      throw new ProblemError('invalid_request', detail, evaluation.faults)
    },
  })
}
