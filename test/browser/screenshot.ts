/**
 * Takes the picture of the README: the demo's newest storm, 1440 wide, in English.
 *
 *     npm run build && npm run screenshot      writes dashboards/screenshot.png
 */
import { resolve } from 'node:path'
import { z } from 'zod'
import { launchBrowser, openStormView } from './browser.js'
import { startDemo } from './service.js'
import { HOUR_MS } from '../../src/domain/time.js'

const file = resolve(import.meta.dirname, '../../dashboards/screenshot.png')
const eventsSchema = z.object({
  items: z.array(z.object({ fromMs: z.int(), toMs: z.int(), depthMm: z.number() })),
})

const service = await startDemo()
const browser = await launchBrowser()
try {
  const nowMs = Date.now()
  const week = `from=${nowMs - 168 * HOUR_MS}&to=${nowMs}`
  const answer = await fetch(`${service.http}/api/v1/events?gauge=RG-01.rain&${week}`)
  const { items } = eventsSchema.parse(await answer.json())
  // A day around the deepest storm of the week shows most.
  const storm = items.reduce((deepest, event) =>
    event.depthMm > deepest.depthMm ? event : deepest,
  )
  const toMs = Math.min(nowMs, storm.toMs + 14 * HOUR_MS)
  const { page } = await openStormView(browser, service.http, {
    lang: 'en',
    viewport: { width: 1440, height: 1180 },
    query: `from=${toMs - 24 * HOUR_MS}&to=${toMs}`,
  })
  await page.locator('#capture [data-indicator]').waitFor()
  await page.locator('#ponding [data-indicator]').first().waitFor({ state: 'attached' })
  await page.locator('[data-live="open"]').waitFor()
  await page.screenshot({ path: file })
  process.stdout.write(`${file}\n`)
} finally {
  await browser.close()
  await service.remove()
}
