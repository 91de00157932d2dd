import axe from 'axe-core'
import { chromium, type Browser, type Page } from 'playwright-core'
import { chromiumLaunch } from '../setup/chromium.js'

export const WIDE = { width: 1440, height: 1000 }
export const NARROW = { width: 390, height: 844 }
export type Viewport = typeof WIDE

export interface View {
  readonly lang: 'zh' | 'en'
  readonly viewport: Viewport
  readonly theme?: 'light' | 'dark'
  /** e.g. `window=168h` */
  readonly query?: string
}

/** A page with everything that went wrong on it. */
export interface OpenPage {
  readonly page: Page
  /** Errors of scripts, console and content security policy. */
  readonly errors: readonly string[]
  /** Addresses asked for outside the service. */
  readonly foreign: readonly string[]
  readonly close: () => Promise<void>
}

export async function launchBrowser(): Promise<Browser> {
  return await chromium.launch(chromiumLaunch)
}

/** Opens the storm view and waits until its chart is drawn. */
export async function openStormView(browser: Browser, http: string, view: View): Promise<OpenPage> {
  const opened = await openPage(browser, `${http}/`, view)
  await opened.page.locator('.chart-canvas[data-drawn]').waitFor({ state: 'attached' })
  return opened
}

/** Opens the assessment page and waits until it can be asked. */
export async function openAssessmentView(
  browser: Browser,
  http: string,
  view: View,
): Promise<OpenPage> {
  const opened = await openPage(browser, `${http}/assessment`, view)
  await opened.page.locator('.assess-controls form').waitFor()
  return opened
}

async function openPage(browser: Browser, address: string, view: View): Promise<OpenPage> {
  const { origin } = new URL(address)
  const context = await browser.newContext({
    viewport: view.viewport,
    colorScheme: view.theme ?? 'light',
  })
  const page = await context.newPage()
  const errors: string[] = []
  const foreign: string[] = []
  page.on('pageerror', (error) => errors.push(error.message))
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text())
  })
  page.on('request', (request) => {
    // The page's own blob, a download, names its origin after the scheme.
    if (new URL(request.url()).origin !== origin) foreign.push(request.url())
  })
  const query = view.query === undefined ? '' : `&${view.query}`
  await page.goto(`${address}?lang=${view.lang}${query}`)
  return {
    page,
    errors,
    foreign,
    close: async () => {
      await context.close()
    },
  }
}

/** Serious and critical barriers that axe finds on the page as it stands. */
export async function seriousBarriers(page: Page): Promise<readonly string[]> {
  await page.evaluate(axe.source)
  const report = await page.evaluate<axe.AxeResults>('axe.run(document)')
  if (report.passes.length <= 20) throw new Error('axe looked at next to nothing')
  return report.violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' | ')}`)
}

/** Width of what is on the page, and of the window it has. */
export async function widths(page: Page): Promise<readonly [content: number, window: number]> {
  return await page.evaluate('[document.documentElement.scrollWidth, window.innerWidth]')
}

/** What the chart says it has drawn: steps with a value by curve. */
export async function drawnSteps(page: Page): Promise<ReadonlyMap<string, number>> {
  const drawn = await page.locator('.chart-canvas').getAttribute('data-drawn')
  const pairs = (drawn ?? '').split(' ').map((pair): [string, number] => {
    const at = pair.lastIndexOf(':')
    return [pair.slice(0, at), Number(pair.slice(at + 1))]
  })
  return new Map(pairs)
}

/**
 * How many pixels of the chart have the colour of a curve, in its upper and in its lower half.
 * `ink` is the custom property of the style sheet, e.g. `--ink-rain`.
 */
export async function inkPixels(
  page: Page,
  ink: string,
): Promise<{ readonly upper: number; readonly lower: number }> {
  return await page.evaluate(`(() => {
    const canvas = document.querySelector('.chart-canvas canvas')
    const probe = document.createElement('canvas').getContext('2d')
    probe.fillStyle = getComputedStyle(canvas).getPropertyValue('${ink}').trim()
    probe.fillRect(0, 0, 1, 1)
    const [r, g, b] = probe.getImageData(0, 0, 1, 1).data
    const { width, height } = canvas
    const { data } = canvas.getContext('2d').getImageData(0, 0, width, height)
    const count = { upper: 0, lower: 0 }
    for (let i = 0; i < data.length; i += 4) {
      const near = Math.abs(data[i] - r) + Math.abs(data[i + 1] - g) + Math.abs(data[i + 2] - b) < 12
      if (near && data[i + 3] > 200) count[i / 4 / width < height / 2 ? 'upper' : 'lower']++
    }
    return count
  })()`)
}
