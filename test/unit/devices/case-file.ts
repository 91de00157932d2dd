import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
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
      numbers: z.array(z.number()).optional(),
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

export type Case = z.output<typeof caseFile>
export type CaseRefusal = z.output<typeof refusal>

/** The cases of a model, by file name. */
export function caseFiles(model: string): readonly string[] {
  return readdirSync(folderOf(model)).filter((file) => file.endsWith('.json'))
}

export function readCase(model: string, file: string): Case {
  return caseFile.parse(JSON.parse(readFileSync(join(folderOf(model), file), 'utf8')))
}

/** The bytes of a case's message. */
export function casePayload({ payload, payloadText, payloadHex }: Case): Uint8Array {
  if (payloadHex !== undefined) return new Uint8Array(Buffer.from(payloadHex, 'hex'))
  return new TextEncoder().encode(payloadText ?? JSON.stringify(payload))
}

function folderOf(model: string): string {
  return join('devices', model, 'cases')
}
