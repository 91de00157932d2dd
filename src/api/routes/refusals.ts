import { z } from 'zod'
import { REFUSAL_CODES, type RefusalCode } from '../../domain/fault.js'
import type { ShownRefusal } from '../../ports/shown-ledger.js'
import { CURSOR_RULE } from '../paging.js'
import type { Api, ApiParts } from '../parts.js'
import { invalid, ProblemError, problemResponses } from '../problem.js'
import { refusalCode, refusalListSchema, type RefusalList } from '../schemas/books.js'
import { wholeNumber } from '../whole-number.js'

const USUAL_ITEMS = 50
const MOST_ITEMS = 500

/** What could not be kept, with its bytes and the reason. */
export function refusalRoutes(api: Api, { ledger }: ApiParts): void {
  api.route({
    method: 'GET',
    url: '/api/v1/refusals',
    config: { role: 'reader' },
    schema: {
      tags: ['books'],
      summary: 'Refused messages and observations, newest first',
      querystring: z.strictObject({
        code: refusalCode
          .optional()
          .meta({ description: `one of ${Object.keys(REFUSAL_CODES).join(', ')}` }),
        device: z.string().optional().meta({ description: 'id of a device; absent: all' }),
        limit: wholeNumber(1, MOST_ITEMS).default(USUAL_ITEMS),
        cursor: z.string().max(1_000).optional().meta({ description: CURSOR_RULE }),
      }),
      response: { 200: refusalListSchema, ...problemResponses },
    },
    handler: async ({ query }) => {
      const { code, device, cursor, limit } = query
      const page = await ledger.refusals({
        limit,
        ...(code === undefined ? {} : { code }),
        ...(device === undefined ? {} : { device }),
        ...(cursor === undefined ? {} : { cursor }),
      })
      if (page === null) throw invalid('cursor', cursor, CURSOR_RULE)
      return {
        items: page.items.map(servedRefusal),
        next: page.next,
        counts: countsByCode(page.counts),
        missing: [...page.missing],
      }
    },
  })

  api.route({
    method: 'GET',
    url: '/api/v1/refusals/:id/payload',
    config: { role: 'reader' },
    schema: {
      tags: ['books'],
      summary: 'The bytes of a refused message, as they came',
      params: z.strictObject({
        id: z
          .string()
          .regex(/^\d{1,15}$/, 'the number of a refusal')
          .transform(Number),
      }),
      querystring: z.strictObject({}),
      response: {
        200: {
          description: 'the message',
          content: {
            'application/octet-stream': {
              schema: z.custom<Buffer>().meta({ type: 'string', format: 'binary' }),
            },
          },
        },
        ...problemResponses,
      },
    },
    handler: async ({ params }, reply) => {
      const payload = await ledger.refusedPayload(params.id)
      if (payload === null) {
        throw new ProblemError('not_found', `There is no refusal ${params.id}; see /refusals.`)
      }
      // Foreign bytes: never to be shown as a page of this origin.
      void reply
        .type('application/octet-stream')
        .header('content-disposition', `attachment; filename="refusal-${params.id}.bin"`)
      return reply.send(Buffer.from(payload))
    },
  })
}

function servedRefusal(row: ShownRefusal): RefusalList['items'][number] {
  const shown = Buffer.from(row.shown)
  return {
    id: row.id,
    seq: row.seq,
    index: row.index,
    device: row.device,
    topic: row.topic,
    arrivalMs: row.arrivalMs,
    code: row.code,
    meaning: REFUSAL_CODES[row.code],
    reason: row.reason,
    payloadBytes: row.payloadBytes,
    payloadBase64: shown.toString('base64'),
    payloadText: asText(shown, row.payloadBytes > shown.length),
  }
}

/** The bytes as UTF-8, or null. Where they were cut, the last character may be cut too. */
function asText(bytes: Uint8Array, isCut: boolean): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: isCut })
  } catch {
    // Fatal decoding throws TypeError on bytes that are not UTF-8: that is the answer.
    return null
  }
}

function countsByCode(counts: ReadonlyMap<RefusalCode, number>): RefusalList['counts'] {
  const codes = Object.keys(REFUSAL_CODES) as RefusalCode[]
  return Object.fromEntries(
    codes.map((code) => [code, counts.get(code) ?? 0]),
  ) as RefusalList['counts']
}
