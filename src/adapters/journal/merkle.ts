import { hash } from 'node:crypto'

/** RFC 6962 §2.1: SHA-256(0x00 || entry). */
function leafHash(entry: Uint8Array): Buffer {
  const input = Buffer.allocUnsafe(entry.length + 1)
  input[0] = 0
  input.set(entry, 1)
  return hash('sha256', input, 'buffer')
}

/** RFC 6962 §2.1: SHA-256(0x01 || left || right). */
function nodeHash(left: Uint8Array, right: Uint8Array): Buffer {
  const input = Buffer.allocUnsafe(1 + left.length + right.length)
  input[0] = 1
  input.set(left, 1)
  input.set(right, 1 + left.length)
  return hash('sha256', input, 'buffer')
}

/** A tree that grows leaf by leaf and remembers only its right edge. */
export interface MerkleTree {
  add(entry: Uint8Array): void
  size(): number
  root(): Buffer
}

/** An empty tree; memory grows with the logarithm of its leaves. */
export function merkleTree(): MerkleTree {
  // Roots of the full subtrees, largest first: their sizes are the bits of the number of leaves.
  const subtrees: Buffer[] = []
  let size = 0
  return {
    add: (entry) => {
      let node = leafHash(entry)
      for (let bits = size; (bits & 1) === 1; bits = Math.floor(bits / 2)) {
        node = nodeHash(popped(subtrees), node)
      }
      subtrees.push(node)
      size += 1
    },
    size: () => size,
    root: () => {
      const last = subtrees.at(-1)
      if (last === undefined) return hash('sha256', Buffer.alloc(0), 'buffer')
      return subtrees.slice(0, -1).reduceRight((right, left) => nodeHash(left, right), last)
    },
  }
}

/**
 * Merkle tree hash of the entries in order. [RFC 6962 §2.1]
 *
 * @returns 32 bytes; SHA-256 of the empty string for no entries
 */
export function merkleRoot(leaves: Iterable<Uint8Array>): Buffer {
  const tree = merkleTree()
  for (const leaf of leaves) tree.add(leaf)
  return tree.root()
}

/**
 * Audit path that proves the entry at `index` to be in the tree, nearest sibling first. [RFC 6962 §2.1.1]
 *
 * @param leaves all entries of the tree
 * @param index 0 … leaves.length − 1; else throws RangeError
 */
export function inclusionProof(leaves: readonly Uint8Array[], index: number): Buffer[] {
  if (!Number.isInteger(index) || index < 0 || index >= leaves.length) {
    throw new RangeError(`leaf ${index} of ${leaves.length} does not exist`)
  }
  const path: Buffer[] = []
  let level = leaves.map(leafHash)
  let at = index
  while (level.length > 1) {
    const sibling = level[at ^ 1]
    if (sibling !== undefined) path.push(sibling)
    const next: Buffer[] = []
    for (let left = 0; left < level.length; left += 2) {
      const one = level[left]
      const other = level[left + 1]
      if (one !== undefined) next.push(other === undefined ? one : nodeHash(one, other))
    }
    level = next
    at = Math.floor(at / 2)
  }
  return path
}

/**
 * Whether the path proves that `entry` is leaf `index` of the tree of `size` leaves with this root.
 * Never throws: what does not fit proves nothing. [RFC 9162 §2.1.3.2, same trees as RFC 6962]
 */
export function verifyInclusion(
  entry: Uint8Array,
  index: number,
  size: number,
  path: readonly Uint8Array[],
  root: Uint8Array,
): boolean {
  if (!Number.isSafeInteger(index) || !Number.isSafeInteger(size)) return false
  if (index < 0 || index >= size) return false
  let node = leafHash(entry)
  let at = index
  let last = size - 1
  for (const sibling of path) {
    if (sibling.length !== 32 || last === 0) return false
    if (at % 2 === 1 || at === last) {
      node = nodeHash(sibling, node)
      while (at % 2 === 0 && at !== 0) {
        at = Math.floor(at / 2)
        last = Math.floor(last / 2)
      }
    } else {
      node = nodeHash(node, sibling)
    }
    at = Math.floor(at / 2)
    last = Math.floor(last / 2)
  }
  return last === 0 && node.equals(root)
}

function popped(stack: Buffer[]): Buffer {
  const top = stack.pop()
  if (top === undefined) throw new Error('the tree lost a subtree')
  return top
}
