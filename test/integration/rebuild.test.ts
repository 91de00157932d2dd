import { existsSync } from 'node:fs'
import { readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { connectAsync } from 'mqtt'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startInfluxd, type Influxd } from '../setup/influxd.js'
import { untilProjected } from '../setup/ledger.js'
import { observations, type ServedObservation } from '../setup/observations.js'
import { ANY_PORTS, startProgram, type Program } from '../setup/program.js'
import { runCommand, startServer, type CommandResult } from '../setup/server-process.js'
import { smallCity } from '../setup/small-city.js'
import { temporaryFolder, type TemporaryFolder } from '../setup/temp-folder.js'

const MAIN = 'dist/src/app/main.js'
const START_S = 1_700_000_000
const MESSAGES = 200
/** Every tenth comes twice. */
const COPIES = 20
const WINDOW = { fromMs: START_S * 1000, toMs: (START_S + MESSAGES * 60) * 1000 }

const LEVEL = {
  ...{ device: 'A', field: 'level', quantity: 'level', unit: 'm' },
  ...{ kind: '{ type: instant }', reporting: '{ type: periodic, intervalS: 60 }' },
}
const TEMPERATURE = { ...LEVEL, field: 'temp', quantity: 'water_temperature', unit: 'Cel' }

/** The registry as it should have been: a sensor that was forgotten, and a calibration. */
const MENDED = smallCity({ sensors: [LEVEL, TEMPERATURE] }).replace(
  'field: level,',
  "field: level, calibrations: [{ from: '2000-01-01T00:00:00Z', gain: 2, offset: 0.25, certificate: C-1 }],",
)

/** Level 1, 2, 3 … m, one a minute; the temperature is 10 °C throughout; every tenth message comes twice. */
function pack(number: number): string {
  const atS = START_S + number * 60
  return `[{"n":"level","u":"m","v":${number + 1},"t":${atS}},{"n":"temp","u":"Cel","v":10,"t":${atS}}]`
}

let folder: TemporaryFolder

beforeAll(async () => {
  folder = await temporaryFolder('rebuild')
  await writeFile(join(folder.path, 'city.yaml'), smallCity({ sensors: [LEVEL] }))
  await writeFile(join(folder.path, 'mended.yaml'), MENDED)
})

afterAll(async () => {
  await folder.remove()
})

async function rainledger(...args: readonly string[]): Promise<CommandResult> {
  return await runCommand(process.execPath, [MAIN, ...args])
}

async function start(data: string, store: readonly string[]): Promise<Program> {
  const city = ['--city', join(folder.path, 'city.yaml')]
  return await startProgram(['--data', data, ...city, ...store, ...ANY_PORTS])
}

/** Fills a new data folder by MQTT, then mends the registry; the service is stopped again. */
async function filled(data: string, store: readonly string[]): Promise<void> {
  const program = await start(data, store)
  const client = await connectAsync(program.mqtt, {
    username: 'A',
    password: await program.secretOf('A'),
  })
  for (let number = 0; number < MESSAGES; number++) {
    const copies = number % 10 === 0 ? 2 : 1
    for (let copy = 0; copy < copies; copy++) {
      await client.publishAsync('rl/v1/small/A/up', pack(number), { qos: 1 })
    }
  }
  await client.endAsync()
  const totals = await untilProjected(program)
  expect(totals).toMatchObject({ inserted: MESSAGES, observationsRefused: MESSAGES + COPIES })
  const mended = join(folder.path, 'mended.yaml')
  const applied = await rainledger('city', 'apply', mended, '--data', data, '--reason', 'mended')
  expect(applied.stderr).toBe('')
  await program.process.stop()
}

/** Whatever the pages and the evaluators are told. */
async function told(program: Program): Promise<unknown> {
  const lastDay = `from=${Date.now() - 86_400_000}&to=${Date.now() + 3_600_000}`
  return {
    level: await observations(program, 'A.level', WINDOW),
    temperature: await observations(program, 'A.temp', WINDOW),
    ledger: await program.json(`/ledger?${lastDay}`),
    refusals: await program.json('/refusals'),
    devices: await program.json('/devices'),
  }
}

async function there(file: string): Promise<void> {
  while (!existsSync(file)) await new Promise((resolve) => setTimeout(resolve, 5))
}

function values(served: readonly ServedObservation[]): (number | null)[] {
  return served.map(({ value }) => value)
}

/** What the mended registry makes of the messages, worked out by hand. */
async function expectMended(program: Program): Promise<void> {
  const numbers = Array.from({ length: MESSAGES }, (_, number) => number)
  const level = values(await observations(program, 'A.level', WINDOW))
  expect(level).toEqual(numbers.map((number) => 2 * (number + 1) + 0.25))
  const temperature = values(await observations(program, 'A.temp', WINDOW))
  expect(temperature).toEqual(numbers.map(() => 10))
  const totals = await untilProjected(program)
  expect(totals).toMatchObject({
    received: MESSAGES + COPIES,
    inserted: MESSAGES * 2,
    duplicate: COPIES * 2,
    observationsRefused: 0,
  })
}

describe('with DuckDB', () => {
  let data = ''
  beforeAll(async () => {
    data = join(folder.path, 'duckdb')
    await filled(data, [])
  })

  test('refused beside a service; killed at any time, the old store or the new one is in force', async () => {
    const before = await start(data, [])
    const old = await told(before)
    // The journal is owned by the service: nothing may be rebuilt beside it.
    expect((await rainledger('rebuild', '--data', data)).code).toBe(3)
    await before.process.kill()

    for (const file of ['rebuilding.duckdb', 'rebuilding.duckdb.wal']) {
      const server = startServer(process.execPath, [MAIN, 'rebuild', '--data', data])
      await Promise.race([there(join(data, file)), server.printed(/100 %/, 30_000)])
      await server.kill()
    }
    const after = await start(data, [])
    const now = await told(after)
    // Whether a kill came before or after the new name was given is chance; between there is nothing.
    if (JSON.stringify(now) === JSON.stringify(old)) {
      expect(values(await observations(after, 'A.temp', WINDOW))).toEqual([])
    } else {
      await expectMended(after)
    }
    await after.process.stop()
  })

  test('values get the calibration, refused observations come in, the books close', async () => {
    const result = await rainledger('rebuild', '--data', data, '--json')
    expect(result).toMatchObject({ code: 0 })
    expect(JSON.parse(result.stdout)).toMatchObject({
      entries: MESSAGES + COPIES + 2,
      inserted: MESSAGES * 2,
      duplicate: COPIES * 2,
      refusals: {},
    })
    expect((await readdir(data)).filter((name) => name.startsWith('rebuilding'))).toEqual([])
    const program = await start(data, [])
    await expectMended(program)
    await program.process.stop()
  })

  test('once more, and from nothing, it gives the same', async () => {
    const first = await start(data, [])
    const told1 = await told(first)
    await first.process.stop()
    const again = await rainledger('rebuild', '--data', data)
    expect(again.stdout).toContain(`${MESSAGES * 2} inserted`)
    const second = await start(data, [])
    expect(await told(second)).toEqual(told1)
    await second.process.stop()
  })

  test('a wrong folder and --into end with 2 and say what would be right', async () => {
    const nothing = await rainledger('rebuild', '--data', join(folder.path, 'nowhere'))
    expect(nothing.code).toBe(2)
    expect(nothing.stderr).toContain('rainledger.json')
    const into = await rainledger('rebuild', '--data', data, '--into', 'other')
    expect(into.code).toBe(2)
    expect(into.stderr).toContain('rebuilt in place')
  })
})

describe('with InfluxDB', () => {
  let influxd: Influxd
  beforeAll(async () => {
    influxd = await startInfluxd()
  })
  afterAll(async () => {
    await influxd.stop()
  })

  test('the values go into a new database, and the old one is refused from then on', async () => {
    const data = join(folder.path, 'influx')
    const at = ['--influx-url', influxd.url]
    const store = ['--store', 'influx', ...at]
    await filled(data, [...store, '--influx-database', 'old'])

    const without = await rainledger('rebuild', '--data', data, ...at)
    expect(without.code).toBe(2)
    expect(without.stderr).toContain('--into')
    const full = await rainledger('rebuild', '--data', data, ...at, '--into', 'old')
    expect(full.code).toBe(2)
    expect(full.stderr).toContain('holds observations already')
    const away = ['--influx-url', 'http://127.0.0.1:1', '--into', 'new']
    expect((await rainledger('rebuild', '--data', data, ...away)).code).toBe(3)

    const result = await rainledger('rebuild', '--data', data, ...at, '--into', 'new')
    expect(result).toMatchObject({ code: 0 })
    expect(result.stdout).toContain('--influx-database new')

    const refused = await rainledger(
      ...['up', '--data', data, ...store, '--influx-database', 'old', ...ANY_PORTS],
    )
    expect(refused.code).toBe(2)
    expect(refused.stderr).toContain('start with --influx-database new')
    const program = await start(data, [...store, '--influx-database', 'new'])
    await expectMended(program)
    await program.process.stop()
  })
})
