import { copyFile, cp, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openDuckdb } from '../../src/adapters/duckdb/index.js'
import { openJournal } from '../../src/adapters/journal/index.js'
import { openDataFolder } from '../../src/app/data-folder.js'
import { projectionSettings } from '../../src/app/projection-settings.js'
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../src/domain/time.js'
import { startIngest } from '../../src/ingest/index.js'
import { quietLogger } from '../setup/quiet-logger.js'
import { ANY_PORTS, startProgram } from '../setup/program.js'
import { runCommand, startServer, type CommandResult } from '../setup/server-process.js'
import { smallCity } from '../setup/small-city.js'
import { temporaryFolder, type TemporaryFolder } from '../setup/temp-folder.js'

const MAIN = 'dist/src/app/main.js'
const START_MS = Date.UTC(2026, 5, 1)
const DAYS = 5
const STEP_MS = 20 * MINUTE_MS
/** What is rebuilt: a part of the third day. */
const FROM_MS = START_MS + 2 * DAY_MS + 6 * HOUR_MS
const TO_MS = START_MS + 2 * DAY_MS + 12 * HOUR_MS
const WINDOW = ['--from', new Date(FROM_MS).toISOString(), '--to', String(TO_MS)]

const LEVEL = {
  ...{ field: 'level', quantity: 'level', unit: 'm' },
  ...{ kind: '{ type: instant }', reporting: '{ type: periodic, intervalS: 1200 }' },
}
const TEMPERATURE = { ...LEVEL, field: 'temp', quantity: 'water_temperature', unit: 'Cel' }
const FIRST = smallCity({ sensors: ['A', 'B'].map((device) => ({ device, ...LEVEL })) })
/** Every level doubled, and the temperatures that were refused before. */
const MENDED = smallCity({
  sensors: ['A', 'B'].flatMap((device) => [
    { device, ...LEVEL },
    { device, ...TEMPERATURE },
  ]),
}).replaceAll(
  'field: level,',
  "field: level, calibrations: [{ from: '2000-01-01T00:00:00Z', gain: 2, offset: 0, certificate: C-1 }],",
)

interface Sent {
  readonly device: string
  readonly arrivalMs: number
  readonly payload: string
}

/** Readings of two devices in step; garbage; a copy; a day that comes late, once more and with other values. */
function messages(): readonly Sent[] {
  const sent: Sent[] = []
  const reading = (device: string, atMs: number, value: number, arrivalMs: number): void => {
    const t = atMs / 1000
    const payload = JSON.stringify([
      { n: 'level', u: 'm', v: value, t },
      { n: 'temp', u: 'Cel', v: 10, t },
    ])
    sent.push({ device, arrivalMs, payload })
  }
  for (let step = 0; step * STEP_MS < DAYS * DAY_MS; step++) {
    const atMs = START_MS + step * STEP_MS
    // A level that jumps now and then, so that tests with neighbours speak.
    reading('A', atMs, step % 17 === 0 ? 3 : 1 + (step % 5) / 1000, atMs + 1_000)
    if (step % 11 !== 0) reading('B', atMs, 2 + (step % 7) / 1000, atMs + 2_000)
    if (step % 50 === 0) sent.push({ device: 'A', arrivalMs: atMs + 3_000, payload: 'garbage' })
    if (step % 40 === 0)
      reading('A', atMs, step % 17 === 0 ? 3 : 1 + (step % 5) / 1000, atMs + 4_000)
  }
  // On the last day B tells of the third: what it said, and something else.
  for (let step = 0; step < 6; step++) {
    const atMs = FROM_MS + step * STEP_MS
    reading('B', atMs, 5 + step / 1000, START_MS + 4 * DAY_MS + HOUR_MS)
  }
  return sent.toSorted((a, b) => a.arrivalMs - b.arrivalMs)
}

let folder: TemporaryFolder
let data = ''

beforeAll(async () => {
  folder = await temporaryFolder('rebuild-window')
  data = join(folder.path, 'data')
  const parts = await openDataFolder(data, 'duckdb', null)
  const clock = { nowMs: () => START_MS }
  const journal = await openJournal({ folder: parts.journal, clock })
  const { store, ledger } = await openDuckdb({ file: parts.database, values: 'here' })
  await ledger.follow(journal.id)
  const ingest = await startIngest({
    ...{ journal, store, ledger, clock, logger: quietLogger },
    ...projectionSettings({ futureToleranceS: 300 }),
    initialRegistry: { text: FIRST, person: 'test', reason: 'start' },
  })
  for (const { device, arrivalMs, payload } of messages()) {
    await journal.append({
      ...{ kind: 'message', arrivalMs, device, client: device },
      ...{ topic: `rl/v1/small/${device}/up`, qos: 1, retain: false, dup: false },
      payload: Buffer.from(payload),
    })
  }
  const [markFromMs, markToMs] = [FROM_MS - HOUR_MS, FROM_MS + HOUR_MS]
  await ingest.judgements.mark({
    ...{ series: 'A.level', fromMs: markFromMs, toMs: markToMs, flag: 3 },
    ...{ person: 'test', reason: 'silt' },
  })
  await ingest.reached(journal.head())
  await ingest.stop()
  await store.close()
  await journal.close()
})

afterAll(async () => {
  await folder.remove()
})

async function rainledger(...args: readonly string[]): Promise<CommandResult> {
  return await runCommand(process.execPath, [MAIN, ...args])
}

/** A copy of the folder; with the mended registry in force, if wanted. */
async function copied(name: string, registry: 'first' | 'mended'): Promise<string> {
  const to = join(folder.path, name)
  // Sockets by which an owner is told.
  const filter = (path: string): boolean => !basename(path).startsWith('lock')
  await cp(data, to, { recursive: true, filter })
  if (registry === 'first') return to
  const file = join(folder.path, 'mended.yaml')
  await writeFile(file, MENDED)
  const program = await startProgram(['--data', to, ...ANY_PORTS])
  const applied = await rainledger('city', 'apply', file, '--data', to, '--reason', 'mended')
  expect(applied.stderr).toBe('')
  await program.process.stop()
  return to
}

type Row = Readonly<Record<string, unknown>>

/** All that the store holds, in an order that does not depend on how it came there. */
async function dumped(of: string): Promise<Readonly<Record<string, readonly Row[]>>> {
  const file = join(folder.path, 'dump.duckdb')
  await copyFile(join(of, 'store.duckdb'), file)
  const instance = await DuckDBInstance.create(file)
  const connection = await instance.connect()
  const rows = async (query: string): Promise<readonly Row[]> =>
    (await connection.runAndReadAll(query)).getRowObjectsJson()
  const values = (table: string): string =>
    `SELECT series, ${table}.* EXCLUDE (series_id) FROM ${table} JOIN series USING (series_id) ORDER BY series, at_ms, number`
  const dump = {
    observation: await rows(values('observation')),
    revision: await rows(values('revision')),
    book: await rows('SELECT * FROM book ORDER BY ALL'),
    refusal: await rows('SELECT * FROM refusal ORDER BY id'),
    payload: await rows('SELECT * FROM refused_payload ORDER BY seq'),
    device: await rows('SELECT * FROM device ORDER BY device'),
    mark: await rows('SELECT * FROM mark ORDER BY seq'),
    store: await rows('SELECT * FROM store'),
  }
  connection.closeSync()
  instance.closeSync()
  return dump
}

function counts(dump: Awaited<ReturnType<typeof dumped>>): Readonly<Record<string, number>> {
  return Object.fromEntries(Object.entries(dump).map(([table, rows]) => [table, rows.length]))
}

test('with the registry as it was, a window made again is what it was, and so is all else', async () => {
  const before = await dumped(data)
  expect(counts(before)).toMatchObject({ store: 1, device: 2, mark: 1 })
  // Both flags of neighbours and revisions are among what has to come out the same.
  expect(new Set(before['observation']?.map((row) => row['flag']))).toEqual(new Set([1, 2, 3]))
  // Five of the six that came late stood there already; each key has both values.
  expect(before['revision']).toHaveLength(10)
  const again = await copied('same', 'first')
  const result = await rainledger('rebuild', '--data', again, ...WINDOW, '--json')
  expect([result.code, result.stderr.split('\n').at(-2)]).toEqual([
    0,
    expect.stringContaining('(100 %)') as unknown,
  ])
  expect(await dumped(again)).toEqual(before)
  const told = JSON.parse(result.stdout) as Readonly<Record<string, number>>
  // A of the third day; B from the third to the fifth, when it told of the third.
  expect(told).toMatchObject({ devices: 2, days: 4 })
  expect(told['entries']).toBeGreaterThan(200)
  expect(told['entries']).toBeLessThan(messages().length / 1.8)
})

test('a mended registry is in force in the window and its days, and nowhere else; the books close', async () => {
  const before = await dumped(data)
  const part = await copied('part', 'mended')
  const whole = await copied('whole', 'mended')
  const result = await rainledger('rebuild', '--data', part, ...WINDOW)
  expect(result).toMatchObject({ code: 0 })
  expect(result.stdout).toContain('before: ')
  expect(await rainledger('rebuild', '--data', whole)).toMatchObject({ code: 0 })
  const now = await dumped(part)
  const all = await dumped(whole)

  const isMade = (row: Row): boolean => {
    const day = Math.floor((Number(row['at_ms']) - START_MS) / DAY_MS)
    return day === 2 || (String(row['series']).startsWith('B') && day > 2)
  }
  const value = ({ series, at_ms, value: given }: Row): Row => ({ series, at_ms, value: given })
  const taken = (rows: readonly Row[] | undefined, made: boolean): readonly Row[] =>
    (rows ?? []).filter((row) => isMade(row) === made).map(value)
  expect(taken(now['observation'], true).length).toBeGreaterThan(400)
  expect(taken(now['observation'], true)).toEqual(taken(all['observation'], true))
  expect(taken(now['observation'], false)).toEqual(taken(before['observation'], false))
  expect(taken(now['revision'], true)).toEqual(taken(all['revision'], true))

  const program = await startProgram(['--data', part, ...ANY_PORTS])
  const from = `--from=${new Date(START_MS).toISOString()}`
  const to = `--to=${new Date(START_MS + 9 * DAY_MS).toISOString()}`
  expect(await rainledger('ledger', '--data', part, from, to)).toMatchObject({ code: 0 })
  await program.process.stop()
})

test('of one device only, and killed at any time, the old store or the new one is in force', async () => {
  const part = await copied('killed', 'mended')
  const before = await dumped(part)
  const args = ['rebuild', '--data', part, '--device', 'B']
  for (const afterMs of [400, 700, 900]) {
    const server = startServer(process.execPath, [MAIN, ...args])
    await new Promise((resolve) => setTimeout(resolve, afterMs))
    await server.kill()
  }
  const done = await rainledger(...args, '--json')
  expect(done).toMatchObject({ code: 0 })
  expect(JSON.parse(done.stdout)).toMatchObject({ devices: 1, days: DAYS })
  const now = await dumped(part)
  const ofA = (dump: typeof before): readonly Row[] =>
    (dump['observation'] ?? []).filter(({ series }) => String(series).startsWith('A'))
  expect(ofA(now)).toEqual(ofA(before))
  const temperatures = now['observation']?.filter(({ series }) => series === 'B.temp')
  const told = messages().filter(({ device }) => device === 'B')
  expect(temperatures).toHaveLength(new Set(told.map(({ payload }) => payload.slice(-14))).size)
})

test.each([
  [['--from', 'noon'], 'ISO 8601'],
  [['--from', '20', '--to', '10'], 'is not before'],
])('%j ends with 2 and says what would be right', async (flags, words) => {
  const ended = await rainledger('rebuild', '--data', data, ...flags)
  expect(ended.code).toBe(2)
  expect(ended.stderr).toContain(words)
})
