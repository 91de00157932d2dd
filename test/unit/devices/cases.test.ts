import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { DEVICE_MODELS } from '../../../devices/index.js'
import { REFUSAL_CODES } from '../../../src/domain/fault.js'

const code = z.enum(Object.keys(REFUSAL_CODES) as [string, ...string[]])
const refusal = z.strictObject({ code, reasonSays: z.string().min(1) })

/** What stands in a file under devices/<model>/cases. */
const caseFile = z.strictObject({
  what: z.string().min(1),
  clock: z.enum(['own', 'none']),
  arrivalMs: z.number().int(),
  payload: z.unknown().optional(),
  payloadText: z.string().optional(),
  payloadHex: z.string().optional(),
  gives: z.union([
    refusal,
    z.strictObject({
      rank: z.number().nullable(),
      timeBase: z.enum(['device', 'arrival']),
      records: z.array(
        z.strictObject({
          name: z.string(),
          unit: z.string().nullable(),
          value: z.number().nullable(),
          atMs: z.number(),
          fromMs: z.number().nullable(),
        }),
      ),
      refused: z.array(refusal.extend({ index: z.number() })),
    }),
  ]),
})

type Case = z.output<typeof caseFile>

describe.each(DEVICE_MODELS)('$id', (model) => {
  const folder = join('devices', model.id, 'cases')
  const files = readdirSync(folder).filter((file) => file.endsWith('.json'))

  test('has cases', () => {
    expect(files.length).toBeGreaterThan(15)
  })

  test.each(files)('%s', (file) => {
    const found = caseFile.parse(JSON.parse(readFileSync(join(folder, file), 'utf8')))
    const { clock, arrivalMs, gives, what } = found
    const decoded = model.decode(bytes(found), { clock, arrivalMs })
    expect(decoded, what).toEqual(expected(gives))
  })
})

function bytes({ payload, payloadText, payloadHex }: Case): Uint8Array {
  if (payloadHex !== undefined) return new Uint8Array(Buffer.from(payloadHex, 'hex'))
  return new TextEncoder().encode(payloadText ?? JSON.stringify(payload))
}

function expected(gives: Case['gives']): unknown {
  if ('code' in gives) return saying(gives)
  return {
    ...gives,
    refused: gives.refused.map(({ index, ...refused }) => ({ index, ...saying(refused) })),
  }
}

function saying({ code, reasonSays }: z.output<typeof refusal>): Record<string, unknown> {
  return { code, reason: expect.stringContaining(reasonSays) as unknown }
}
