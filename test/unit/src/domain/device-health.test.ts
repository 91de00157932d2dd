import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { DEVICE_HEALTH, deviceHealth } from '../../../../src/domain/device-health.js'
import { MINUTE_MS } from '../../../../src/domain/time.js'

const NOW_MS = 1_782_864_000_000

function after(silenceMs: number): string {
  const lastArrivalMs = NOW_MS - silenceMs
  return deviceHealth({ lastArrivalMs, expectedEveryMs: MINUTE_MS, removedMs: null }, NOW_MS)
}

test('silence of two intervals is online, a millisecond more is late', () => {
  expect(after(2 * MINUTE_MS)).toBe('online')
  expect(after(2 * MINUTE_MS + 1)).toBe('late')
})

test('silence of ten intervals is late, a millisecond more is silent', () => {
  expect(after(10 * MINUTE_MS)).toBe('late')
  expect(after(10 * MINUTE_MS + 1)).toBe('silent')
})

test('a device that has never spoken is neither late nor silent', () => {
  const device = { lastArrivalMs: null, expectedEveryMs: MINUTE_MS, removedMs: null }
  expect(deviceHealth(device, NOW_MS)).toBe('never')
})

test('a device is removed from its removal on, however lately it spoke', () => {
  const device = { lastArrivalMs: NOW_MS, expectedEveryMs: MINUTE_MS, removedMs: NOW_MS }
  expect(deviceHealth(device, NOW_MS)).toBe('removed')
  expect(deviceHealth(device, NOW_MS - 1)).toBe('online')
})

test('an arrival after now, by a clock that went back, is online', () => {
  expect(after(-5 * MINUTE_MS)).toBe('online')
})

test('longer silence never makes a device healthier', () => {
  const silences = fc.integer({ min: 0, max: 20 * MINUTE_MS })
  fc.assert(
    fc.property(silences, silences, (a, b) => {
      const worse = (silenceMs: number): number =>
        DEVICE_HEALTH.findIndex((state) => state === after(silenceMs))
      expect(worse(Math.max(a, b))).toBeGreaterThanOrEqual(worse(Math.min(a, b)))
    }),
  )
})
