/**
 * What an annual assessment costs: a city-year of observations every five minutes, a scheme over all
 * its zones and ponding points, in three sizes on the embedded store, and a smaller one on InfluxDB
 * beside the same reductions as plain InfluxQL. Prints one JSON line last.
 *
 *     tsx test/bench/assess.ts --sensors 350 --days 365
 */
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { z } from 'zod'
import { readRegistry } from '../../src/adapters/city-file/index.js'
import { openDuckdb } from '../../src/adapters/duckdb/index.js'
import { openInflux } from '../../src/adapters/influx/index.js'
import { shippedSchemes } from '../../src/app/schemes.js'
import { openAssess } from '../../src/assess/index.js'
import { registryIndex } from '../../src/domain/city/registry-index.js'
import { DAY_MS } from '../../src/domain/time.js'
import type { CityRegistry } from '../../src/ports/city-registry.js'
import type { SeriesReads, SeriesStore } from '../../src/ports/series-store.js'
import { startInfluxd } from '../setup/influxd.js'
import { quietLogger } from '../setup/quiet-logger.js'
import { temporaryFolder } from '../setup/temp-folder.js'
import { benchArguments, oneOf, positive, say, type Flag } from './arguments.js'
import { machine, processUse, rounded } from './machine.js'
import { START_MS, STEPS_A_DAY, yearCity, type YearCity } from './year-city.js'

const SCHEME = 'mohurd-635-2015'

const words = (describe: string): Flag<string> => ({ fallback: '', describe, schema: z.string() })

const flags = benchArguments<{
  sensors: number
  days: number
  'influx-days': number
  phase: 'all' | 'duckdb'
  file: string
}>('assess', 'what an annual assessment costs', {
  sensors: positive(350, 'sensors of the largest city'),
  days: positive(365, 'days'),
  'influx-days': positive(30, 'days in InfluxDB'),
  phase: oneOf(['all', 'duckdb'], 'duckdb: assess the store of --file alone, as the sizes do'),
  file: words('store of the phase'),
})

const measuredSchema = z.object({
  seconds: z.number(),
  observations: z.number(),
  perSecond: z.number(),
  rssMaxMb: z.number(),
  verdict: z.string(),
  evaluated: z.number(),
})

type Measured = z.output<typeof measuredSchema>

async function main(): Promise<void> {
  if (flags.phase === 'duckdb') {
    const { store } = await openDuckdb({ file: flags.file, values: 'here' })
    console.log(JSON.stringify(await assessed(yearCity(flags.sensors), store, flags.days)))
    await store.close()
    return
  }
  const { sensors, days } = flags
  const sizes = [
    [Math.round(sensors / 4), days],
    [Math.round(sensors / 2), days],
    [sensors, Math.round(days / 2)],
    [sensors, days],
  ] as const
  const duckdb: (Measured & { sensors: number; days: number })[] = []
  for (const [count, length] of sizes) {
    duckdb.push({ sensors: count, days: length, ...(await inDuckdb(count, length)) })
    say(`duckdb ${JSON.stringify(duckdb.at(-1))}`)
  }
  const influx = await inInflux(sensors, flags['influx-days'])
  say(`influx ${JSON.stringify(influx)}`)
  console.log(
    JSON.stringify({ bench: 'assess', scheme: SCHEME, duckdb, influx, ...(await machine()) }),
  )
}

/** Fills a store, then assesses it in a process of its own, so that its memory is that of the assessment. */
async function inDuckdb(sensors: number, days: number): Promise<Measured> {
  const folder = await temporaryFolder('bench-assess')
  const file = join(folder.path, 'series.duckdb')
  const { store } = await openDuckdb({ file, values: 'here' })
  await filled(store, yearCity(sensors), days)
  await store.close()
  const { stdout } = await promisify(execFile)(process.execPath, [
    ...['--import', 'tsx', import.meta.filename, '--phase', 'duckdb', '--file', file],
    ...['--sensors', String(sensors), '--days', String(days)],
  ])
  await folder.remove()
  return measuredSchema.parse(JSON.parse(stdout))
}

async function inInflux(
  sensors: number,
  days: number,
): Promise<Measured & { sensors: number; days: number; influxqlSeconds: number }> {
  const folder = await temporaryFolder('bench-assess')
  const influxd = await startInfluxd()
  const local = await openDuckdb({ file: join(folder.path, 'index.duckdb'), values: 'elsewhere' })
  const { url } = influxd
  const store = await openInflux({
    ...{ url, database: 'year', index: local.index, logger: quietLogger },
  })
  const city = yearCity(sensors)
  await filled(store, city, days)
  const measured = await assessed(city, store, days)
  const influxqlSeconds = await plainReductions(url)
  await store.close()
  await local.close()
  await influxd.stop()
  await folder.remove()
  return { sensors, days, ...measured, influxqlSeconds }
}

async function filled(store: SeriesStore, city: YearCity, days: number): Promise<void> {
  for (let day = 0; day < days; day++) {
    await store.append(city.day(day))
    if (day % 50 === 49) say(`  ${city.series.length} sensors, day ${day + 1} of ${days}`)
  }
}

async function assessed(city: YearCity, store: SeriesReads, days: number): Promise<Measured> {
  const assess = openAssess({
    store,
    registry: registryOf(city.text),
    schemes: await shippedSchemes(),
    labResults: () => Promise.resolve([]),
  })
  const began = performance.now()
  const answer = await assess.assess({
    scheme: SCHEME,
    window: { fromMs: START_MS, toMs: START_MS + days * DAY_MS },
    statements: [],
  })
  const seconds = (performance.now() - began) / 1000
  if (!answer.ok) throw new Error(JSON.stringify(answer.faults))
  const observations = city.series.length * STEPS_A_DAY * days
  const { items, overall } = answer.assessment
  return {
    seconds: rounded(seconds),
    observations,
    perSecond: Math.round(observations / seconds),
    rssMaxMb: (await processUse(process.pid)).rssMaxMb,
    verdict: overall.verdict,
    evaluated: items.flatMap(({ findings }) => findings).filter(({ value }) => value !== null)
      .length,
  }
}

/** Hourly sums and extremes of every series, as one would ask InfluxDB for them without us. */
async function plainReductions(url: string): Promise<number> {
  const q =
    'SELECT sum(value), max(value), count(value) FROM /.*/ WHERE time >= ' +
    `${START_MS}ms GROUP BY time(1h), *`
  const began = performance.now()
  const answer = await fetch(`${url}/query?db=year&epoch=ms&q=${encodeURIComponent(q)}`)
  const body = await answer.text()
  if (!answer.ok || body.includes('"error"')) throw new Error(body.slice(0, 300))
  return rounded((performance.now() - began) / 1000)
}

function registryOf(text: string): CityRegistry {
  const reading = readRegistry(text, { models: ['senml-json'] })
  if (!reading.ok) throw new Error(JSON.stringify(reading.faults[0]))
  const { registry } = reading
  const version = {
    ...{ registry, index: registryIndex(registry), sha256: 'ab'.repeat(32), text, seq: 1 },
    ...{ arrivalMs: 0, person: 'bench', reason: 'bench' },
  }
  return {
    current: () => version,
    apply: () => Promise.reject(new Error('a benchmark applies nothing')),
  }
}

await main()
