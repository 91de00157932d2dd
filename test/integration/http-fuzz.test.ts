import { once } from 'node:events'
import { Agent, request as httpRequest, type IncomingMessage } from 'node:http'
import { connect } from 'node:net'
import * as fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { fuzzed } from '../setup/fuzz.js'
import { START_MS, startApiService, type ApiService } from './api-service.js'
import { OPERATIONS, requestsTo, type WireRequest } from './http-requests.js'

/** [RFC 9457 §3.1] the members; a `type` that is a URI reference. */
const problem = z.object({
  type: z.string().min(1),
  title: z.string().min(1),
  status: z.int(),
  detail: z.string().min(1),
  instance: z.string(),
})

const agent = new Agent({ keepAlive: true })
let service: ApiService

beforeAll(async () => {
  service = await startApiService()
  await service.publish('RG-1', `rain 0.2 ${START_MS - 600_000}\nrain 0.4 ${START_MS - 300_000}`)
  await service.publish('FM-1', `flow 0.5 ${START_MS - 120_000}\nflow 0.6 ${START_MS - 60_000}`)
  await service.publish('FM-1', new Uint8Array([0xff, 0xfe, 0x00, 0x80]))
})

afterAll(async () => {
  agent.destroy()
  await service.stop()
})

interface Answer {
  readonly status: number
  readonly type: string
  readonly body: string
}

/** Sends a request as it stands; of an answer without end (a live stream) only the head is read. */
async function answerTo({ method, path, headers, body }: WireRequest): Promise<Answer> {
  const { hostname, port } = new URL(service.url)
  // Node frames no body of a GET or HEAD by itself: it would be taken for a further request.
  const length = body === null ? {} : { 'content-length': Buffer.byteLength(body) }
  const framed = { ...headers, ...length }
  const sent = httpRequest({ agent, hostname, port, method, path, headers: framed })
  const answered = once(sent, 'response') as Promise<[IncomingMessage]>
  sent.end(body ?? undefined)
  const [response] = await answered
  const type = response.headers['content-type'] ?? ''
  const status = response.statusCode ?? 0
  if (type.startsWith('text/event-stream')) {
    response.destroy()
    return { status, type, body: '' }
  }
  let text = ''
  for await (const part of response) text += String(part)
  return { status, type, body: text }
}

function hold({ method }: WireRequest, { status, type, body }: Answer): void {
  expect(status).toBeLessThan(500)
  if (status < 400) return
  expect(type).toBe('application/problem+json')
  if (method !== 'HEAD') expect(problem.parse(JSON.parse(body)).status).toBe(status)
}

test.each(OPERATIONS)('$method $path answers whatever is asked', async (operation) => {
  const statuses = new Set<number>()
  await fc.assert(
    fc.asyncProperty(requestsTo(operation), async (request) => {
      const answer = await answerTo(request)
      statuses.add(answer.status)
      hold(request, answer)
    }),
    fuzzed(120),
  )
  expect([...statuses].some((status) => status >= 400)).toBe(true)
  expect(service.log.filter(({ level }) => level === 'error')).toEqual([])
})

/** What is no HTTP, or HTTP that Node itself would answer in a way of its own. */
const rawPiece = fc.oneof(
  fc.constantFrom(
    ...['GET ', 'PUT ', 'POST ', '/api/v1/city', '/', '*', 'http://elsewhere/', ' HTTP/1.1\r\n'],
    ...[
      ' HTTP/1.0\r\n',
      ' HTTP/9.9\r\n',
      '\r\n',
      '\r\n\r\n',
      'Host: x\r\n',
      'Host:\r\n',
      '\n',
      '\0',
    ],
    ...['Content-Length: 5\r\n', 'Content-Length: -1\r\n', 'Transfer-Encoding: chunked\r\n'],
    ...[
      'Transfer-Encoding: x\r\n',
      'Expect: something\r\n',
      'Connection: close\r\n',
      '5\r\nabcde\r\n',
    ],
    ...[
      '0\r\n\r\n',
      'zz\r\n',
      'Upgrade: h2c\r\nConnection: upgrade\r\n',
      'PRI * HTTP/2.0\r\n\r\nSM',
    ],
    ...[`X: ${'x'.repeat(20_000)}\r\n`, 'CONNECT a:1', '\u0016\u0003\u0001'],
  ),
  fc.string({ unit: 'binary', maxLength: 20 }),
)

const rawText = fc.array(rawPiece, { minLength: 1, maxLength: 10 }).map((it) => it.join(''))
/** A request with some of what it needs missing or twice. */
const nearlyHttp = fc
  .record({
    method: fc.constantFrom('GET', 'PUT', 'POST', 'OPTIONS', 'get', 'X'),
    path: fc.constantFrom('/healthz', '*', '/api/v1/city', '//', 'http://a/healthz', '/%', ''),
    version: fc.constantFrom('1.1', '1.0', '2.0', '1.2'),
    host: fc.constantFrom(
      'Host: a\r\n',
      '',
      'Host:\r\n',
      'Host: a\r\nHost: b\r\n',
      'Host: é\0\r\n',
    ),
    rest: rawText,
  })
  .map((it) => `${it.method} ${it.path} HTTP/${it.version}\r\n${it.host}${it.rest}\r\n\r\n`)

test('raw bytes on the port are answered with a problem or cut, and harm nobody', async () => {
  const ends = new Set<string>()
  await fc.assert(
    fc.asyncProperty(fc.oneof(rawText, nearlyHttp), async (text) => {
      const answers = await rawAnswer(text)
      ends.add(answers.length === 0 ? 'cut' : 'answered')
      for (const { status, type, body } of answers) {
        expect(status).toBeLessThan(500)
        if (status < 400) continue
        expect(type).toBe('application/problem+json')
        expect(problem.parse(JSON.parse(body)).status).toBe(status)
      }
    }),
    fuzzed(300),
  )
  expect(ends).toContain('answered')
  expect(service.log.filter(({ level }) => level === 'error')).toEqual([])
})

/** Writes bytes, closes our half, and reads the answers that come back. */
async function rawAnswer(text: string): Promise<Answer[]> {
  const { hostname, port } = new URL(service.url)
  const socket = connect({ host: hostname, port: Number(port), allowHalfOpen: true })
  let back = ''
  socket.on('data', (part) => {
    back += part.toString('latin1')
  })
  // A server that cuts the line while we still write resets it; that is one of the good ends.
  socket.on('error', () => undefined)
  const closed = once(socket, 'close')
  socket.end(text, 'latin1')
  await closed
  return answersIn(back)
}

/** The answers in a stream of bytes that we know to be well-formed: each with its length. */
function answersIn(stream: string): Answer[] {
  const answers: Answer[] = []
  for (let rest = stream; rest !== '';) {
    const [head = '', ...after] = rest.split('\r\n\r\n')
    const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(head)?.[1])
    expect(status).toBeGreaterThan(99)
    if (/^transfer-encoding: chunked/im.test(head))
      return [...answers, { status, type: '', body: '' }]
    const length = Number(/^content-length: (\d+)/im.exec(head)?.[1] ?? '0')
    const type = /^content-type: (.+)$/im.exec(head)?.[1]?.trim() ?? ''
    const content = after.join('\r\n\r\n')
    answers.push({ status, type, body: Buffer.from(content.slice(0, length), 'latin1').toString() })
    rest = content.slice(length)
  }
  return answers
}

/** Found by the tests above. */
describe('counterexamples', () => {
  test('an expectation that nobody knows is left out of account [RFC 9110 §10.1.1]', async () => {
    const headers = { expect: 'something' }
    const asked = { method: 'GET', path: '/healthz', headers, body: null }
    expect(await answerTo(asked)).toMatchObject({ status: 200, body: '{"status":"alive"}' })
  })

  test('a request of HTTP/1.1 without Host is told so [RFC 9112 §3.2]', async () => {
    const [answer] = await rawAnswer('GET /healthz HTTP/1.1\r\nConnection: close\r\n\r\n')
    expect(answer).toMatchObject({ status: 400, type: 'application/problem+json' })
    expect(answer?.body).toContain('host is missing')
    const [older] = await rawAnswer('GET /healthz HTTP/1.0\r\n\r\n')
    expect(older?.status).toBe(200)
  })
})

test('after all that the books close, and what was refused has its bytes', async () => {
  const ledger = z
    .object({
      closes: z.boolean(),
      totals: z.object({ received: z.number(), inFlight: z.number() }),
    })
    .parse(await (await service.ask(`/api/v1/ledger?from=${START_MS - 86_400_000}`)).json())
  expect(ledger.closes).toBe(true)
  expect(ledger.totals.received).toBeGreaterThan(3)
  const { items } = z
    .object({ items: z.array(z.object({ device: z.string(), payloadBase64: z.string() })) })
    .parse(await (await service.ask('/api/v1/refusals?device=FM-1&code=payload_unreadable')).json())
  expect(items.at(-1)?.payloadBase64).toBe(Buffer.from([0xff, 0xfe, 0, 0x80]).toString('base64'))
})
