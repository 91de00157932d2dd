import { expect, test } from 'vitest'
import { chance } from '../../../../simulators/random.js'
import { rainCharacter } from '../../../../simulators/weather/rain-character.js'
import { rainYear } from '../../../../simulators/weather/rain-year.js'
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../../../src/domain/time.js'

const SHAPE = { b: 10, n: 0.7 }

/** Two years: every third day of July is wet, 3 and 30 mm in turn; the rest is dry. */
function record(): { day: Int32Array; depthMm: Float64Array } {
  const first = Date.UTC(2021, 0) / DAY_MS
  const day = Int32Array.from({ length: 730 }, (_, k) => first + k)
  const depthMm = Float64Array.from(day, (at) => {
    const date = new Date(at * DAY_MS)
    if (date.getUTCMonth() !== 6 || date.getUTCDate() % 3 !== 0) return 0
    return date.getUTCDate() % 2 === 0 ? 3 : 30
  })
  return { day, depthMm }
}

function dailySums({ depthMm }: { readonly depthMm: Float64Array }, perDay: number): number[] {
  return Array.from({ length: depthMm.length / perDay }, (_, k) =>
    depthMm.subarray(k * perDay, (k + 1) * perDay).reduce((sum, depth) => sum + depth, 0),
  )
}

test('the character of a record is counted by hand', () => {
  const july = rainCharacter(record())[6]
  // Days 3, 6, …, 30 of two Julys: 20 wet days, ten of each depth; none follows a wet one.
  expect(july?.depthsMm).toEqual(Float64Array.of(...Array(10).fill(3), ...Array(10).fill(30)))
  expect(july?.wetAfterWet).toBe(0)
  // 62 days less the 20 that follow a wet day, less none: 42 days after a dry one, 20 of them wet.
  expect(july?.wetAfterDry).toBeCloseTo(20 / 42, 12)
  expect(rainCharacter(record())[0]).toMatchObject({ wetAfterDry: 0, depthsMm: new Float64Array() })
})

test('a missing day says nothing, and neither does the step over it', () => {
  const { day, depthMm } = record()
  depthMm[Date.UTC(2021, 6, 3) / DAY_MS - (day[0] ?? 0)] = Number.NaN
  const july = rainCharacter({ day, depthMm })[6]
  expect(july?.depthsMm.length).toBe(19)
  // Neither the missing day nor the one after it counts: 19 of 42 - 1, and day 4 was after a wet one.
  expect(july?.wetAfterDry).toBeCloseTo(19 / 41, 12)
  expect(() => rainCharacter({ day: day.slice(0, 200), depthMm })).toThrow('month 8')
})

test('a year rains in the months that rain, in steps that add up to days of the record’s range', () => {
  const character = rainCharacter(record())
  const year = rainYear(character, SHAPE, 2026, 5 * MINUTE_MS, 8 * HOUR_MS, chance(1))
  expect(year.fromMs).toBe(Date.parse('2026-01-01T00:00:00+08:00'))
  expect(year.depthMm.length).toBe(365 * 288)
  const days = dailySums(year, 288)
  const wet = days.flatMap((depth, k) => (depth > 0 ? [{ depth, k }] : []))
  expect(wet.length).toBeGreaterThan(3)
  for (const { depth, k } of wet) {
    expect([k >= 181, k < 212]).toEqual([true, true])
    expect(depth).toBeGreaterThanOrEqual(3)
  }
  expect(Math.min(...year.depthMm)).toBeGreaterThanOrEqual(0)
  // No wet day follows a wet one in the record.
  expect(wet.every(({ k }, i) => i === 0 || k > (wet[i - 1]?.k ?? 0) + 1)).toBe(true)
})

test('the same seed gives the same days whatever the step; another seed gives others', () => {
  const character = rainCharacter(record())
  const days = (stepMs: number, seed: number): number[] =>
    dailySums(rainYear(character, SHAPE, 2026, stepMs, 0, chance(seed)), DAY_MS / stepMs).map(
      (depth) => Number(depth.toFixed(9)),
    )
  expect(days(5 * MINUTE_MS, 3)).toEqual(days(MINUTE_MS, 3))
  expect(days(HOUR_MS, 3)).not.toEqual(days(HOUR_MS, 4))
  expect(() => days(7 * HOUR_MS, 3)).toThrow('does not divide a day')
})
