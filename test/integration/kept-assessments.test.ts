import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { connectAsync } from 'mqtt'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { sealedAssessmentSchema } from '../../src/domain/scheme/assessment.js'
import { untilProjected } from '../setup/ledger.js'
import { ANY_PORTS, startProgram, type Program } from '../setup/program.js'
import { runCommand, type CommandResult } from '../setup/server-process.js'
import { pondingCity } from '../setup/small-city.js'
import { temporaryFolder, type TemporaryFolder } from '../setup/temp-folder.js'

const START_S = Date.UTC(2026, 5, 1) / 1000
const WINDOW = ['--from', '2026-06-01T00:00:00Z', '--to', '2026-06-02T00:00:00Z']
const changes = z.array(z.looseObject({ what: z.string(), field: z.string() }))
const keptAnswer = z.object({
  isNew: z.boolean(),
  version: z.looseObject({ id: z.int(), version: z.int(), previous: z.int().nullable() }),
  changes,
  sealed: sealedAssessmentSchema,
})

let folder: TemporaryFolder
let data = ''
let program: Program

async function rainledger(...args: readonly string[]): Promise<CommandResult> {
  return await runCommand(process.execPath, ['dist/src/app/main.js', ...args, '--data', data])
}

/** Keeps an assessment by the scheme of the ministry, and reads the answer. */
async function keep(...more: readonly string[]): Promise<z.output<typeof keptAnswer>> {
  const ended = await rainledger(
    ...['assess', '--scheme', 'mohurd-635-2015', ...WINDOW, '--json', ...more],
    ...['--keep', '--person', 'Li Wei', '--reason', 'self-check'],
  )
  expect(ended).toMatchObject({ code: 0, stderr: '' })
  return keptAnswer.parse(JSON.parse(ended.stdout))
}

async function send(depths: readonly number[], fromMinute: number): Promise<void> {
  const password = await program.secretOf('A')
  const device = await connectAsync(program.mqtt, { username: 'A', password })
  const pack = depths.flatMap((depth, i) => [
    { n: 'depth', u: 'mm', v: depth, t: START_S + 60 * (fromMinute + i) },
    { n: 'rain', u: 'mm', v: 0.2, t: START_S + 60 * (fromMinute + i) },
  ])
  await device.publishAsync('rl/v1/small/A/up', JSON.stringify(pack), { qos: 1 })
  await device.endAsync()
  await untilProjected(program)
}

beforeAll(async () => {
  folder = await temporaryFolder('kept')
  data = join(folder.path, 'data')
  const city = join(folder.path, 'city.yaml')
  await writeFile(city, pondingCity())
  const schemes = join(folder.path, 'schemes')
  await mkdir(schemes)
  const sheet = await readFile('src/catalogue/schemes/weighted-sample.yaml', 'utf8')
  await writeFile(join(schemes, 'own.yaml'), sheet.replace('id: weighted-sample', 'id: province'))
  program = await startProgram([
    ...['--data', data, '--city', city, '--schemes', schemes, ...ANY_PORTS],
  ])
  await send([0, 90, 90, 90, 0, 0], 1)
})

afterAll(async () => {
  await program.process.stop()
  await folder.remove()
})

test('a scheme of one’s own stands beside those that come along; one that takes their name ends the start', async () => {
  const list = z.object({ items: z.array(z.object({ id: z.string() })) })
  const ids = list.parse(await program.json('/schemes')).items.map(({ id }) => id)
  expect(ids).toEqual(['gbt-51345-2018', 'mohurd-635-2015', 'weighted-sample', 'province'])
  const assessed = await rainledger('assess', '--scheme', 'province', ...WINDOW, '--json')
  expect(assessed).toMatchObject({ code: 0, stderr: '' })
  const shipped = await runCommand(process.execPath, [
    ...['dist/src/app/main.js', 'up', '--data', join(folder.path, 'other'), '--demo'],
    ...['--schemes', 'src/catalogue/schemes', ...ANY_PORTS],
  ])
  expect(shipped.code).toBe(2)
  expect(shipped.stderr).toContain('there is a scheme gbt-51345-2018 already')
})

test('late data and statements make new versions that say what changed; old ones stay, through a kill and a rebuild', async () => {
  const first = await keep()
  expect(first).toMatchObject({
    isNew: true,
    version: { version: 1, previous: null, person: 'Li Wei', reason: 'self-check' },
    changes: [],
  })
  // The same once more is no version.
  const same = await keep()
  expect(same).toMatchObject({ isNew: false, version: { id: first.version.id, version: 1 } })

  await send([0, 210, 210, 210, 0, 0], 60)
  const second = await keep()
  expect(second).toMatchObject({
    isNew: true,
    version: { version: 2, previous: first.version.id, verdict: 'FAIL' },
  })
  expect(second.changes.map(({ what, field }) => `${what} ${field}`)).toEqual(
    expect.arrayContaining(['635-10 value', '635-10 inputs', 'overall verdict']),
  )

  const statements = join(folder.path, 'statements.yaml')
  await writeFile(
    statements,
    `format: 1\nscheme: mohurd-635-2015\nstatements:\n  - { item: '635-17', verdict: PASS, justification: policy of 2024, statedBy: Wang Li, evidence: [{ slot: document, title: t }] }\n`,
  )
  const out = join(folder.path, 'third.json')
  const third = await keep('--statements', statements, '--out', out)
  expect(third.version).toMatchObject({ version: 3, previous: second.version.id })
  expect(third.changes.map(({ what }) => what)).toContain('635-17')
  expect(JSON.parse(await readFile(out, 'utf8'))).toEqual(third.sealed)

  const ids = [third, second, first].map(({ version }) => version.id)
  const listed = async (): Promise<unknown> => {
    const list = z.object({ items: z.array(z.object({ id: z.int(), sha256: z.string() })) })
    const { items } = list.parse(await program.json('/assessments/kept'))
    const documents = await Promise.all(
      items.map(async ({ id }) =>
        sealedAssessmentSchema.parse(await program.json(`/assessments/kept/${id}`)),
      ),
    )
    expect(items.map(({ sha256 }) => sha256)).toEqual(documents.map(({ sha256 }) => sha256))
    return [items, documents]
  }
  const before = await listed()
  expect(before).toMatchObject([
    ids.map((id) => ({ id })),
    [third, second, first].map((one) => one.sealed),
  ])
  // Assessments belong to no device, so the books close around them.
  expect(await program.json('/ledger')).toMatchObject({ closes: true })

  await program.process.kill()
  program = await startProgram(['--data', data, ...ANY_PORTS])
  expect(await listed()).toEqual(before)
  await program.process.stop()
  await rm(join(data, 'store.duckdb'))
  expect(await rainledger('rebuild')).toMatchObject({ code: 0 })
  program = await startProgram(['--data', data, ...ANY_PORTS])
  expect(await listed()).toEqual(before)
  expect(await program.json('/ledger')).toMatchObject({ closes: true })

  const text = await rainledger('assessments', 'list', '--scheme', 'mohurd-635-2015')
  expect(text.stdout.split('\n').filter((line) => line.includes('self-check'))).toHaveLength(3)
  const shown = await rainledger('assessments', 'show', String(ids[2]))
  expect(JSON.parse(shown.stdout)).toEqual(first.sealed)
  const whole = await rainledger(
    'assessments',
    'changes',
    String(ids[0]),
    '--since',
    String(ids[2]),
  )
  expect(whole.code).toBe(1)
  expect(whole.stdout).toMatch(/635-10 .*P .*value/)
  expect(whole.stdout).toMatch(/635-17 .*verdict/)
  const none = await rainledger('assessments', 'changes', String(ids[2]))
  expect([none.code, none.stdout]).toEqual([0, 'it is the first of its scheme and window\n'])
})

test('what cannot be kept or found is said', async () => {
  const silent = await rainledger(...['assess', '--scheme', 'mohurd-635-2015', ...WINDOW, '--keep'])
  expect(silent).toMatchObject({ code: 2 })
  expect(silent.stderr).toContain('--keep wants --reason')
  const gone = await rainledger('assessments', 'show', '999999')
  expect(gone).toMatchObject({ code: 2 })
  expect(gone.stderr).toContain('There is no kept assessment 999999')
})
