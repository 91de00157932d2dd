import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  inclusionProof,
  merkleRoot,
  verifyInclusion,
} from '../../../../../src/adapters/journal/index.js'

const entries = fc.array(fc.uint8Array({ maxLength: 40 }), { minLength: 1, maxLength: 70 })

describe('an inclusion proof', () => {
  test('proves every leaf of every tree', () => {
    fc.assert(
      fc.property(entries, (leaves) => {
        const root = merkleRoot(leaves)
        for (const [index, leaf] of leaves.entries()) {
          const path = inclusionProof(leaves, index)
          expect(verifyInclusion(leaf, index, leaves.length, path, root)).toBe(true)
        }
      }),
    )
  })

  test('proves nothing when the entry, the place, the size, the path or the root is another', () => {
    fc.assert(
      fc.property(entries, fc.nat(), (leaves, choice) => {
        const index = choice % leaves.length
        const leaf = leaves[index] ?? new Uint8Array()
        const size = leaves.length
        const root = merkleRoot(leaves)
        const path = inclusionProof(leaves, index)
        const other = Buffer.alloc(32, 7)
        expect(verifyInclusion(Buffer.from([...leaf, 1]), index, size, path, root)).toBe(false)
        expect(verifyInclusion(leaf, index, size, path, other)).toBe(false)
        expect(verifyInclusion(leaf, index, size, [...path, other], root)).toBe(false)
        expect(verifyInclusion(leaf, size, size, path, root)).toBe(false)
        expect(verifyInclusion(leaf, -1, size, path, root)).toBe(false)
        for (const position of path.keys()) {
          expect(verifyInclusion(leaf, index, size, path.with(position, other), root)).toBe(false)
          const shortened = path.toSpliced(position, 1)
          expect(verifyInclusion(leaf, index, size, shortened, root)).toBe(false)
        }
      }),
    )
  })

  test('of a leaf that does not exist is refused', () => {
    expect(() => inclusionProof([Buffer.from('a')], 1)).toThrow(RangeError)
    expect(() => inclusionProof([], 0)).toThrow(RangeError)
  })

  test('never throws, whatever the path', () => {
    fc.assert(
      fc.property(
        fc.uint8Array(),
        fc.integer(),
        fc.integer(),
        fc.array(fc.uint8Array({ maxLength: 40 })),
        (leaf, index, size, path) => {
          expect(verifyInclusion(leaf, index, size, path, Buffer.alloc(32))).toBe(false)
        },
      ),
    )
  })
})
