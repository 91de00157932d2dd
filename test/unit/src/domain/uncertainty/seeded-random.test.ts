import { expect, test } from 'vitest'
import {
  fnv1a64,
  randomOf,
  splitMix64,
  xoshiro128,
} from '../../../../../src/domain/uncertainty/seeded-random.js'

test('FNV-1a gives the published 64-bit hashes', () => {
  // Test vectors of draft-eastlake-fnv, appendix: the empty string, "a" and "foobar".
  expect(fnv1a64('')).toBe(0xcbf29ce484222325n)
  expect(fnv1a64('a')).toBe(0xaf63dc4c8601ec8cn)
  expect(fnv1a64('foobar')).toBe(0x85944171f73967e8n)
})

test('SplitMix64 gives the published numbers of seed 1234567', () => {
  // Rosetta Code, "Pseudo-random numbers/Splitmix64", from Vigna's splitmix64.c.
  expect(splitMix64(1234567n, 5)).toEqual([
    6457827717110365317n,
    3203168211198807973n,
    9817491932198370423n,
    4593380528125082431n,
    16408922859458223821n,
  ])
})

test('xoshiro128** gives the numbers of its reference implementation', () => {
  // Test of the Rust crate rand_xoshiro, made with xoshiro128starstar.c 1.1 from the state 1, 2, 3, 4.
  const next = xoshiro128([1, 2, 3, 4])
  expect(Array.from({ length: 10 }, () => next())).toEqual([
    11520, 0, 5927040, 70819200, 2031721883, 1637235492, 1287239034, 3734860849, 3729100597,
    4258142804,
  ])
})

test('the same words give the same numbers, other words others, all of them in [0, 1)', () => {
  const first = (words: string) => {
    const random = randomOf(words)
    return Array.from({ length: 1000 }, () => random())
  }
  expect(first('F1 gain')).toEqual(first('F1 gain'))
  expect(first('F1 gain')).not.toEqual(first('F2 gain'))
  expect(first('雨量计 gain')).not.toEqual(first('雨量站 gain'))
  expect(first('F1 gain').every((u) => u >= 0 && u < 1)).toBe(true)
})
