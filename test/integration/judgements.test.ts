import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { connectAsync } from 'mqtt'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { z } from 'zod'
import { eventually } from '../setup/eventually.js'
import { ANY_PORTS, startProgram, type Program } from '../setup/program.js'
import { runCommand, type CommandResult } from '../setup/server-process.js'
import { smallCity } from '../setup/small-city.js'
import { temporaryFolder, type TemporaryFolder } from '../setup/temp-folder.js'

const MINUTE_S = 60
const START_S = Date.UTC(2026, 5, 1) / 1000
const at = (minute: number): string => new Date((START_S + minute * MINUTE_S) * 1000).toISOString()
const WINDOW = `from=${at(0)}&to=${at(10)}`

let folder: TemporaryFolder
let data = ''
let program: Program

async function rainledger(...args: readonly string[]): Promise<CommandResult> {
  return await runCommand(process.execPath, ['dist/src/app/main.js', ...args])
}

const LEVEL_MAP =
  'format: 1\ntime: { column: time }\nvalues:\n  - { column: level, sensor: A.level }\n'

const observations = z.object({
  items: z.array(z.object({ value: z.number().nullable(), flag: z.int(), origin: z.string() })),
})

/** Value, flag and origin of each minute, once they are as many and the last entry has taken effect. */
async function stands(
  expected: readonly (readonly [number | null, number, string])[],
): Promise<void> {
  const look = async (): Promise<void> => {
    const answer = observations.parse(await program.json(`/series/A.level/observations?${WINDOW}`))
    const found = answer.items.map(({ value, flag, origin }) => [value, flag, origin])
    expect(found).toEqual(expected)
  }
  await vi.waitFor(look, { timeout: 20_000, interval: 50 })
}

beforeAll(async () => {
  folder = await temporaryFolder('judgements')
  data = join(folder.path, 'data')
  const city = join(folder.path, 'city.yaml')
  const level = {
    ...{ device: 'A', field: 'level', quantity: 'level', unit: 'cm' },
    ...{ kind: '{ type: instant }', reporting: '{ type: periodic, intervalS: 60 }' },
  }
  await writeFile(
    city,
    smallCity({ sensors: [level] }).replace(
      'field: level,',
      "field: level, limits: { fail: [0, 500] }, calibrations: [{ from: '2026-01-01T00:00:00Z', gain: 2, offset: 0, certificate: C1 }],",
    ),
  )
  program = await startProgram(['--data', data, '--city', city, ...ANY_PORTS])
  await send([100, 101, 102])
  await stands([
    [2, 1, 'measured'],
    [2.02, 1, 'measured'],
    [2.04, 1, 'measured'],
  ])
})

afterAll(async () => {
  await program.process.stop()
  await folder.remove()
})

/** Levels in cm, one a minute from the first. */
async function send(levels: readonly number[], fromMinute = 0): Promise<void> {
  const password = await program.secretOf('A')
  const device = await connectAsync(program.mqtt, { username: 'A', password })
  const pack = levels.map((v, index) => ({
    ...{ n: 'level', u: 'cm', v, t: START_S + (fromMinute + index) * MINUTE_S },
  }))
  await device.publishAsync('rl/v1/small/A/up', JSON.stringify(pack), { qos: 1 })
  await device.endAsync()
}

test('a mark flags what stands and what comes later, a correction stands above the device, and a rebuild from nothing makes both again, with an import', async () => {
  const marked = await rainledger(
    ...['mark', 'A.level', '--from', at(1), '--to', at(5), '--flag', 'suspect'],
    ...['--reason', 'probe silted', '--person', 'Li Wei', '--data', data],
  )
  expect([marked.code, marked.stdout]).toEqual([0, 'journaled as entry 3\n'])
  await send([103], 3)
  const expected = [
    [2, 1, 'measured'],
    [2.02, 3, 'measured'],
    [2.04, 3, 'measured'],
    [2.06, 3, 'measured'],
  ] as const
  await stands(expected)

  const corrected = await rainledger(
    ...['correct', 'A.level', '--value', `${at(1)}=2.03`, `${at(2)}=missing`],
    ...['--reason', 'read off the staff', '--person', 'Li Wei', '--data', data, '--json'],
  )
  expect(corrected.code).toBe(0)
  // Calibrated already: the gain of 2 is for what the device sends.
  const after = [expected[0], [2.03, 3, 'corrected'], [null, 9, 'corrected'], expected[3]] as const
  await stands(after)
  // A device that sends it once more changes nothing.
  await send([99], 1)
  await eventually(async () => {
    const ledger = z.object({ totals: z.object({ revised: z.int() }), closes: z.boolean() })
    const { totals, closes } = ledger.parse(await program.json('/ledger'))
    return closes && totals.revised === 3 ? true : undefined
  })
  await stands(after)

  const marks = z.object({ items: z.array(z.looseObject({})) })
  expect(marks.parse(await program.json('/marks?series=A.level')).items).toMatchObject([
    { series: 'A.level', flag: 3, person: 'Li Wei', reason: 'probe silted' },
  ])
  const csv = join(folder.path, 'level.csv')
  const map = join(folder.path, 'level.yaml')
  await writeFile(csv, `time,level\n${at(6)},105\n`)
  await writeFile(map, LEVEL_MAP)
  const imported = await rainledger('import', csv, '--map', map, '--data', data)
  expect(imported).toMatchObject({ code: 0 })
  const all = [...after, [2.1, 1, 'imported']] as const
  await stands(all)

  await program.process.stop()
  // Into nothing: all of it comes from the journal.
  await rm(join(data, 'store.duckdb'))
  const rebuilt = await rainledger('rebuild', '--data', data)
  expect(rebuilt).toMatchObject({ code: 0 })
  program = await startProgram(['--data', data, ...ANY_PORTS])
  await stands(all)
  expect(marks.parse(await program.json('/marks')).items).toHaveLength(1)
})

test.each([
  [['mark', 'B.level', '--from', at(0), '--to', at(1), '--flag', 'fail'], 'B.level'],
  [['mark', 'A.level', '--from', at(1), '--to', at(1), '--flag', 'fail'], 'after `from`'],
  [['mark', 'A.level', '--from', 'noon', '--to', at(1), '--flag', 'fail'], 'ISO 8601'],
  [['correct', 'A.level', '--value', '0.4'], 'TIME=VALUE'],
  [['correct', 'A.level', '--value', `${at(0)}=1e30`], '1e+30'],
])('%j ends with 2 and says what would be right', async (args, words) => {
  const ended = await rainledger(...args, '--reason', 'test', '--data', data)
  expect(ended.code).toBe(2)
  expect(ended.stderr).toContain(words)
})
