import { readFileSync } from 'node:fs'
import * as fc from 'fast-check'
import { z } from 'zod'
import { CITY, START_MS, TOKEN } from './api-service.js'

/** One request as it goes over the wire. */
export interface WireRequest {
  readonly method: string
  /** Path and query, escaped as they are to be sent. */
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | null
}

interface Operation {
  readonly method: string
  readonly path: string
  readonly query: readonly string[]
}

const parameter = z.object({ name: z.string(), in: z.enum(['query', 'path', 'header']) })
const description = z.object({
  paths: z.record(
    z.string(),
    z.record(z.string(), z.object({ parameters: z.array(parameter).optional() })),
  ),
})

/** Every operation of the committed description. */
export const OPERATIONS: readonly Operation[] = Object.entries(
  description.parse(JSON.parse(readFileSync('src/api/openapi.json', 'utf8'))).paths,
).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, { parameters = [] }]) => ({
    method: method.toUpperCase(),
    path,
    query: parameters.filter((it) => it.in === 'query').map(({ name }) => name),
  })),
)

/** What a route knows, so that requests come past its first check. */
const KNOWN = [
  ...['RG-1.rain', 'FM-1.flow', 'RG-1', 'FM-1', 'C1', 'Z1', 'O1', 'RG-1.rain,FM-1.flow'],
  ...['rain_events', 'measured_capture_ratio', 'event_runoff_coefficient', 'storm_runoff_volume'],
  ...['ponding', 'design_rain', 'csv', 'json', 'payload_unreadable', 'sensor_unknown'],
  ...[
    '0',
    '1',
    '2',
    '60000',
    '300000',
    '3600000',
    '86400000',
    '31622400000',
    '20000',
    'a'.repeat(64),
  ],
  ...[`${START_MS}`, `${START_MS - 3_600_000}`, `${START_MS - 86_400_000}`],
  ...['2026-07-01T08:00:00+08:00', '2026-06-30T00:00:00Z', '-62135596800000', '253402300799999'],
  ...['0001-01-01T00:00:00Z', '9999-12-31T23:59:59.999Z', '1970-01-01T00:00:00Z'],
]

/** What readers of parameters have stumbled over. */
const STRANGE = [
  ...['', ' ', '-1', '-0', '1.5', '1e3', '0x10', '1e400', 'NaN', 'Infinity', 'null', 'undefined'],
  ...['9007199254740993', '99999999999999999999', '-999999999999999', '999999999999999'],
  ...['2026-02-30T00:00:00Z', '2026-07-01T08:00:00', '2026-07-01', '+010000-01-01T00:00:00Z'],
  ...['__proto__', 'constructor', 'toString', '[object Object]', '../../etc/passwd', '\0', '\r\n'],
  ...["' OR 1=1 --", '"; DROP TABLE refusal', '${7*7}', '<script>', '雨', '😀', '\u202e', '\ufffe'],
  ...[',', ',,', 'a,b', '*', '#', '?', '&', '=', '/', '\\', '%', '%00', 'x'.repeat(201)],
  'x'.repeat(4_000),
]

/** Escapes that are none, or that decode to no text. */
const RAW = [
  '%',
  '%zz',
  '%c0%80',
  '%ed%a0%80',
  '%00',
  '%2e%2e%2f',
  '%2F',
  '+',
  '[]',
  ';',
  '//',
  '..',
]

const text = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...KNOWN) },
  { weight: 4, arbitrary: fc.constantFrom(...STRANGE) },
  { weight: 2, arbitrary: fc.string({ unit: 'grapheme', maxLength: 30 }) },
  { weight: 1, arbitrary: fc.integer().map(String) },
)
const escaped = fc.oneof(
  { weight: 9, arbitrary: text.map((it) => encodeURIComponent(it)) },
  { weight: 1, arbitrary: fc.constantFrom(...RAW) },
)
const names = ['person', 'reason', 'foo', '__proto__', 'from', 'series[]', 'from.gte', 'threshold']

/** JSON of a chunk of history, and of whatever else. */
const chunk = fc.record(
  {
    fileSha256: fc.oneof(fc.constant('a'.repeat(64)), text),
    mappingSha256: fc.oneof(fc.constant('b'.repeat(64)), text),
    fileName: text,
    person: text,
    revision: fc.oneof(fc.constantFrom<unknown>(0, 1, -1, 2 ** 53, 1.5), text),
    chunk: fc.oneof(fc.nat(), fc.constantFrom<unknown>(0, -1, 2 ** 53 - 1, null)),
    rows: fc.array(
      fc.record(
        {
          sensor: fc.constantFrom('RG-1.rain', 'FM-1.flow', 'RG-1', '雨', ''),
          atMs: fc.oneof(
            fc.integer({ min: START_MS - 86_400_000, max: START_MS }),
            fc.constantFrom<unknown>(0, -1, 8.64e15, -8.64e15, 2 ** 53 - 1, 1.5, '0', null),
          ),
          value: fc.oneof(fc.double(), fc.constantFrom<unknown>(null, 0, -0, 1e308, '1', true)),
          unit: fc.oneof(fc.constantFrom<unknown>(null, 'mm', 'm3/s', 'L/s', 1), text),
        },
        { noNullPrototype: true },
      ),
      { maxLength: 5 },
    ),
  },
  { noNullPrototype: true },
)
const goodChunk = fc
  .tuple(chunk, fc.integer({ min: 0, max: 1e6 }), fc.double({ min: -1e20, max: 1e20 }))
  .map(([, number, value]) => ({
    ...{ fileSha256: 'a'.repeat(64), mappingSha256: 'b'.repeat(64), fileName: 'f', person: 'p' },
    ...{ revision: 0, chunk: number },
    rows: [{ sensor: 'FM-1.flow', atMs: START_MS - number, value, unit: null }],
  }))

/** The registry with a piece of it cut out, doubled or replaced. */
const registry = fc
  .tuple(
    fc.nat(CITY.length),
    fc.nat(80),
    fc.oneof(text, fc.constant(''), fc.constantFrom(...pieces())),
  )
  .map(([at, length, piece]) => CITY.slice(0, at) + piece + CITY.slice(at + length))

function pieces(): string[] {
  return [
    ...[
      '&a [*a]',
      '*a',
      '!!binary x',
      '!!js/function x',
      '<<: *a',
      '- '.repeat(500),
      '{'.repeat(500),
    ],
    ...['? a\n: b', '---\n', '...\n', '\t', '.inf', '.nan', '0x7fffffffffffffffff', '1e400', '~'],
    ...['[120.6, 31.3]', "'9999-12-31T23:59:59Z'", '2026-01-01', 'yes', '"\\ud800"', '\u0000'],
    'a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]',
  ]
}

const jsonBody = fc
  .oneof(
    chunk,
    goodChunk,
    fc.json({ maxDepth: 4 }).map((it) => JSON.parse(it) as unknown),
  )
  .map((it) => JSON.stringify(it))
const body = fc.oneof(
  { weight: 4, arbitrary: jsonBody },
  { weight: 4, arbitrary: registry },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 100 }) },
  { weight: 1, arbitrary: fc.constantFrom('', '{', 'null', '{"__proto__":1}', '['.repeat(50_000)) },
)
const mediaTypes = ['application/json', 'application/yaml', 'text/yaml', 'text/plain']
const strangeTypes = [
  '',
  'application/json; charset=utf-16',
  'multipart/form-data',
  'x',
  '*/*',
  ';',
]

const bearer = fc.oneof(
  { weight: 6, arbitrary: fc.constant(`Bearer ${TOKEN}`) },
  {
    weight: 1,
    arbitrary: fc.constantFrom('', 'Bearer', 'Bearer x', 'Basic YTpi', 'bearer\t', 'é'),
  },
)
const headers = fc.record(
  {
    authorization: bearer,
    accept: fc.constantFrom(
      '*/*',
      'text/csv',
      'application/json',
      'text/html',
      '',
      ';;',
      'text/csv;q=0',
    ),
    'accept-encoding': fc.constantFrom('gzip', '*', 'identity;q=0', ''),
    'last-event-id': fc.constantFrom('0', '3', '-1', '999999999999999', 'x', '1e3', ''),
    range: fc.constantFrom('bytes=0-0', 'bytes=-1', 'bytes=9-1,2-3', 'x'),
    'if-none-match': fc.constantFrom('*', '"x"', ''),
    'if-modified-since': fc.constantFrom('x', 'Thu, 01 Jan 1970 00:00:00 GMT'),
    expect: fc.constantFrom('100-continue', 'something'),
    upgrade: fc.constantFrom('websocket', 'h2c'),
    'x-http-method-override': fc.constantFrom('DELETE', 'x'),
    'x-forwarded-for': fc.constantFrom('::1', 'x'),
    origin: fc.constantFrom('null', 'http://elsewhere'),
    cookie: fc.constant('a=b; __proto__=c'),
  },
  { requiredKeys: ['authorization'], noNullPrototype: true },
)
const methods = ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'TRACE', 'PROPFIND']

/** Requests to one operation: mostly its own method, parameters and body, sometimes anything. */
export function requestsTo(operation: Operation): fc.Arbitrary<WireRequest> {
  const method = fc.oneof(
    { weight: 9, arbitrary: fc.constant(operation.method) },
    { weight: 1, arbitrary: fc.constantFrom(...methods) },
  )
  const variables = operation.path.match(/\{[^}]+\}/g) ?? []
  const path = fc
    .tuple(...variables.map(() => escaped))
    .map((values) =>
      variables.reduce((made, name, i) => made.replace(name, values[i] ?? ''), operation.path),
    )
  const name =
    operation.query.length === 0
      ? fc.constantFrom(...names)
      : fc.oneof(
          { weight: 12, arbitrary: fc.constantFrom(...operation.query) },
          { weight: 1, arbitrary: fc.constantFrom(...names) },
        )
  const query = fc
    .uniqueArray(fc.tuple(name, escaped), {
      maxLength: operation.query.length + 1,
      selector: ([key, value]) => (value.length % 7 === 0 ? `${key}=${value}` : key),
    })
    .map((pairs) => pairs.map(([key, value]) => `${encodeURIComponent(key)}=${value}`).join('&'))
  const type = fc.oneof(
    { weight: 8, arbitrary: fc.constantFrom(...mediaTypes) },
    { weight: 1, arbitrary: fc.constantFrom(...strangeTypes) },
  )
  return fc
    .tuple(method, path, query, headers, type, body)
    .map(([method, path, query, sent, type, body]) => {
      const hasBody = operation.method !== 'GET'
      return {
        method,
        path: query === '' ? path : `${path}?${query}`,
        headers: hasBody ? { ...sent, 'content-type': type } : sent,
        body: hasBody ? body : null,
      }
    })
}
