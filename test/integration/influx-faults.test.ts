import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { connectAsync } from 'mqtt'
import { afterEach, expect, test } from 'vitest'
import { z } from 'zod'
import { eventually } from '../setup/eventually.js'
import type { GivenAnswer } from '../setup/http-stand-in.js'
import { startInfluxProxy } from '../setup/influx-proxy.js'
import { startInfluxd, type Influxd } from '../setup/influxd.js'
import { untilProjected } from '../setup/ledger.js'
import { observations } from '../setup/observations.js'
import { ANY_PORTS, startProgram, type Program } from '../setup/program.js'
import { smallCity } from '../setup/small-city.js'
import { temporaryFolder } from '../setup/temp-folder.js'

/** The running service before a real influxd that fails it in the ways servers do. */

/** 2023-11-14T00:00:00Z */
const START_S = 1_699_920_000
const WINDOW = { fromMs: START_S * 1000, toMs: (START_S + 86_400) * 1000 }

const opened: (() => Promise<void>)[] = []

afterEach(async () => {
  for (const close of opened.splice(0).reverse()) await close()
})

async function startService(url: string, ...flags: readonly string[]): Promise<Program> {
  const folder = await temporaryFolder('influx-faults')
  const city = join(folder.path, 'city.yaml')
  const level = {
    ...{ field: 'level', quantity: 'level', unit: 'm' },
    ...{ kind: '{ type: instant }', reporting: '{ type: periodic, intervalS: 60 }' },
  }
  const sensors = ['A', 'B'].map((device) => ({ device, ...level }))
  await writeFile(city, smallCity({ sensors }))
  const program = await startProgram([
    ...['--data', join(folder.path, 'data'), '--city', city, ...ANY_PORTS],
    ...['--store', 'influx', '--influx-url', url, '--influx-database', 'city', ...flags],
  ])
  opened.push(async () => {
    await program.process.stop()
    await folder.remove()
  })
  return program
}

/** Publishes one level after another, a second apart, and returns once each was acknowledged. */
async function publish(program: Program, device: string, values: readonly number[]): Promise<void> {
  const password = await program.secretOf(device)
  const client = await connectAsync(program.mqtt, { username: device, password })
  for (const value of values) {
    const pack = JSON.stringify([{ n: 'level', u: 'm', v: value, t: START_S + value }])
    await client.publishAsync(`rl/v1/small/${device}/up`, pack, { qos: 1 })
  }
  await client.endAsync()
}

async function storedValues(program: Program, device: string): Promise<(number | null)[]> {
  const found = await observations(program, `${device}.level`, WINDOW)
  return found.map(({ value }) => value)
}

const readiness = z.object({
  status: z.int(),
  errors: z.array(z.object({ field: z.string(), expected: z.string() })),
})

/** What /readyz says is wrong, by part; empty when all is well. */
async function troubles(program: Program): Promise<ReadonlyMap<string, string>> {
  const answer = await fetch(`${program.http}/readyz`)
  if (answer.ok) return new Map()
  const { errors } = readiness.parse(await answer.json())
  return new Map(errors.map(({ field, expected }) => [field, expected]))
}

async function ask(influxd: Influxd, statement: string, credentials?: string): Promise<void> {
  const response = await fetch(`${influxd.url}/query`, {
    method: 'POST',
    headers:
      credentials === undefined
        ? {}
        : { authorization: `Basic ${Buffer.from(credentials).toString('base64')}` },
    body: new URLSearchParams({ q: statement }),
  })
  expect(await response.text()).not.toContain('error')
}

test('credentials turned down in mid-run are said, and tried until they are mended', async () => {
  const influxd = await startInfluxd({ authentication: 'on' })
  opened.push(async () => await influxd.stop())
  await ask(influxd, `CREATE USER root WITH PASSWORD 'root' WITH ALL PRIVILEGES`)
  await ask(influxd, `CREATE DATABASE city`, 'root:root')
  await ask(influxd, `CREATE USER rain WITH PASSWORD 'drop'`, 'root:root')
  await ask(influxd, `GRANT ALL ON city TO rain`, 'root:root')
  const credentials = ['--influx-username', 'rain', '--influx-password', 'drop']
  const program = await startService(influxd.url, ...credentials)
  await publish(program, 'A', [1, 2])
  expect((await untilProjected(program)).inserted).toBe(2)

  await ask(influxd, `SET PASSWORD FOR rain = 'another'`, 'root:root')
  await publish(program, 'A', [3, 4])
  const told = await eventually(async () => {
    const found = await troubles(program)
    return found.has('projection') && found.has('store') ? found : undefined
  })
  expect(told.get('store')).toMatch(/401.*check the credentials/)
  expect(told.get('projection')).toMatch(/401.*check the credentials/)
  const reading = await program.api('/series/latest')
  expect([reading.status, reading.headers.get('retry-after')]).toEqual([503, '5'])
  await program.process.printed(/the store turns us away/, 10_000)

  // A restart of the server in between changes nothing: first it is away, then it turns us away again.
  await influxd.kill()
  await publish(program, 'B', [5])
  await influxd.restart()
  await ask(influxd, `SET PASSWORD FOR rain = 'drop'`, 'root:root')
  const totals = await untilProjected(program)
  expect([totals.received, totals.inserted, totals.refused]).toEqual([5, 5, 0])
  expect(await storedValues(program, 'A')).toEqual([1, 2, 3, 4])
  expect(await storedValues(program, 'B')).toEqual([5])
  await eventually(async () => ((await troubles(program)).size === 0 ? true : undefined))
})

test('a database that was dropped is said, and filled on when it is there again', async () => {
  const influxd = await startInfluxd()
  opened.push(async () => await influxd.stop())
  const program = await startService(influxd.url)
  await ask(influxd, 'DROP DATABASE city')
  await publish(program, 'A', [1])
  const told = await eventually(async () => (await troubles(program)).get('projection'))
  expect(told).toMatch(/404.*check address and database/)
  await ask(influxd, 'CREATE DATABASE city')
  expect((await untilProjected(program)).inserted).toBe(1)
  expect(await storedValues(program, 'A')).toEqual([1])
})

test('a server in trouble of every kind delays what it is given, and nothing else', async () => {
  const influxd = await startInfluxd()
  opened.push(async () => await influxd.stop())
  /** One after another; null cuts the line, `after` fails when the write has taken effect. */
  const faults: (GivenAnswer | null | 'after')[] = [
    { status: 503, body: '{"error":"engine is busy"}' },
    { status: 500, body: 'not even JSON' },
    null,
    'after',
    { status: 429, headers: { 'retry-after': '2' } },
  ]
  const writesMs: number[] = []
  const proxy = await startInfluxProxy(influxd.url, async ({ path }, forward) => {
    if (!path.startsWith('/write')) return await forward()
    writesMs.push(performance.now())
    const fault = faults.shift()
    if (fault === undefined) return await forward()
    if (fault !== 'after') return fault
    await forward()
    return null
  })
  opened.push(async () => await proxy.stop())
  const program = await startService(proxy.url)
  await publish(program, 'A', [1, 2, 3])
  await publish(program, 'B', [4])
  const totals = await untilProjected(program)
  expect([totals.received, totals.inserted, totals.duplicate]).toEqual([4, 4, 0])
  expect(faults).toEqual([])
  // What came before the server asked to be left alone was tried at shorter intervals.
  const [asked = 0, heeded = 0] = writesMs.slice(4, 6)
  expect(heeded - asked).toBeGreaterThanOrEqual(2_000)
  expect(await storedValues(program, 'A')).toEqual([1, 2, 3])
  expect(await storedValues(program, 'B')).toEqual([4])
})

test('a series whose lines the server refuses holds up no other', async () => {
  const influxd = await startInfluxd()
  opened.push(async () => await influxd.stop())
  await ask(influxd, 'CREATE DATABASE city')
  // Somebody has written text where B's numbers go: a field has one type per shard and series.
  const spoilt = await fetch(`${influxd.url}/write?db=city&precision=s`, {
    method: 'POST',
    body: `observation,series=B.level,rev=0 value="much" ${START_S}`,
  })
  expect(spoilt.status).toBe(204)
  // A's week is another, because the type of a field holds for all series of a week.
  const program = await startService(influxd.url)
  await publish(program, 'B', [1, 2, 3])
  await publish(program, 'A', [30 * 86_400])
  const totals = await untilProjected(program)
  expect([totals.received, totals.inserted, totals.observationsRefused]).toEqual([4, 1, 3])
  const { items } = z
    .object({
      items: z.array(z.object({ device: z.string(), code: z.string(), reason: z.string() })),
    })
    .parse(await program.json('/refusals'))
  expect(items.map(({ device, code }) => [device, code])).toEqual(
    [1, 2, 3].map(() => ['B', 'store_rejected']),
  )
  for (const { reason } of items) expect(reason).toContain('field type conflict')
  expect(await troubles(program)).toEqual(new Map())
})
