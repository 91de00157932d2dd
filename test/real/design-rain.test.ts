import { beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { runCommand } from '../setup/server-process.js'
import { sharedFile, sharedRows } from './shared-data.js'

const answerSchema = z.object({
  depths: z.array(z.object({ ratio: z.number(), depthMm: z.number() })),
  years: z.int(),
  daysKept: z.int(),
  daysMissing: z.int(),
  snow: z.string(),
  missing: z.array(z.object({ year: z.int(), days: z.int() })),
})

const PROGRAM = 'dist/src/app/main.js'

const BEIJING = 'rain_daily_cn/beijing_54511.csv.gz'

let published: Record<string, string>[] = []

beforeAll(() => {
  published = sharedRows('rain_daily_cn/published_design_rainfall.csv')
})

async function designRain(file: string, ...args: readonly string[]) {
  return await runCommand('node', [PROGRAM, 'design-rain', sharedFile(file), '--json', ...args])
}

test('Beijing 1983 to 2012 gives the published design rainfall to a tenth of a millimetre', async () => {
  const ended = await designRain(
    BEIJING,
    '--from',
    '1983',
    '--to',
    '2012',
    '--ratio',
    '60,70,75,80,85',
  )
  const { depths, ...basis } = answerSchema.parse(JSON.parse(ended.stdout))
  // Figures of the data's README, two decimals.
  for (const [i, figure] of [14.04, 19.37, 22.78, 27.26, 33.57].entries()) {
    expect(Math.abs((depths[i]?.depthMm ?? 0) - figure)).toBeLessThanOrEqual(0.0051)
  }
  expect(basis).toMatchObject({ years: 30, daysMissing: 0, missing: [], snow: 'not identifiable' })
  expect(published.length).toBe(depths.length)
  for (const [i, row] of published.entries()) {
    expect(depths[i]?.depthMm.toFixed(1)).toBe(row['design_rainfall_mm'])
  }
})

test.each([
  ['rain_daily_cn/bengbu_58221.csv.gz', 5],
  ['rain_daily_cn/anqing_58424.csv.gz', 6],
])('%s misses %d days in 1983 to 2012, and says so', async (file, missing) => {
  const ended = await designRain(file, '--from', '1983', '--to', '2012')
  const answer = answerSchema.parse(JSON.parse(ended.stdout))
  expect(answer.daysMissing).toBe(missing)
  expect(answer.missing.reduce((sum, { days }) => sum + days, 0)).toBe(missing)
  const depths = answer.depths.map(({ depthMm }) => depthMm)
  expect(depths).toEqual(depths.toSorted((a, b) => a - b))
  // The same by hand from the file: what each day keeps of the 60 % depth.
  const days = sharedRows(file)
    .filter(({ date }) => date !== undefined && date >= '1983' && date < '2013')
    .map(({ prcp_mm: mm }) => Number(mm))
    .filter((mm) => mm > 2)
  expect(answer.daysKept).toBe(days.length)
  const kept = days.reduce((sum, mm) => sum + Math.min(mm, depths[0] ?? 0), 0)
  expect(kept / days.reduce((sum, mm) => sum + mm, 0)).toBeCloseTo(0.6, 4)
})

test('years that a change of source left with holes are refused by their names', async () => {
  const ended = await designRain(BEIJING, '--from', '1990', '--to', '2025')
  expect(ended.code).toBe(2)
  for (const year of [2013, 2016, 2019, 2025]) expect(ended.stderr).toContain(`${year} (`)
  expect(ended.stderr).not.toContain('2012 (')
  const few = await designRain(BEIJING, '--from', '1990', '--to', '2012')
  expect(few.code).toBe(2)
  expect(few.stderr).toContain('23 years')
})
