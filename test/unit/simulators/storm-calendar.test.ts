import { expect, test } from 'vitest'
import { chance } from '../../../simulators/random.js'
import { stormDepthMm, stormsBetween } from '../../../simulators/storm-calendar.js'
import { DAY_MS, MINUTE_MS } from '../../../src/domain/time.js'

const FROM_MS = Date.UTC(2026, 5, 1)

test('the steps of a storm add up to its depth', () => {
  const storms = stormsBetween(chance(1), FROM_MS, FROM_MS + 60 * DAY_MS)
  expect(storms.length).toBeGreaterThan(20)
  for (const storm of storms) {
    let depthMm = 0
    for (
      let atMs = storm.startMs - MINUTE_MS;
      atMs < storm.startMs + storm.durationMs;
      atMs += MINUTE_MS
    ) {
      const step = stormDepthMm(storm, atMs, atMs + MINUTE_MS)
      expect(step).toBeGreaterThanOrEqual(0)
      depthMm += step
    }
    expect(depthMm).toBeCloseTo(storm.depthMm, 9)
  }
})

test('the weather of a day does not depend on the day one starts from', () => {
  const luck = chance(7)
  const month = stormsBetween(luck, FROM_MS, FROM_MS + 30 * DAY_MS)
  const byDay = Array.from({ length: 30 }, (_, day) =>
    stormsBetween(luck, FROM_MS + day * DAY_MS, FROM_MS + (day + 1) * DAY_MS),
  ).flat()
  const distinct = [...new Map(byDay.map((storm) => [storm.startMs, storm])).values()]
  expect(distinct).toEqual(month)
})
