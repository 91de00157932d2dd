import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { ProblemError } from '../../../../src/api/problem.js'
import {
  boundedWindowOf,
  MOST_STEPS,
  steppedWindowOf,
  timeParameter,
  windowOf,
} from '../../../../src/api/window.js'
import { DAY_MS, MINUTE_MS } from '../../../../src/domain/time.js'

/** 2026-07-01T00:00:00Z, by `date -u -d 2026-07-01 +%s`. */
const JULY_MS = 1_782_864_000_000

test.each([
  ['2026-07-01T08:00:00+08:00', JULY_MS],
  ['2026-07-01T00:00:00Z', JULY_MS],
  ['2026-06-30T18:30:00.250-05:30', JULY_MS + 250],
  ['1782864000000', JULY_MS],
  ['-1', -1],
  ['0', 0],
])('%s is a time', (text, atMs) => {
  expect(timeParameter.parse(text)).toBe(atMs)
})

test('a plus that a query has turned into a space is taken back', () => {
  expect(timeParameter.parse('2026-07-01T08:00:00 08:00')).toBe(JULY_MS)
})

test.each([
  '2026-07-01T08:00:00',
  '2026-07-01',
  '2026-02-30T00:00:00Z',
  '2026-07-01T24:30:00Z',
  'yesterday',
  '1.5',
  '1e3',
  '',
  '99999999999999999',
])('“%s” is no time, because it could be meant in two ways or in none', (text) => {
  const read = timeParameter.safeParse(text)
  expect(read.success).toBe(false)
  expect(read.error?.issues[0]?.message).toContain('ISO 8601 with offset')
})

test('any instant written with any offset is read back to the millisecond', () => {
  const instants = fc.integer({ min: 0, max: 4_000_000_000_000 })
  const offsets = fc.integer({ min: -14 * 60, max: 14 * 60 })
  fc.assert(
    fc.property(instants, offsets, (atMs, offsetMin) => {
      const local = new Date(atMs + offsetMin * MINUTE_MS).toISOString().slice(0, -1)
      const size = Math.abs(offsetMin)
      const two = (part: number): string => String(part).padStart(2, '0')
      const offset = `${offsetMin < 0 ? '-' : '+'}${two(Math.floor(size / 60))}:${two(size % 60)}`
      expect(timeParameter.parse(local + offset)).toBe(atMs)
    }),
  )
})

test('a window without ends is the last 24 hours', () => {
  expect(windowOf({}, JULY_MS)).toEqual({ fromMs: JULY_MS - DAY_MS, toMs: JULY_MS })
})

test('a window with an end alone is the 24 hours before it', () => {
  expect(windowOf({ to: 5 * DAY_MS }, JULY_MS)).toEqual({ fromMs: 4 * DAY_MS, toMs: 5 * DAY_MS })
})

test('a window of no length is refused, one of a millisecond is not', () => {
  expect(() => windowOf({ from: 1000, to: 1000 }, JULY_MS)).toThrow(ProblemError)
  expect(windowOf({ from: 1000, to: 1001 }, JULY_MS)).toEqual({ fromMs: 1000, toMs: 1001 })
})

test('a window that begins in the future and has no end names the beginning as wrong', () => {
  expect(() => windowOf({ from: JULY_MS + 1 }, JULY_MS)).toThrow(/^from is “1782864000001”/)
})

test('exactly the most steps are served, one more is not', () => {
  const stepMs = MINUTE_MS
  const ends = { from: 0, to: MOST_STEPS * stepMs }
  expect(steppedWindowOf(ends, stepMs, JULY_MS)).toEqual({ fromMs: 0, toMs: ends.to })
  expect(() => steppedWindowOf({ from: 0, to: ends.to + 1 }, stepMs, JULY_MS)).toThrow(
    /stepMs of at least 60001/,
  )
})

test('ends left out are put on whole steps, so that the newest step is the running one', () => {
  const nowMs = JULY_MS + 7 * MINUTE_MS
  expect(steppedWindowOf({}, 300_000, nowMs)).toEqual({
    fromMs: JULY_MS + 10 * MINUTE_MS - DAY_MS,
    toMs: JULY_MS + 10 * MINUTE_MS,
  })
})

test('a window longer than its bound is refused, one as long is not', () => {
  expect(boundedWindowOf({ from: 0, to: 31 * DAY_MS }, 31 * DAY_MS, JULY_MS).fromMs).toBe(0)
  expect(() => boundedWindowOf({ from: 0, to: 31 * DAY_MS + 1 }, 31 * DAY_MS, JULY_MS)).toThrow(
    /at most 31 days/,
  )
})
