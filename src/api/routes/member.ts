import { z } from 'zod'
import type { Api } from '../parts.js'
import { problemResponses } from '../problem.js'
import { memberStateSchema, type MemberState } from '../schemas/service.js'

/** Which of several processes this is. */
export function memberRoute(api: Api, state: () => MemberState): void {
  api.route({
    method: 'GET',
    url: '/api/v1/member',
    config: { role: 'reader' },
    schema: {
      tags: ['service'],
      summary: 'Which share of the devices this process takes, and by which registry',
      querystring: z.strictObject({}),
      response: { 200: memberStateSchema, ...problemResponses },
    },
    handler: state,
  })
}
