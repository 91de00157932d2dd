import { expect, test } from 'vitest'
import { chance } from '../../simulators/random.js'
import { rainCharacter } from '../../simulators/weather/rain-character.js'
import { rainYear } from '../../simulators/weather/rain-year.js'
import { readDailyFile } from '../../src/app/daily-file.js'
import { captureCurve } from '../../src/domain/capture/capture-curve.js'
import { DAY_MS, HOUR_MS } from '../../src/domain/time.js'
import { sharedFile } from './shared-data.js'

const YEARS = 300
const CURVE_FROM_MM = 2
/** Of Beijing's storm intensity formula: zone II, DB11/T 969-2016 (catalogue/storm-formulas.yaml). */
const SHAPE = { b: 11.593, n: 0.681 }

test('years made after Beijing have its months, its wet days and its design rainfall', async () => {
  const { rain } = await readDailyFile(sharedFile('rain_daily_cn/beijing_54511.csv.gz'), {
    date: 'date',
    depthMm: 'prcp_mm',
  })
  const from = Date.UTC(1983, 0) / DAY_MS
  const to = Date.UTC(2013, 0) / DAY_MS
  const kept = [...rain.day.keys()].filter((i) => {
    const day = rain.day[i] ?? 0
    return day >= from && day < to
  })
  const record = {
    day: Int32Array.from(kept, (i) => rain.day[i] ?? 0),
    depthMm: Float64Array.from(kept, (i) => rain.depthMm[i] ?? Number.NaN),
  }
  const character = rainCharacter(record)
  const made = Array.from({ length: YEARS }, (_, k) =>
    rainYear(character, SHAPE, 2001 + k, HOUR_MS, 8 * HOUR_MS, chance(k)),
  )
  const simulated = {
    day: Int32Array.from(
      made.flatMap(({ fromMs, depthMm }) =>
        Array.from({ length: depthMm.length / 24 }, (_, k) => (fromMs + 8 * HOUR_MS) / DAY_MS + k),
      ),
    ),
    depthMm: Float64Array.from(
      made.flatMap(({ depthMm }) =>
        Array.from({ length: depthMm.length / 24 }, (_, k) =>
          depthMm.subarray(24 * k, 24 * k + 24).reduce((sum, depth) => sum + depth, 0),
        ),
      ),
    ),
  }
  const [theirs, ours] = [character, rainCharacter(simulated)]
  const figures = theirs.map((month, i) => ({
    month: i + 1,
    recordMm: total(record, i, 30),
    madeMm: total(simulated, i, YEARS),
    recordWet: month.depthsMm.length / 30,
    madeWet: (ours[i]?.depthsMm.length ?? 0) / YEARS,
  }))
  console.log(figures.map((row) => JSON.stringify(row)).join('\n'))
  for (const { month, recordMm, madeMm, recordWet, madeWet } of figures) {
    // A month of 300 years scatters by a thirtieth where its years scatter by half of its mean.
    expect(Math.abs(madeMm - recordMm), `depth of month ${month}`).toBeLessThan(0.15 * recordMm + 1)
    expect(Math.abs(madeWet - recordWet), `wet days of month ${month}`).toBeLessThan(1)
  }
  const depths = (days: Float64Array): number[] => [...days].filter((mm) => mm > CURVE_FROM_MM)
  const curves = [record, simulated].map(({ depthMm }) => captureCurve(depths(depthMm)))
  for (const ratio of [0.6, 0.75, 0.85]) {
    const [recorded = 0, simulatedMm = 0] = curves.map((curve) => curve.depthOf(ratio))
    console.log(JSON.stringify({ ratio, recorded, simulatedMm }))
    expect(simulatedMm / recorded, `design rainfall of ${ratio}`).toBeGreaterThan(0.93)
    expect(simulatedMm / recorded, `design rainfall of ${ratio}`).toBeLessThan(1.07)
  }
})

function total(
  { day, depthMm }: { readonly day: Int32Array; readonly depthMm: Float64Array },
  month: number,
  years: number,
): number {
  let sum = 0
  for (const [i, depth] of depthMm.entries()) {
    const isOfMonth = new Date((day[i] ?? 0) * DAY_MS).getUTCMonth() === month
    if (isOfMonth && !Number.isNaN(depth)) sum += depth
  }
  return sum / years
}
