import { Readable } from 'node:stream'
import { z } from 'zod'
import { originName } from '../../domain/flag.js'
import type { SeriesId } from '../../domain/observation.js'
import type { Window } from '../../domain/time.js'
import type { SeriesReads } from '../../ports/series-store.js'
import { sensorOfPath } from '../city-index.js'
import { observationsCsv } from '../csv.js'
import { cursorQuery } from '../paging.js'
import type { Api, ApiParts } from '../parts.js'
import { invalid, problemResponses } from '../problem.js'
import { seriesInStretches } from '../series-reader.js'
import { servedFlag } from '../schemas/parts.js'
import { observationsSchema } from '../schemas/series.js'
import { windowOf, windowQuery } from '../window.js'
import { wholeNumber } from '../whole-number.js'

const USUAL_ITEMS = 1_000
const MOST_ITEMS = 10_000

type Observations = z.output<typeof observationsSchema>

/** One series, value by value: a page of JSON, or the whole window as CSV. */
export function observationRoutes(api: Api, { registry, store, clock }: ApiParts): void {
  api.route({
    method: 'GET',
    url: '/api/v1/series/:id/observations',
    config: { role: 'reader' },
    schema: {
      tags: ['series'],
      summary: 'One series, value by value',
      description:
        'JSON comes in pages. CSV (format=csv, or Accept: text/csv) is the whole window in one stream: RFC 4180, UTF-8 without byte order mark, a header that names the unit, missing values as empty fields.',
      params: z.strictObject({ id: z.string().meta({ description: 'id of the sensor' }) }),
      querystring: z.strictObject({
        ...windowQuery,
        limit: wholeNumber(1, MOST_ITEMS, 'JSON only')
          .optional()
          .meta({ description: `items on a page of JSON; ${USUAL_ITEMS} unless given` }),
        ...cursorQuery,
        format: z.enum(['json', 'csv'], 'json or csv').optional(),
      }),
      response: {
        200: {
          description: 'the observations',
          content: {
            'application/json': { schema: observationsSchema },
            'text/csv': { schema: z.custom<Readable>().meta({ type: 'string' }) },
          },
        },
        ...problemResponses,
      },
    },
    handler: async ({ params, query, headers }, reply) => {
      const { sensor, unit } = sensorOfPath(registry.current().index, params.id)
      const window = windowOf(query, clock.nowMs())
      void reply.header('vary', 'accept')
      if ((query.format ?? acceptedFormat(headers.accept)) === 'csv') {
        refusePaging(query)
        const lines = observationsCsv(unit, seriesInStretches(store, sensor.id, window))
        void reply
          .type('text/csv; charset=utf-8; header=present')
          .header('content-disposition', `attachment; filename="${sensor.id}.csv"`)
        return reply.send(Readable.from(lines))
      }
      const fromMs = query.cursor ?? window.fromMs
      if (fromMs < window.fromMs || fromMs > window.toMs) {
        throw invalid('cursor', fromMs, 'the `next` of a page of the same window')
      }
      const limit = query.limit ?? USUAL_ITEMS
      const found = await page(store, sensor.id, { fromMs, toMs: window.toMs }, limit)
      return reply
        .type('application/json; charset=utf-8')
        .send({ series: sensor.id, unit, ...found })
    },
  })
}

function acceptedFormat(accept: string | undefined): 'json' | 'csv' {
  if (accept === undefined || !accept.includes('text/csv')) return 'json'
  return accept.includes('application/json') ? 'json' : 'csv'
}

function refusePaging(query: { limit?: number | undefined; cursor?: number | undefined }): void {
  if (query.limit !== undefined) throw invalid('limit', query.limit, 'no limit: CSV is one stream')
  if (query.cursor !== undefined) {
    throw invalid('cursor', query.cursor, 'no cursor: CSV is one stream')
  }
}

/** The first observations of the window; the next page starts at the first one left out. */
async function page(
  store: SeriesReads,
  series: SeriesId,
  window: Window,
  limit: number,
): Promise<Pick<Observations, 'items' | 'next'>> {
  const items: Observations['items'] = []
  for await (const columns of seriesInStretches(store, series, window)) {
    for (const [row, atMs] of columns.atMs.entries()) {
      if (items.length === limit) return { items, next: String(atMs) }
      const value = columns.values[row] ?? Number.NaN
      items.push({
        atMs,
        spanMs: columns.spanMs[row] ?? 0,
        value: Number.isNaN(value) ? null : value,
        flag: servedFlag(columns.flags[row]),
        origin: originName(columns.origins[row] ?? 0),
      })
    }
  }
  return { items, next: null }
}
