import { Encoder } from 'cbor-x'
import { expect } from 'vitest'
import { z } from 'zod'
import { senmlCbor } from '../../../devices/senml-cbor/index.js'
import { LABELS } from '../../../devices/senml-cbor/labels.js'
import { senmlJson } from '../../../devices/senml-json/index.js'
import type { DecodeContext, DecodedPack } from '../../../src/ports/device-model.js'

/** A SenML pack and its resolution by somebody else. */
export const senmlVector = z.strictObject({
  id: z.string(),
  note: z.string().optional(),
  pack: z.array(z.record(z.string(), z.unknown())),
  resolved: z
    .array(
      z.strictObject({
        n: z.string(),
        u: z.string().optional(),
        v: z.number().optional(),
        vs: z.string().optional(),
        vb: z.boolean().optional(),
        t: z.number().optional(),
        t_now_plus: z.number().optional(),
      }),
    )
    .nullable(),
  cbor_hex: z.string().optional(),
})

export type SenmlVector = z.output<typeof senmlVector>

const ARRIVAL_MS = Date.UTC(2026, 10, 23)

/**
 * Decodes a vector in both forms, holds the results against each other and against the source's
 * resolution: its numbers are our records, what it resolves to text we refuse. Returns the records
 * it compared.
 */
export function expectResolution(vector: SenmlVector): number {
  const context: DecodeContext = { arrivalMs: ARRIVAL_MS, clock: 'none' }
  const json = senmlJson.decode(new TextEncoder().encode(JSON.stringify(vector.pack)), context)
  expect(json).not.toHaveProperty('code')
  const pack = json as DecodedPack
  expect(senmlCbor.decode(inCbor(vector.pack), context)).toEqual(pack)
  if (vector.cbor_hex !== undefined) {
    const bytes = new Uint8Array(Buffer.from(vector.cbor_hex, 'hex'))
    expect(senmlCbor.decode(bytes, context)).toEqual(pack)
  }

  const texts = [...vector.pack.keys()].filter((index) => {
    const record = vector.pack[index] ?? {}
    return ['vs', 'vb', 'vd'].some((label) => label in record)
  })
  expect(pack.refused.map(({ index, code }) => [index, code])).toEqual(
    texts.map((index) => [index, 'value_not_numeric']),
  )
  if (vector.resolved === null) {
    const measurements = vector.pack.filter((record) => 'v' in record)
    expect(pack.records).toHaveLength(measurements.length)
    return pack.records.length
  }
  const numbers = vector.resolved.filter(({ v }) => v !== undefined)
  expect(pack.records).toEqual(
    numbers.map(({ n, u, v, t, t_now_plus: nowPlus }) => ({
      name: n,
      unit: u ?? null,
      value: v,
      atMs: t === undefined ? ARRIVAL_MS + (nowPlus ?? 0) * 1000 : Math.round(t * 1000),
      fromMs: null,
    })),
  )
  return numbers.length
}

/** The pack in CBOR, written by cbor-x with the integer labels of RFC 8428 table 4. */
function inCbor(pack: SenmlVector['pack']): Uint8Array {
  const keys = new Map<string, number>(LABELS)
  const options = { useRecords: false, mapsAsObjects: false, useTag259ForMaps: false }
  const labelled = pack.map(
    (record) =>
      new Map(Object.entries(record).map(([label, value]) => [keys.get(label) ?? label, value])),
  )
  return new Uint8Array(new Encoder(options).encode(labelled))
}
