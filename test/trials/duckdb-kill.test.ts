import { join } from 'node:path'
import { setTimeout as after } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openDuckdb } from '../../src/adapters/duckdb/index.js'
import { ALWAYS } from '../contract/series-store/subject.js'
import { startServer } from '../setup/server-process.js'
import type { TemporaryFolder } from '../setup/temp-folder.js'
import { temporaryFolder } from '../setup/temp-folder.js'
import { NEW_ROWS, TRIAL_ENTRIES, TRIAL_SERIES } from './duckdb-kill-batch.js'

/** How many batches to let pass, where to strike, and how far into it, ms: spread over a batch. */
const KILLS = [
  { batches: 1, at: 'begin', intoMs: 0 },
  { batches: 3, at: 'done', intoMs: 0 },
  { batches: 9, at: 'begin', intoMs: 3 },
  { batches: 2, at: 'begin', intoMs: 6 },
  { batches: 17, at: 'done', intoMs: 9 },
  { batches: 5, at: 'begin', intoMs: 12 },
  { batches: 30, at: 'begin', intoMs: 1 },
  { batches: 8, at: 'done', intoMs: 5 },
  { batches: 12, at: 'begin', intoMs: 8 },
  { batches: 4, at: 'begin', intoMs: 15 },
] as const

let folder: TemporaryFolder
beforeEach(async () => {
  folder = await temporaryFolder('duckdb-kill')
})
afterEach(async () => {
  await folder.remove()
})

test('a killed store holds every acknowledged batch, no part of another, and its books close', async () => {
  const file = join(folder.path, 'series.duckdb')
  const appender = join(import.meta.dirname, 'duckdb-kill-appender.ts')
  const state = { position: 0, kills: 0 }
  for (const { batches, at, intoMs } of KILLS) {
    const child = startServer(process.execPath, ['--import', 'tsx', appender, file])
    const strikeAt = state.position + batches * TRIAL_ENTRIES
    await child.printed(new RegExp(`${at} ${strikeAt}\n`), 60_000)
    // Not a wait for anything: where in the batch the blow falls.
    await after(intoMs)
    await child.kill()
    const acknowledged = [...child.output().matchAll(/done (\d+)\n/g)].map((done) =>
      Number(done[1]),
    )
    const position = await soundPosition(file)
    const last = acknowledged.at(-1) ?? state.position
    expect(position).toBeGreaterThanOrEqual(last)
    expect(position).toBeLessThanOrEqual(last + TRIAL_ENTRIES)
    expect(position % TRIAL_ENTRIES).toBe(0)
    state.position = position
    state.kills++
  }
  expect(state.kills).toBe(KILLS.length)
  // A blow at the beginning of a batch may find it undone.
  const fewest = KILLS.reduce((sum, { batches, at }) => sum + batches - (at === 'begin' ? 1 : 0), 0)
  expect(state.position).toBeGreaterThanOrEqual(fewest * TRIAL_ENTRIES)
}, 240_000)

/** Opens the store as a restart does and checks all it holds against the entries up to its position. */
async function soundPosition(file: string): Promise<number> {
  const { store, ledger } = await openDuckdb({ file, values: 'here' })
  const position = await ledger.position()
  for (const series of TRIAL_SERIES) {
    const { values } = await store.read(series, ALWAYS)
    const revisions = await store.revisions(series, ALWAYS)
    expect(values.length).toBe((position * NEW_ROWS) / 2)
    if (position === 0) continue
    // Each entry gives its number NEW_ROWS / 2 times; the entry after revises one B row to its minus.
    const revised = series === 'B.flow' ? position - 1 : 0
    expect(revisions.length).toBe(2 * revised)
    const given = (NEW_ROWS / 2) * sumTo(position)
    const revisedAway = series === 'B.flow' ? sumTo(position - 1) + sumTo(position) - 1 : 0
    expect(values.reduce((sum, value) => sum + value, 0)).toBe(given - revisedAway)
    expect((await store.latest([series]))[0]?.value).toBe(position)
  }
  const { rows } = await ledger.books(ALWAYS)
  const total = (count: (row: (typeof rows)[number]) => number): number =>
    rows.reduce((sum, row) => sum + count(row), 0)
  const again = Math.max(0, position - 1)
  expect([
    total((row) => row.projected),
    total((row) => row.inserted),
    total((row) => row.duplicate),
    total((row) => row.revised),
    total((row) => row.observationsRefused),
  ]).toEqual([position, position * NEW_ROWS, again, again, position])
  for (const row of rows) {
    expect(row.decoded - row.inserted - row.duplicate - row.revised).toBe(row.observationsRefused)
  }
  const refusals = await ledger.refusals({ limit: 1_000_000 })
  expect(refusals.map(({ seq, payload }) => `${seq} ${payload[0]}`)).toEqual(
    Array.from(
      { length: position },
      (_, index) => `${position - index} ${(position - index) % 256}`,
    ),
  )
  const devices = await ledger.devices()
  expect(devices.reduce((sum, { messages }) => sum + messages, 0)).toBe(position)
  await store.close()
  return position
}

function sumTo(n: number): number {
  return (n * (n + 1)) / 2
}
