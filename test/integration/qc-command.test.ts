import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { runCommand, type CommandResult } from '../setup/server-process.js'
import { temporaryFolder, type TemporaryFolder } from '../setup/temp-folder.js'

let folder: TemporaryFolder

beforeAll(async () => {
  folder = await temporaryFolder('qc')
})

afterAll(async () => {
  await folder.remove()
})

const reportSchema = z.strictObject({
  file: z.string(),
  lines: z.int(),
  faultyLines: z.int(),
  columns: z.array(
    z.strictObject({
      column: z.string(),
      quantity: z.string().nullable(),
      unit: z.string().nullable(),
      intervalS: z.number().nullable(),
      outOfOrder: z.int(),
      repeatedTimes: z.int(),
      atMs: z.array(z.int()),
      flags: z.array(z.int()),
      tests: z.array(z.int()),
      verdicts: z.array(
        z.strictObject({
          test: z.string(),
          bit: z.int(),
          settings: z.unknown(),
          flags: z.array(z.int()),
        }),
      ),
      notSet: z.array(z.string()),
      counts: z.record(z.string(), z.int()),
    }),
  ),
})

async function written(name: string, content: string | Uint8Array): Promise<string> {
  const path = join(folder.path, name)
  await writeFile(path, content)
  return path
}

function qc(...args: readonly string[]): Promise<CommandResult> {
  return runCommand(process.execPath, ['dist/src/app/main.js', 'qc', ...args])
}

/** Runs the command with --json and reads what it printed. */
async function report(csv: string | Uint8Array, config: string, ...args: readonly string[]) {
  const file = await written('record.csv', csv)
  const { code, stdout, stderr } = await qc(
    file,
    '--config',
    await written('config.yaml', config),
    '--json',
    ...args,
  )
  expect(stderr).toBe('')
  return { code, report: reportSchema.parse(JSON.parse(stdout)) }
}

/** Rows every 15 min from 2026-01-01T00:00 local. */
function csv(header: string, rows: readonly string[]): string {
  const lines = rows.map((row, i) => {
    const local = new Date(Date.UTC(2026, 0, 1) + i * 900_000).toISOString().slice(0, 19)
    return `${local},${row}`
  })
  return [`time,${header}`, ...lines, ''].join('\n')
}

const TIME = `format: 1
time: { column: time, zone: '+08:00' }
`

test('every value gets the flag that the QARTOD rules say, and each test’s own beside it', async () => {
  const rows = ['10', '12', '999.99', '13', '15', '40', '9', '9', '', '10']
  const { code, report: found } = await report(
    csv('temp', rows),
    `${TIME}columns:
  - column: temp
    tests:
      grossRange: { fail: [-5, 100], suspect: [0, 40] }
      spike: { suspect: 25, fail: 50 }
`,
  )
  expect(code).toBe(1)
  const [temp] = found.columns
  expect(temp?.verdicts.map(({ test, flags }) => ({ test, flags }))).toEqual([
    { test: 'gross-range', flags: [1, 1, 4, 1, 1, 1, 1, 1, 9, 1] },
    { test: 'spike', flags: [2, 4, 4, 4, 1, 3, 1, 2, 9, 2] },
  ])
  expect(temp?.flags).toEqual([1, 4, 4, 4, 1, 3, 1, 1, 9, 1])
  expect(temp?.tests).toEqual([0b1, 0b101, 0b101, 0b101, 0b101, 0b101, 0b101, 0b1, 0, 0b1])
  expect(temp?.counts).toEqual({ good: 5, notEvaluated: 0, suspect: 1, fail: 3, missing: 1 })
  expect(temp?.atMs[0]).toBe(Date.parse('2025-12-31T16:00:00Z'))
  expect(temp?.intervalS).toBe(900)
  expect(temp?.notSet).toContain('flat-line')
})

test('a gzipped record without doubt ends with 0, whatever the order of its lines', async () => {
  const lines = csv('temp', ['1', '2', '3', '4', '5']).trim().split('\n')
  const [header = '', first = '', second = '', ...others] = lines
  const shuffled = [header, second, first, ...others].join('\n')
  const { code, report: found } = await report(
    gzipSync(shuffled),
    `${TIME}columns: [{ column: temp, tests: { rateOfChange: { failPerS: 0.0012 } } }]\n`,
  )
  expect(code).toBe(0)
  // 1 per 900 s is 0.00111 per s; in the file's order it would be 2 per 1800 s and back.
  expect(found.columns[0]).toMatchObject({ flags: [2, 1, 1, 1, 1], outOfOrder: 1 })
})

test('defaults come from the quantity, in its unit, and can be set off', async () => {
  const config = (tests: string): string => `${TIME}columns:
  - { column: level, quantity: level, unit: cm${tests} }
`
  // 3 m in 15 min is 1 m in 5 min, the most that our default allows.
  const record = csv('level', ['0', '300', '0', '301'])
  const withDefault = await report(record, config(''))
  expect(withDefault.report.columns[0]).toMatchObject({ unit: 'm', flags: [2, 1, 1, 3] })
  expect(withDefault.report.columns[0]?.verdicts[0]?.settings).toMatchObject({
    source: 'Rainledger’s own default, step (recommended: no rule fixes it)',
  })
  const without = await report(record, config(', tests: { rateOfChange: off }'))
  expect(without.code).toBe(0)
  expect(without.report.columns[0]).toMatchObject({ flags: [2, 2, 2, 2], verdicts: [] })
})

test('a rain gauge is held against the other gauges of the file', async () => {
  const rows = ['0,0,0', '0,0,0', '0,3,3', '0,3,3', '0,3,3']
  const { report: found } = await report(
    csv('a,b,c', rows),
    `${TIME}columns:
  - { column: a, quantity: rain_depth }
  - { column: b, quantity: rain_depth }
  - { column: c, quantity: rain_depth }
`,
  )
  const [a, b] = found.columns
  // The hours that end with the last two rows are whole and have 6 and 9 mm at both neighbours.
  expect(a?.flags).toEqual([3, 3, 3, 3, 3])
  expect(b?.flags).toEqual([1, 1, 1, 1, 1])
})

test('positions stand in columns of their own', async () => {
  const { report: found } = await report(
    csv('ph,x,y', ['7,114,30', '7,114,80', '7,,']),
    `${TIME}columns:
  - { column: ph, tests: { location: { lon: x, lat: y, box: [113, 29, 116, 32] } } }
`,
  )
  expect(found.columns[0]?.flags).toEqual([1, 4, 2])
})

test('all faults of a configuration are named at once with their lines', async () => {
  const config = await written(
    'faulty.yaml',
    `format: 1
time: { column: time, zone: Mars/Base }
columns:
  - column: temp
    unit: mm
    tests:
      spike: { suspect: 5, fail: 3 }
      wobble: 1
`,
  )
  const unread = await qc('none.csv', '--config', config)
  expect(unread.code).toBe(2)
  expect(unread.stdout).toBe('')
  expect(unread.stderr).toContain(`${config}:7 columns.0.tests.spike.suspect`)
  expect(unread.stderr).toContain(`${config}:8 columns.0.tests.wobble: no such setting`)

  const mended = await written(
    'contradictory.yaml',
    `format: 1
time: { column: time, zone: Mars/Base }
columns:
  - { column: temp, unit: mm }
  - { column: temp }
  - column: rain
    quantity: rain_depth
    tests: { neighbour: { columns: [temp] } }
`,
  )
  const { code, stderr } = await qc('none.csv', '--config', mended)
  expect(code).toBe(2)
  for (const line of [2, 4, 5, 8]) expect(stderr).toContain(`${mended}:${line} `)
})

test('a file that cannot be read whole is bad input, unless its faulty lines are left out', async () => {
  const config = `${TIME}columns: [{ column: temp, tests: { grossRange: { fail: [0, 9] } } }]\n`
  const file = await written('faulty.csv', csv('temp', ['1', 'n/a', '2']))
  const whole = await qc(file, '--config', await written('plain.yaml', config))
  expect(whole.code).toBe(2)
  expect(whole.stderr).toContain(`${file}:3 temp: "n/a" is no number`)

  const partly = await report(csv('temp', ['1', 'n/a', '2']), config, '--skip-faulty')
  expect(partly.report).toMatchObject({ lines: 3, faultyLines: 1 })
  expect(partly.report.columns[0]?.flags).toEqual([1, 1])

  const other = await written('other.yaml', `${TIME}columns: [{ column: depth }]\n`)
  const absent = await qc(file, '--config', other)
  expect(absent.code).toBe(2)
  expect(absent.stderr).toContain('depth')

  const none = await qc(join(folder.path, 'none.csv'), '--config', other)
  expect(none.code).toBe(2)
})

test('a file without rows is bad input, not a clean bill', async () => {
  const config = await written('plain.yaml', `${TIME}columns: [{ column: temp }]\n`)
  expect((await qc(await written('empty.csv', 'time,temp\n'), '--config', config)).code).toBe(2)
})

test('the example in the help is a configuration that runs', async () => {
  const { code, stdout } = await qc('--help')
  expect(code).toBe(0)
  const example = /^ {2}format: 1\n[\s\S]*?\n\n/m.exec(stdout)?.[0] ?? ''
  expect(example).toContain('attenuatedSignal')
  const { report: found } = await report(
    csv('temp,lon,lat,rg1,rg2', ['50,114,30,0,0', '50.5,114,30,0,0.2', '51,114,30,0,0']),
    example.replace('column: time_local', 'column: time').replaceAll(/^ {2}/gm, ''),
  )
  expect(found.columns.map(({ column }) => column)).toEqual(['temp', 'rg1', 'rg2'])
  expect(found.columns[0]?.verdicts).toHaveLength(8)
})
