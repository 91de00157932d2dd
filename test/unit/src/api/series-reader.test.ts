import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { seriesInStretches } from '../../../../src/api/series-reader.js'
import type { SeriesColumns } from '../../../../src/domain/observation.js'
import { DAY_MS, MINUTE_MS, type Window } from '../../../../src/domain/time.js'

const YEAR_MS = 365 * DAY_MS

function columns(atMs: readonly number[]): SeriesColumns {
  return {
    series: 'a',
    atMs: Float64Array.from(atMs),
    spanMs: new Float64Array(atMs.length),
    values: Float64Array.from(atMs),
    flags: new Uint8Array(atMs.length).fill(1),
    tests: new Uint16Array(atMs.length),
    origins: new Uint8Array(atMs.length),
  }
}

/** A series with an observation at each of the times, and the sizes of the reads made of it. */
function reader(times: readonly number[]): {
  read(series: string, window: Window): Promise<SeriesColumns>
  readonly sizes: number[]
} {
  const sizes: number[] = []
  return {
    sizes,
    read: (_series, { fromMs, toMs }) => {
      const found = columns(times.filter((atMs) => atMs >= fromMs && atMs < toMs))
      sizes.push(found.atMs.length)
      return Promise.resolve(found)
    },
  }
}

async function readAll(store: ReturnType<typeof reader>, window: Window): Promise<number[]> {
  const times: number[] = []
  for await (const stretch of seriesInStretches(store, 'a', window)) times.push(...stretch.atMs)
  return times
}

test('stretches put together are the window, whatever lies in it', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(fc.integer({ min: 0, max: 1000 }), { maxLength: 50 }),
      fc.integer({ min: 0, max: 1000 }),
      fc.integer({ min: 1, max: 1000 }),
      async (days, fromDay, length) => {
        const times = days.sort((a, b) => a - b).map((day) => day * DAY_MS)
        const window = { fromMs: fromDay * DAY_MS, toMs: (fromDay + length) * DAY_MS }
        const expected = times.filter((atMs) => atMs >= window.fromMs && atMs < window.toMs)
        expect(await readAll(reader(times), window)).toEqual(expected)
      },
    ),
  )
})

test('no read of a minute series is much larger than the target, nor are there many', async () => {
  const minutes = Array.from({ length: 60 * 24 * 60 }, (_, minute) => minute * MINUTE_MS)
  const store = reader(minutes)
  expect(await readAll(store, { fromMs: 0, toMs: 60 * DAY_MS })).toHaveLength(minutes.length)
  expect(Math.max(...store.sizes)).toBeLessThanOrEqual(5_000)
  expect(store.sizes.length).toBeLessThan(30)
})

test('ten empty years cost a few reads', async () => {
  const store = reader([])
  expect(await readAll(store, { fromMs: 0, toMs: 10 * YEAR_MS })).toEqual([])
  expect(store.sizes.length).toBeLessThan(8)
})
