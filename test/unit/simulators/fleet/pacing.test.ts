import { expect, test } from 'vitest'
import { changes, meeting, pause, ramp } from '../../../../simulators/fleet/pacing.js'

test('all meet before any goes on, and who leaves is not waited for', async () => {
  const found = meeting(3)
  const order: string[] = []
  const first = found.arrive().then(() => order.push('first goes on'))
  await Promise.resolve()
  order.push('the second arrives')
  const second = found.arrive()
  await Promise.resolve()
  order.push('the third leaves')
  found.leave()
  await Promise.all([first, second])
  expect(order).toEqual(['the second arrives', 'the third leaves', 'first goes on'])
})

test('a condition is looked at again after every change', async () => {
  const news = changes()
  let count = 0
  const reached = news.until(() => count === 2)
  for (count = 1; count < 2; count++) news.tell()
  news.tell()
  await reached
  expect(count).toBe(2)
})

test('turns come at their rate, and all at once without one', async () => {
  const { signal } = new AbortController()
  const turn = ramp(100, signal)
  const begunMs = performance.now()
  await Promise.all(Array.from({ length: 6 }, () => turn()))
  // The sixth is due 50 ms after the first; timers may be early by less than 1 ms each.
  expect(performance.now() - begunMs).toBeGreaterThan(48)
  const storm = ramp(null, signal)
  await Promise.all(Array.from({ length: 1_000 }, () => storm()))
})

test('a pause ends with the run', async () => {
  const ending = new AbortController()
  const waiting = pause(3_600_000, ending.signal)
  ending.abort()
  await waiting
  await pause(3_600_000, ending.signal)
  expect(ending.signal.aborted).toBe(true)
})
