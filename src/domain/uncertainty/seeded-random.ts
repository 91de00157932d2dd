/**
 * Chance that follows from words: the same words give the same numbers on every machine, and other
 * words unrelated ones. Three published parts, each integer arithmetic alone, so that no engine can
 * differ in a bit: FNV-1a of the words, SplitMix64 to spread it, xoshiro128** to go on.
 */

const FNV_OFFSET = 0xcbf29ce484222325n
const FNV_PRIME = 0x100000001b3n
const SPLIT_MIX_STEP = 0x9e3779b97f4a7c15n

/** Four 32-bit words, not all zero. */
export type XoshiroState = readonly [number, number, number, number]

/** FNV-1a, 64 bit, of the UTF-8 bytes of a text (Fowler, Noll & Vo). */
export function fnv1a64(words: string): bigint {
  let hash = FNV_OFFSET
  for (const byte of new TextEncoder().encode(words)) {
    hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * FNV_PRIME)
  }
  return hash
}

/** The first numbers of SplitMix64 from a 64-bit seed (Steele, Lea & Flood 2014; Vigna's splitmix64.c). */
export function splitMix64(seed: bigint, count: number): readonly bigint[] {
  return Array.from({ length: count }, (_, i) => {
    let z = BigInt.asUintN(64, seed + BigInt(i + 1) * SPLIT_MIX_STEP)
    z = BigInt.asUintN(64, (z ^ (z >> 30n)) * 0xbf58476d1ce4e5b9n)
    z = BigInt.asUintN(64, (z ^ (z >> 27n)) * 0x94d049bb133111ebn)
    return z ^ (z >> 31n)
  })
}

/** xoshiro128** 1.1 (Blackman & Vigna 2018, public domain): whole numbers, 0 to 2³² − 1. */
export function xoshiro128(state: XoshiroState): () => number {
  let [a, b, c, d] = state
  return () => {
    const result = Math.imul(rotated(Math.imul(b, 5), 7), 9) >>> 0
    const shifted = b << 9
    c ^= a
    d ^= b
    b ^= c
    a ^= d
    c ^= shifted
    d = rotated(d, 11)
    return result
  }
}

/** Uniform numbers in [0, 1) that follow from the words. */
export function randomOf(words: string): () => number {
  const [first = 0n, second = 0n] = splitMix64(fnv1a64(words), 2)
  const low = (word: bigint) => Number(BigInt.asIntN(32, word))
  const next = xoshiro128([low(first), low(first >> 32n), low(second), low(second >> 32n)])
  return () => next() / 2 ** 32
}

function rotated(word: number, by: number): number {
  return (word << by) | (word >>> (32 - by))
}
