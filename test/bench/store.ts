/**
 * What the embedded store does on this machine: rows per second into a file that grows, also with
 * quality tests that look at neighbouring values, and how long reads take from it. Prints one JSON line last.
 *
 *     tsx test/bench/store.ts
 */
import { statSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { readRegistry } from '../../src/adapters/city-file/index.js'
import { openDuckdb } from '../../src/adapters/duckdb/index.js'
import { registryIndex } from '../../src/domain/city/registry-index.js'
import { localTime } from '../../src/domain/local-time.js'
import { seriesJudges, type SeriesJudges } from '../../src/domain/qc/series-judge.js'
import { DAY_MS, MINUTE_MS } from '../../src/domain/time.js'
import type { ProjectionBatch } from '../../src/ports/series-store.js'
import { smallCity } from '../setup/small-city.js'
import { temporaryFolder } from '../setup/temp-folder.js'

const SERIES = 350
const BATCH_ROWS = 10_000
const START_MS = Date.UTC(2026, 0, 1)
const ids = Array.from({ length: SERIES }, (_, index) => `S-${index}.flow`)

async function main(): Promise<void> {
  const folder = await temporaryFolder('bench-store')
  const file = join(folder.path, 'series.duckdb')
  const { store } = await openDuckdb({ file, values: 'here' })
  const next = { seq: 1, row: 0 }
  /** The next rows in time, the first `repeated` of them once more from before. */
  const following = (rows: number, repeated: number): ProjectionBatch => {
    const fromRow = next.row - repeated
    next.row = fromRow + rows
    return batch(next.seq++, fromRow, rows)
  }

  const clean = await appended(300, () => following(BATCH_ROWS, 0))
  const tenthRepeated = await appended(60, () => following(BATCH_ROWS, BATCH_ROWS / 10))
  // Everything once more from the middle of time, as after a device sends its memory again.
  const repeatedLate = await appended(10, () =>
    batch(next.seq++, BATCH_ROWS * next.seq * 0.3, BATCH_ROWS),
  )
  const ofHundred = await appended(300, () => following(100, 0))
  // The same as clean, with tests that look at the row before, at both sides, and 12 h back.
  const judgedByRow = await appended(60, () => judgedBy('{ rateOfChange: { suspectPerS: 1 } }'))
  const judgedBothSides = await appended(60, () => judgedBy('{ spike: { suspect: 1 } }'))
  const judgedByHours = await appended(60, () =>
    judgedBy('{ flatLine: { tolerance: 0.001, suspectAfterS: 43200 } }'),
  )
  const judgedOfHundred = await appended(300, () => ({
    ...following(100, 0),
    judges: judgesOf('{ spike: { suspect: 1 } }'),
  }))

  function judgedBy(qc: string): ProjectionBatch {
    return { ...following(BATCH_ROWS, 0), judges: judgesOf(qc) }
  }

  async function appended(
    batches: number,
    batchOf: () => ProjectionBatch,
  ): Promise<{ rowsPerS: number; p50Ms: number; p99Ms: number; maxMs: number }> {
    const times: number[] = []
    const state = { rows: 0 }
    for (let count = 0; count < batches; count++) {
      const given = batchOf()
      const startMs = performance.now()
      state.rows += (await store.append(given)).length
      times.push(performance.now() - startMs)
    }
    const sorted = times.sort((a, b) => a - b)
    const at = (share: number): number =>
      round(sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0)
    const totalMs = sorted.reduce((sum, ms) => sum + ms, 0)
    return {
      rowsPerS: Math.round((state.rows / totalMs) * 1000),
      p50Ms: at(0.5),
      p99Ms: at(0.99),
      maxMs: at(1),
    }
  }

  const endMs = START_MS + Math.ceil(next.row / SERIES) * MINUTE_MS
  const day = { fromMs: endMs - DAY_MS, toMs: endMs }
  const all = { fromMs: START_MS, toMs: endMs }
  const reads = {
    readDayMs: await timed(() => store.read('S-7.flow', day)),
    readAllMs: await timed(() => store.read('S-7.flow', all)),
    aggregateDayMs: await timed(() => store.aggregate(ids, day, 5 * MINUTE_MS)),
    aggregateAllHourlyMs: await timed(() => store.aggregate(ids, all, 60 * MINUTE_MS)),
    coverageMs: await timed(() => store.coverage(ids, all, 0)),
    latestMs: await timed(() => store.latest(ids)),
  }
  const reopenStartMs = performance.now()
  await store.close()
  const again = await openDuckdb({ file, values: 'here' })
  const reopenMs = round(performance.now() - reopenStartMs)
  await again.store.close()
  const fileMb = round(statSync(file).size / 1e6)
  await folder.remove()

  const rssMb = Math.round(process.memoryUsage.rss() / 1e6)
  const result = {
    clean,
    tenthRepeated,
    repeatedLate,
    ofHundred,
    judgedByRow,
    judgedBothSides,
    judgedByHours,
    judgedOfHundred,
    ...reads,
    reopenMs,
    fileMb,
    rssMb,
  }
  for (const [name, value] of Object.entries(result)) console.log(name, value)
  console.log(JSON.stringify({ bench: 'store', cores: availableParallelism(), ...result }))
}

const judgesBySettings = new Map<string, SeriesJudges>()

/** Judges of all series with these quality tests alone; one set, as one registry version gives. */
function judgesOf(qc: string): SeriesJudges {
  const known = judgesBySettings.get(qc)
  if (known !== undefined) return known
  const text = smallCity({
    sensors: ids.map((id) => ({
      device: id.replace('.flow', ''),
      field: 'flow',
      quantity: 'flow',
      unit: 'm3/s',
      kind: '{ type: instant }',
      reporting: `{ type: periodic, intervalS: 60 }, qc: ${qc}`,
    })),
  })
  const reading = readRegistry(text, { models: ['senml-json'] })
  if (!reading.ok) throw new Error(JSON.stringify(reading.faults[0]))
  const judges = seriesJudges(registryIndex(reading.registry), localTime('Asia/Shanghai'))
  judgesBySettings.set(qc, judges)
  return judges
}

/** `rows` observations from `fromRow` on: one a minute and series, with a value as a meter gives it. */
function batch(seq: number, fromRow: number, rows: number): ProjectionBatch {
  const observations = {
    series: ids,
    seriesIndex: new Uint32Array(rows),
    atMs: new Float64Array(rows),
    spanMs: new Float64Array(rows),
    values: new Float64Array(rows),
    flags: new Uint8Array(rows).fill(1),
    tests: new Uint16Array(rows).fill(3),
    origins: new Uint8Array(rows),
    ranks: new Float64Array(rows),
    entryIndex: new Uint32Array(rows),
  }
  for (let index = 0; index < rows; index++) {
    const row = fromRow + index
    observations.seriesIndex[index] = row % SERIES
    observations.atMs[index] = START_MS + Math.floor(row / SERIES) * MINUTE_MS
    observations.values[index] = Math.round(1000 * (2 + Math.sin(row / 977))) / 1000
    observations.ranks[index] = row
  }
  const entry = {
    seq,
    device: 'D-01',
    arrivalMs: observations.atMs[rows - 1] ?? START_MS,
    outcome: 'projected' as const,
    decoded: rows,
    newestAtMs: null,
    keptAtMs: null,
    state: null,
  }
  return { entries: [entry], observations, refusals: [] }
}

/** The middle of five, ms. */
async function timed(query: () => Promise<unknown>): Promise<number> {
  const times: number[] = []
  for (let count = 0; count < 5; count++) {
    const startMs = performance.now()
    await query()
    times.push(performance.now() - startMs)
  }
  return round(times.sort((a, b) => a - b)[2] ?? 0)
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}

await main()
