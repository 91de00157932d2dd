import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { connectAsync } from 'mqtt'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { HttpStandIn } from '../setup/http-stand-in.js'
import { startInfluxProxy } from '../setup/influx-proxy.js'
import { startInfluxd, type Influxd } from '../setup/influxd.js'
import { untilProjected, type LedgerTotals } from '../setup/ledger.js'
import { observations, type ServedObservation } from '../setup/observations.js'
import { ANY_PORTS, startProgram, type Program } from '../setup/program.js'
import { smallCity } from '../setup/small-city.js'
import { temporaryFolder } from '../setup/temp-folder.js'

/**
 * InfluxDB has taken a write and the service is killed before it hears of it, so that the server is
 * ahead of the local index: the one moment in which the two halves of the store differ.
 */

/** 2023-11-14T00:00:00Z */
const START_S = 1_699_920_000
/** More lines than go into one request, so that a batch can be cut in its middle as well. */
const MESSAGES = 60
const RECORDS = 100
const WINDOW = { fromMs: START_S * 1000, toMs: (START_S + MESSAGES * RECORDS) * 1000 }

let influxd: Influxd

beforeAll(async () => {
  influxd = await startInfluxd()
})

afterAll(async () => {
  await influxd.stop()
})

/** Values, repetitions and revisions: the last ten messages say the first ten again, half of them otherwise. */
function packs(): string[] {
  return Array.from({ length: MESSAGES }, (_, message) => {
    const said = message < MESSAGES - 10 ? message : message - (MESSAGES - 10)
    const change = said === message || said % 2 === 0 ? 0 : 0.5
    const records = Array.from({ length: RECORDS }, (_, record) => {
      const index = said * RECORDS + record
      return { n: 'level', u: 'm', v: index / 10 + change, t: START_S + index }
    })
    return JSON.stringify(records)
  })
}

/** What a run leaves behind: the books, the series and every point the server holds, revisions too. */
interface Outcome {
  readonly totals: LedgerTotals
  readonly series: readonly ServedObservation[]
  readonly points: unknown
  readonly kills: number
}

/**
 * One life of a service: all messages are acknowledged while the server turns writes away, then it
 * lets them in, and at the given writes the service dies with the server's 204 in the proxy's hands.
 *
 * @param killAt positions of the writes that the server took, from 1
 */
async function run(database: string, killAt: readonly number[]): Promise<Outcome> {
  const folder = await temporaryFolder('influx-crash')
  const city = join(folder.path, 'city.yaml')
  const level = {
    ...{ device: 'A', field: 'level', quantity: 'level', unit: 'm' },
    ...{ kind: '{ type: instant }', reporting: '{ type: periodic, intervalS: 60 }' },
  }
  await writeFile(city, smallCity({ sensors: [level] }))
  const state = { isOpen: false, taken: 0, kills: 0 }
  let died = (): void => undefined
  const proxy: HttpStandIn = await startInfluxProxy(influxd.url, async ({ path }, forward) => {
    if (!path.startsWith('/write')) return await forward()
    if (!state.isOpen) return { status: 503 }
    const answer = await forward()
    expect(answer.status).toBe(204)
    if (!killAt.includes(++state.taken)) return answer
    await program.process.kill()
    state.kills++
    died()
    return null
  })
  const start = async (): Promise<Program> =>
    await startProgram([
      ...['--data', join(folder.path, 'data'), '--city', city, ...ANY_PORTS],
      ...['--store', 'influx', '--influx-url', proxy.url, '--influx-database', database],
    ])
  let program = await start()
  try {
    const client = await connectAsync(program.mqtt, {
      username: 'A',
      password: await program.secretOf('A'),
    })
    for (const pack of packs()) {
      await client.publishAsync('rl/v1/small/A/up', pack, { qos: 1 })
    }
    await client.endAsync()
    for (let kill = 0; kill < killAt.length; kill++) {
      const dead = new Promise<void>((resolve) => {
        died = resolve
      })
      state.isOpen = true
      await dead
      program = await start()
    }
    state.isOpen = true
    const totals = await untilProjected(program)
    return {
      totals,
      series: await observations(program, 'A.level', WINDOW),
      points: await points(database),
      kills: state.kills,
    }
  } finally {
    await program.process.stop()
    await proxy.stop()
    await folder.remove()
  }
}

/** Every point of the database with its tags and fields, straight from the server. */
async function points(database: string): Promise<unknown> {
  const query = new URLSearchParams({
    ...{ db: database, epoch: 'ms', q: 'SELECT * FROM observation ORDER BY time' },
  })
  const answer = await fetch(`${influxd.url}/query?${query.toString()}`)
  return await answer.json()
}

test('killed between the server’s 204 and the commit, the service ends with the same store and books', async () => {
  const whole = await run('whole', [])
  // 50 messages are new, five are repeated as they were, five are given another value.
  expect(whole.totals).toMatchObject({
    ...{ received: 60, refused: 0, decoded: 6_000, inserted: 5_000, duplicate: 500, revised: 500 },
  })
  expect(whole.series).toHaveLength(5_000)

  // In the middle of the batch; at its end, after the restart; and once more at the very next write.
  const crashed = await run('crashed', [1, 3, 4])
  expect(crashed.kills).toBe(3)
  expect(crashed.totals).toEqual(whole.totals)
  expect(crashed.series).toEqual(whole.series)
  expect(JSON.stringify(crashed.points).length).toBeGreaterThan(100_000)
  expect(crashed.points).toEqual(whole.points)
})
