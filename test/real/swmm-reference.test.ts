import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { parse } from 'csv-parse/sync'
import { z } from 'zod'
import { runCommand } from '../setup/server-process.js'
import { temporaryFolder, type TemporaryFolder } from '../setup/temp-folder.js'
import { sharedFile, sharedRows } from './shared-data.js'

/** SWMM's own figures of each case, from its continuity report. */
const summarySchema = z.record(
  z.string(),
  z.object({ precip_mm: z.number(), runoff_mm: z.number(), peak_lps: z.number() }),
)

const answerSchema = z.object({
  subcatchments: z.tuple([
    z.object({ precipMm: z.number(), runoffMm: z.number(), peakLps: z.number() }),
  ]),
  continuity: z.object({ runoff: z.object({ errorPercent: z.number() }) }),
})

const FOLDER = 'swmm_reference'
const CASES = [
  ...['impervious_p3', 'mixed65_p3', 'mixed65_p10', 'pervious_p10'],
  ...['bioretention_p1', 'bioretention_p3', 'permeable_pavement_p3', 'green_roof_p3'],
]

let folder: TemporaryFolder
let summary: z.infer<typeof summarySchema> = {}
const table: string[] = []

beforeAll(async () => {
  folder = await temporaryFolder('swmm-reference')
  summary = summarySchema.parse(
    JSON.parse(readFileSync(sharedFile(`${FOLDER}/summary.json`), 'utf8')),
  )
})

afterAll(async () => {
  process.stdout.write(`${table.join('\n')}\n`)
  await folder.remove()
})

test('the folder has the cases that are compared, and no other', () => {
  expect(Object.keys(summary).toSorted()).toEqual(CASES.toSorted())
})

test.each(CASES)('%s runs off as SWMM says: volume 2 %, peak 5 %, NSE 0.98', async (name) => {
  const out = join(folder.path, `${name}.csv`)
  const ended = await runCommand('node', [
    ...['dist/src/app/main.js', 'swmm', 'run', sharedFile(`${FOLDER}/${name}.inp`)],
    ...['--json', '--out', out],
  ])
  expect(ended.stderr).toBe('')
  expect(ended.code).toBe(0)
  const { subcatchments, continuity } = answerSchema.parse(JSON.parse(ended.stdout))
  const [own] = subcatchments
  const reference = summary[name]
  expect(own.precipMm).toBeCloseTo(reference?.precip_mm ?? Number.NaN, 1)
  const volumePercent = differencePercent(own.runoffMm, reference?.runoff_mm)
  const peakPercent = differencePercent(own.peakLps, reference?.peak_lps)

  const minutes = sharedRows(`${FOLDER}/${name}.csv`)
  const ownRows = parse<Record<string, string>>(readFileSync(out), { columns: true })
  const ownFlows = new Map(ownRows.map((row) => [row['minute'], Number(row['S1_L_per_s'])]))
  expect(minutes.length).toBeGreaterThan(100)
  const pairs = minutes.map((row) => ({
    reference: Number(row['runoff_L_per_s']),
    own: ownFlows.get(row['minute']) ?? Number.NaN,
  }))
  const efficiency = nashSutcliffe(pairs)
  table.push(
    `${name.padEnd(22)} volume ${volumePercent.toFixed(2).padStart(6)} %  peak ${peakPercent.toFixed(2).padStart(6)} %` +
      `  NSE ${efficiency.toFixed(5)}  continuity ${continuity.runoff.errorPercent.toFixed(6)} %`,
  )
  expect(Math.abs(volumePercent)).toBeLessThanOrEqual(2)
  expect(Math.abs(peakPercent)).toBeLessThanOrEqual(5)
  expect(efficiency).toBeGreaterThanOrEqual(0.98)
  expect(Math.abs(continuity.runoff.errorPercent)).toBeLessThan(1e-6)
})

function differencePercent(own: number, reference = Number.NaN): number {
  return (100 * (own - reference)) / reference
}

/** One less the squared errors over the squares about the mean of the reference. */
function nashSutcliffe(
  pairs: readonly { readonly reference: number; readonly own: number }[],
): number {
  const mean = pairs.reduce((sum, { reference }) => sum + reference, 0) / pairs.length
  const errors = pairs.reduce((sum, { reference, own }) => sum + (own - reference) ** 2, 0)
  const spread = pairs.reduce((sum, { reference }) => sum + (reference - mean) ** 2, 0)
  return 1 - errors / spread
}
