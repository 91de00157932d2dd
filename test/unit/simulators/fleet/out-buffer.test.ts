import { expect, test } from 'vitest'
import { outBuffer, type OutBuffer } from '../../../../simulators/fleet/out-buffer.js'

function held(buffer: OutBuffer<number>): number[] {
  const items: number[] = []
  for (let item = buffer.shift(); item !== undefined; item = buffer.shift()) items.push(item)
  return items
}

test('a full buffer drops the oldest, or does not take the newest', () => {
  const oldest = outBuffer<number>(2, 'drops-oldest')
  expect([1, 2, 3].map((item) => oldest.push(item))).toEqual([null, null, 1])
  expect(held(oldest)).toEqual([2, 3])
  const newest = outBuffer<number>(2, 'drops-newest')
  expect([1, 2, 3].map((item) => newest.push(item))).toEqual([null, null, 3])
  expect(held(newest)).toEqual([1, 2])
})

test('order and size hold through many turns', () => {
  const buffer = outBuffer<number>(10_000, 'drops-oldest')
  let next = 0
  for (let item = 0; item < 9_000; item++) {
    buffer.push(item)
    if (item % 3 !== 0) expect(buffer.shift()).toBe(next++)
  }
  expect(buffer.size).toBe(3_000)
  expect(held(buffer)).toEqual(Array.from({ length: 3_000 }, (_, index) => 6_000 + index))
})
