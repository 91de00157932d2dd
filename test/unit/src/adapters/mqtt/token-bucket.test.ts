import { expect, test } from 'vitest'
import { devicePaces } from '../../../../../src/adapters/mqtt/device-pace.js'
import { bucketPerKey, tokenBucket } from '../../../../../src/adapters/mqtt/token-bucket.js'

test('a full bucket gives its burst at once and then a token each 1/rate', () => {
  const bucket = tokenBucket({ perSecond: 10, burst: 3 }, 0)
  expect([1, 2, 3, 4].map(() => bucket.take(1, 0))).toEqual([true, true, true, false])
  expect(bucket.waitMs(1, 0)).toBe(100)
  expect(bucket.take(1, 99)).toBe(false)
  expect(bucket.take(1, 100)).toBe(true)
})

test('a rest of any length fills no more than the burst', () => {
  const bucket = tokenBucket({ perSecond: 10, burst: 2 }, 0)
  expect(bucket.take(2, 3_600_000)).toBe(true)
  expect(bucket.take(1, 3_600_000)).toBe(false)
})

test('what was not there is owed and waited for', () => {
  const bucket = tokenBucket({ perSecond: 100, burst: 100 }, 0)
  bucket.owe(250, 0)
  expect(bucket.waitMs(0, 0)).toBe(1_500)
  expect(bucket.waitMs(0, 1_500)).toBe(0)
})

test('a key that has taken keeps its bucket however many others come; a rested one may be forgotten', () => {
  const bucketOf = bucketPerKey({ perSecond: 0.001, burst: 1 })
  expect(bucketOf('busy', 0).take(1, 0)).toBe(true)
  for (let other = 0; other < 5_000; other++) bucketOf(`rested ${other}`, 0)
  expect(bucketOf('busy', 0).take(1, 0)).toBe(false)
})

test('connections of one device share its pace, and another device has its own', () => {
  const paceOf = devicePaces({ messagesPerS: 2, bytesPerS: 0 }, () => 0)
  const [one, two, other] = [paceOf('A'), paceOf('A'), paceOf('B')]
  expect([one.next(), two.next(), one.next(), two.next()]).toEqual([0, 0, 500, 500])
  expect(other.next()).toBe(0)
})

test('the bytes of a packet hold back the next one', () => {
  let now = 0
  const pace = devicePaces({ messagesPerS: 0, bytesPerS: 1_000 }, () => now)('A')
  pace.weigh(1_500)
  expect(pace.next()).toBe(500)
  now = 500
  expect(pace.next()).toBe(0)
})

test('without limits nothing waits', () => {
  const pace = devicePaces({ messagesPerS: 0, bytesPerS: 0 }, () => 0)('A')
  for (let message = 0; message < 10_000; message++) {
    pace.weigh(1_000_000)
    expect(pace.next()).toBe(0)
  }
})
