import { z } from 'zod'
import { refuseForeignSensors } from '../own-sensors.js'
import type { Api, ApiParts } from '../parts.js'
import { problemResponses } from '../problem.js'
import { importChunkSchema, importedChunksSchema, importReceiptSchema } from '../schemas/imports.js'
import { sha256 } from '../schemas/parts.js'

const CHUNK_BYTES = 8 * 1024 * 1024

/** The door for historical records; `rainledger import` is its usual caller. */
export function importRoutes(api: Api, { registry, member, intake }: ApiParts): void {
  api.route({
    method: 'POST',
    url: '/api/v1/imports/chunks',
    config: { role: 'engineer' },
    bodyLimit: CHUNK_BYTES,
    schema: {
      tags: ['imports'],
      summary: 'Journal a stretch of a historical file; the same chunk twice is journaled once',
      security: [{ token: [] }],
      querystring: z.strictObject({}),
      body: importChunkSchema,
      response: { 200: importReceiptSchema, ...problemResponses },
    },
    handler: async ({ body }) => {
      const named = body.rows.map(({ sensor }) => sensor)
      refuseForeignSensors(named, 'rows.sensor', { registry, member })
      return intake.importChunk(body)
    },
  })

  api.route({
    method: 'GET',
    url: '/api/v1/imports/:sha256/chunks',
    config: { role: 'engineer' },
    schema: {
      tags: ['imports'],
      summary: 'Chunks of a file that are in the journal already',
      security: [{ token: [] }],
      params: z.strictObject({ sha256 }),
      querystring: z.strictObject({
        mappingSha256: sha256.meta({ description: 'SHA-256 of the mapping that read the file' }),
        revision: z
          .string()
          .regex(/^\d{1,9}$/, 'a whole number from 0')
          .default('0')
          .transform(Number),
      }),
      response: { 200: importedChunksSchema, ...problemResponses },
    },
    handler: async ({ params, query }) => {
      const chunks = await intake.importedChunks({
        fileSha256: params.sha256,
        mappingSha256: query.mappingSha256,
        revision: query.revision,
      })
      return { chunks: [...chunks] }
    },
  })
}
