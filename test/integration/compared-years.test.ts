import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { sealedAssessmentSchema } from '../../src/domain/scheme/assessment.js'
import { untilProjected } from '../setup/ledger.js'
import { ANY_PORTS, startProgram, type Program } from '../setup/program.js'
import { runCommand, type CommandResult } from '../setup/server-process.js'
import { smallCity } from '../setup/small-city.js'
import { temporaryFolder, type TemporaryFolder } from '../setup/temp-folder.js'

const DAY_MS = 86_400_000
const DEVICES = ['W1', 'W2', 'TI', 'TO'] as const

let folder: TemporaryFolder
let program: Program
let data = ''

/** Daily means of 2015 to 2024, each stamped with the end of its local day. */
function tenYears(): string {
  const lines = ['time,level_m,depth_cm,inside,outside']
  for (let ms = Date.UTC(2015, 0, 1); ms < Date.UTC(2025, 0, 1); ms += DAY_MS) {
    const year = new Date(ms).getUTCFullYear()
    // Both wells fall by 0.4 m a year to 2019, by 0.1 m a year from 2020.
    const fallM = year < 2020 ? 0.4 * (year - 2015) : 1.6 + 0.1 * (year - 2019)
    // A season has as many days above its mean as below it.
    const wobble = (ms / DAY_MS) % 2 === 0 ? 1 : -1
    const [inside, outside] = year < 2020 ? [28, 26] : [28.5, 27]
    const cells = [20 - fallM, 1000 + 100 * fallM, inside + wobble, outside + wobble]
    const end = new Date(ms + DAY_MS).toISOString().slice(0, 10)
    lines.push([`${end} 00:00`, ...cells.map((value) => value.toFixed(3))].join())
  }
  return `${lines.join('\n')}\n`
}

async function rainledger(...args: readonly string[]): Promise<CommandResult> {
  return await runCommand(process.execPath, ['dist/src/app/main.js', ...args])
}

beforeAll(async () => {
  folder = await temporaryFolder('compared-years')
  data = join(folder.path, 'data')
  const daily = {
    field: 'value',
    kind: '{ type: interval-mean }',
    reporting: '{ type: periodic, intervalS: 86400 }',
  }
  const air = { quantity: 'air_temperature', unit: 'Cel', ...daily }
  const city = smallCity({
    sensors: [
      { device: 'W1', quantity: 'groundwater_level', unit: 'm', ...daily },
      { device: 'W2', quantity: 'groundwater_depth', unit: 'cm', ...daily },
      { device: 'TI', ...air },
      { device: 'TO', ...air },
    ],
    more: `groundwater:
  wells:
    - { sensor: W1.value, areaM2: 300 }
    - { sensor: W2.value, areaM2: 100 }
  before: { fromYear: 2015, toYear: 2019 }
  after: { fromYear: 2022, toYear: 2024 }
  meanAnnualRainMm: { mm: 640, provenance: { document: yearbook } }
heatIsland:
  inside: [TI.value]
  outside: [TO.value]
  before: { fromYear: 2015, toYear: 2019 }
  after: { fromYear: 2024, toYear: 2024 }
`,
  })
    .replace('quantity: groundwater_level', 'datumM: 0, quantity: groundwater_level')
    .replace('lat: 30 } }', 'lat: 30 }, groundElevationM: 40 }')
  await writeFile(join(folder.path, 'city.yaml'), city)
  await writeFile(join(folder.path, 'days.csv'), tenYears())
  const mapping = `format: 1
time: { column: time, zone: Asia/Shanghai }
values:
  - { column: level_m, sensor: W1.value }
  - { column: depth_cm, sensor: W2.value }
  - { column: inside, sensor: TI.value }
  - { column: outside, sensor: TO.value }
`
  await writeFile(join(folder.path, 'days.yaml'), mapping)
  program = await startProgram([
    ...['--data', data, '--city', join(folder.path, 'city.yaml'), '--log-level', 'error'],
    ...ANY_PORTS,
  ])
  const imported = await rainledger(
    ...['import', join(folder.path, 'days.csv'), '--map', join(folder.path, 'days.yaml')],
    ...['--data', data],
  )
  expect(imported.code, imported.stderr).toBe(0)
  for (const device of DEVICES) await untilProjected(program, device)
})

afterAll(async () => {
  await program.process.stop()
  await folder.remove()
})

async function assessed(scheme: string, from: string, to: string) {
  const window = ['--from', `${from}T00:00:00+08:00`, '--to', `${to}T00:00:00+08:00`]
  const ended = await rainledger('assess', '--data', data, '--scheme', scheme, ...window, '--json')
  expect(ended.code, ended.stderr).toBe(0)
  const { assessment } = sealedAssessmentSchema.parse(JSON.parse(ended.stdout))
  return {
    text: ended.stdout,
    item: (id: string) => assessment.items.find((item) => item.id === id),
  }
}

test.each([
  ['mohurd-635-2015', '635-3', '635-4'],
  ['gbt-51345-2018', '51345-6', '51345-7'],
])('ten imported years of days are compared by %s', async (scheme, water, air) => {
  const found = await assessed(scheme, '2024-01-01', '2025-01-01')
  // 0.1 m a year after, 0.4 m before.
  expect(found.item(water)).toMatchObject({
    ...{ verdict: 'PASS', value: 0.1, unit: 'm/a', unverified: true },
    findings: [{ subject: 'small', zone: null }],
  })
  const result = found.item(water)?.findings[0]?.result
  // Ten years with the leap years 2016, 2020 and 2024.
  expect(result?.inputs.map(({ series, count }) => [series, count])).toEqual([
    ['W1.value', 3653],
    ['W2.value', 3653],
  ])
  expect(result?.coverage?.share).toBe(1)
  // (28.5 − 27) − (28 − 26) = −0.5 K.
  expect(found.item(air)).toMatchObject({ verdict: 'PASS', value: 1.5, unit: 'K' })
  expect((await assessed(scheme, '2024-01-01', '2025-01-01')).text).toBe(found.text)
})

test('the API serves the sections as the registry has them', async () => {
  expect(await program.json('/city')).toMatchObject({
    groundwater: {
      wells: [
        { sensor: 'W1.value', areaM2: 300, underPumping: false },
        { sensor: 'W2.value', areaM2: 100, underPumping: false },
      ],
      before: { fromYear: 2015, toYear: 2019 },
    },
    heatIsland: { inside: ['TI.value'], outside: ['TO.value'] },
  })
})

test('a day before the year is over, the year does not count', async () => {
  const found = await assessed('mohurd-635-2015', '2024-01-01', '2024-12-31')
  const result = found.item('635-3')?.findings[0]?.result
  expect(result?.parts.map(({ name }) => name)).toContain('area-level-2023')
  expect(result?.parts.map(({ name }) => name)).not.toContain('area-level-2024')
  expect(found.item('635-4')?.verdict).toBe('PASS')
})
