import { once } from 'node:events'
import { connect } from 'node:net'
import { afterEach, expect, test, vi } from 'vitest'
import type { LiveEvent, LiveFeed } from '../../src/ports/live-feed.js'
import { START_MS, startApiService, TOKEN, type ApiService, type Overrides } from './api-service.js'
import { openEventStream } from './event-stream.js'

const LIVE = '/api/v1/live'

let service: ApiService | null = null

afterEach(async () => {
  await service?.stop()
  service = null
})

async function started(overrides: Overrides = {}): Promise<ApiService> {
  service = await startApiService(overrides)
  return service
}

/** A feed that says what the test tells it to. */
function handFeed(
  remembered: readonly LiveEvent[] | null = [],
): LiveFeed & { tell(event: LiveEvent): void; listeners(): number } {
  const listeners = new Set<(event: LiveEvent) => void>()
  return {
    tell: (event) => listeners.forEach((listener) => listener(event)),
    listeners: () => listeners.size,
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    since: () => remembered,
  }
}

test('a new client is greeted with the position and then told what is stored', async () => {
  const { url, publish } = await started()
  const stream = await openEventStream(url + LIVE)
  // Entry 1 is the registry.
  expect(await stream.next()).toEqual({ name: 'hello', id: '1', data: '{"id":1}' })
  await publish('RG-1', `rain 0.2 ${START_MS}`)
  const event = await stream.next()
  expect(event).toMatchObject({ name: 'observations', id: '2' })
  expect(JSON.parse(event.data)).toEqual({
    id: 2,
    observations: [
      {
        series: 'RG-1.rain',
        atMs: START_MS,
        value: 0.2,
        flag: 1,
        origin: 'measured',
        outcome: 'inserted',
      },
    ],
    refused: 0,
  })
  stream.close()
})

test('a client that comes back is sent what it has missed, once and in order', async () => {
  const { url, publish } = await started()
  for (const minute of [1, 2, 3]) await publish('FM-1', `flow 0.1 ${START_MS + minute * 60_000}`)
  const stream = await openEventStream(url + LIVE, { 'last-event-id': '2' })
  expect(await stream.next()).toMatchObject({ name: 'hello', id: null })
  await publish('FM-1', `flow 0.1 ${START_MS + 240_000}`)
  const ids = [await stream.next(), await stream.next(), await stream.next()].map(({ id }) => id)
  expect(ids).toEqual(['3', '4', '5'])
  stream.close()
})

test('a client whose place was forgotten is told to begin anew', async () => {
  const { url } = await started({ parts: { live: handFeed(null) } })
  const stream = await openEventStream(url + LIVE, { 'last-event-id': '1' })
  expect(await stream.next()).toEqual({ name: 'reset', id: '1', data: '{"id":1}' })
  stream.close()
})

test('a client that has missed more than may wait for it is told to begin anew', async () => {
  const live = handFeed([largeEvent(1)])
  const { url } = await started({ parts: { live }, live: { waitingBytes: 100_000 } })
  const stream = await openEventStream(url + LIVE, { 'last-event-id': '0' })
  expect(await stream.next()).toMatchObject({ name: 'reset' })
  stream.close()
})

test('a client with a place of another journal is told to begin anew', async () => {
  const { url } = await started()
  const stream = await openEventStream(`${url}${LIVE}?lastEventId=999`)
  expect(await stream.next()).toMatchObject({ name: 'reset', id: '1' })
  stream.close()
  expect((await fetch(`${url}${LIVE}?lastEventId=then`)).status).toBe(400)
})

test('a quiet stream has a heartbeat', async () => {
  const { url } = await started({ live: { heartbeatMs: 20 } })
  const stream = await openEventStream(url + LIVE)
  await stream.next()
  expect(await stream.next('with comments')).toMatchObject({ name: 'comment' })
  stream.close()
})

test('a client that does not read is let go before it fills the memory; others are not', async () => {
  const feed = handFeed()
  const waitingBytes = 256 * 1024
  const { url, log } = await started({ parts: { live: feed }, live: { waitingBytes } })
  const reading = await openEventStream(url + LIVE)
  await reading.next()
  const { hostname, port } = new URL(url)
  const deaf = connect(Number(port), hostname)
  deaf.on('error', () => undefined) // Being cut off is what the test is about.
  await once(deaf, 'connect')
  deaf.pause()
  deaf.write(`GET ${LIVE} HTTP/1.1\r\nhost: x\r\n\r\n`)
  await vi.waitFor(async () => expect(await streamsOf(url)).toBe(2))

  let told = 0
  await vi.waitFor(
    async () => {
      feed.tell(largeEvent(++told))
      expect(await reading.next()).toMatchObject({ id: String(told) })
      expect(await streamsOf(url)).toBe(1)
    },
    { timeout: 30_000, interval: 1 },
  )
  expect(log).toContainEqual(expect.objectContaining({ message: 'slow live client let go' }))
  deaf.destroy()
  reading.close()
  await vi.waitFor(() => expect(feed.listeners()).toBe(0))
}, 60_000)

test('no more streams are opened than were allowed, and a closed one makes room', async () => {
  const { url } = await started({ live: { streams: 1 } })
  const first = await openEventStream(url + LIVE)
  const refused = await fetch(url + LIVE)
  expect(refused.status).toBe(503)
  expect(refused.headers.get('content-type')).toBe('application/problem+json')
  await refused.body?.cancel()
  first.close()
  await vi.waitFor(async () => expect(await streamsOf(url)).toBe(0))
  const next = await openEventStream(url + LIVE)
  next.close()
})

test('stopping ends every stream and does not wait for those who will not go', async () => {
  const running = await started()
  const stream = await openEventStream(running.url + LIVE)
  await stream.next()
  const { hostname, port } = new URL(running.url)
  const idle = connect(Number(port), hostname)
  idle.on('error', () => undefined) // Being cut off is what the test is about.
  await once(idle, 'connect')
  // Half a request: the server waits for the rest, which never comes.
  const head = [
    'POST /api/v1/imports/chunks HTTP/1.1',
    'host: x',
    `authorization: Bearer ${TOKEN}`,
    'content-type: application/json',
    'content-length: 99',
  ]
  idle.write(`${head.join('\r\n')}\r\n\r\n{`)
  await running.ask('/healthz').then((answer) => answer.text())
  const beganMs = performance.now()
  await running.stop()
  expect(performance.now() - beganMs).toBeLessThan(4_000)
  await stream.ended()
  await expect(fetch(`${running.url}/healthz`)).rejects.toThrow('fetch failed')
  idle.destroy()
  service = null
})

test('stopping does not wait for a connection on which nothing was asked', async () => {
  const running = await started()
  const { hostname, port } = new URL(running.url)
  const spare = connect(Number(port), hostname)
  await once(spare, 'connect')
  // The answer to a later connection tells that the server has taken the earlier one.
  await running.ask('/healthz').then((answer) => answer.text())
  const beganMs = performance.now()
  await running.stop()
  expect(performance.now() - beganMs).toBeLessThan(1_500)
  service = null
})

async function figure(url: string, name: string): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text()
  return Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1])
}

function streamsOf(url: string): Promise<number> {
  return figure(url, 'rainledger_live_streams')
}

/** About 100 kB of frame. */
function largeEvent(id: number): LiveEvent {
  const observations = Array.from({ length: 1_000 }, (_, row) => ({
    series: `series-with-a-long-name-${row}`,
    atMs: START_MS,
    value: 1,
    flag: 1,
    origin: 'measured' as const,
    outcome: 0 as const,
  }))
  return { id, observations, refused: 0 }
}
