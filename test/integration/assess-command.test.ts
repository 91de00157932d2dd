import { createHash } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { connectAsync } from 'mqtt'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { sealedAssessmentSchema } from '../../src/domain/scheme/assessment.js'
import { untilProjected } from '../setup/ledger.js'
import { ANY_PORTS, startProgram, type Program } from '../setup/program.js'
import { runCommand, type CommandResult } from '../setup/server-process.js'
import { pondingCity } from '../setup/small-city.js'
import { temporaryFolder, type TemporaryFolder } from '../setup/temp-folder.js'
import { having, SURVEY } from '../unit/src/domain/figures/clean-year.js'

const START_MS = Date.UTC(2026, 5, 1)
const WINDOW = ['--from', '2026-06-01T00:00:00Z', '--to', '2026-06-02T00:00:00Z']

let folder: TemporaryFolder
let data = ''
let program: Program

async function rainledger(...args: readonly string[]): Promise<CommandResult> {
  return await runCommand(process.execPath, ['dist/src/app/main.js', ...args])
}

async function assess(...args: readonly string[]): Promise<CommandResult> {
  return await rainledger('assess', '--data', data, ...WINDOW, ...args)
}

beforeAll(async () => {
  folder = await temporaryFolder('assess')
  data = join(folder.path, 'data')
  const city = join(folder.path, 'city.yaml')
  await writeFile(city, pondingCity())
  program = await startProgram(['--data', data, '--city', city, ...ANY_PORTS])
  // Water of 12 cm stands for eight minutes after a rain of ten.
  await send(30, (minute) => ({
    rain: minute < 10 ? 2 : 0,
    depth: minute >= 8 && minute < 16 ? 120 : 0,
  }))
})

afterAll(async () => {
  await program.process.stop()
  await folder.remove()
})

async function send(
  minutes: number,
  valueAt: (minute: number) => Readonly<Record<string, number>>,
  fromMinute = 0,
): Promise<void> {
  const password = await program.secretOf('A')
  const device = await connectAsync(program.mqtt, { username: 'A', password })
  const pack = Array.from({ length: minutes }, (_, i) => fromMinute + i).flatMap((minute) =>
    Object.entries(valueAt(minute)).map(([n, v]) => ({
      ...{ n, u: 'mm', v, t: START_MS / 1000 + 60 * (minute + 1) },
    })),
  )
  await device.publishAsync('rl/v1/small/A/up', JSON.stringify(pack), { qos: 1 })
  await device.endAsync()
  await untilProjected(program)
}

test('an assessment holds every item of its scheme, the same bytes each time; what is late shows in a comparison', async () => {
  const before = join(folder.path, 'before.json')
  const first = await assess(
    '--scheme',
    'mohurd-635-2015',
    '--city',
    'small',
    '--json',
    '--out',
    before,
  )
  expect(first.code).toBe(0)
  expect(await readFile(before, 'utf8')).toBe(first.stdout)
  const { assessment } = sealedAssessmentSchema.parse(JSON.parse(first.stdout))
  expect(assessment.items.map(({ id }) => id)).toEqual(
    Array.from({ length: 18 }, (_, i) => `635-${i + 1}`),
  )
  const ponding = assessment.items.find(({ id }) => id === '635-10')
  // 12 cm keep the limit, but no design rain is known: nothing passes by it, and nothing is invented.
  expect(ponding?.findings[0]).toMatchObject({ subject: 'P', zone: 'Z', value: 120 })
  expect(ponding?.verdict).toBe('NOT_EVALUATED')
  expect(ponding?.unverified).toBe(true)
  // An item read in a transcript that used nothing else stays untagged.
  expect(assessment.items.find(({ id }) => id === '635-2')?.unverified).toBe(false)
  // The answer alone is enough to redo it: formula, inputs with their hash, parameters, clause.
  const result = ponding?.findings[0]?.result
  expect(result?.inputs.map(({ role, series }) => [role, series])).toEqual(
    expect.arrayContaining([['ponding', 'A.depth']]),
  )
  expect(result?.parameters).toMatchObject({ thresholdMm: 30, depthLimitMm: 150 })
  expect(assessment.score).toBeNull()
  expect(assessment.zones).toMatchObject([{ zone: 'Z', areaM2: 20_000, verdict: 'NOT_EVALUATED' }])
  expect(assessment.compliance).toMatchObject({ share: 0, reachableShare: 1 })

  const again = await assess('--scheme', 'mohurd-635-2015', '--json')
  expect(again.stdout).toBe(first.stdout)
  const same = join(folder.path, 'same.json')
  await writeFile(same, again.stdout)
  expect((await rainledger('assess-compare', before, same)).code).toBe(0)

  // A backlog arrives: the water had stood 20 cm deep once more.
  await send(20, (minute) => ({ depth: minute >= 62 && minute < 70 ? 200 : 0 }), 60)
  const after = join(folder.path, 'after.json')
  const late = await assess('--scheme', 'mohurd-635-2015', '--json', '--out', after)
  const changed = await rainledger('assess-compare', before, after, '--json')
  expect(changed.code).toBe(1)
  const { changes } = JSON.parse(changed.stdout) as { changes: Record<string, unknown>[] }
  const found = changes.map(({ what, subject, field }) => [what, subject, field])
  expect(found).toEqual(
    expect.arrayContaining([
      ['overall', null, 'verdict'],
      ['635-10', 'P', 'verdict'],
      ['635-10', 'P', 'value'],
      ['635-10', 'P ponding A.depth', 'inputs'],
    ]),
  )
  expect(found).not.toContainEqual(['scheme', null, 'content'])
  expect(
    changes.find(({ what, field }) => what === 'overall' && field === 'verdict'),
  ).toMatchObject({
    before: 'NOT_EVALUATED',
    after: 'FAIL',
  })
  expect(
    sealedAssessmentSchema.parse(JSON.parse(late.stdout)).assessment.overall.reason.en,
  ).toContain('635-10')
})

test('statements count with their evidence, and earn what they state', async () => {
  const statements = join(folder.path, 'statements.yaml')
  const write = (lines: readonly string[]) =>
    writeFile(
      statements,
      ['format: 1', 'scheme: weighted-sample', 'statements:', ...lines].join('\n'),
    )
  await write([
    `  - { item: institutions, verdict: PASS, points: 8, justification: j, statedBy: s, evidence: [{ slot: document, title: t }] }`,
    `  - { item: water-quality, verdict: PASS, justification: j, statedBy: s }`,
    `  - { item: output, verdict: PASS, value: 0.75, justification: j, statedBy: s, evidence: [{ slot: acceptance, title: t }] }`,
  ])
  const ended = await assess('--scheme', 'weighted-sample', '--statements', statements, '--json')
  expect(ended.code).toBe(0)
  const { assessment } = sealedAssessmentSchema.parse(JSON.parse(ended.stdout))
  const verdicts = new Map(assessment.items.map(({ id, verdict }) => [id, verdict]))
  expect(verdicts.get('institutions')).toBe('PASS')
  expect(verdicts.get('water-quality')).toBe('NOT_EVALUATED')
  expect(assessment.score?.points).toBe(8)
  expect(assessment.score?.applicable).toBe(100)
  expect(assessment.scoreLabel?.en).toContain('operator')
  // 75 % of the output: the veto fails the whole, whatever the item itself was stated to be.
  expect(assessment.overall).toMatchObject({ verdict: 'FAIL', vetoed: [{ item: 'output' }] })

  await write([
    `  - { item: nothing, verdict: PASS, justification: j, statedBy: s }`,
    `  - { item: output, justification: j, statedBy: s, figures: { a: 1 } }`,
    `  - { item: institutions, points: 99, justification: j, statedBy: s, evidence: [{ slot: gold, title: t }] }`,
  ])
  const wrong = await assess('--scheme', 'weighted-sample', '--statements', statements)
  expect(wrong.code).toBe(2)
  expect(wrong.stderr).toContain(
    'statements.0.item is “nothing”; expected an item of weighted-sample',
  )
  expect(wrong.stderr).toContain(
    'statements.2.evidence is “gold”; expected one of the slots document',
  )
  expect(wrong.stderr).toContain('statements.1.figures is “a”')
  expect(wrong.stderr).toContain('statements.2.points is “99”; expected 0 to 10')
  const other = await assess('--scheme', 'mohurd-635-2015', '--statements', statements)
  expect(other.stderr).toContain('for weighted-sample, not for mohurd-635-2015')
})

test('figures of a year are computed by their formula, whatever was stated', async () => {
  const path = join(folder.path, 'figures.yaml')
  const evidence = 'evidence: [{ slot: statistics, title: t }, { slot: calculation, title: t }]'
  // Standards sheet 7.8 in m³: R_WL 14 %, R1 5.6, R2 3, R3 0.5, so R_BL 4.9 %.
  const supply =
    'suppliedM3: 100000000, consumedM3: 86000000, householdMeteredShare: 0.7, pipeKm: 2600, outletPressureMPa: 0.45, frostDepthM: 0'
  // Standards sheet 7.6: 35 000 m³ of 1100 mm on 2500 hm² are 0.127 %.
  const rain =
    'used: [{ kind: green-space, volumeM3: 35000 }, { kind: scenic-water, volumeM3: 9 }], base: { variant: A, rain: mean-annual, rainMm: 1100, areaM2: 25000000 }, target: 0.002'
  const write = (lines: readonly string[]) =>
    writeFile(path, ['format: 1', 'scheme: mohurd-635-2015', 'statements:', ...lines].join('\n'))
  await write([
    `  - { item: '635-9', verdict: FAIL, justification: j, statedBy: s, ${evidence}, figures: { ${supply} } }`,
    `  - { item: '635-8', verdict: PASS, justification: j, statedBy: s, ${evidence}, figures: { ${rain} } }`,
    `  - { item: '635-7', justification: j, statedBy: s, figures: { treatedM3: 100, reused: [{ kind: municipal, volumeM3: 30 }], resourcesM3PerPerson: 300, innerWaterClass: V } }`,
  ])
  const ended = await assess('--scheme', 'mohurd-635-2015', '--statements', path, '--json')
  expect(ended.code).toBe(0)
  const { assessment } = sealedAssessmentSchema.parse(JSON.parse(ended.stdout))
  const item = (id: string) => assessment.items.find((one) => one.id === id)
  expect(item('635-9')).toMatchObject({ verdict: 'PASS', unit: '1', unverified: true })
  expect(item('635-9')?.value).toBeCloseTo(0.049, 12)
  expect(item('635-9')?.findings[0]?.figures?.steps).toMatchObject({ grossRatio: 0.14 })
  expect(item('635-8')).toMatchObject({ verdict: 'FAIL' })
  expect(item('635-8')?.value).toBeCloseTo(0.00127, 5)
  // 30 % are enough, but nothing proves them.
  expect(item('635-7')).toMatchObject({ verdict: 'NOT_EVALUATED', value: 0.3 })
  expect(item('635-7')?.reason.en).toContain('evidence is missing')

  await write([
    `  - { item: '635-9', justification: j, statedBy: s, figures: { suppliedM3: -1, consumedM3: 2, litres: 3 } }`,
  ])
  const wrong = await assess('--scheme', 'mohurd-635-2015', '--statements', path)
  expect(wrong.code).toBe(2)
  expect(wrong.stderr).toContain('statements.0.figures is “suppliedM3: ')
  expect(wrong.stderr).toContain('litres')
})

test('figures are summed from a ledger’s months, and evidence is hashed', async () => {
  const ledger = join(folder.path, 'ledger.csv')
  const months = Array.from({ length: 14 }, (_, i) => `2025-${String(i).padStart(2, '0')},10,9`)
  await writeFile(
    ledger,
    ['month,supplied_wm3,consumed_wm3', ...months.slice(1, 13), '2026-01,99,9'].join('\n'),
  )
  const path = join(folder.path, 'ledger.yaml')
  const column = (name: string, more = ''): string =>
    `{ sumOf: ledger.csv, column: ${name}, from: '2025-01', to: '2025-12', scale: 10000${more} }`
  const write = (supplied: string): Promise<void> =>
    writeFile(
      path,
      `format: 1
scheme: mohurd-635-2015
statements:
  - item: '635-9'
    justification: j
    statedBy: s
    figures: { suppliedM3: ${supplied}, consumedM3: ${column('consumed_wm3')} }
    evidence: [{ slot: statistics, title: ledger, file: ledger.csv }, { slot: calculation, title: t }]
`,
    )
  await write(column('supplied_wm3'))
  const ended = await assess('--scheme', 'mohurd-635-2015', '--statements', path, '--json')
  expect([ended.code, ended.stderr]).toEqual([0, ''])
  const { assessment } = sealedAssessmentSchema.parse(JSON.parse(ended.stdout))
  const item = assessment.items.find(({ id }) => id === '635-9')
  // Twelve months of 10 and 9 万 m³.
  expect(item?.findings[0]?.figures?.inputs).toMatchObject({
    suppliedM3: 1_200_000,
    consumedM3: 1_080_000,
  })
  const sha256 = createHash('sha256')
    .update(await readFile(ledger))
    .digest('hex')
  expect(item?.statements[0]?.evidence).toContainEqual({
    slot: 'statistics',
    title: 'ledger',
    sha256,
  })

  await write(column('delivered'))
  const column404 = await assess('--scheme', 'mohurd-635-2015', '--statements', path)
  expect(column404.code).toBe(2)
  expect(column404.stderr).toContain('the file has no column delivered; it has month, supplied_wm3')
  await write('{ sumOf: ledger.csv }')
  const short = await assess('--scheme', 'mohurd-635-2015', '--statements', path)
  expect(short.stderr).toContain('sumOf ledger.csv: column')
})

test('surveys of water, banks and projects decide their items, with the evidence behind them', async () => {
  const path = join(folder.path, 'surveys.json')
  const slots = (...names: readonly string[]) => names.map((slot) => ({ slot, title: 't' }))
  const banks = ['left', 'right'].map((bank) => ({
    ...{ waterBody: 'Qing', bank, lengthM: 400, use: 'ordinary' },
    ...{ structure: bank === 'left' ? 'ecological' : 'hard', waterfront: 'natural' },
  }))
  const projects = [
    { id: 'A', areaM2: 7000, accepted: true, meets: true },
    { id: 'B', areaM2: 3000, accepted: false, meets: true },
  ]
  const december = SURVEY.samples.filter(({ id }) => id.startsWith('S1 2025-12'))
  const water = { ...SURVEY, samples: december.map((one) => having(one, { cod: 31 })) }
  const written = [
    {
      item: '635-2',
      figures: { banks, target: 0.51, blueLineKept: true, floodSafetyKept: true },
      evidence: slots('inventory', 'photos'),
    },
    // One month of one point below class IV fails the year, whatever was not sampled.
    { item: '635-5', figures: water, evidence: slots('cma-report', 'baseline') },
    // 70 % are enough, but the acceptance files are not there.
    {
      item: '635-18',
      figures: { constructionM2: 10_000, projects },
      evidence: slots('project-list'),
    },
  ]
  const assessed = async (statements: readonly object[]) => {
    const all = statements.map((one) => ({ justification: 'j', statedBy: 's', ...one }))
    await writeFile(path, JSON.stringify({ format: 1, scheme: 'mohurd-635-2015', statements: all }))
    return await assess('--scheme', 'mohurd-635-2015', '--statements', path, '--json')
  }
  const ended = await assessed(written)
  expect([ended.code, ended.stderr]).toEqual([0, ''])
  const { assessment } = sealedAssessmentSchema.parse(JSON.parse(ended.stdout))
  const item = (id: string) => assessment.items.find((one) => one.id === id)
  expect(item('635-2')).toMatchObject({ verdict: 'FAIL', value: 0.5, unverified: true })
  expect(item('635-5')).toMatchObject({ verdict: 'FAIL', value: 0, unverified: true })
  expect(item('635-5')?.reason.en).toContain('Qing class (IV) (S1 2025-12 V)')
  expect(item('635-18')).toMatchObject({ verdict: 'NOT_EVALUATED', value: 0.7 })
  expect(item('635-18')?.reason.en).toContain('evidence is missing: acceptance files')

  const wrong = await assessed([{ item: '635-5', figures: { ...water, bodies: [] } }])
  expect(wrong.code).toBe(2)
  expect(wrong.stderr).toContain('statements.0.figures is “bodies: ')
})

test('an audit below its target passes on condition once an evaluator has accepted the proof', async () => {
  const path = join(folder.path, 'audit.yaml')
  const audit =
    'curve: [{ depthMm: 10, ratio: 0.5 }, { depthMm: 30, ratio: 0.9 }], projects: [{ id: P, surfaces: [{ kind: facility, areaM2: 20000, coefficient: 0.5, holds: { volumeM3: 200 } }] }], target: 0.75, built: retrofit'
  const evidence = 'evidence: [{ slot: audit-sheet, title: t }, { slot: model-card, title: t }]'
  const verdictWith = async (accepted: string) => {
    const statement = `  - { item: '51345-1', subject: Z, justification: retrofit, statedBy: s, ${accepted} ${evidence}, figures: { ${audit} } }`
    await writeFile(
      path,
      ['format: 1', 'scheme: gbt-51345-2018', 'statements:', statement].join('\n'),
    )
    const ended = await assess('--scheme', 'gbt-51345-2018', '--statements', path, '--json')
    const { assessment } = sealedAssessmentSchema.parse(JSON.parse(ended.stdout))
    const item = assessment.items.find(({ id }) => id === '51345-1')
    // 200 m³ hold 20 mm of 20 000 m² at 0.5: half way from 0.5 to 0.9.
    expect(item?.findings).toMatchObject([{ subject: 'Z', value: 0.7 }])
    return item?.verdict
  }
  expect(await verdictWith('')).toBe('FAIL')
  expect(await verdictWith('acceptedBy: E. Valuator,')).toBe('CONDITIONAL')
})

test('what is asked wrongly is answered with what would be right', async () => {
  const scheme = await assess('--scheme', 'nobody')
  expect(scheme.code).toBe(2)
  expect(scheme.stderr).toContain('gbt-51345-2018')
  const city = await assess('--scheme', 'mohurd-635-2015', '--city', 'large')
  expect(city.code).toBe(2)
  expect(city.stderr).toContain('keeps small')
  const broken = join(folder.path, 'broken.json')
  await writeFile(broken, '{"sha256": "x"}')
  expect((await rainledger('assess-compare', broken, broken)).code).toBe(2)
})

test('scheme check finds the schemes that come along sound, and names faults with their line', async () => {
  for (const id of ['mohurd-635-2015', 'gbt-51345-2018', 'weighted-sample']) {
    const sound = await rainledger('scheme', 'check', `src/catalogue/schemes/${id}.yaml`)
    expect([sound.code, sound.stdout]).toEqual([0, expect.stringContaining(`sound; ${id}`)])
  }
  const text = await readFile('src/catalogue/schemes/weighted-sample.yaml', 'utf8')
  const faulty = join(folder.path, 'faulty.yaml')
  await writeFile(faulty, text.replace('indicator: ponding', 'indicator: pudding'))
  const line = text.split('\n').findIndex((row) => row.includes('indicator: ponding')) + 1
  const found = await rainledger('scheme', 'check', faulty, '--json')
  expect(found.code).toBe(1)
  const { faults } = JSON.parse(found.stdout) as { faults: { line: number; message: string }[] }
  expect(faults.length).toBe(1)
  expect(faults[0]?.message).toContain('there is no indicator pudding')
  expect(Math.abs((faults[0]?.line ?? 0) - line)).toBeLessThanOrEqual(1)
})
