import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  drawnSteps,
  inkPixels,
  launchBrowser,
  NARROW,
  openStormView,
  seriousBarriers,
  WIDE,
  widths,
  type View,
} from './browser.js'
import { startDemo, type DemoService } from './service.js'

/** The page over the running demo: real sensors by MQTT, real store, real API, real Chromium. */
let service: DemoService
let browser: Browser

/** Long enough for a slow machine; what is waited for comes within a second or two. */
const SOON = { timeout: 20_000 }

beforeAll(async () => {
  const started = await Promise.all([startDemo(), launchBrowser()])
  ;[service, browser] = started
})

afterAll(async () => {
  await browser?.close()
  await service?.remove()
})

const EVERY_VIEW: readonly View[] = (['zh', 'en'] as const).flatMap((lang) =>
  [WIDE, NARROW].flatMap((viewport) =>
    (['light', 'dark'] as const).map((theme) => ({ lang, viewport, theme, query: 'window=168h' })),
  ),
)

test('rain hangs from the top and flow rises from below', async () => {
  const { page, errors, foreign, close } = await openStormView(browser, service.http, {
    lang: 'en',
    viewport: WIDE,
    query: 'window=168h',
  })
  const steps = await drawnSteps(page)
  expect(steps.get('rain')).toBeGreaterThan(100)
  expect(steps.get('flow')).toBeGreaterThan(100)

  const rain = await inkPixels(page, '--ink-rain')
  expect(rain.upper).toBeGreaterThan(100)
  expect(rain.lower).toBe(0)
  const flow = await inkPixels(page, '--ink-flow')
  expect(flow.lower).toBeGreaterThan(100)

  const said = await page.locator('.chart-canvas').getAttribute('aria-label')
  expect(said).toContain('Asia/Shanghai')
  expect(said).toMatch(/Rain per 15 min: \d+ steps with a value/)
  // The page runs under the service's own content security policy and asks nobody else.
  expect(errors).toEqual([])
  expect(foreign).toEqual([])
  await close()
})

test('the language is switched on the page and kept for the next visit', async () => {
  const { page, close } = await openStormView(browser, service.http, { lang: 'zh', viewport: WIDE })
  expect(await page.locator('html').getAttribute('lang')).toBe('zh-CN')
  await page.getByRole('heading', { name: '设备', exact: true }).waitFor()

  await page.getByRole('button', { name: 'English' }).click()
  await page.getByRole('heading', { name: 'Devices', exact: true }).waitFor()
  expect(await page.locator('html').getAttribute('lang')).toBe('en-GB')
  expect(page.url()).toContain('lang=en')

  await page.goto(`${service.http}/`)
  await page.getByRole('heading', { name: 'Devices', exact: true }).waitFor()
  await close()
})

test('the reader may choose dark where the system is light', async () => {
  const { page, close } = await openStormView(browser, service.http, { lang: 'en', viewport: WIDE })
  const ground = async (): Promise<string> =>
    await page.evaluate('getComputedStyle(document.documentElement).backgroundColor')
  const light = await ground()
  await page.getByRole('button', { name: 'Switch to dark' }).click()
  await page.getByRole('button', { name: 'Switch to light' }).waitFor()
  expect(await ground()).not.toBe(light)
  await close()
})

describe('every language, width and theme', () => {
  test.each(EVERY_VIEW)(
    '$lang $viewport.width $theme fits its width and has no serious barrier',
    async (view) => {
      const { page, close } = await openStormView(browser, service.http, view)
      await page.locator('[data-indicator]').first().waitFor()
      const [content, window] = await widths(page)
      expect(content).toBeLessThanOrEqual(window)
      expect(await seriousBarriers(page)).toEqual([])
      await close()
    },
  )
})

test('the chart is read by keyboard and as a table of the same steps', async () => {
  const { page, close } = await openStormView(browser, service.http, {
    lang: 'en',
    viewport: WIDE,
    query: 'window=24h',
  })
  await page.locator('.chart-frame').focus()
  await page.keyboard.press('ArrowLeft')
  const spoken = page.locator('[aria-live="polite"]')
  await expect.poll(async () => await spoken.textContent()).toMatch(/Rain per 5 min .*(mm|no data)/)

  await page.keyboard.press('+')
  await page.getByRole('button', { name: 'Whole window' }).click()

  await page.getByRole('button', { name: 'Show as table' }).click()
  const rows = page.locator('#chart tbody tr')
  // 24 h in steps of 5 min.
  expect(await rows.count()).toBe(288)
  await page.getByRole('button', { name: 'Show as chart' }).click()
  await page.locator('.chart-canvas[data-drawn]').waitFor()
  await close()
})

test('looking closer at a part asks for finer steps', async () => {
  const { page, close } = await openStormView(browser, service.http, {
    lang: 'en',
    viewport: WIDE,
    query: 'window=168h',
  })
  await page.getByText('Step 15 min').waitFor()
  for (let times = 0; times < 4; times++) {
    await page.getByRole('button', { name: 'Zoom in' }).click()
  }
  await page.getByRole('button', { name: 'Look closer' }).click()
  await page.getByText('Step 1 min').waitFor()
  expect(page.url()).toMatch(/from=\d+&to=\d+/)
  await close()
})

test('a span is chosen in the city’s own time, and a wrong one is explained', async () => {
  const { page, close } = await openStormView(browser, service.http, { lang: 'en', viewport: WIDE })
  await page.getByRole('button', { name: 'From–to' }).click()
  const form = page.getByRole('form', { name: 'From–to' })
  const day = new Date(Date.now() - 2 * 86_400_000).toISOString().slice(0, 10)
  await form.getByLabel('From').fill(`${day}T12:00`)
  await form.getByLabel('To', { exact: true }).fill(`${day}T06:00`)
  await form.getByRole('button', { name: 'Show' }).click()
  await page.getByText('The end must come after the start').waitFor()

  await form.getByLabel('To', { exact: true }).fill(`${day}T18:00`)
  await form.getByRole('button', { name: 'Show' }).click()
  // 12:00 in Asia/Shanghai is 04:00 UTC.
  const fromMs = Date.parse(`${day}T04:00:00Z`)
  await expect.poll(() => page.url(), SOON).toContain(`from=${fromMs}&to=${fromMs + 6 * 3_600_000}`)
  await close()
})

test('a zone with an unmetered outfall is not evaluated, and the page says why', async () => {
  const { page, close } = await openStormView(browser, service.http, {
    lang: 'zh',
    viewport: WIDE,
    query: 'outfall=OF-QUAY',
  })
  await page.getByText('排口 码头排口 在本时段未计量，没有流量过程线。').waitFor()
  const capture = page.locator('#capture')
  await capture.getByRole('button', { name: '排水分区' }).click()
  await capture.getByText('滨江新区排水分区').waitFor()
  await capture.locator('[data-verdict="NOT_EVALUATED"]').first().waitFor()
  await capture.locator('.indicator-reason', { hasText: 'OF-QUAY' }).waitFor()
  await close()
})

test('a result shows its coverage, clause, formula and the series it used', async () => {
  const { page, close } = await openStormView(browser, service.http, {
    lang: 'en',
    viewport: WIDE,
    query: 'window=168h',
  })
  const capture = page.locator('#capture')
  await capture.locator('[data-indicator]').waitFor()
  await capture.getByText(/^Coverage \d/).waitFor()
  await capture.getByText('Formula').waitFor()
  await capture.locator('summary', { hasText: /^Inputs \(\d+\)$/ }).click()
  await capture.getByRole('rowheader', { name: 'FM-01.flow' }).first().waitFor()
  expect(await capture.locator('code.hash').first().textContent()).toMatch(/^[0-9a-f]{64}$/)
  await close()
})

test('a result read in Chinese gives coverage, formula and clause in Chinese', async () => {
  const { page, close } = await openStormView(browser, service.http, {
    lang: 'zh',
    viewport: WIDE,
    query: 'window=168h',
  })
  const capture = page.locator('#capture')
  await capture.locator('.coverage', { hasText: '面雨量' }).waitFor()
  await capture.locator('summary', { hasText: '算法' }).click()
  await capture.getByText('【基流 Qb】').waitFor()
  await capture.locator('summary', { hasText: '依据' }).click()
  await capture.getByText('Rainledger 自定默认').waitFor()
  expect(await capture.locator('[data-indicator]').textContent()).not.toMatch(/share of|Base flow/)
  await close()
})

test('the description of the API is read and tried under its own content security policy', async () => {
  const page = await browser.newPage()
  const errors: string[] = []
  page.on('pageerror', (error) => errors.push(error.message))
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text())
  })
  await page.goto(`${service.http}/docs`)
  const operation = page.locator('.opblock', { hasText: '/healthz' })
  await operation.locator('.opblock-summary-control').click()
  await operation.getByRole('button', { name: 'Try it out' }).click()
  await operation.getByRole('button', { name: 'Execute' }).click()
  await operation.locator('.live-responses-table', { hasText: 'alive' }).waitFor()
  expect(errors).toEqual([])
  await page.close()
})

test('a reading published by mosquitto_pub appears on the open page', async () => {
  const { page, close } = await openStormView(browser, service.http, { lang: 'en', viewport: WIDE })
  await page.locator('[data-live="open"]').waitFor()
  const chart = page.locator('.chart-canvas')
  const newest = async (): Promise<number> => Number(await chart.getAttribute('data-newest'))
  const publishedMs = Date.now()

  await service.publish('{"depth": 187}')
  const tile = page.locator('[data-tile="ponding"]')
  await expect.poll(async () => await tile.textContent(), SOON).toContain('18.7 cm')
  expect(await tile.textContent()).toContain('East Gate staff gauge')
  await expect.poll(newest, SOON).toBeGreaterThanOrEqual(publishedMs - 1_000)
  await close()
})

test('garbage is listed with its bytes and the books still close', async () => {
  const { page, close } = await openStormView(browser, service.http, { lang: 'en', viewport: WIDE })
  await page.locator('[data-live="open"]').waitFor()
  await service.publish('this is no reading')

  const refused = page.locator('#refusals [data-code="payload_unreadable"]').first()
  await refused.waitFor(SOON)
  await refused.locator('summary').click()
  await refused.getByText('this is no reading', { exact: true }).waitFor()
  expect(await refused.locator('.bytes').last().textContent()).toContain(
    '0000  74 68 69 73 20 69 73 20 6e 6f 20 72 65 61 64 69',
  )
  await page.locator('.equation[data-closes="true"]').first().waitFor(SOON)
  expect(await page.locator('[data-banner="books"]').count()).toBe(0)
  await close()
})

test('the page says that the service is gone, and goes on by itself when it is back', async () => {
  const { page, close } = await openStormView(browser, service.http, { lang: 'en', viewport: WIDE })
  await page.locator('[data-live="open"]').waitFor()
  await service.stop()
  await page.locator('[data-live="lost"]').waitFor(SOON)
  await service.restart()
  await page.locator('[data-live="open"]').waitFor({ timeout: 60_000 })
  await service.publish('{"depth": 203}')
  const tile = page.locator('[data-tile="ponding"]')
  await expect.poll(async () => await tile.textContent(), SOON).toContain('20.3 cm')
  await close()
})
