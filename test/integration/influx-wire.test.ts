import { afterEach, expect, test } from 'vitest'
import type { InfluxCredentials } from '../../src/adapters/influx/index.js'
import { TransientFault } from '../../src/domain/fault.js'
import { OUTCOME } from '../../src/domain/observation.js'
import { rowsBatch, START_MS } from '../contract/series-store/batch.js'
import { ALWAYS } from '../contract/series-store/subject.js'
import type { GivenAnswer, HttpStandIn, SeenRequest } from '../setup/http-stand-in.js'
import { startHttpStandIn } from '../setup/http-stand-in.js'
import type { InfluxSubject } from './influx-subject.js'
import { openInfluxSubject } from './influx-subject.js'

/**
 * What 2.x and 3.x do differently, held against the public HTTP API documentation of InfluxDB
 * OSS 2.7, Cloud Dedicated and 3 Core; no such server is at hand.
 */

const opened: (() => Promise<void>)[] = []

afterEach(async () => {
  for (const close of opened.splice(0).reverse()) await close()
})

const { inserted, refused } = OUTCOME
const rows = ['A', 'bad', 'B', 'C'].map((series, index) => ({
  series,
  atMs: START_MS + index,
  value: index + 0.5,
}))

async function standIn(
  version: string,
  write: (request: SeenRequest) => GivenAnswer | null,
): Promise<HttpStandIn> {
  const server = await startHttpStandIn((request) => {
    if (request.path === '/ping') {
      return { status: 204, headers: { 'x-influxdb-version': version } }
    }
    if (request.path.startsWith('/query')) return { status: 200, body: '{"results":[]}\n' }
    return write(request)
  })
  opened.push(async () => await server.stop())
  return server
}

async function subjectOn(
  url: string,
  credentials: InfluxCredentials = { token: 'secret-token' },
): Promise<InfluxSubject> {
  const subject = await openInfluxSubject({
    url,
    database: 'rain & flow',
    organisation: 'water works',
    credentials,
  })
  opened.push(async () => await subject.dispose())
  return subject
}

const writesOf = (server: HttpStandIn): readonly SeenRequest[] =>
  server.seen.filter(({ path }) => path.startsWith('/api/v2/write'))

test('2.x is written at /api/v2/write with organisation, bucket, precision and token', async () => {
  const server = await standIn('v2.7.12', () => ({ status: 204 }))
  const subject = await subjectOn(server.url)
  const outcomes = await subject.store.append(
    rowsBatch(7, [{ series: 'RG 01.rain', atMs: START_MS, value: 0.2, spanMs: 300_000, rank: 3 }]),
  )
  expect([...outcomes]).toEqual([inserted])
  const [write] = writesOf(server)
  const target = new URL(`http://localhost${write?.path ?? ''}`)
  expect(target.pathname).toBe('/api/v2/write')
  expect(Object.fromEntries(target.searchParams)).toEqual({
    org: 'water works',
    bucket: 'rain & flow',
    precision: 'ms',
  })
  expect(write?.headers.authorization).toBe('Token secret-token')
  expect(write?.body).toBe(
    'observation,series=RG\\ 01.rain,rev=0 value=0.2,nano=200000000,flag=1,weight=2,tests=0,' +
      `origin=0,span=300000,rank=3,seq=7 ${START_MS}`,
  )
  // 2.x makes buckets by its own API, with rights a writer need not have.
  expect(server.seen.some(({ body }) => body.includes('CREATE'))).toBe(false)
})

test('2.x is read at /query by InfluxQL, with the bucket as database', async () => {
  const server = await standIn('v2.7.12', () => ({ status: 204 }))
  const subject = await subjectOn(server.url)
  await subject.store.read(`it's`, { fromMs: 10, toMs: 20 })
  const query = server.seen.find(({ path }) => path === '/query')
  const form = new URLSearchParams(query?.body)
  expect([form.get('db'), form.get('epoch')]).toEqual(['rain & flow', 'ms'])
  expect(form.get('q')).toContain(`"series" = 'it\\'s'`)
  expect(form.get('q')).toContain('time >= 10ms AND time < 20ms')
  expect(query?.headers.authorization).toBe('Token secret-token')
})

test.each([
  {
    name: '3.x answers 201 with what it rejected',
    version: '3.0.1',
    status: 201,
    body: '{"code":"invalid","message":"partial write has occurred, errors encountered on 1 line"}',
    reason: 'InfluxDB: partial write has occurred, errors encountered on 1 line',
  },
  {
    name: '3 Core answers 400 with what it had against each line',
    version: '3.2.0',
    status: 400,
    body: '{"error":"partial write of line protocol occurred","data":[{"original_line":"","line_number":1,"error_message":"invalid column type for column value"}]}',
    reason: 'InfluxDB: invalid column type for column value',
  },
  {
    name: '2.x answers 422 to the whole request',
    version: 'v2.7.12',
    status: 422,
    body: '{"code":"unprocessable entity","message":"failure writing points to database: partial write: field type conflict"}',
    reason: 'InfluxDB: failure writing points to database: partial write: field type conflict',
  },
])('$name: only the row to blame is refused', async ({ version, status, body, reason }) => {
  const headers = { 'content-type': 'application/json' }
  const kept = new Set<string>()
  const server = await standIn(version, ({ body: lines }) => {
    const bad = lines.split('\n').filter((line) => line.includes('series=bad'))
    const good = lines.split('\n').filter((line) => !line.includes('series=bad'))
    // 422 takes nothing of a request with a bad line; the others take the rest.
    if (status !== 422 || bad.length === 0) for (const line of good) kept.add(line)
    return bad.length > 0 ? { status, headers, body } : { status: 204 }
  })
  const subject = await subjectOn(server.url)
  const outcomes = await subject.store.append(rowsBatch(1, rows))
  expect([...outcomes]).toEqual([inserted, refused, inserted, inserted])
  expect(kept.size).toBe(3)
  const [refusal] = await subject.ledger.refusals({ limit: 9 })
  expect([refusal?.code, refusal?.reason]).toEqual(['store_rejected', reason])
  const [book] = (await subject.ledger.books(ALWAYS)).rows
  expect([book?.decoded, book?.inserted, book?.observationsRefused]).toEqual([4, 3, 1])
})

test('201 without a word is a plain success', async () => {
  const server = await standIn('3.0.1', () => ({ status: 201 }))
  const subject = await subjectOn(server.url)
  const outcomes = await subject.store.append(rowsBatch(1, rows))
  expect([...outcomes]).toEqual([inserted, inserted, inserted, inserted])
  expect(writesOf(server)).toHaveLength(1)
})

test.each([429, 500, 503, 408])(
  'status %i is a transient fault: nothing counts, and one attempt was made',
  async (status) => {
    const server = await standIn('v2.7.12', () => ({ status, headers: { 'retry-after': '1' } }))
    const subject = await subjectOn(server.url)
    await expect(subject.store.append(rowsBatch(1, rows))).rejects.toBeInstanceOf(TransientFault)
    expect(writesOf(server)).toHaveLength(1)
    expect(await subject.ledger.position()).toBe(0)
    expect((await subject.ledger.books(ALWAYS)).rows).toEqual([])
  },
)

test('a connection cut in the middle of a write is a transient fault', async () => {
  const server = await standIn('v2.7.12', () => null)
  const subject = await subjectOn(server.url)
  await expect(subject.store.append(rowsBatch(1, rows))).rejects.toBeInstanceOf(TransientFault)
})

test.each([401, 403, 404])(
  'status %i is our own mistake: it is thrown and no row is refused',
  async (status) => {
    const server = await standIn('v2.7.12', () => ({ status, body: '{"message":"no"}' }))
    const subject = await subjectOn(server.url)
    const append = subject.store.append(rowsBatch(1, rows))
    await expect(append).rejects.toThrow(/check/)
    await expect(append).rejects.not.toBeInstanceOf(TransientFault)
    expect(await subject.ledger.refusals({ limit: 9 })).toEqual([])
    expect(await subject.ledger.position()).toBe(0)
  },
)

test('a server that hides its version in /ping tells it in /health', async () => {
  const server = await startHttpStandIn(({ path }) => {
    if (path === '/ping') return { status: 204 }
    if (path === '/health') return { status: 200, body: '{"name":"influxdb","version":"v2.7.1"}' }
    return { status: 204 }
  })
  opened.push(async () => await server.stop())
  const subject = await subjectOn(server.url)
  await subject.store.append(rowsBatch(1, rows))
  expect(writesOf(server)).toHaveLength(1)
})

test('something that is no InfluxDB is turned down when the store opens', async () => {
  const server = await startHttpStandIn(() => ({ status: 200, body: '<html>hello</html>' }))
  opened.push(async () => await server.stop())
  await expect(subjectOn(server.url)).rejects.toThrow(/does not answer as InfluxDB/)
  await expect(subjectOn('ftp://127.0.0.1')).rejects.toThrow(/http/)
})
