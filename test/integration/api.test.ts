import { connect } from 'node:net'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { REFUSAL_CODES, TransientFault } from '../../src/domain/fault.js'
import type { Problem } from '../../src/api/schemas/problem.js'
import { CITY, START_MS, startApiService, TOKEN, type ApiService } from './api-service.js'
import { DAY_MS, MINUTE_MS } from '../../src/domain/time.js'

const FLOWS = 25
const GARBAGE = Buffer.from([0xff, 0xfe, 0x00, 0x80])
const administrator = { authorization: `Bearer ${TOKEN}` }

let service: ApiService

beforeAll(async () => {
  service = await startApiService()
  const rain = [`rain 0.2 ${START_MS - 10 * MINUTE_MS}`, `rain 0.4 ${START_MS - 5 * MINUTE_MS}`]
  await service.publish('RG-1', rain.join('\n'))
  const flows = Array.from(
    { length: FLOWS },
    (_, minute) => `flow ${(minute + 1) / 100} ${START_MS - (FLOWS - minute) * MINUTE_MS}`,
  )
  await service.publish('FM-1', flows.join('\n'))
  await service.publish('FM-1', GARBAGE)
  await service.publish('FM-1', 'not what is wanted')
})

afterAll(async () => {
  await service.stop()
})

async function json(path: string, request?: RequestInit): Promise<Record<string, unknown>> {
  const answer = await service.ask(path, request)
  expect(answer.headers.get('content-type')).toBe('application/json; charset=utf-8')
  expect(answer.status).toBe(200)
  return (await answer.json()) as Record<string, unknown>
}

async function problem(path: string, request?: RequestInit): Promise<Problem> {
  const answer = await service.ask(path, request)
  expect(answer.headers.get('content-type')).toBe('application/problem+json')
  const body = (await answer.json()) as Problem
  expect(body.status).toBe(answer.status)
  return body
}

describe('the city', () => {
  test('is served in WGS 84 with the declared coordinates beside', async () => {
    const city = await json('/api/v1/city')
    const [station] = city['stations'] as { position: Record<string, unknown> }[]
    expect(station?.position['declared']).toEqual({ lon: 120.6, lat: 31.3, reference: 'GCJ-02' })
    // GCJ-02 is shifted by some hundred metres in China, about 0.004° east and 0.002° south here.
    expect(station?.position['lon']).toBeCloseTo(120.5957, 3)
    expect(station?.position['lat']).toBeCloseTo(31.302, 2)
    expect(city['registry']).toMatchObject({ seq: 1, person: 'test', reason: 'start' })
  })

  test('is replaced without a restart, and the same content is no new version', async () => {
    const text = CITY.replace('en: Demo', 'en: Renamed')
    const put = {
      method: 'PUT',
      body: text,
      headers: { ...administrator, 'content-type': 'text/yaml' },
    }
    const path = `/api/v1/city?person=${encodeURIComponent('李工')}&reason=name`
    expect(await json(path, put)).toMatchObject({ changed: true, version: { person: '李工' } })
    expect(await json(path, put)).toMatchObject({ changed: false })
    expect(await json('/api/v1/city')).toMatchObject({ city: { name: { en: 'Renamed' } } })
  })

  test('is not replaced by a registry with faults; all of them are listed with their lines', async () => {
    const text = CITY.replace('zone: Z1\n    area', 'zone: Z9\n    area').replace(
      'quantity: flow',
      'quantity: flaw',
    )
    const found = await problem('/api/v1/city?person=a&reason=b', {
      method: 'PUT',
      body: text,
      headers: { ...administrator, 'content-type': 'application/yaml' },
    })
    expect(found).toMatchObject({ status: 422, type: 'urn:rainledger:problem:city_rejected' })
    const lines = text.split('\n')
    const places = found.errors?.map(({ line }) => lines[(line ?? 0) - 1]?.trim())
    expect(places).toEqual(expect.arrayContaining(['zone: Z9', 'quantity: flaw']))
    expect(found.errors?.every(({ expected }) => expected.length > 0)).toBe(true)
  })

  test('is not read from JSON', async () => {
    const found = await problem('/api/v1/city?person=a&reason=b', {
      method: 'PUT',
      body: '<x/>',
      headers: { ...administrator, 'content-type': 'application/xml' },
    })
    expect(found).toMatchObject({ status: 415 })
    expect(found.errors?.[0]).toMatchObject({ field: 'content-type', value: 'application/xml' })
    expect(found.errors?.[0]?.expected).toContain('application/yaml')
  })
})

describe('series', () => {
  test('are listed with unit, kind and station', async () => {
    const { items } = await json('/api/v1/series')
    expect(items).toMatchObject([
      { id: 'RG-1.rain', unit: 'mm', measure: 'total', station: 'S1' },
      { id: 'FM-1.flow', unit: 'm3/s', measure: 'state', kind: { type: 'instant' } },
    ])
  })

  test('show their newest values, all or those asked for', async () => {
    const all = await json('/api/v1/series/latest')
    expect(all['items']).toHaveLength(2)
    const { items } = await json('/api/v1/series/latest?series=RG-1.rain')
    const atMs = START_MS - 5 * MINUTE_MS
    expect(items).toEqual([
      { series: 'RG-1.rain', atMs, value: 0.4, unit: 'mm', flag: 1, origin: 'measured' },
    ])
  })

  test('come in pages that leave nothing out and repeat nothing', async () => {
    const values: number[] = []
    let pages = 0
    for (let next: string | null = ''; next !== null; pages++) {
      const cursor = next === '' ? '' : `&cursor=${next}`
      const page = await json(`/api/v1/series/FM-1.flow/observations?limit=10${cursor}`)
      for (const { value } of page['items'] as { value: number }[]) values.push(value)
      next = page['next'] as string | null
    }
    expect(pages).toBe(3)
    expect(values).toEqual(Array.from({ length: FLOWS }, (_, minute) => (minute + 1) / 100))
  })

  test('come as CSV with the unit in the header', async () => {
    const byAccept = await service.ask('/api/v1/series/RG-1.rain/observations', {
      headers: { accept: 'text/csv' },
    })
    expect(byAccept.headers.get('content-type')).toBe('text/csv; charset=utf-8; header=present')
    const text = [
      'time_utc,at_ms,span_ms,value [mm],flag,origin',
      '2026-06-30T23:50:00.000Z,1782863400000,300000,0.2,1,measured',
      '2026-06-30T23:55:00.000Z,1782863700000,300000,0.4,1,measured',
      '',
    ].join('\r\n')
    expect(await byAccept.text()).toBe(text)
    const byName = await service.ask('/api/v1/series/RG-1.rain/observations?format=csv')
    expect(await byName.text()).toBe(text)
  })

  test('are aggregated over steps of the window, a total in the step that its end closes', async () => {
    const from = START_MS - 20 * MINUTE_MS
    const path = `/api/v1/series/RG-1.rain/steps?from=${from}&to=${START_MS}&stepMs=600000`
    expect(await json(path)).toMatchObject({
      unit: 'mm',
      // The depth stamped 23:50 fell before 23:50, the one stamped 23:55 after it.
      fromMs: [from, from + 10 * MINUTE_MS],
      count: [1, 1],
      sum: [0.2, 0.4],
    })
  })

  test('of which the registry knows nothing are not found', async () => {
    expect(await problem('/api/v1/series/RG-9.rain/steps')).toMatchObject({
      status: 404,
      detail: expect.stringContaining('RG-9.rain') as string,
    })
  })

  test('show both values of a time that was given two', async () => {
    const atMs = START_MS - 60 * MINUTE_MS
    await service.publish('FM-1', `flow 0.5 ${atMs}`)
    await service.publish('FM-1', `flow 0.7 ${atMs}`)
    const { items } = await json('/api/v1/series/FM-1.flow/revisions')
    const revisions = items as { value: number; current: boolean; rank: number | null }[]
    expect(new Set(revisions.map(({ value }) => value))).toEqual(new Set([0.5, 0.7]))
    expect(revisions).toHaveLength(2)
    expect(revisions.filter(({ current }) => current)).toHaveLength(1)
  })
})

describe('what is no request that can be answered', () => {
  async function rawAnswer(text: string): Promise<string> {
    const { hostname, port } = new URL(service.url)
    const socket = connect(Number(port), hostname)
    socket.write(text)
    let answer = ''
    for await (const chunk of socket) answer += String(chunk)
    return answer
  }

  test.each([
    ['no HTTP', 'GARBAGE\r\n\r\n', 400],
    ['headers without end', `GET /${'a'.repeat(20_000)} HTTP/1.1\r\nHost: x\r\n\r\n`, 431],
  ])('%s, is a problem too', async (_, text, status) => {
    const answer = await rawAnswer(text)
    expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `))
    expect(answer).toContain('application/problem+json')
    expect(JSON.parse(answer.slice(answer.indexOf('{')))).toMatchObject({ status })
  })

  test('the head of a live stream is not served, because it would never end', async () => {
    expect((await service.ask('/api/v1/live', { method: 'HEAD' })).status).toBe(404)
  })
})

describe('a query', () => {
  test('that leaves out what is needed is told so without a word of the validator’s', async () => {
    const found = await problem('/api/v1/city', {
      method: 'PUT',
      body: CITY,
      headers: { ...administrator, 'content-type': 'text/yaml' },
    })
    expect(found.detail).toContain('person is missing; expected string')
  })

  test('that cannot be read is told field, value and what would be right, all at once', async () => {
    const found = await problem('/api/v1/series/FM-1.flow/steps?from=gestern&stepMs=1&gage=RG')
    expect(found).toMatchObject({ status: 400, type: 'urn:rainledger:problem:invalid_request' })
    expect(found.errors).toEqual([
      { field: 'from', value: 'gestern', expected: expect.stringContaining('ISO 8601') as string },
      { field: 'stepMs', value: '1', expected: expect.stringContaining('1000') as string },
      { field: 'gage', value: 'RG', expected: 'one of the known names: from, to, stepMs' },
    ])
  })

  test('for too many steps is told the shortest step', async () => {
    const found = await problem(
      `/api/v1/series/FM-1.flow/steps?from=0&to=${20_001 * 1000}&stepMs=1000`,
    )
    expect(found.errors?.[0]).toMatchObject({ field: 'stepMs' })
    expect(found.errors?.[0]?.expected).toContain('at least 1001')
  })

  test('for a window that does not go forwards is refused', async () => {
    const found = await problem('/api/v1/series/FM-1.flow/steps?from=5000&to=5000')
    expect(found.errors?.[0]).toMatchObject({ field: 'from', value: '5000' })
  })

  test('for a flow as a hyetograph is told the gauges there are', async () => {
    const found = await problem('/api/v1/hyetographs?gauge=FM-1.flow')
    expect(found.errors?.[0]?.expected).toContain('RG-1.rain')
  })

  test('for rain as a hydrograph is refused, because totals are not averaged', async () => {
    expect(await problem('/api/v1/hydrographs?sensor=RG-1.rain')).toMatchObject({ status: 400 })
  })

  test('for rain events names a gauge or a catchment, not both and not neither', async () => {
    expect(await problem('/api/v1/events')).toMatchObject({ status: 400 })
    const both = await problem('/api/v1/events?gauge=RG-1.rain&catchment=C1')
    expect(both.errors?.[0]).toMatchObject({ field: 'catchment' })
  })

  test('for an indicator there is not, or a path there is not, is a problem too', async () => {
    expect(await problem('/api/v1/indicators/none?subject=C1')).toMatchObject({ status: 404 })
    expect(await problem('/api/v1/nothing')).toMatchObject({ status: 404 })
    expect(await problem('/%')).toMatchObject({ status: 400 })
    expect(await problem(`/api/v1/series/${'a'.repeat(300)}/steps`)).toMatchObject({ status: 400 })
  })
})

describe('rain and flow', () => {
  const window = `from=${START_MS - 15 * MINUTE_MS}&to=${START_MS}&stepMs=${5 * MINUTE_MS}`
  const fromMs = [15, 10, 5].map((minutes) => START_MS - minutes * MINUTE_MS)

  test('a hyetograph has every step, and none where nothing is known', async () => {
    expect(await json(`/api/v1/hyetographs?gauge=RG-1.rain&${window}`)).toEqual({
      gauge: 'RG-1.rain',
      unit: 'mm',
      stepMs: 5 * MINUTE_MS,
      fromMs,
      depthMm: [0.2, 0.4, null],
      coverage: [1, 1, 0],
      worstFlag: [1, 1, 9],
    })
  })

  test('a hydrograph has every step, with mean and greatest', async () => {
    const found = await json(`/api/v1/hydrographs?sensor=FM-1.flow&${window}`)
    expect(found).toMatchObject({ unit: 'm3/s', fromMs, worstFlag: [1, 1, 1] })
    // One value a minute, rising by 0.01: the eleventh to the fifteenth lie in the first step.
    const max = found['max'] as number[]
    expect(max[0]).toBeGreaterThanOrEqual(0.15)
    expect(max[0]).toBeLessThanOrEqual(0.16)
  })

  test('two wet spans within the inter-event time are one event', async () => {
    const events = await json('/api/v1/events?gauge=RG-1.rain&mitMs=3600000')
    expect(events).toMatchObject({
      subject: { kind: 'gauge', id: 'RG-1.rain' },
      items: [{ fromMs: fromMs[0], toMs: fromMs[2], durationMs: 10 * MINUTE_MS }],
    })
    const [event] = events['items'] as { depthMm: number }[]
    expect(event?.depthMm).toBeCloseTo(0.6, 9)
    const none = await json('/api/v1/events?catchment=C1&minDepthMm=2')
    expect(none['items']).toEqual([])
  })
})

describe('indicators', () => {
  test('are each described, and each answers for a subject of its kind', async () => {
    const { items } = await json('/api/v1/indicators')
    const subjects: Record<string, string> = {
      gauge: 'RG-1.rain',
      catchment: 'C1',
      outfall: 'O1',
      zone: 'Z1',
    }
    let asked = 0
    for (const { id, subjectKinds } of items as { id: string; subjectKinds: string[] }[]) {
      for (const kind of subjectKinds) {
        const subject = subjects[kind]
        if (subject === undefined) continue
        asked++
        const result = await json(`/api/v1/indicators/${id}?subject=${subject}`)
        expect(result).toMatchObject({ indicator: id, subject: { kind, id: subject } })
      }
    }
    expect(asked).toBeGreaterThanOrEqual(4)
  })

  test('refuse a subject and a parameter they do not know', async () => {
    const { items } = await json('/api/v1/indicators')
    const [first] = items as { id: string }[]
    const path = `/api/v1/indicators/${first?.id ?? ''}`
    expect((await problem(`${path}?subject=nobody`)).errors?.[0]).toMatchObject({
      field: 'subject',
      value: 'nobody',
    })
    expect(await problem(`${path}?subject=C1&colour=blue`)).toMatchObject({ status: 400 })
    expect((await problem(path)).errors?.[0]).toMatchObject({ field: 'subject', value: null })
  })
})

describe('refusals and books', () => {
  test('keep the bytes of what could not be read, newest first, page by page', async () => {
    const first = await json('/api/v1/refusals?limit=1')
    const [newest] = first['items'] as Record<string, unknown>[]
    expect(newest).toMatchObject({
      device: 'FM-1',
      code: 'payload_unreadable',
      meaning: REFUSAL_CODES.payload_unreadable,
      payloadText: 'not what is wanted',
      payloadBytes: 18,
      index: null,
    })
    const second = await json(`/api/v1/refusals?limit=1&cursor=${first['next'] as string}`)
    expect(second['next']).toBeNull()
    const [older] = second['items'] as Record<string, unknown>[]
    expect(older).toMatchObject({ payloadText: null, payloadBase64: GARBAGE.toString('base64') })
    const bytes = await service.ask(`/api/v1/refusals/${older?.['id'] as number}/payload`)
    expect(bytes.headers.get('content-type')).toBe('application/octet-stream')
    expect(Buffer.from(await bytes.arrayBuffer())).toEqual(GARBAGE)
  })

  test('count every code of the catalogue', async () => {
    const { counts } = await json('/api/v1/refusals')
    expect(Object.keys(counts as object)).toEqual(Object.keys(REFUSAL_CODES))
    expect(counts).toMatchObject({ payload_unreadable: 2, time_future: 0 })
  })

  test('close: every message received is projected or refused', async () => {
    const ledger = await json('/api/v1/ledger')
    expect(ledger['closes']).toBe(true)
    const totals = ledger['totals'] as Record<string, number>
    expect(totals['received']).toBeGreaterThanOrEqual(4)
    expect(totals).toMatchObject({ refused: 2, inFlight: 0, messageDifference: 0 })
    expect(totals['received']).toBe((totals['projected'] ?? 0) + 2)
    const { items } = await json('/api/v1/ledger?device=RG-1')
    expect(items).toMatchObject([{ device: 'RG-1', received: 1, decoded: 2, inserted: 2 }])
  })
})

describe('devices', () => {
  test('are late and silent by their own intervals', async () => {
    const states = async (): Promise<unknown[]> =>
      ((await json('/api/v1/devices'))['items'] as { state: string }[]).map(({ state }) => state)
    expect(await states()).toEqual(['online', 'online'])
    service.nowMs = START_MS + 11 * MINUTE_MS
    expect(await states()).toEqual(['late', 'silent'])
    service.nowMs = START_MS
  })

  test('get a secret that is shown once', async () => {
    const path = '/api/v1/devices/RG-1/secret'
    const answer = await service.ask(path, { method: 'POST', headers: administrator })
    expect(answer.headers.get('cache-control')).toBe('no-store')
    const { secret } = (await answer.json()) as { secret: string }
    expect(secret.length).toBeGreaterThanOrEqual(22)
    const devices = await json('/api/v1/devices')
    expect(devices['items']).toMatchObject([{ enrolled: true }, { enrolled: false }])
    expect(JSON.stringify(devices)).not.toContain(secret)
    const unknown = '/api/v1/devices/RG-9/secret'
    const found = await problem(unknown, { method: 'POST', headers: administrator })
    expect(found).toMatchObject({ status: 404 })
  })
})

describe('writing', () => {
  test('needs a token, and says so the way RFC 6750 wants it', async () => {
    const path = '/api/v1/devices/RG-1/secret'
    const without = await service.ask(path, { method: 'POST' })
    expect(without.status).toBe(401)
    expect(without.headers.get('www-authenticate')).toBe('Bearer realm="rainledger"')
    const wrong = await service.ask(path, {
      method: 'POST',
      headers: { authorization: 'Bearer something-else' },
    })
    expect(wrong.status).toBe(401)
    expect(wrong.headers.get('www-authenticate')).toContain('error="invalid_token"')
    expect(await wrong.text()).not.toContain('something-else')
  })

  test('of a historical chunk journals it once', async () => {
    const file = { fileSha256: 'a'.repeat(64), mappingSha256: 'b'.repeat(64), revision: 0 }
    const row = { sensor: 'RG-1.rain', atMs: START_MS - DAY_MS, value: 1.5, unit: null }
    const chunk = { ...file, fileName: 'old.csv', person: '李工', chunk: 0, rows: [row] }
    const post = (body: unknown): RequestInit => ({
      method: 'POST',
      body: JSON.stringify(body),
      headers: { ...administrator, 'content-type': 'application/json' },
    })
    const path = '/api/v1/imports/chunks'
    expect(await json(path, post(chunk))).toEqual({ journaled: 1, known: false })
    expect(await json(path, post(chunk))).toEqual({ journaled: 0, known: true })
    const known = `/api/v1/imports/${file.fileSha256}/chunks?mappingSha256=${file.mappingSha256}`
    expect(await json(known, { headers: administrator })).toEqual({ chunks: [0] })

    const strange = { ...chunk, chunk: 1, rows: [{ ...row, sensor: 'RG-9.rain' }] }
    expect((await problem(path, post(strange))).errors?.[0]).toMatchObject({ value: 'RG-9.rain' })
    const bad = { ...chunk, chunk: 1, rows: [{ ...row, value: '1.5' }] }
    expect((await problem(path, post(bad))).errors?.[0]).toMatchObject({
      field: 'rows.0.value',
      value: '1.5',
    })
    const notJson = { ...post(null), body: '{"rows":' }
    expect(await problem(path, notJson)).toMatchObject({ status: 400 })
    const tooLarge = { ...post(null), body: `"${'x'.repeat(9 * 1024 * 1024)}"` }
    expect(await problem(path, tooLarge)).toMatchObject({ status: 413 })
  })
})

describe('the service', () => {
  test('is alive and ready, or names the part that is not', async () => {
    expect(await json('/healthz')).toEqual({ status: 'alive' })
    expect(await json('/readyz')).toEqual({ ready: true, parts: ['store'] })
    service.readiness = [{ part: 'store', ok: false, detail: 'influxd does not answer' }]
    const found = await problem('/readyz')
    service.readiness = [{ part: 'store', ok: true, detail: '' }]
    expect(found).toMatchObject({ status: 503, detail: 'Not ready: store.' })
    expect(found.errors).toEqual([
      { field: 'store', value: null, expected: 'influxd does not answer' },
    ])
  })

  test('counts for Prometheus, every refusal code among them', async () => {
    const figures = await vi.waitFor(async () => {
      const answer = await service.ask('/metrics')
      expect(answer.headers.get('content-type')).toContain('version=0.0.4')
      const found = figuresOf(await answer.text())
      expect(found.get('rainledger_projection_lag_entries')).toBe(0)
      return found
    })
    expect(figures.get('rainledger_messages_received_total')).toBeGreaterThanOrEqual(4)
    expect(figures.get('rainledger_observations_stored_total')).toBeGreaterThanOrEqual(2 + FLOWS)
    expect(figures.get('rainledger_refusals_total{code="payload_unreadable"}')).toBe(2)
    for (const code of Object.keys(REFUSAL_CODES)) {
      expect(figures.has(`rainledger_refusals_total{code="${code}"}`)).toBe(true)
    }
    expect(figures.get('rainledger_books_difference')).toBe(0)
    expect(figures.get('rainledger_connected_clients')).toBe(0)
    expect(figures.get('rainledger_process_resident_memory_bytes')).toBeGreaterThan(0)
    const durations = [...figures.keys()].filter((name) => name.includes('duration_seconds_count'))
    expect(durations).toContainEqual(expect.stringContaining('route="/api/v1/series/:id/steps"'))
    expect([...figures.keys()].every((name) => name.startsWith('rainledger_'))).toBe(true)
  })

  test('serves the dashboard, its assets for good, and nothing beside them', async () => {
    const page = await service.ask('/')
    const text = await page.text()
    expect(await (await service.ask('/assessment')).text()).toBe(text)
    expect((await service.ask('/assessment/no-page')).status).toBe(404)
    expect(page.headers.get('content-type')).toContain('text/html')
    const policy = page.headers.get('content-security-policy')
    expect(policy).toContain("script-src 'self';style-src 'self';img-src 'self';")
    expect(policy).not.toMatch(/unsafe|data:|blob:/)
    const asset = await service.ask('/assets/page-1a2b.js')
    expect(asset.headers.get('cache-control')).toContain('immutable')
    expect((await service.ask('/assets/..%2findex.html')).ok).toBe(false)
    expect((await service.ask('/assets/none.js')).status).toBe(404)
  })

  test('serves its own description and a page of it', async () => {
    expect(await json('/openapi.json')).toMatchObject({ openapi: '3.1.0' })
    const docs = await service.ask('/docs')
    expect(docs.headers.get('content-type')).toContain('text/html')
    // Swagger UI writes styles and data URLs; its scripts are held to our own all the same.
    const policy = docs.headers.get('content-security-policy')
    expect(policy).toContain("script-src 'self';")
    expect(policy).toContain("style-src 'self' 'unsafe-inline';")
    expect(policy).toContain("frame-ancestors 'none'")
  })
})

describe('when a part fails', () => {
  test('a store that is away is a matter of time, anything else our own mistake and told to nobody', async () => {
    let fault: Error = new TransientFault('influxd does not answer at 10.0.0.7')
    const failing = await startApiService({
      parts: {
        store: {
          read: () => Promise.reject(fault),
          readMany: () => Promise.reject(fault),
          aggregate: () => Promise.reject(fault),
          latest: () => Promise.reject(fault),
          coverage: () => Promise.reject(fault),
          revisions: () => Promise.reject(fault),
        },
      },
    })
    try {
      const away = await failing.ask('/api/v1/series/latest')
      expect(away.status).toBe(503)
      expect(Number(away.headers.get('retry-after'))).toBeGreaterThan(0)
      expect(await away.text()).not.toContain('10.0.0.7')
      expect(failing.log.filter(({ level }) => level === 'error')).toEqual([])

      // What Node throws when a caller breaks off in the middle of a page; found by fuzzing.
      fault = Object.assign(new Error('Premature close'), { code: 'ERR_STREAM_PREMATURE_CLOSE' })
      await failing.ask('/api/v1/series/latest')
      expect(failing.log.filter(({ level }) => level === 'error')).toEqual([])

      fault = new Error('cannot open /var/lib/rainledger/series.duckdb')
      const broken = await failing.ask('/api/v1/series/latest')
      expect(broken.status).toBe(500)
      expect(await broken.text()).not.toContain('/var/lib')
      expect(failing.log.filter(({ level }) => level === 'error')).toMatchObject([
        { fields: { error: fault, route: '/api/v1/series/latest' } },
      ])
    } finally {
      await failing.stop()
    }
  })
})

/** Sample name with labels → value, of Prometheus text. */
function figuresOf(text: string): Map<string, number> {
  const samples = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'))
  return new Map(
    samples.map((line) => {
      const space = line.lastIndexOf(' ')
      return [line.slice(0, space), Number(line.slice(space + 1))] as const
    }),
  )
}
