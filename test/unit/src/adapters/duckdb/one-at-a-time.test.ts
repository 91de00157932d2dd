import { expect, test } from 'vitest'
import { oneAtATime } from '../../../../../src/adapters/duckdb/one-at-a-time.js'

test('lets the next in only after the release, in the order they came', async () => {
  const queue = oneAtATime()
  const told: string[] = []
  const visit = async (name: string): Promise<void> => {
    const leave = await queue.enter()
    told.push(`${name} in`)
    await Promise.resolve()
    told.push(`${name} out`)
    leave()
    leave()
  }
  await Promise.all([visit('a'), visit('b'), visit('c')])
  expect(told).toEqual(['a in', 'a out', 'b in', 'b out', 'c in', 'c out'])
})
