import { z } from 'zod'
import type { LiveStreams } from '../live-streams.js'
import type { Api } from '../parts.js'
import { invalid, ProblemError, problemResponses } from '../problem.js'
import { liveEventSchema } from '../schemas/live.js'

const POSITION_RULE = 'the `id` of the last event seen, a whole number'

/** New observations as they are stored, by server-sent events. */
export function liveRoutes(api: Api, streams: LiveStreams): void {
  api.route({
    method: 'GET',
    url: '/api/v1/live',
    // The heartbeat keeps proxies and browsers from taking a quiet hour for a dead line.
    sse: { kind: 'manual' },
    // Its answer has no end, so neither would that to HEAD.
    exposeHeadRoute: false,
    config: { role: 'reader' },
    schema: {
      tags: ['live'],
      summary: 'New observations as they are stored (server-sent events)',
      description:
        '`hello` comes first: open the stream, then load, and nothing falls in between. `observations` carries a LiveEvent, its id the journal position after the batch. With Last-Event-ID what was missed is sent again; when that was forgotten, `reset` says to load everything again. A comment comes every 15 s. A client too slow to follow is let go and may come back with Last-Event-ID.',
      querystring: z.strictObject({
        lastEventId: z
          .string()
          .optional()
          .meta({ description: `as the header Last-Event-ID; ${POSITION_RULE}` }),
      }),
      response: {
        200: {
          description: 'a stream of events; the schema is that of the data of `observations`',
          content: { 'text/event-stream': { schema: liveEventSchema } },
        },
        ...problemResponses,
      },
    },
    handler: async ({ query, headers }, reply) => {
      const header = headers['last-event-id']
      const last = lastEventId(typeof header === 'string' ? header : query.lastEventId)
      if (!streams.hasRoom()) {
        throw new ProblemError('too_many_streams', 'All live streams are taken; try again later.')
      }
      streams.open(reply, last)
    },
  })
}

function lastEventId(given: string | undefined): number | null {
  if (given === undefined || given === '') return null
  if (!/^\d{1,15}$/.test(given)) throw invalid('Last-Event-ID', given, POSITION_RULE)
  return Number(given)
}
