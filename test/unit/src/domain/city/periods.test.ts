import { expect, test } from 'vitest'
import { periodAt } from '../../../../../src/domain/city/periods.js'

const first = { from: '2025-01-01T00:00:00+08:00', to: '2025-02-01T00:00:00+08:00' }
const second = { from: '2025-02-01T00:00:00+08:00' }
// 2025-02-01T00:00+08:00 is 2025-01-31T16:00Z.
const boundaryMs = Date.UTC(2025, 0, 31, 16)

test('a period holds from its first millisecond to before its last', () => {
  expect(periodAt([first, second], Date.UTC(2024, 11, 31, 16) - 1)).toBeUndefined()
  expect(periodAt([first, second], Date.UTC(2024, 11, 31, 16))).toBe(first)
  expect(periodAt([first, second], boundaryMs - 1)).toBe(first)
  expect(periodAt([first, second], boundaryMs)).toBe(second)
})

test('a period without end lasts on', () => {
  expect(periodAt([first, second], Date.UTC(2999, 0, 1))).toBe(second)
})
