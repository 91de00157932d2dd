import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { nearest } from '../../../../../src/domain/city/nearest.js'

const KEYS = ['id', 'field', 'quantity', 'unit', 'calibrations', 'catchments']

test.each([
  ['quantitty', 'quantity'],
  ['Unit', 'unit'],
  ['uint', 'unit'],
  ['catchmants', 'catchments'],
  ['calibration', 'calibrations'],
])('%s means %s', (typed, meant) => {
  expect(nearest(typed, KEYS)).toBe(meant)
})

test('what resembles nothing means nothing', () => {
  expect(nearest('wavelength', KEYS)).toBeNull()
  expect(nearest('x', KEYS)).toBeNull()
  expect(nearest('unit', [])).toBeNull()
})

test('a word that is there means itself, and one exchange of neighbours is still found', () => {
  const word = fc.stringMatching(/^[a-z]{4,12}$/)
  fc.assert(
    fc.property(word, fc.nat(10), (known, at) => {
      const i = at % (known.length - 1)
      const swapped = known.slice(0, i) + known[i + 1] + known[i] + known.slice(i + 2)
      return nearest(known, [known]) === known && nearest(swapped, [known]) === known
    }),
  )
})
