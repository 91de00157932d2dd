import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { runCommand, type CommandResult } from '../setup/server-process.js'
import { temporaryFolder, type TemporaryFolder } from '../setup/temp-folder.js'

let folder: TemporaryFolder

beforeAll(async () => {
  folder = await temporaryFolder('swmm')
})

afterAll(async () => {
  await folder.remove()
})

async function rainledger(...args: readonly string[]): Promise<CommandResult> {
  return await runCommand(process.execPath, ['dist/src/app/main.js', ...args])
}

async function run(...args: readonly string[]): Promise<CommandResult> {
  return await rainledger('swmm', 'run', ...args)
}

async function file(name: string, text: string): Promise<string> {
  const path = join(folder.path, name)
  await writeFile(path, text)
  return path
}

const ROOFS = `[OPTIONS]
FLOW_UNITS LPS
START_DATE 06/01/2020
END_DATE 06/01/2020
END_TIME 06:00
WET_STEP 0:00:30
REPORT_STEP 0:01:00
INERTIAL_DAMPING FULL
[RAINGAGES]
R1 INTENSITY 0:05 1.0 TIMESERIES TS
[SUBCATCHMENTS]
"S, 1" R1 O1 1.0 100 100 0.5 0
[SUBAREAS]
"S, 1" 0.013 0.20 1.5 5.0 0 OUTLET
[INFILTRATION]
"S, 1" 76 5 4 7 0
[OUTFALLS]
O1 0 FREE NO
[TIMESERIES]
TS FILE rain.dat
`

/** 60 mm/h for two hours. */
const RAIN = Array.from({ length: 24 }, (_, i) => `${i / 12} 60`).join('\n')

test('swmm run prints the balance, names what it ignores and writes the series', async () => {
  await file('rain.dat', RAIN)
  const path = await file('roofs.inp', ROOFS)
  const out = join(folder.path, 'runoff.csv')
  const ended = await run(path, '--json', '--out', out)
  expect(ended.code).toBe(0)
  const answer = z
    .object({
      start: z.string(),
      end: z.string(),
      ignored: z.array(z.string()),
      subcatchments: z.array(z.record(z.string(), z.union([z.number(), z.string()]))),
      nodes: z.array(z.object({ name: z.string(), inflowM3: z.number() })),
      continuity: z.object({ runoff: z.object({ errorPercent: z.number() }) }),
    })
    .parse(JSON.parse(ended.stdout))
  expect(answer).toMatchObject({
    start: '2020-06-01T00:00:00',
    end: '2020-06-01T06:00:00',
    ignored: ['[OPTIONS] INERTIAL_DAMPING'],
  })
  // 120 mm of rain less 1.5 mm in hollows; 60 mm/h over a hectare are 166.67 L/s.
  const [own] = answer.subcatchments
  expect(own).toMatchObject({ name: 'S, 1', infilMm: 0, evapMm: 0 })
  expect(own?.['precipMm']).toBeCloseTo(120, 6)
  expect(own?.['runoffMm']).toBeCloseTo(118.5, 0)
  expect(own?.['peakLps']).toBeCloseTo(166.67, 1)
  expect(answer.nodes[0]?.inflowM3).toBeCloseTo(10 * Number(own?.['runoffMm']), 4)
  expect(answer.continuity.runoff.errorPercent).toBeCloseTo(0, 6)
  const [head, first, ...rest] = (await readFile(out, 'utf8')).trimEnd().split('\n')
  expect(head).toBe('time,minute,"S, 1_L_per_s",O1_L_per_s')
  expect(first).toBe('2020-06-01T00:01:00,1,0.0000,0.0000')
  expect(rest.length).toBe(359)
})

test('without --json the same is a table', async () => {
  await file('rain.dat', RAIN)
  const ended = await run(await file('roofs.inp', ROOFS))
  expect(ended.code).toBe(0)
  expect(ended.stdout).toContain('S, 1')
  expect(ended.stdout).toContain('continuity error: runoff 0 %, routing 0 %')
  expect(ended.stdout).toContain('ignored: [OPTIONS] INERTIAL_DAMPING')
})

test('faults are told with file and line, and what is not supported by its name', async () => {
  const missing = await run(join(folder.path, 'nowhere.inp'))
  expect(missing.code).toBe(2)
  expect(missing.stderr).toContain('there is no such file')
  await file('rain.dat', RAIN)
  const path = await file('pumps.inp', `${ROOFS.replace('100 100', '101 100')}[PUMPS]\nP1 A B C\n`)
  const ended = await run(path, '--json')
  expect(ended.code).toBe(2)
  expect(ended.stdout).toBe('')
  expect(ended.stderr).toContain(`${path}:12 [SUBCATCHMENTS] impervious, % "101"`)
  expect(ended.stderr).toContain(
    `${path}:22 [PUMPS] this section is not supported and would change the result`,
  )
})

test('city from-inp prints a registry that city check finds faultless', async () => {
  const path = await file('roofs.inp', ROOFS.replace('"S, 1" R1', '"雨水 1" R1'))
  const nowhere = await rainledger('city', 'from-inp', path)
  expect(nowhere.code).toBe(2)
  expect(nowhere.stderr).toContain('rain gauge "R1" has no position in degrees')
  const ended = await rainledger('city', 'from-inp', path, '--at', '121.47,31.23')
  expect(ended.stderr).toBe('')
  expect(ended.code).toBe(0)
  const registry = await file('city.yaml', ended.stdout)
  const checked = await rainledger('city', 'check', registry)
  expect(checked.code).toBe(0)
  expect(checked.stdout).toContain('faultless; 1 devices with 1 sensors, 1 catchments, 1 outfalls')
  expect(checked.stdout).toContain('unverified')
})
