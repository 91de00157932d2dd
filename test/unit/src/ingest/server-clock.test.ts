import { expect, test } from 'vitest'
import { serverClock } from '../../../../src/ingest/server-clock.js'
import type { Logger } from '../../../../src/ports/logger.js'

const NOON_MS = Date.UTC(2026, 5, 1, 12)
const MINUTE_MS = 60_000

function clockWith(state: { latestMs: number; nowMs: number }): {
  clock: ReturnType<typeof serverClock>
  warnings: string[]
} {
  const warnings: string[] = []
  const logger: Logger = {
    error: () => undefined,
    warn: (_fields, message) => warnings.push(message),
    info: () => undefined,
    debug: () => undefined,
  }
  const journal = { latestArrivalMs: () => state.latestMs }
  return { clock: serverClock(journal, { nowMs: () => state.nowMs }, logger), warnings }
}

test.each([
  ['an empty journal', -Infinity, NOON_MS, undefined],
  ['later than the latest entry', NOON_MS, NOON_MS + 1, undefined],
  ['a minute behind, as after a small correction', NOON_MS, NOON_MS - MINUTE_MS, undefined],
  ['more than a minute behind', NOON_MS, NOON_MS - MINUTE_MS - 1, 'in-doubt'],
  ['in 1970', NOON_MS, 0, 'in-doubt'],
])('%s', (_name, latestMs, nowMs, doubt) => {
  const { clock } = clockWith({ latestMs, nowMs })
  expect(clock.arrival()).toEqual(
    doubt === undefined ? { arrivalMs: nowMs } : { arrivalMs: nowMs, serverClock: doubt },
  )
  expect(clock.isInDoubt()).toBe(doubt !== undefined)
})

test('it says so once, and ends when the clock has passed the latest entry', () => {
  const state = { latestMs: NOON_MS, nowMs: 0 }
  const { clock, warnings } = clockWith(state)
  clock.arrival()
  state.nowMs = 1_000
  clock.arrival()
  expect(warnings).toHaveLength(1)
  expect(warnings[0]).toContain('set it')
  state.nowMs = NOON_MS + 1
  expect(clock.arrival()).toEqual({ arrivalMs: NOON_MS + 1 })
  expect(clock.isInDoubt()).toBe(false)
})
