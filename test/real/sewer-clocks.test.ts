import { expect, test } from 'vitest'
import { FLOW_FILE, HOUR_MS, RAIN_FILE, STEP_MS, writtenValues } from './sewer-records.js'

/**
 * What the record says about its own clocks. The source names no zone; its keeper notes that the
 * rain clock jumps on 9 March 2008 (summer time) and that the flow clock shows no jump, "so the two
 * are probably one hour apart" from then on. Two independent looks say that they are not, but for a
 * day and a half: as written, the flow goes on rising an hour after the rain, and people go on using
 * water at the same hour of the clock. So the flow clock was set to summer time, too; the one
 * interruption of its record, on Monday 10 March from 11:15 to 12:45, is where it can have been.
 */
const CHANGE_MS = Date.UTC(2008, 2, 9, 2)
const DAY_MS = 24 * HOUR_MS

test('as written, the sewer rises an hour after the rain before 9 March and after it', () => {
  const rain = hourlySums(writtenValues(RAIN_FILE, 'rain_in'))
  const flow = hourlyMeans(writtenValues(FLOW_FILE, 'flow_mgd'))
  for (const side of ['before', 'after'] as const) {
    const byLag = new Map<number, number>()
    for (let lagH = -3; lagH <= 6; lagH++) {
      const pairs: [number, number][] = []
      for (const [hourMs, depth] of rain) {
        if (hourMs < CHANGE_MS !== (side === 'before')) continue
        const later = flow.get(hourMs + lagH * HOUR_MS)
        const earlier = flow.get(hourMs + (lagH - 1) * HOUR_MS)
        if (later !== undefined && earlier !== undefined) pairs.push([depth, later - earlier])
      }
      expect(pairs.length).toBeGreaterThan(480)
      byLag.set(lagH, correlation(pairs))
    }
    // A flow clock that stayed behind would bring the lag after the change down to 0.
    expect(best(byLag), `${side}: ${[...byLag].join(' ')}`).toBe(1)
    expect((byLag.get(1) ?? 0) - (byLag.get(0) ?? 0)).toBeGreaterThan(0.1)
  }
})

test('on dry working days the flow follows the same hours of its clock before 9 March and after it', () => {
  const flow = writtenValues(FLOW_FILE, 'flow_mgd')
  const rain = writtenValues(RAIN_FILE, 'rain_in')
  const wet = rain.filter(({ value }) => value > 0).map(({ clockMs }) => clockMs)
  const [firstMs, lastMs] = [rain[0]?.clockMs ?? 0, rain.at(-1)?.clockMs ?? 0]
  const dry = flow.filter(({ clockMs }) => {
    const weekday = new Date(clockMs).getUTCDay()
    if (weekday === 0 || weekday === 6) return false
    if (clockMs < firstMs + 2 * DAY_MS || clockMs > lastMs) return false
    return !wet.some((wetMs) => wetMs <= clockMs && wetMs > clockMs - 2 * DAY_MS)
  })
  const before = hourlyMedians(dry.filter(({ clockMs }) => clockMs < CHANGE_MS))
  const after = hourlyMedians(dry.filter(({ clockMs }) => clockMs >= CHANGE_MS))
  const byShift = new Map<number, number>()
  for (let shiftH = -3; shiftH <= 3; shiftH++) {
    const pairs = before.map((level, hour): [number, number] => [
      level,
      after[(hour + shiftH + 24) % 24] ?? Number.NaN,
    ])
    byShift.set(shiftH, correlation(pairs))
  }
  // A clock that stayed on winter time would show the day of people an hour earlier.
  expect(best(byShift), [...byShift].join(' ')).toBe(0)
  expect((byShift.get(0) ?? 0) - (byShift.get(-1) ?? 0)).toBeGreaterThan(0.1)
})

/** Hour of the clock in which a total fell, by the end of its 15 minutes. */
function hourlySums(
  values: readonly { clockMs: number; value: number }[],
): ReadonlyMap<number, number> {
  const sums = new Map<number, number>()
  for (const { clockMs, value } of values) {
    const hourMs = Math.floor((clockMs - STEP_MS) / HOUR_MS) * HOUR_MS
    sums.set(hourMs, (sums.get(hourMs) ?? 0) + value)
  }
  return sums
}

function hourlyMeans(
  values: readonly { clockMs: number; value: number }[],
): ReadonlyMap<number, number> {
  const groups = new Map<number, number[]>()
  for (const { clockMs, value } of values) {
    const hourMs = Math.floor(clockMs / HOUR_MS) * HOUR_MS
    groups.set(hourMs, [...(groups.get(hourMs) ?? []), value])
  }
  return new Map([...groups].map(([hourMs, group]) => [hourMs, mean(group)]))
}

/** Median per hour of the day, 0 to 23. */
function hourlyMedians(values: readonly { clockMs: number; value: number }[]): readonly number[] {
  return Array.from({ length: 24 }, (_, hour) => {
    const group = values
      .filter(({ clockMs }) => new Date(clockMs).getUTCHours() === hour)
      .map(({ value }) => value)
      .sort((a, b) => a - b)
    expect(group.length).toBeGreaterThan(10)
    const middle = (group.length - 1) / 2
    return ((group[Math.floor(middle)] ?? 0) + (group[Math.ceil(middle)] ?? 0)) / 2
  })
}

function best(correlations: ReadonlyMap<number, number>): number | undefined {
  return [...correlations].sort(([, a], [, b]) => b - a)[0]?.[0]
}

/** Pearson's. */
function correlation(pairs: readonly (readonly [number, number])[]): number {
  const meanX = mean(pairs.map(([x]) => x))
  const meanY = mean(pairs.map(([, y]) => y))
  let [xy, xx, yy] = [0, 0, 0]
  for (const [x, y] of pairs) {
    xy += (x - meanX) * (y - meanY)
    xx += (x - meanX) ** 2
    yy += (y - meanY) ** 2
  }
  return xy / Math.sqrt(xx * yy)
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}
