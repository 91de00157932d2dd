import { z } from 'zod'
import type { ReadinessCheck } from '../../ports/service-counts.js'
import type { Metrics } from '../metrics.js'
import type { Api, ApiParts } from '../parts.js'
import { ProblemError, problemResponses } from '../problem.js'
import { livenessSchema, readinessSchema } from '../schemas/service.js'

/** What keeps a process running asks: alive, ready. */
export function healthRoutes(api: Api, readiness: () => Promise<readonly ReadinessCheck[]>): void {
  api.route({
    method: 'GET',
    url: '/healthz',
    config: { role: 'anyone' },
    schema: {
      tags: ['service'],
      summary: 'The process answers',
      querystring: z.strictObject({}),
      response: { 200: livenessSchema, ...problemResponses },
    },
    handler: () => ({ status: 'alive' as const }),
  })

  api.route({
    method: 'GET',
    url: '/readyz',
    config: { role: 'anyone' },
    schema: {
      tags: ['service'],
      summary: 'Every part works; 503 names those that do not',
      querystring: z.strictObject({}),
      response: { 200: readinessSchema, ...problemResponses },
    },
    handler: async () => {
      const checks = await readiness()
      const failing = checks.filter(({ ok }) => !ok)
      if (failing.length > 0) {
        throw new ProblemError(
          'not_ready',
          `Not ready: ${failing.map(({ part }) => part).join(', ')}.`,
          failing.map(({ part, detail }) => ({ field: part, value: null, expected: detail })),
        )
      }
      return { ready: true as const, parts: checks.map(({ part }) => part) }
    },
  })
}

/** Health, figures, and the description of the API. */
export function serviceRoutes(api: Api, { status }: ApiParts, metrics: Metrics): void {
  healthRoutes(api, () => status.readiness())

  api.route({
    method: 'GET',
    url: '/metrics',
    config: { role: 'anyone' },
    schema: {
      tags: ['service'],
      summary: 'Figures for Prometheus',
      querystring: z.strictObject({}),
      response: {
        200: {
          description: 'Prometheus text format',
          content: { 'text/plain': { schema: z.string() } },
        },
        ...problemResponses,
      },
    },
    handler: async (_request, reply) => reply.type(metrics.contentType).send(await metrics.text()),
  })

  api.route({
    method: 'GET',
    url: '/openapi.json',
    config: { role: 'anyone' },
    schema: { hide: true, querystring: z.strictObject({}) },
    handler: (_request, reply) =>
      reply
        .type('application/json; charset=utf-8')
        .serializer((value: unknown) => JSON.stringify(value))
        .send(api.swagger()),
  })
}
