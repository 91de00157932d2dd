import { z } from 'zod'
import { DAY_MS } from '../../domain/time.js'
import type { Api, ApiParts } from '../parts.js'
import { problemResponses } from '../problem.js'
import { importReceiptSchema } from '../schemas/imports.js'
import { labChunkSchema, labResultListSchema } from '../schemas/laboratory.js'
import { boundedWindowOf, windowQuery } from '../window.js'

const CHUNK_BYTES = 8 * 1024 * 1024
/** A city's laboratories give some thousand results a year, so an answer needs no pages. */
const LONGEST_WINDOW_MS = 3_660 * DAY_MS
const LAST_YEAR_MS = 366 * DAY_MS

/** Results of laboratories: in through the journal, out by the time of sampling. */
export function laboratoryRoutes(api: Api, { intake, ledger, clock }: ApiParts): void {
  api.route({
    method: 'GET',
    url: '/api/v1/laboratory-results',
    config: { role: 'reader' },
    schema: {
      tags: ['laboratory'],
      summary: 'Laboratory results of samples taken in a window, each with the report behind it',
      description:
        'Without a window those of the last 366 days. Of several versions of a result the one that counts: of the highest revision. A value below its detection limit is null and never replaced.',
      querystring: z.strictObject({
        ...windowQuery,
        section: z.string().min(1).optional().meta({ description: 'where taken; absent: all' }),
        parameter: z.string().min(1).optional().meta({ description: 'absent: all' }),
      }),
      response: { 200: labResultListSchema, ...problemResponses },
    },
    handler: async ({ query }) => {
      const { section, parameter, from, to } = query
      const toMs = to ?? clock.nowMs()
      const ends = { from: from ?? toMs - LAST_YEAR_MS, to: toMs }
      const window = boundedWindowOf(ends, LONGEST_WINDOW_MS, clock.nowMs())
      const { items, missing } = await ledger.labResults(window)
      const asked = items.filter(
        (item) =>
          (section === undefined || item.section === section) &&
          (parameter === undefined || item.parameter === parameter),
      )
      return { items: asked, missing: [...missing] }
    },
  })

  api.route({
    method: 'POST',
    url: '/api/v1/laboratory-results/chunks',
    config: { role: 'engineer' },
    bodyLimit: CHUNK_BYTES,
    schema: {
      tags: ['laboratory'],
      summary: 'Journal a stretch of a file of results; the same chunk twice is journaled once',
      security: [{ token: [] }],
      querystring: z.strictObject({}),
      body: labChunkSchema,
      response: { 200: importReceiptSchema, ...problemResponses },
    },
    handler: ({ body }) => intake.importLaboratory(body),
  })
}
