import { expect, test } from 'vitest'
import { counted } from '../../../../simulators/sensors/counter.js'

const atMs = Float64Array.of(60_000, 120_000, 180_000, 240_000)
const increments = { atMs, value: Float64Array.of(0.2, 0.4, 0, 0.2) }
const plain = { zeroedAtMs: [], rollOver: null, begins: 0 }

function shown(counter: Partial<Parameters<typeof counted>[1]>): number[] {
  return [...counted(increments, { ...plain, ...counter }, 1).value]
}

test('a counter adds up exactly', () => {
  expect(shown({ begins: 10 })).toEqual([10.2, 10.6, 10.6, 10.8])
})

test('it begins at 0 again at the first amount that it cannot show', () => {
  // 0.8 of a counter that ends at 0.7; 0.6 of one that ends at 0.6.
  expect(shown({ rollOver: 0.7 })).toEqual([0.2, 0.6, 0.6, 0.1])
  expect(shown({ rollOver: 0.6 })).toEqual([0.2, 0, 0, 0.2])
})

test('a reading at the very instant of a reset still shows what was counted before', () => {
  expect(shown({ zeroedAtMs: [120_000] })).toEqual([0.2, 0.6, 0, 0.2])
  expect(shown({ zeroedAtMs: [119_999] })).toEqual([0.2, 0.4, 0.4, 0.6])
})
