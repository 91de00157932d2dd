import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { expectResolution, senmlVector } from '../golden/senml/vector.js'
import { sharedFile } from './shared-data.js'

test('every SenML example of RFC 8428 resolves as its authors resolve it, in JSON and in CBOR', () => {
  const file = readFileSync(sharedFile('protocol_vectors/senml.json'), 'utf8')
  const { vectors } = z.object({ vectors: z.array(senmlVector) }).parse(JSON.parse(file))
  expect(vectors).toHaveLength(7)
  const compared = vectors.map((vector) => expectResolution(vector))
  expect(compared.reduce((sum, records) => sum + records, 0)).toBeGreaterThan(25)
})
