import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { inclusionProof, merkleRoot, verifyInclusion } from '../../../src/adapters/journal/index.js'

interface ReferenceTree {
  readonly leaves: readonly string[]
  readonly roots: readonly string[]
  readonly paths: readonly {
    readonly index: number
    readonly size: number
    readonly path: readonly string[]
  }[]
}

const reference = JSON.parse(
  readFileSync(new URL('reference-tree.json', import.meta.url), 'utf8'),
) as ReferenceTree
const leaves = reference.leaves.map((hex) => Buffer.from(hex, 'hex'))

describe('the reference tree of Certificate Transparency [RFC 6962 §2.1]', () => {
  test('has the published root at every size from 0 to 8', () => {
    const roots = reference.roots.map((_, size) => merkleRoot(leaves.slice(0, size)))
    expect(roots.map((root) => root.toString('hex'))).toEqual(reference.roots)
    expect(roots).toHaveLength(9)
  })

  test.each(reference.paths)('has the published path of leaf $index among $size', (vector) => {
    const path = inclusionProof(leaves.slice(0, vector.size), vector.index)
    expect(path.map((node) => node.toString('hex'))).toEqual(vector.path)
  })

  test.each(reference.paths)('proves leaf $index among $size, and no other', (vector) => {
    const path = vector.path.map((hex) => Buffer.from(hex, 'hex'))
    const root = Buffer.from(reference.roots[vector.size] ?? '', 'hex')
    const proven = leaves.map((leaf) =>
      verifyInclusion(leaf, vector.index, vector.size, path, root),
    )
    expect(proven).toEqual(leaves.map((_, index) => index === vector.index))
  })
})
