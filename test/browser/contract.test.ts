import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Browser } from 'playwright-core'
import { z } from 'zod'
import {
  changesSchema,
  indicatorListSchema,
  keptListSchema,
  schemesSchema,
  sealedAssessmentSchema,
} from '../../dashboards/src/api/assessment-contract.js'
import {
  citySchema,
  devicesSchema,
  eventsSchema,
  hydrographSchema,
  hyetographSchema,
  indicatorResultSchema,
  latestSchema,
  ledgerSchema,
  liveEventSchema,
  problemSchema,
  refusalsSchema,
  seriesListSchema,
} from '../../dashboards/src/api/contract.js'
import { INDICATOR } from '../../dashboards/src/api/indicator-ids.js'
import { launchBrowser, openStormView, WIDE } from './browser.js'
import { startDemo, type DemoService } from './service.js'

/** The types of the page against what the running service answers; the page itself trusts them. */
let service: DemoService
let browser: Browser

beforeAll(async () => {
  const started = await Promise.all([startDemo(), launchBrowser()])
  ;[service, browser] = started
})

afterAll(async () => {
  await browser?.close()
  await service?.remove()
})

const SCHEMAS: readonly (readonly [path: RegExp, schema: z.ZodType])[] = [
  [/^\/city$/, citySchema],
  [/^\/series$/, seriesListSchema],
  [/^\/series\/latest$/, latestSchema],
  [/^\/hyetographs$/, hyetographSchema],
  [/^\/hydrographs$/, hydrographSchema],
  [/^\/events$/, eventsSchema],
  [/^\/indicators\/[^/]+$/, indicatorResultSchema],
  [/^\/ledger$/, ledgerSchema],
  [/^\/refusals$/, refusalsSchema],
  [/^\/devices$/, devicesSchema],
  [/^\/schemes$/, schemesSchema],
  [/^\/indicators$/, indicatorListSchema],
  [/^\/assessments$/, sealedAssessmentSchema],
  [/^\/assessments\/kept$/, keptListSchema],
]

test('every answer the pages ask for has the shape the pages believe in', async () => {
  await service.publish('no reading')
  const context = await browser.newContext({ viewport: WIDE })
  const answers: { path: string; status: number; body: Promise<unknown> }[] = []
  context.on('response', (response) => {
    const url = new URL(response.url())
    const path = url.pathname.replace('/api/v1', '')
    if (path === url.pathname || path === '/live') return
    answers.push({ path, status: response.status(), body: response.json() })
  })
  const page = await context.newPage()
  await page.goto(`${service.http}/?lang=en&window=168h`)
  await page.locator('.chart-canvas[data-drawn]').waitFor({ state: 'attached' })
  await page.locator('#capture [data-indicator]').waitFor()
  await page.locator('#ponding [data-indicator]').first().waitFor({ state: 'attached' })
  await page.locator('#events tbody tr').first().waitFor()
  await page.locator('#refusals li').first().waitFor()
  await page.locator('#ledger .equation').first().waitFor()
  await page.locator('#devices tbody tr').first().waitFor()
  const assessing = await context.newPage()
  await assessing.goto(`${service.http}/assessment?lang=en`)
  await assessing.getByRole('button', { name: 'Assess', exact: true }).click()
  await assessing.locator('[data-tile="overall"]').waitFor()

  const faults: string[] = []
  const seen = new Set<RegExp>()
  for (const { path, status, body } of answers) {
    const known = SCHEMAS.find(([pattern]) => pattern.test(path))
    if (known === undefined || status !== 200) {
      faults.push(`${path} answered ${status}`)
      continue
    }
    const [pattern, schema] = known
    const parsed = schema.safeParse(await body)
    if (!parsed.success) faults.push(`${path}: ${z.prettifyError(parsed.error)}`)
    seen.add(pattern)
  }
  expect(faults).toEqual([])
  expect(seen.size).toBe(SCHEMAS.length)
  await context.close()
})

test('the live stream carries what the page believes in', async () => {
  const stop = new AbortController()
  const response = await fetch(`${service.http}/api/v1/live`, { signal: stop.signal })
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader()
  if (reader === undefined) throw new Error('the stream has no body')
  await service.publish('{"depth": 12}')
  let text = ''
  let found: RegExpExecArray | null = null
  while (found === null) {
    const { value, done } = await reader.read()
    if (done) throw new Error(`the stream ended: ${text}`)
    text += value
    found = /event: observations\n(?:id: .*\n)?data: (.*)\n/.exec(text)
  }
  stop.abort()
  const event = liveEventSchema.parse(JSON.parse(found[1] ?? ''))
  expect(event.observations.length).toBeGreaterThan(0)
})

test('an assessment with points, statements and figures has the shape the page believes in', async () => {
  const year = { from: '2026-01-01T00:00:00+08:00', to: '2027-01-01T00:00:00+08:00' }
  const evidence = [
    { slot: 'statistics', title: 't', number: 'n', date: '2026-01-01', issuer: 'i' },
  ]
  const figures = { suppliedM3: 100, consumedM3: 90 }
  for (const [scheme, statement] of [
    ['mohurd-635-2015', { item: '635-9', justification: 'j', statedBy: 's', evidence, figures }],
    ['weighted-sample', { item: 'institutions', justification: 'j', statedBy: 's', points: 3 }],
  ] as const) {
    const answer = await fetch(`${service.http}/api/v1/assessments`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${service.token}` },
      body: JSON.stringify({ scheme, ...year, statements: [statement] }),
    })
    const { assessment } = sealedAssessmentSchema.parse(await answer.json())
    const item = assessment.items.find(({ id }) => id === statement.item)
    expect(item?.statements).toHaveLength(1)
    expect(item?.findings[0]?.figures === null).toBe(scheme === 'weighted-sample')
    expect(assessment.score === null).toBe(scheme === 'mohurd-635-2015')
  }
})

test('kept assessments, their list and their changes have the shapes the page believes in', async () => {
  const ids: number[] = []
  for (const year of [2024, 2025]) {
    const answer = await fetch(`${service.http}/api/v1/assessments/kept`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${service.token}` },
      body: JSON.stringify({
        ...{ scheme: 'weighted-sample', statements: [], person: 'p', reason: 'r' },
        ...{ from: `${year}-01-01T00:00:00Z`, to: `${year + 1}-01-01T00:00:00Z` },
      }),
    })
    expect(answer.status).toBe(200)
    const receipt = z.object({ version: z.object({ id: z.int() }) })
    ids.push(receipt.parse(await answer.json()).version.id)
  }
  const [first, second] = ids
  const kept = `${service.http}/api/v1/assessments/kept`
  const { items } = keptListSchema.parse(await (await fetch(kept)).json())
  expect(items.map(({ id }) => id)).toEqual([second, first])
  sealedAssessmentSchema.parse(await (await fetch(`${kept}/${second}`)).json())
  const changed = await fetch(`${kept}/${second}/changes?since=${first}`)
  const { changes } = changesSchema.parse(await changed.json())
  expect(changes.map(({ what }) => what)).toContain('window')
})

test('the service knows the indicators that the page shows', async () => {
  const answer = await fetch(`${service.http}/api/v1/indicators`)
  const list = z.object({ items: z.array(z.object({ id: z.string() })) }).parse(await answer.json())
  const ids = list.items.map(({ id }) => id)
  expect(ids).toEqual(expect.arrayContaining(Object.values(INDICATOR)))
})

test('a refused question is a problem the page can show', async () => {
  const answer = await fetch(
    `${service.http}/api/v1/hyetographs?gauge=NO-SUCH&from=0&to=1&stepMs=60000`,
  )
  expect(answer.ok).toBe(false)
  problemSchema.parse(await answer.json())
})

test('the page opens in every language of the address', async () => {
  const { page, close } = await openStormView(browser, service.http, { lang: 'en', viewport: WIDE })
  expect(await page.title()).toBe('Yuzhou (demo) · Storm view · 雨账 Rainledger')
  await close()
})
