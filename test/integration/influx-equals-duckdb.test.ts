import * as fc from 'fast-check'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openDuckdb } from '../../src/adapters/duckdb/index.js'
import { MINUTE_MS } from '../../src/domain/time.js'
import type { SeriesStore } from '../../src/ports/series-store.js'
import { projectionBatch, START_MS } from '../contract/series-store/batch.js'
import { startInfluxd } from '../setup/influxd.js'
import { temporaryFolder } from '../setup/temp-folder.js'
import { openInfluxSubject } from './influx-subject.js'

const RUNS = 60

/** Often the same few, so that rows repeat and revise each other; else values whose sums go wrong when added as they come. */
const value = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(0.1, 0.2, null) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(1 / 3, 1e-9, 5e-10, -0.0000000015, 1e9, -1e9, 1e15, 3e20),
  },
  { weight: 1, arbitrary: fc.double({ min: -1e7, max: 1e7, noNaN: true }) },
)

/** Times on and around the boundaries of ten-minute steps; few, so that keys repeat. */
const row = fc.record({
  series: fc.constantFrom('S1', 'S2'),
  atMs: fc
    .tuple(fc.integer({ min: 0, max: 3 }), fc.constantFrom(0, 0, 0, 0, -1, 1, 77))
    .map(([step, offset]) => START_MS + step * 10 * MINUTE_MS + offset),
  spanMs: fc.constantFrom(0, 0, 300_000),
  value,
  flag: fc.constantFrom(1, 1, 1, 2, 3, 4),
  rank: fc.constantFrom(-Infinity, 1, 2),
  origin: fc.constantFrom(0, 0, 3),
})

const town = fc.record({
  batches: fc.array(fc.array(row, { minLength: 1, maxLength: 12 }), {
    minLength: 1,
    maxLength: 4,
  }),
  /** As sensors are: all of a series has one span. Otherwise spans are mixed. */
  steady: fc.boolean(),
  fromMs: fc.constantFrom(-10, -5, 0, 10).map((minutes) => START_MS + minutes * MINUTE_MS),
  lengthMs: fc.integer({ min: 1, max: 50 * MINUTE_MS }),
  stepMs: fc.constantFrom(10 * MINUTE_MS, 7 * MINUTE_MS, 60 * MINUTE_MS),
  dayOffsetMs: fc.constantFrom(0, 57_600_000, START_MS % 86_400_000),
})

test('the same batches give the same answers, byte by byte, from InfluxDB and from DuckDB', async () => {
  const influxd = await startInfluxd()
  const folder = await temporaryFolder('equal')
  const influx = await openInfluxSubject({ url: influxd.url, database: 'equal' })
  const embedded = await openDuckdb({
    file: join(folder.path, 'store.duckdb'),
    values: 'here',
    threads: 2,
  })
  let runs = 0
  let seq = 1
  let stepsSeen = 0
  try {
    await fc.assert(
      fc.asyncProperty(town, async (drawn) => {
        const run = runs++
        const ids = ['S1', 'S2', 'nobody'].map((id) => `${run}.${id}`)
        const spans: Record<string, number> = { S1: 0, S2: 300_000 }
        for (const rows of drawn.batches) {
          const named = rows.map((draft) => ({
            ...draft,
            series: `${run}.${draft.series}`,
            spanMs: drawn.steady ? (spans[draft.series] ?? 0) : draft.spanMs,
          }))
          const batch = projectionBatch(
            seq,
            named.map((draft) => ({ rows: [draft] })),
          )
          seq += named.length
          expect(await influx.store.append(batch)).toEqual(await embedded.store.append(batch))
        }
        const window = { fromMs: drawn.fromMs, toMs: drawn.fromMs + drawn.lengthMs }
        const answers = async (store: SeriesStore): Promise<unknown> => ({
          read: await Promise.all(ids.map(async (id) => await store.read(id, window))),
          steps: await store.aggregate(ids, window, drawn.stepMs),
          latest: await store.latest(ids),
          coverage: await store.coverage(ids, window, drawn.dayOffsetMs),
          revisions: await Promise.all(ids.map(async (id) => await store.revisions(id, window))),
        })
        const fromInflux = await answers(influx.store)
        expect(fromInflux).toEqual(await answers(embedded.store))
        const steps = await influx.store.aggregate(ids, window, drawn.stepMs)
        stepsSeen += steps.reduce((sum, { fromMs }) => sum + fromMs.length, 0)
      }),
      { numRuns: RUNS },
    )
  } finally {
    await influx.dispose()
    await embedded.store.close()
    await folder.remove()
    await influxd.stop()
  }
  expect(runs).toBeGreaterThanOrEqual(RUNS)
  expect(stepsSeen).toBeGreaterThan(RUNS)
})
