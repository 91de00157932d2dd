import { afterAll, beforeAll, expect, test } from 'vitest'
import type { InfluxCredentials } from '../../src/adapters/influx/index.js'
import { TransientFault } from '../../src/domain/fault.js'
import { rowsBatch, START_MS } from '../contract/series-store/batch.js'
import { ALWAYS } from '../contract/series-store/subject.js'
import type { Influxd } from '../setup/influxd.js'
import { startInfluxd } from '../setup/influxd.js'
import { openInfluxSubject } from './influx-subject.js'

const ADMIN = { username: 'root', password: `p:a s's"wörd` }
const WRITER = { username: 'rain', password: 'drop' }

let influxd: Influxd

beforeAll(async () => {
  influxd = await startInfluxd({ authentication: 'on' })
  await ask(`CREATE USER root WITH PASSWORD 'p:a s\\'s"wörd' WITH ALL PRIVILEGES`)
  for (const statement of [
    `CREATE USER rain WITH PASSWORD 'drop'`,
    'CREATE DATABASE shared',
    'GRANT ALL ON shared TO rain',
  ]) {
    await ask(statement, ADMIN)
  }
})

afterAll(async () => {
  await influxd.stop()
})

async function ask(statement: string, user?: typeof ADMIN): Promise<void> {
  const pair = Buffer.from(`${user?.username}:${user?.password}`).toString('base64')
  const response = await fetch(`${influxd.url}/query`, {
    method: 'POST',
    headers: user === undefined ? {} : { authorization: `Basic ${pair}` },
    body: new URLSearchParams({ q: statement }),
  })
  const text = await response.text()
  expect(text).not.toContain('error')
}

async function roundTrip(database: string, credentials?: InfluxCredentials): Promise<number[]> {
  const subject = await openInfluxSubject({
    url: influxd.url,
    database,
    ...(credentials === undefined ? {} : { credentials }),
  })
  try {
    await subject.store.append(rowsBatch(1, [{ series: 'A.flow', atMs: START_MS, value: 1 }]))
    return [...(await subject.store.read('A.flow', ALWAYS)).values]
  } finally {
    await subject.dispose()
  }
}

test('a user who may makes the database, writes and reads', async () => {
  expect(await roundTrip('made here', ADMIN)).toEqual([1])
})

test('a user who may not make databases uses the one that is there', async () => {
  expect(await roundTrip('shared', WRITER)).toEqual([1])
})

test.each([
  ['no credentials', undefined],
  ['a wrong password', { ...ADMIN, password: 'wrong' }],
  ['a token, which 1.x does not know', { token: 'abc' }],
])('%s is said at the start, and is no transient fault', async (_, credentials) => {
  const opening = roundTrip('shared', credentials)
  await expect(opening).rejects.toThrow(/401/)
  await expect(opening).rejects.not.toBeInstanceOf(TransientFault)
})

test('a database that the user may not use is said at the start', async () => {
  await expect(roundTrip('foreign', WRITER)).rejects.toThrow()
})
