import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { affectedDays } from '../../../../src/ingest/affected-days.js'
import { widen, type Extents } from '../../../../src/ingest/journal-survey.js'

interface Said {
  readonly day: number
  readonly series: string
  readonly firstMs: number
  readonly lastMs: number
}

function extentsOf(said: readonly Said[]): Extents {
  const extents: Extents = new Map()
  for (const { day, series, ...extent } of said) widen(extents, 'A', day, series, extent)
  return extents
}

test('days that speak of other times stay out, also where their series touch', () => {
  const extents = extentsOf([
    { day: 1, series: 'x', firstMs: 0, lastMs: 9 },
    { day: 2, series: 'x', firstMs: 10, lastMs: 19 },
    // Another series of the same device arrives across midnight.
    { day: 2, series: 'y', firstMs: 5, lastMs: 19 },
    { day: 3, series: 'x', firstMs: 20, lastMs: 29 },
  ])
  const affected = affectedDays(extents, { fromMs: 12, toMs: 14 }).get('A')
  expect(affected).toEqual({ days: new Set([2]), firstMs: 5, lastMs: 19 })
  expect(affectedDays(extents, { fromMs: 30, toMs: 40 }).size).toBe(0)
})

test('a day that came late takes along the days it speaks of', () => {
  const extents = extentsOf([
    { day: 1, series: 'x', firstMs: 0, lastMs: 9 },
    { day: 2, series: 'x', firstMs: 10, lastMs: 19 },
    { day: 3, series: 'x', firstMs: 15, lastMs: 29 },
  ])
  expect(affectedDays(extents, { fromMs: 25, toMs: 26 }).get('A')?.days).toEqual(new Set([2, 3]))
})

test('every day that speaks of the window is in, and none that is left out speaks of what is taken', () => {
  const said = fc
    .record({
      day: fc.integer({ min: 0, max: 20 }),
      series: fc.constantFrom('x', 'y', 'z'),
      firstMs: fc.integer({ min: 0, max: 100 }),
      length: fc.integer({ min: 0, max: 9 }),
    })
    .map(({ length, ...one }): Said => ({ ...one, lastMs: one.firstMs + length }))
  fc.assert(
    fc.property(
      fc.array(said, { maxLength: 40 }),
      fc.integer({ min: 0, max: 100 }),
      (all, fromMs) => {
        const toMs = fromMs + 5
        const days = affectedDays(extentsOf(all), { fromMs, toMs }).get('A')?.days ?? new Set()
        for (const { day, firstMs, lastMs } of all) {
          if (firstMs < toMs && lastMs >= fromMs) expect(days).toContain(day)
        }
        const meets = (a: Said, b: Said): boolean =>
          a.series === b.series && a.firstMs <= b.lastMs && a.lastMs >= b.firstMs
        for (const left of all.filter(({ day }) => !days.has(day))) {
          expect(all.some((one) => days.has(one.day) && meets(one, left))).toBe(false)
        }
      },
    ),
  )
})
