import { createHash } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { connectAsync } from 'mqtt'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { readMapping } from '../../src/app/mapping-file.js'
import { untilProjected } from '../setup/ledger.js'
import { observations, type ServedObservation } from '../setup/observations.js'
import { ANY_PORTS, startProgram, type Program } from '../setup/program.js'
import { runCommand, startServer, type CommandResult } from '../setup/server-process.js'
import { smallCity } from '../setup/small-city.js'
import { temporaryFolder, type TemporaryFolder } from '../setup/temp-folder.js'

const MAIN = 'dist/src/app/main.js'
const MINUTE_MS = 60_000
const BEGIN_MS = Date.UTC(2020, 0, 1)
const WHOLE = { fromMs: BEGIN_MS - 86_400_000, toMs: BEGIN_MS + 400 * 86_400_000 }

/** Each test has a device of its own, so that none sees another's rows. */
const LEVEL_DEVICES = [
  ...['SIMPLE', 'AGAIN', 'STOPPED', 'KILLED', 'REVISED', 'STAMPED', 'COUNTED', 'CLOCKLESS'],
  ...['FAULTY', 'SKIPPED', 'ZIPPED', 'UNSENT', 'TOGETHER', 'TIMES', 'QUIET', 'REMOTE'],
] as const
const WIDE_SENSORS = 40

let folder: TemporaryFolder
let program: Program

beforeAll(async () => {
  folder = await temporaryFolder('import')
  const level = {
    quantity: 'level',
    unit: 'm',
    kind: '{ type: instant }',
    reporting: '{ type: periodic, intervalS: 60 }',
  }
  const city = smallCity({
    sensors: [
      ...LEVEL_DEVICES.map((device) => ({ device, field: 'level', ...level })),
      ...Array.from({ length: WIDE_SENSORS }, (_, at) => ({
        ...{ device: 'WIDE', field: `l${at}` },
        ...level,
      })),
      {
        ...{ device: 'RG', field: 'rain', quantity: 'rain_depth', unit: 'mm' },
        kind: '{ type: increment }',
        reporting: '{ type: periodic, intervalS: 900 }',
      },
    ],
  })
    .replace(modelOf('COUNTED', 'senml-json'), modelOf('COUNTED', 'plain-json'))
    .replace(
      modelOf('CLOCKLESS', 'senml-json'),
      modelOf('CLOCKLESS', 'plain-json\n    clock: none'),
    )
  await writeFile(join(folder.path, 'city.yaml'), city)
  program = await start()
})

afterAll(async () => {
  await program.process.stop()
  await folder.remove()
})

function modelOf(device: string, model: string): string {
  return `id: ${device}\n    station: ST\n    model: ${model}\n`
}

function dataFolder(): string {
  return join(folder.path, 'data')
}

async function start(): Promise<Program> {
  const city = join(folder.path, 'city.yaml')
  return startProgram([
    ...['--data', dataFolder(), '--city', city, '--log-level', 'error'],
    ...ANY_PORTS,
  ])
}

/** A CSV file and its mapping. */
interface Files {
  readonly csv: string
  readonly map: string
}

async function files(
  name: string,
  text: string | Buffer,
  mapping: string = levelMapping(name),
): Promise<Files> {
  const csv = join(folder.path, `${name}.csv`)
  const map = join(folder.path, `${name}.yaml`)
  await writeFile(csv, text)
  await writeFile(map, mapping)
  return { csv, map }
}

function levelMapping(device: string): string {
  return `format: 1\ntime: { column: time }\nvalues:\n  - { column: level, sensor: ${device}.level }\n`
}

/** A level every minute from 2020 on: 0.000, 0.001, … 0.999, 0.000 m and so on. */
function levelFile(lines: number): string {
  const rows = Array.from(
    { length: lines },
    (_, at) => `${new Date(BEGIN_MS + at * MINUTE_MS).toISOString()},${levelAt(at)}`,
  )
  return `time,level\n${rows.join('\n')}\n`
}

function levelAt(line: number): number {
  return (line % 1_000) / 1_000
}

function expectLevels(served: readonly ServedObservation[], lines: number): void {
  expect(served.length).toBe(lines)
  const wrong = served.filter(
    ({ atMs, value }, at) => atMs !== BEGIN_MS + at * MINUTE_MS || value !== levelAt(at),
  )
  expect(wrong).toEqual([])
}

function importArgs({ csv, map }: Files, flags: readonly string[] = []): string[] {
  return [MAIN, 'import', csv, '--map', map, '--data', dataFolder(), ...flags]
}

async function runImport(source: Files, flags: readonly string[] = []): Promise<CommandResult> {
  return runCommand(process.execPath, importArgs(source, flags))
}

const resultSchema = z.strictObject({
  file: z.string(),
  sha256: z.string(),
  lines: z.number(),
  values: z.number(),
  sent: z.number(),
  alreadyThere: z.number(),
  faultyLines: z.number(),
  outOfTime: z.number(),
})

async function imported(
  source: Files,
  flags: readonly string[] = [],
): Promise<z.output<typeof resultSchema>> {
  const ended = await runImport(source, ['--json', ...flags])
  expect(ended.code, ended.stderr).toBe(0)
  return resultSchema.parse(JSON.parse(ended.stdout))
}

async function levels(device: string): Promise<ServedObservation[]> {
  return observations(program, `${device}.level`, WHOLE)
}

/** Journal entries of a device, once they are projected; 0 when it has none. */
async function entriesOf(device: string): Promise<number> {
  const path = `/ledger?device=${device}&from=${Date.now() - 86_400_000}&to=${Date.now() + 3_600_000}`
  const { totals } = z
    .object({ totals: z.object({ received: z.number() }) })
    .parse(await program.json(path))
  return totals.received
}

async function publish(device: string, payloads: readonly unknown[]): Promise<void> {
  const secret = await program.secretOf(device)
  const client = await connectAsync(program.mqtt, {
    ...{ clientId: device, username: device, password: secret },
  })
  for (const payload of payloads) {
    await client.publishAsync(`rl/v1/small/${device}/up`, JSON.stringify(payload), { qos: 1 })
  }
  await client.endAsync()
  await untilProjected(program, device)
}

describe('a file and its mapping', () => {
  test('the mapping that the README shows is one', async () => {
    const readme = await readFile('src/adapters/csv-file/README.md', 'utf8')
    const [, example = ''] = /```yaml\n([^]*?)```/.exec(readme) ?? []
    expect(readMapping(example)).toMatchObject({ ok: true, value: { values: { length: 2 } } })
  })

  test('local times and other units arrive as instants in the internal unit, said to be imported', async () => {
    const mapping = `format: 1
time: { column: Zeit, zone: America/New_York, stamps: start, intervalS: 900 }
missing: ['', '-9999']
values:
  - { column: rain, sensor: RG.rain, unit: '[in_i]' }
  - { column: level, sensor: SIMPLE.level, unit: cm, absent: skip }
`
    // 1 July 2020 is summer in New York (UTC−4), 1 February winter (UTC−5).
    const text =
      '\uFEFFZeit,rain,level\r\n2020-02-01 12:00,0.1,150\r\n2020-07-01 12:00,-9999,\r\n\r\n'
    const ended = await runImport(await files('simple', text, mapping), ['--person', '李伟'])
    expect(ended).toMatchObject({ code: 0 })
    expect(ended.stdout).toBe(
      'simple.csv: 3 values sent, 0 were there already, 0 faulty lines left out\n',
    )
    await untilProjected(program, 'RG')
    const winterMs = Date.UTC(2020, 1, 1, 17, 15)
    const summerMs = Date.UTC(2020, 6, 1, 16, 15)
    const rain = await observations(program, 'RG.rain', WHOLE)
    expect(rain).toEqual([
      { atMs: winterMs, spanMs: 900_000, value: 2.54, flag: 1, origin: 'imported' },
      { atMs: summerMs, spanMs: 900_000, value: null, flag: 9, origin: 'imported' },
    ])
    await untilProjected(program, 'SIMPLE')
    expect(await levels('SIMPLE')).toEqual([
      { atMs: winterMs, spanMs: 0, value: 1.5, flag: 2, origin: 'imported' },
    ])
  })

  test('the same command again sends nothing, and nothing is journaled', async () => {
    const source = await files('AGAIN', levelFile(3_000))
    expect(await imported(source)).toMatchObject({ values: 3_000, sent: 3_000, alreadyThere: 0 })
    const before = await untilProjected(program, 'AGAIN')
    expect(before).toMatchObject({ received: 2, decoded: 3_000, inserted: 3_000, duplicate: 0 })
    expect(await imported(source)).toMatchObject({ values: 3_000, sent: 0, alreadyThere: 3_000 })
    expect(await untilProjected(program, 'AGAIN')).toEqual(before)
    expectLevels(await levels('AGAIN'), 3_000)
  })

  test('two people who import the same file at once journal it once', async () => {
    const source = await files('TOGETHER', levelFile(10_000))
    const both = await Promise.all([imported(source), imported(source)])
    for (const one of both) expect(one.sent + one.alreadyThere).toBe(10_000)
    expect(await untilProjected(program, 'TOGETHER')).toMatchObject({
      received: 5,
      inserted: 10_000,
      duplicate: 0,
    })
  })

  test('a zipped file is read as it is; one that is cut off is refused whole', async () => {
    const zipped = gzipSync(levelFile(5_000))
    const source = await files('ZIPPED', zipped)
    expect(await imported(source)).toMatchObject({ lines: 5_000, sent: 5_000 })
    await untilProjected(program, 'ZIPPED')
    expectLevels(await levels('ZIPPED'), 5_000)

    const cut = await files('UNSENT', zipped.subarray(0, zipped.length / 2))
    const ended = await runImport(cut)
    expect(ended.code).toBe(2)
    expect(ended.stderr).toContain('UNSENT.csv')
    expect(await entriesOf('UNSENT')).toBe(0)
  })

  test('a file with many columns is sent in chunks that the service takes', async () => {
    const columns = Array.from({ length: WIDE_SENSORS }, (_, at) => `l${at}`)
    const rows = Array.from({ length: 1_500 }, (_, at) =>
      [new Date(BEGIN_MS + at * MINUTE_MS).toISOString(), ...columns.map((__, k) => at + k)].join(),
    )
    const values = columns.map((column) => `  - { column: ${column}, sensor: WIDE.${column} }`)
    const source = await files(
      'WIDE',
      `time,${columns.join()}\n${rows.join('\n')}\n`,
      `format: 1\ntime: { column: time }\nvalues:\n${values.join('\n')}\n`,
    )
    expect(await imported(source)).toMatchObject({ lines: 1_500, sent: 60_000 })
    expect(await untilProjected(program, 'WIDE')).toMatchObject({ inserted: 60_000, refused: 0 })
    const last = await observations(program, `WIDE.l${WIDE_SENSORS - 1}`, WHOLE)
    expect(last.map(({ value }) => value)).toEqual(rows.map((_, at) => at + WIDE_SENSORS - 1))
  })
})

describe('interrupted', () => {
  const LINES = 24_000

  test('an importer that is killed goes on where it stopped', async () => {
    const source = await files('STOPPED', levelFile(LINES))
    const importer = startServer(process.execPath, importArgs(source))
    await importer.printed(/\(\d+ %\)/, 20_000)
    await importer.kill()
    const done = await untilProjected(program, 'STOPPED')
    expect(done.inserted).toBeGreaterThan(0)
    expect(done.inserted, 'killed too late to prove anything').toBeLessThan(LINES)

    const again = await imported(source)
    // What was under way when it died may have become durable or not.
    expect(again.alreadyThere).toBeGreaterThanOrEqual(done.inserted)
    expect(again.sent).toBeGreaterThan(0)
    expect(again.sent + again.alreadyThere).toBe(LINES)
    const totals = await untilProjected(program, 'STOPPED')
    expect(totals).toMatchObject({ received: LINES / 2_000, inserted: LINES, duplicate: 0 })
    expectLevels(await levels('STOPPED'), LINES)
  })

  test('a service that is killed keeps what it took, and the same command sends the rest', async () => {
    const source = await files('KILLED', levelFile(LINES))
    const script = '"$0" "$@"; echo "ended with $?"'
    const importer = startServer('sh', ['-c', script, process.execPath, ...importArgs(source)])
    await importer.printed(/\(\d+ %\)/, 20_000)
    await program.process.kill()
    await importer.printed(/does not answer; is the service running\?\nended with 3/, 20_000)
    expect(importer.output()).not.toContain('values sent')

    program = await start()
    const again = await imported(source)
    expect(again.alreadyThere).toBeGreaterThan(0)
    expect(again.sent).toBeGreaterThan(0)
    expect(again.sent + again.alreadyThere).toBe(LINES)
    const totals = await untilProjected(program, 'KILLED')
    expect(totals).toMatchObject({ received: LINES / 2_000, inserted: LINES, duplicate: 0 })
    expectLevels(await levels('KILLED'), LINES)
  })
})

describe('other values for the same time', () => {
  const time = '2020-03-01T00:00:00Z'
  const atMs = Date.parse(time)

  async function importValue(device: string, value: number, revision: number): Promise<void> {
    const source = await files(device, `time,level\n${time},${value}\n`)
    expect(await imported(source, ['--revision', String(revision)])).toMatchObject({ sent: 1 })
    await untilProjected(program, device)
  }

  /** What the command sends, without the second it takes to start. */
  async function sendValue(device: string, value: number, revision: number): Promise<void> {
    const sha256 = createHash('sha256').update(`${device} ${value}`).digest('hex')
    const chunk = {
      ...{ fileSha256: sha256, mappingSha256: sha256, fileName: 'one.csv', person: 'Li Wei' },
      ...{ revision, chunk: 0, rows: [{ sensor: `${device}.level`, atMs, value, unit: null }] },
    }
    const answer = await fetch(`${program.http}/api/v1/imports/chunks`, {
      method: 'POST',
      headers: { authorization: `Bearer ${program.token}`, 'content-type': 'application/json' },
      body: JSON.stringify(chunk),
    })
    expect(await answer.json()).toEqual({ journaled: 1, known: false })
    await untilProjected(program, device)
  }

  async function current(device: string): Promise<unknown> {
    return (await levels(device)).map(({ value, origin }) => [value, origin])
  }

  test('a higher revision replaces a lower one, whichever comes first, and both stay readable', async () => {
    await importValue('REVISED', 1, 1)
    await importValue('REVISED', 3, 3)
    expect(await current('REVISED')).toEqual([[3, 'imported']])
    await importValue('REVISED', 2, 2)
    expect(await current('REVISED')).toEqual([[3, 'imported']])
    const path = `/series/REVISED.level/revisions?from=${atMs}&to=${atMs + 1}`
    const { items } = z
      .object({
        items: z.array(z.object({ value: z.number(), rank: z.number(), current: z.boolean() })),
      })
      .parse(await program.json(path))
    expect(items.map(({ value, rank, current: now }) => [value, rank, now])).toEqual([
      [3, 3, true],
      [2, 2, false],
      [1, 1, false],
    ])
    expect(await untilProjected(program, 'REVISED')).toMatchObject({ inserted: 1, revised: 2 })
  })

  test.each([
    ['that stamps its values', 'STAMPED', [{ n: 'level', v: 7, t: atMs / 1_000 }]],
    ['that counts its messages', 'COUNTED', { seq: 5, records: [{ time, level: 7 }] }],
    ['that has no clock', 'CLOCKLESS', { time, level: 7 }],
  ])('a value sent by a device %s is displaced by no import', async (_how, device, payload) => {
    await sendValue(device, 1, 9)
    expect(await current(device)).toEqual([[1, 'imported']])
    await publish(device, [payload])
    expect(await current(device)).toEqual([[7, 'measured']])
    // The largest number the command takes.
    await sendValue(device, 2, 999_999_999)
    expect(await current(device)).toEqual([[7, 'measured']])
    await sendValue(device, 7, 10)
    expect(await current(device)).toEqual([[7, 'measured']])
  })

  test('an import is no sign of life of its device', async () => {
    await sendValue('QUIET', 1, 0)
    const { items } = z
      .object({
        items: z.array(
          z.object({
            id: z.string(),
            state: z.string(),
            messages: z.number(),
            clockOffsetMs: z.number().nullable(),
          }),
        ),
      })
      .parse(await program.json('/devices'))
    expect(items.find(({ id }) => id === 'QUIET')).toMatchObject({
      state: 'never',
      messages: 0,
      clockOffsetMs: null,
    })
  })
})

describe('what is wrong is said before anything is sent', () => {
  const FAULTY = [
    'time,level',
    '2020-01-01T00:00:00Z,1',
    '2020-01-01T00:01:00Z,wet',
    '2020-01-01T00:02:00Z',
    '2020-01-01T00:03:00,1',
    '',
    '2020-01-01T00:04:00Z,0x10',
    '2020-01-01T00:05:00Z,2',
    '1/2/2020 00:06,3',
    '2020-01-01T00:07:00Z,1,5',
  ].join('\n')

  test('faulty lines are listed with their numbers', async () => {
    const ended = await runImport(await files('FAULTY', FAULTY))
    expect(ended.code).toBe(2)
    const listed = [...ended.stderr.matchAll(/FAULTY\.csv:(\d+) (.*)/g)].map(
      ([, line, text]) => `${line} ${text}`,
    )
    expect(listed.map((fault) => Number.parseInt(fault, 10))).toEqual([3, 4, 5, 7, 9, 10])
    expect(listed[0]).toContain('level: "wet" is no number')
    expect(listed[1]).toContain('1 cells, but 2 columns')
    expect(listed[2]).toContain('has no offset')
    expect(listed[4]).toContain('no ISO 8601 time')
    expect(ended.stderr).toContain('nothing was sent')
    expect(await entriesOf('FAULTY')).toBe(0)
  })

  test('with --skip-faulty the other lines are sent', async () => {
    const ended = await imported(await files('SKIPPED', FAULTY), ['--skip-faulty'])
    expect(ended).toMatchObject({ lines: 8, values: 2, sent: 2, faultyLines: 6 })
    await untilProjected(program, 'SKIPPED')
    expect((await levels('SKIPPED')).map(({ value }) => value)).toEqual([1, 2])
  })

  test('more faults than anybody reads are counted', async () => {
    const text = `time,level\n${'2020-01-01T00:00:00Z,x\n'.repeat(5_000)}`
    const ended = await runImport(await files('FAULTY', text))
    expect(ended.code).toBe(2)
    expect(ended.stderr.split('\n').length).toBeLessThan(30)
    expect(ended.stderr).toContain('and 4980 more')
  })

  test('sensors that the registry lacks and units of another kind are faults of the mapping', async () => {
    const mapping = `format: 1
time: { column: time }
values:
  - { column: a, sensor: NOBODY.level }
  - { column: b, sensor: UNSENT.level, unit: kg }
`
    const text = 'time,a,b\n2020-01-01T00:00:00Z,1,2\n'
    const { csv, map } = await files('unknown', text, mapping)
    const ended = await runImport({ csv, map })
    expect(ended.code).toBe(2)
    expect(ended.stderr).toMatch(/unknown\.yaml:4 values\.0\.sensor: .*no sensor NOBODY\.level/)
    expect(ended.stderr).toMatch(/unknown\.yaml:5 values\.1\.unit: "kg" is no unit of level/)
    expect(await entriesOf('UNSENT')).toBe(0)
  })

  test('times before the device stood there and times to come are told by sensor', async () => {
    const tomorrow = new Date(Date.now() + 86_400_000).toISOString()
    const text = `time,level\n1999-12-31T23:59:00Z,1\n2000-01-01T00:00:00Z,2\n${tomorrow},3\n`
    const source = await files('TIMES', text)
    const ended = await runImport(source)
    expect(ended.code).toBe(2)
    expect(ended.stderr).toContain(
      '1 values from 1999-12-31T23:59:00.000Z on are before device TIMES was installed',
    )
    expect(ended.stderr).toContain('in the future (TIMES.level)')
    expect(await entriesOf('TIMES')).toBe(0)

    expect(await imported(source, ['--skip-faulty'])).toMatchObject({ sent: 3, outOfTime: 2 })
    expect(await untilProjected(program, 'TIMES')).toMatchObject({
      inserted: 1,
      observationsRefused: 2,
    })
  })

  test('a wrong mapping, a missing column, a missing file and a wrong revision end with 2', async () => {
    const text = 'time,level\n2020-01-01T00:00:00Z,1\n'
    const wrong = 'format: 1\ntime: { column: time, zone: Mars }\nvalues: []\n'
    const unmapped = await files('wrong', text, wrong)
    const source = await files('UNSENT', 'when,level\n2020-01-01T00:00:00Z,1\n')
    const [mapping, column, missing, revision] = await Promise.all([
      runImport(unmapped),
      runImport(source),
      runImport({ ...source, csv: join(folder.path, 'absent.csv') }),
      runImport(source, ['--revision', '1.5']),
    ])
    expect([mapping, column, missing, revision].map(({ code }) => code)).toEqual([2, 2, 2, 2])
    expect(mapping.stderr).toMatch(/wrong\.yaml:3 values/)
    expect(column.stderr).toContain('no column time; it has when, level')
    expect(missing.stderr).toContain('absent.csv')
    expect(revision.stderr).toContain('--revision 1.5')
    expect(await entriesOf('UNSENT')).toBe(0)
  })
})

describe('the running service', () => {
  test('without one the command ends with 3 and says how to start it', async () => {
    const { csv, map } = await files('UNSENT', levelFile(1))
    const nowhere = join(folder.path, 'nowhere')
    const ended = await runCommand(process.execPath, [
      ...[MAIN, 'import', csv, '--map', map, '--data', nowhere],
    ])
    expect(ended.code).toBe(3)
    expect(ended.stderr).toContain('rainledger up')
  })

  test('one elsewhere is reached by its URL, and takes nothing without its token', async () => {
    const { csv, map } = await files('REMOTE', levelFile(1))
    const args = [MAIN, 'import', csv, '--map', map, '--url', program.http]
    const refused = await runCommand(process.execPath, args)
    expect(refused.code).toBe(2)
    expect(refused.stderr).toContain('401')
    const taken = await runCommand(process.execPath, [...args, '--token', program.token])
    expect(taken).toMatchObject({ code: 0 })
    expect(await untilProjected(program, 'REMOTE')).toMatchObject({ inserted: 1 })
  })

  test('the books of everything close', async () => {
    const totals = await untilProjected(program)
    expect(totals.inserted).toBeGreaterThan(100_000)
  })
})
