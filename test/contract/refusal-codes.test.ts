import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { REFUSAL_CODES } from '../../src/domain/fault.js'

test('every refusal code is documented, and every documented one exists', () => {
  const text = readFileSync('src/domain/README.md', 'utf8')
  const documented = [...text.matchAll(/^\| `([a-z_]+)` +\|/gm)].map(([, code]) => code)
  expect(documented.length).toBeGreaterThan(10)
  expect(documented).toEqual(Object.keys(REFUSAL_CODES))
})
