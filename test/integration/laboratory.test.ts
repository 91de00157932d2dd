import { createHash } from 'node:crypto'
import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { z } from 'zod'
import { sealedAssessmentSchema } from '../../src/domain/scheme/assessment.js'
import { ANY_PORTS, startProgram, type Program } from '../setup/program.js'
import { runCommand, type CommandResult } from '../setup/server-process.js'
import { smallCity } from '../setup/small-city.js'
import { SURVEY } from '../unit/src/domain/figures/clean-year.js'
import { temporaryFolder, type TemporaryFolder } from '../setup/temp-folder.js'

const WINDOW = 'from=2026-01-01T00:00:00Z&to=2026-12-31T00:00:00Z'
const HEAD = '样品编号,断面,采样时间,检测项目,检测结果,单位,检出限,天气,检测机构,CMA编号'
const listed = z.object({ items: z.array(z.looseObject({ seq: z.int() })) })

let folder: TemporaryFolder
let data = ''
let program: Program

beforeAll(async () => {
  folder = await temporaryFolder('laboratory')
  data = join(folder.path, 'data')
  const city = join(folder.path, 'city.yaml')
  const level = {
    ...{ device: 'A', field: 'level', quantity: 'level', unit: 'm' },
    ...{ kind: '{ type: instant }', reporting: '{ type: periodic, intervalS: 60 }' },
  }
  await writeFile(city, smallCity({ sensors: [level] }))
  program = await startProgram(['--data', data, '--city', city, ...ANY_PORTS])
})

afterAll(async () => {
  await program.process.stop()
  await folder.remove()
})

async function imported(
  name: string,
  lines: readonly string[],
  ...flags: readonly string[]
): Promise<CommandResult> {
  const file = join(folder.path, name)
  await writeFile(file, `${[HEAD, ...lines].join('\n')}\n`)
  return await runCommand(process.execPath, [
    ...['dist/src/app/main.js', 'import', file, '--kind', 'lab', '--data', data, '--json'],
    ...['--person', 'Li Wei', '--zone', 'Asia/Shanghai', ...flags],
  ])
}

async function stands(expected: readonly object[]): Promise<void> {
  const look = async (): Promise<void> => {
    const { items } = listed.parse(await program.json(`/laboratory-results?${WINDOW}`))
    expect(items).toMatchObject(expected)
    expect(items).toHaveLength(expected.length)
  }
  await vi.waitFor(look, { timeout: 20_000, interval: 50 })
}

const JULY = [
  'W-1,河口,2026/7/1 09:30,氨氮,0.025L,mg/L,0.025,雨后,市监测站,210012050001',
  'W-1,河口,2026/7/1 09:30,化学需氧量,18,mg/L,4,,市监测站,210012050001',
  'W-1,河口,2026/7/1 09:30,pH,7.4,,,,市监测站,210012050001',
  'W-1,河口,2026/7/1 09:30,汞,ND,ug/L,0.04,,市监测站,210012050001',
]
const NOON = Date.UTC(2026, 6, 1, 1, 30)

test('results come in with their report, stay below their limit, and outlive a kill and a rebuild', async () => {
  const report = join(folder.path, 'july.pdf')
  await writeFile(report, 'the report')
  const first = await imported('july.csv', JULY, '--report', report)
  expect(first).toMatchObject({ code: 0, stderr: '' })
  expect(JSON.parse(first.stdout)).toMatchObject({
    ...{ lines: 4, results: 4, sent: 4, alreadyThere: 0, faultyLines: 0, unused: ['汞'] },
  })
  const reportSha256 = createHash('sha256').update('the report').digest('hex')
  const common = { sample: 'W-1', section: '河口', sampledMs: NOON, person: 'Li Wei', reportSha256 }
  const expected = [
    {
      ...common,
      parameter: 'ammoniaNitrogen',
      value: null,
      detectionLimit: 0.025,
      unit: 'mg/L',
      weather: 'after-rain',
    },
    { ...common, parameter: 'cod', value: 18, cma: '210012050001' },
    { ...common, parameter: 'ph', value: 7.4, unit: '[pH]', detectionLimit: null },
    { ...common, parameter: '汞', value: null, detectionLimit: 0.04, unit: 'ug/L' },
  ]
  await stands(expected)

  const again = await imported('july.csv', JULY, '--report', report)
  expect(JSON.parse(again.stdout)).toMatchObject({ sent: 0, alreadyThere: 4 })
  const mended = [JULY[1]?.replace(',18,', ',19,') ?? '']
  const revision = await imported('mended.csv', mended, '--revision', '1', '--report', report)
  expect(JSON.parse(revision.stdout)).toMatchObject({ sent: 1 })
  const after = expected.map((item) => (item.parameter === 'cod' ? { ...item, value: 19 } : item))
  await stands(after)

  await program.process.kill()
  program = await startProgram(['--data', data, ...ANY_PORTS])
  await stands(after)
  const known = await imported('july.csv', JULY)
  expect(JSON.parse(known.stdout)).toMatchObject({ sent: 0, alreadyThere: 4 })

  await program.process.stop()
  await rm(join(data, 'store.duckdb'))
  const rebuilt = await runCommand(process.execPath, [
    ...['dist/src/app/main.js', 'rebuild', '--data', data],
  ])
  expect(rebuilt).toMatchObject({ code: 0 })
  program = await startProgram(['--data', data, ...ANY_PORTS])
  await stands(after)
  // Results belong to no device, so the books close around them.
  expect(await program.json('/ledger')).toMatchObject({ closes: true })
  const one = await program.json(`/laboratory-results?${WINDOW}&parameter=ph`)
  expect(listed.parse(one).items).toHaveLength(1)
})

test('a survey takes the samples that were imported, and comes to what it does with them written out', async () => {
  const names = { ph: 'pH', redoxPotential: 'ORP', transparency: '透明度' } as const
  const lines = SURVEY.samples.flatMap(({ id, section, day, cmaNumber, values }) =>
    values.map(({ item, value, unit }) => {
      const name = item in names ? names[item as keyof typeof names] : item
      return `${id},${section},${day} 09:00,${name},${value},${unit},,晴天,City Lab,${cmaNumber}`
    }),
  )
  const sent = await imported('year.csv', lines)
  expect(JSON.parse(sent.stdout)).toMatchObject({ results: lines.length, unused: [] })
  const evidence = ['cma-report', 'baseline'].map((slot) => ({ slot, title: 't' }))
  const assessed = async (samples: unknown): Promise<unknown> => {
    const statement = { item: '635-5', justification: 'j', statedBy: 's', evidence }
    const body = {
      ...{ scheme: 'mohurd-635-2015', from: '2025-07-01T00:00:00Z', to: '2026-07-01T00:00:00Z' },
      statements: [{ ...statement, figures: { ...SURVEY, samples } }],
    }
    const answer = await fetch(`${program.http}/api/v1/assessments`, {
      method: 'POST',
      headers: { authorization: `Bearer ${program.token}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
    expect(answer.status).toBe(200)
    const { assessment } = sealedAssessmentSchema.parse(await answer.json())
    const item = assessment.items.find(({ id }) => id === '635-5')
    return [item?.verdict, item?.value, item?.findings[0]?.figures?.steps]
  }
  const written = await assessed(SURVEY.samples)
  expect(written).toMatchObject(['PASS', 1, {}])
  await vi.waitFor(async () => expect(await assessed('imported')).toEqual(written), {
    timeout: 20_000,
    interval: 200,
  })
})

test('a faulty file is refused whole, with line, column and what would be right', async () => {
  const before = listed.parse(await program.json(`/laboratory-results?${WINDOW}`)).items.length
  const faulty = await imported('faulty.csv', [
    'W-2,河口,2026/7/2 09:30,氨氮,ND,mg/L,,,市监测站,1',
    'W-2,河口,2026/7/2 09:30,化学需氧量,18,cm,4,,市监测站,1',
    'W-2,河口,1 July,pH,7.4,,,,市监测站,1',
    'W-2,河口,2026/7/2 09:30,总磷,lots,mg/L,,,市监测站,1',
    'W-2,河口,2099/7/2 09:30,总氮,1.2,mg/L,,,市监测站,1',
    'W-2,,2026/7/2 09:30,悬浮物,12,mg/L,,,市监测站,1',
    'W-3,河口,2026/7/2 09:30,悬浮物,12,mg/L,,,市监测站,1',
    'W-3,河口,2026/7/2 09:30,SS,13,mg/L,,,市监测站,1',
    'W-4,河口,2026/7/2 09:30,化学需氧量,-5,mg/L,4,,市监测站,1',
  ])
  expect(faulty).toMatchObject({ code: 2, stdout: '' })
  const lines = faulty.stderr.split('\n').map((line) => line.replace(/^.*faulty\.csv/, ''))
  expect(lines[0]).toMatch(/^:2 detection_limit is empty: /)
  expect(lines[1]).toBe(':3 unit: "cm" cannot be converted to mg/L, the unit of cod')
  expect(lines[2]).toMatch(/^:4 time: "1 July" is no ISO 8601 time/)
  expect(lines[3]).toMatch(/^:5 value: "lots" is neither a number nor/)
  expect(lines[4]).toBe(':6 time: 2099/7/2 09:30 is still to come')
  expect(lines[5]).toMatch(/^:7 section is empty: /)
  expect(lines[6]).toBe(':9 suspendedSolids of sample W-3 stands in line 8 already')
  expect(lines[7]).toBe(':10 value: -5 is negative; cod is at least 0')
  expect(lines[8]).toMatch(/nothing was sent/)
  const still = listed.parse(await program.json(`/laboratory-results?${WINDOW}`)).items.length
  expect(still).toBe(before)

  const noColumn = join(folder.path, 'short.csv')
  await writeFile(noColumn, 'sample,section\nW,河口\n')
  const short = await runCommand(process.execPath, [
    ...['dist/src/app/main.js', 'import', noColumn, '--kind', 'lab', '--data', data],
  ])
  expect(short).toMatchObject({ code: 2 })
  expect(short.stderr).toContain('lacks the column time or sampled_at')
})
