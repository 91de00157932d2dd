import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { senmlCbor } from '../../../devices/senml-cbor/index.js'
import { senmlJson } from '../../../devices/senml-json/index.js'
import { expectResolution, senmlVector } from './vector.js'

const vectors = z
  .array(senmlVector)
  .parse(
    JSON.parse(readFileSync(new URL('rfc8428-examples.json', import.meta.url), 'utf8')) as unknown,
  )

test.each(vectors)('$id of RFC 8428 resolves as its authors resolve it', (vector) => {
  expect(expectResolution(vector)).toBeGreaterThan(0)
})

test('the examples are there', () => {
  expect(vectors.map(({ id }) => id)).toEqual([
    'rfc8428-ex1',
    'rfc8428-ex3',
    'rfc8428-ex7',
    'rfc8428-ex9',
  ])
})

test('from a device with a clock, example 3 is stamped by its newest record and example 1 is refused', () => {
  const context = { arrivalMs: Date.UTC(2026, 10, 23), clock: 'own' } as const
  const [ex1, ex3] = vectors
  const cbor = new Uint8Array(Buffer.from(ex3?.cbor_hex ?? '', 'hex'))
  expect(senmlCbor.decode(cbor, context)).toMatchObject({
    rank: 1_276_020_076_001,
    timeBase: 'device',
    refused: [],
  })
  const json = new TextEncoder().encode(JSON.stringify(ex1?.pack))
  expect(senmlJson.decode(json, context)).toMatchObject({
    rank: null,
    records: [],
    refused: [{ index: 0, code: 'time_relative' }],
  })
})
