import { createHash } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { connectAsync } from 'mqtt'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { canonicalBytes } from '../../src/assess/index.js'
import { sealedAssessmentSchema } from '../../src/domain/scheme/assessment.js'
import { untilProjected } from '../setup/ledger.js'
import { ANY_PORTS, startProgram, type Program } from '../setup/program.js'
import { pondingCity } from '../setup/small-city.js'
import { temporaryFolder, type TemporaryFolder } from '../setup/temp-folder.js'
import {
  launchBrowser,
  openAssessmentView,
  seriousBarriers,
  WIDE,
  widths,
  type View,
} from './browser.js'

/** The assessment page over a small city with one storm: real sensors by MQTT, real API, real Chromium. */
let folder: TemporaryFolder
let program: Program
let browser: Browser

/** 08:00 in the city. */
const START_MS = Date.UTC(2026, 5, 1)
const DAY = 'from=2026-06-01&to=2026-06-01'
const PHONE = { width: 375, height: 812 }

beforeAll(async () => {
  folder = await temporaryFolder('assessment-page')
  const city = join(folder.path, 'city.yaml')
  await writeFile(city, pondingCity('{ zh: 低洼处, en: Low Corner }'))
  ;[program, browser] = await Promise.all([
    startProgram(['--data', join(folder.path, 'data'), '--city', city, ...ANY_PORTS]),
    launchBrowser(),
  ])
  const password = await program.secretOf('A')
  const device = await connectAsync(program.mqtt, { username: 'A', password })
  // Ten minutes of rain; 20 cm of water stand from the ninth minute to the sixteenth.
  const pack = Array.from({ length: 30 }, (_, minute) => minute).flatMap((minute) => {
    const t = START_MS / 1000 + 60 * (minute + 1)
    return [
      { n: 'rain', u: 'mm', v: minute < 10 ? 2 : 0, t },
      { n: 'depth', u: 'mm', v: minute >= 8 && minute < 16 ? 200 : 0, t },
    ]
  })
  await device.publishAsync('rl/v1/small/A/up', JSON.stringify(pack), { qos: 1 })
  await device.endAsync()
  await untilProjected(program)
})

afterAll(async () => {
  await browser?.close()
  await program?.process.stop()
  await folder?.remove()
})

async function opened(query: string, view: Partial<View> = {}) {
  return await openAssessmentView(browser, program.http, {
    ...{ lang: 'en', viewport: WIDE, query },
    ...view,
  })
}

/** Standards sheet 7.8: 14 % of the water is lost, 9.1 % of it corrections, so R_BL is 4.9 %. */
const SUPPLY_YEAR = {
  ...{ suppliedM3: 100_000_000, consumedM3: 86_000_000, householdMeteredShare: 0.7 },
  ...{ pipeKm: 2600, outletPressureMPa: 0.45, frostDepthM: 0 },
}

/** A river of which nothing was sampled: everything asked of it is open, part by part. */
const SURVEY = {
  ...{ builtFrom: '2022-03-01', fromMonth: '2025-07', samples: [] },
  bodies: [
    { id: 'Qing', kind: 'river', points: [{ section: 'S1', depthCm: 120 }], inflow: 'none' },
  ],
}

/** The bytes of the answer to a question that needs the token. */
async function post(path: string, body: unknown): Promise<Buffer> {
  const answer = await fetch(`${program.http}/api/v1${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${program.token}` },
    body: JSON.stringify(body),
  })
  return Buffer.from(await answer.arrayBuffer())
}

/** The verdict that an element shows. */
async function verdict(page: Page, where: string): Promise<string | null> {
  return await page.locator(`${where} [data-verdict]`).first().getAttribute('data-verdict')
}

test('an address that names scheme and days is answered: verdict, area, zones, hash and every item', async () => {
  const { page, errors, foreign, close } = await opened(`scheme=mohurd-635-2015&${DAY}`)
  await page.locator('[data-tile="overall"]').waitFor()
  expect(await verdict(page, '[data-tile="overall"]')).toBe('FAIL')
  expect(await page.locator('[data-tile="overall"]').textContent()).toContain('635-10')
  expect(await page.locator('[data-tile="score"]').textContent()).toContain('gives no points')
  // One zone of 2 hm², which fails: nothing complies, nothing can.
  expect(await page.locator('[data-tile="compliance"]').textContent()).toMatch(
    /0 %.*0 % can be reached.*0 m² of 20,000 m²/,
  )
  expect(await page.locator('[data-tile="document"] code').textContent()).toMatch(/^[0-9a-f]{64}$/)
  expect(await verdict(page, '#zones tbody')).toBe('FAIL')
  expect(await page.locator('[data-item]').count()).toBe(18)
  expect(await page.locator('[data-group="water-safety"] h3').textContent()).toBe('Water safety')
  const ponding = await page.locator('[data-item="635-10"]').textContent()
  for (const said of ['Fail', '200 mm', 'binding', '(unverified)']) expect(ponding).toContain(said)
  // Unknown has a sign and a word of its own, and neither the colour of good nor of bad.
  const unknown = page.locator('[data-item="635-14"] [data-verdict="NOT_EVALUATED"]')
  expect(await unknown.textContent()).toBe('?Not evaluated')
  expect(await page.title()).toBe('Small · Assessment · 雨账 Rainledger')
  expect(errors).toEqual([])
  expect(foreign).toEqual([])
  await close()
})

test('an item is opened and left by keyboard, stands in the address, and shows all that a check by hand needs', async () => {
  const { page, close } = await opened(`scheme=mohurd-635-2015&${DAY}`)
  const link = page.locator('[data-item="635-10"] a')
  await link.focus()
  await page.keyboard.press('Enter')
  const detail = page.locator('[data-detail="635-10"]')
  await detail.waitFor()
  expect(await page.evaluate('document.activeElement.id')).toBe('item-title')
  expect(new URL(page.url()).searchParams.get('item')).toBe('635-10')
  expect(await link.getAttribute('aria-current')).toBe('true')

  const method = detail.locator('[data-method="ponding"]')
  expect(await method.locator('.rule').textContent()).toContain('Start and end: ')
  const limit = method.getByRole('row', { name: /^depthLimitMm 150 mm/ })
  expect(await limit.textContent()).toContain('unverified: the official text was not read')
  const finding = detail.locator('[data-finding="P"]')
  await finding.getByRole('heading', { name: 'Low Corner' }).waitFor()
  expect(await finding.locator('.coverage').textContent()).toMatch(/^Coverage \d.*·/)
  expect(await finding.textContent()).toContain('No suspect value was used')
  const inputs = finding.getByRole('region', { name: /^Inputs/ })
  await inputs.getByRole('rowheader', { name: 'A.depth' }).waitFor()
  // All thirty readings of that sensor, and their hash.
  const input = await inputs.getByRole('row', { name: /A\.depth/ }).textContent()
  expect(input).toMatch(/ponding30.*[0-9a-f]{64}$/)
  // Readings stamped 08:09 to 08:16 stood under water, in the city's time.
  const event = finding.getByRole('region', { name: /^Events and steps \(1\)/ })
  expect(await event.locator('tbody th').textContent()).toBe('1 Jun 2026, 08:09')
  expect(await event.locator('tbody tr').textContent()).toContain('200')

  // Folded, it is still reached by the link of the list of findings.
  await finding.locator('summary').press('Enter')
  await inputs.waitFor({ state: 'detached' })
  await detail.getByRole('link', { name: 'Low Corner' }).press('Enter')
  await inputs.waitFor()
  expect(new URL(page.url()).hash).toBe('#finding-P')

  await page.goBack()
  await page.goBack()
  await detail.waitFor({ state: 'detached' })
  await page.goForward()
  await detail.waitFor()
  await detail.getByRole('button', { name: 'Back to the items' }).first().press('Enter')
  await detail.waitFor({ state: 'detached' })
  expect(await page.evaluate('document.activeElement.closest("[data-item]").dataset.item')).toBe(
    '635-10',
  )
  await close()
})

test('points are shown with whose they are, what can be reached, and step by step', async () => {
  const { page, close } = await opened(`scheme=weighted-sample&${DAY}&item=institutions`)
  const tile = page.locator('[data-tile="score"]')
  await tile.waitFor()
  // Ponding alone was evaluated, and fails: none of its 30 points of 100.
  expect(await tile.textContent()).toMatch(/0 \/ 100At most 30 can be reached.*operator’s own/)
  const steps = page.getByRole('region', { name: /^Step by step/ })
  expect(await steps.locator('tbody tr').count()).toBe(5)
  expect(await steps.getByRole('row', { name: /^Ponding/ }).textContent()).toMatch(/0300 of 1/)
  // A colleague's address opens the item; nothing is stated, so it says what would be.
  const detail = page.locator('[data-detail="institutions"]')
  await detail.getByRole('heading', { name: 'Evidence asked for' }).waitFor()

  // Going back leaves an item, never the assessment that is shown.
  await page.locator('[data-item="output"] a').click()
  await page.locator('[data-detail="output"]').waitFor()
  const form = page.getByRole('form', { name: 'What to assess' })
  await form.getByLabel('Scheme').selectOption('mohurd-635-2015')
  await form.getByRole('button', { name: 'Assess' }).click()
  await page.locator('[data-item="635-1"]').waitFor()
  await page.goBack()
  await expect
    .poll(() => page.url())
    .toMatch(/scheme=mohurd-635-2015&from=2026-06-01&to=2026-06-01&item=institutions$/)
  await close()
})

test('the file that is downloaded holds the bytes of the API, and its hash stands on the page', async () => {
  const { page, close } = await opened(`scheme=weighted-sample&${DAY}`)
  const downloads = page.waitForEvent('download')
  await page.getByRole('link', { name: 'Download the JSON' }).click()
  const download = await downloads
  expect(download.suggestedFilename()).toBe(
    'assessment_small_weighted-sample_2026-06-01_2026-06-01.json',
  )
  const bytes = await readFile(await download.path())
  const fromMs = Date.parse('2026-06-01T00:00:00+08:00')
  const query = `scheme=weighted-sample&from=${fromMs}&to=${fromMs + 86_400_000}`
  const answer = await fetch(`${program.http}/api/v1/assessments?${query}`)
  expect(bytes.equals(Buffer.from(await answer.arrayBuffer()))).toBe(true)
  const { assessment } = sealedAssessmentSchema.parse(JSON.parse(bytes.toString('utf8')))
  const hash = createHash('sha256').update(canonicalBytes(assessment)).digest('hex')
  expect(await page.locator('[data-tile="document"] code').textContent()).toBe(hash)
  await close()
})

test('one assessment runs at a time, goes on while the storm view is looked at, and waits for its reader', async () => {
  const { page, close } = await opened('')
  const atOnce = { now: 0, most: 0, asked: [] as string[] }
  let release = (): void => undefined
  const held = new Promise<void>((resolve) => {
    release = resolve
  })
  // The service's answers are held back, not replaced: a long window takes as long.
  await page.route('**/api/v1/assessments?*', async (route) => {
    atOnce.now++
    atOnce.most = Math.max(atOnce.most, atOnce.now)
    atOnce.asked.push(new URL(route.request().url()).searchParams.get('scheme') ?? '')
    await held
    const response = await route.fetch()
    atOnce.now--
    await route.fulfill({ response })
  })
  const form = page.getByRole('form', { name: 'What to assess' })
  await form.getByLabel('Scheme').selectOption('weighted-sample')
  await form.getByRole('button', { name: 'Assess' }).click()
  await page.locator('[data-assessing="weighted-sample"]').waitFor()
  await form.getByRole('button', { name: 'Assess' }).click()
  await form.getByLabel('Scheme').selectOption('gbt-51345-2018')
  await form.getByRole('button', { name: 'Assess' }).click()
  await page.getByText('Next: gbt-51345-2018').waitFor()

  const pages = page.getByRole('navigation', { name: 'Pages' })
  await pages.getByRole('link', { name: 'Storm view' }).click()
  await page.locator('#chart').waitFor()
  expect(new URL(page.url()).pathname).toBe('/')
  await pages.getByRole('link', { name: 'Assessment assessing' }).waitFor()
  expect(await pages.locator('[aria-current="page"]').textContent()).toBe('Storm view')
  release()
  await pages.getByRole('link', { name: 'Assessment', exact: true }).click()
  await page.getByRole('heading', { name: 'Assessment standard for sponge city' }).waitFor()
  expect(atOnce).toEqual({ now: 0, most: 1, asked: ['weighted-sample', 'gbt-51345-2018'] })
  expect(page.url()).toContain('scheme=gbt-51345-2018')
  await close()
})

test('a window is named, a year of the calendar, or two days; wrong ones are explained', async () => {
  const { page, close } = await opened('')
  const form = page.getByRole('form', { name: 'What to assess' })
  await form.getByRole('button', { name: 'Calendar year' }).click()
  await form.getByLabel('Year').selectOption('2025')
  const asked = page.waitForRequest('**/api/v1/assessments?*')
  await form.getByRole('button', { name: 'Assess' }).click()
  const query = new URL((await asked).url()).searchParams
  expect(Number(query.get('from'))).toBe(Date.parse('2025-01-01T00:00:00+08:00'))
  expect(Number(query.get('to'))).toBe(Date.parse('2026-01-01T00:00:00+08:00'))
  expect(page.url()).toContain('from=2025-01-01&to=2025-12-31')

  await form.getByRole('button', { name: 'From–to' }).click()
  await form.getByLabel('First day').fill('2026-06-02')
  await form.getByLabel('Last day').fill('2026-06-01')
  await form.getByRole('button', { name: 'Assess' }).click()
  await page.getByText('the last not before the first').waitFor()
  expect(page.url()).toContain('from=2025-01-01')
  await close()
})

test('a kept file is shown with its statements, evidence and figures; another file is refused with the reason', async () => {
  const sheet = { slot: 'statistics', title: 'Yearbook', number: 'No. 7', issuer: 'Bureau' }
  const kept = await post('/assessments', {
    ...{ scheme: 'mohurd-635-2015', from: String(START_MS), to: String(START_MS + 3_600_000) },
    statements: [
      {
        ...{ item: '635-9', justification: 'metered', statedBy: 'Wang Li', figures: SUPPLY_YEAR },
        evidence: [sheet, { slot: 'calculation', title: 'Sheet' }],
      },
      { item: '635-5', justification: 'survey', statedBy: 'Li Na', figures: SURVEY, evidence: [] },
    ],
  })

  const { page, errors, close } = await opened('item=635-9')
  const input = page.getByLabel('Open a kept file…')
  const file = (buffer: Buffer) => ({ name: 'kept.json', mimeType: 'application/json', buffer })
  await input.setInputFiles(file(Buffer.from('{"sha256": 1}')))
  await page.getByText('kept.json is no assessment').waitFor()
  await input.setInputFiles(file(kept))
  await page.getByText('Shown is what the file kept.json says').waitFor()
  expect(await page.getByText('kept.json is no assessment').count()).toBe(0)

  const detail = page.locator('[data-detail="635-9"]')
  expect(await detail.locator('.figure').textContent()).toBe('4.9 %')
  const statement = detail.locator('.statement')
  for (const said of ['Wang Li', 'metered', 'Yearbook', 'No. 7', 'Bureau']) {
    expect(await statement.textContent()).toContain(said)
  }
  const finding = await detail.locator('[data-finding="small"]').textContent()
  expect(finding).toContain('R_WL = (suppliedM3 − consumedM3)/suppliedM3')
  expect(finding).toContain('suppliedM3100,000,000')
  expect(finding).toContain('grossRatio0.14')
  // Steps of steps unfold, with their names in the reader's language.
  await page.locator('[data-item="635-5"] a').click()
  const parts = page.locator('[data-detail="635-5"] .figure-tree .figure-tree')
  await parts.getByText('better than before').first().waitFor()
  expect(errors).toEqual([])
  await close()
})

test('kept assessments are listed with who and why, opened, and compared by the API', async () => {
  const evidence = [
    { slot: 'statistics', title: 't' },
    { slot: 'calculation', title: 't' },
  ]
  const statement = {
    ...{ item: '635-9', justification: 'metered', statedBy: 'Wang Li', evidence },
    figures: SUPPLY_YEAR,
  }
  const keep = async (statements: readonly unknown[], reason: string): Promise<number> => {
    const answer = await post('/assessments/kept', {
      ...{ scheme: 'mohurd-635-2015', from: String(START_MS), to: String(START_MS + 3_600_000) },
      ...{ statements, person: 'Li Wei', reason },
    })
    const receipt = z.object({ version: z.object({ id: z.int() }) })
    return receipt.parse(JSON.parse(answer.toString('utf8'))).version.id
  }
  const first = await keep([], 'self-check')
  const second = await keep([statement], 'supply figures came')

  const { page, errors, close } = await opened(`kept=${second}`)
  await page.getByText('kept assessment, version 2, kept by Li Wei').waitFor()
  const changes = page.locator('#changes')
  const row = changes.getByRole('row', { name: /^Leakage control — verdict/ })
  // What is listed is asked for after the document has come.
  await row.waitFor()
  expect(await row.locator('[data-verdict]').allTextContents()).toEqual(['?Not evaluated', '✓Pass'])
  const value = changes.getByRole('row', { name: /^Leakage control — value/ })
  expect(await value.textContent()).toMatch(/—4\.9 %$/)
  expect(await seriousBarriers(page)).toEqual([])
  await page.setViewportSize(PHONE)
  expect((await widths(page))[0]).toBeLessThanOrEqual(PHONE.width)
  await page.setViewportSize(WIDE)

  const list = page.locator('#kept tbody tr')
  await list.nth(1).waitFor()
  expect(await list.count()).toBe(2)
  expect(await list.nth(0).textContent()).toContain('Li Wei supply figures came')
  await list.nth(1).getByRole('button').click()
  await page.waitForURL(`**/assessment?*kept=${first}*`)
  // The first version has none before it: the reader chooses what to compare with.
  await changes.getByLabel('Since which').selectOption(String(second))
  const back = changes.getByRole('row', { name: /^Leakage control — verdict/ })
  await expect
    .poll(async () => await back.locator('[data-verdict]').allTextContents())
    .toEqual(['✓Pass', '?Not evaluated'])
  expect(new URL(page.url()).searchParams.get('since')).toBe(String(second))
  expect(errors).toEqual([])
  await close()
})

test('in both languages and themes it fits a phone and a desk and has no serious barrier', async () => {
  const query = `scheme=mohurd-635-2015&${DAY}&item=635-10`
  const { page, close } = await opened(query, { viewport: PHONE })
  await page.locator('[data-finding="P"]').waitFor()
  const languages = page.getByRole('group', { name: /Language|语言/ })
  for (const [language, colorScheme] of [
    ['中文', 'dark'],
    ['English', 'light'],
  ] as const) {
    await languages.getByRole('button', { name: language }).click()
    await page.emulateMedia({ colorScheme })
    for (const viewport of [PHONE, WIDE]) {
      await page.setViewportSize(viewport)
      const [content, window] = await widths(page)
      expect(content, `${language} ${viewport.width}`).toBeLessThanOrEqual(window)
    }
    expect(await seriousBarriers(page), `${language} ${colorScheme}`).toEqual([])
  }
  await close()
})

test('on paper nothing is there to press, and no table is cut', async () => {
  const { page, close } = await opened(`scheme=mohurd-635-2015&${DAY}&item=635-10`, {
    theme: 'dark',
  })
  await page.locator('[data-finding="P"]').waitFor()
  await page.emulateMedia({ media: 'print', colorScheme: 'dark' })
  expect(await page.locator('.assess-controls').isVisible()).toBe(false)
  expect(await page.getByRole('button', { name: 'Back to the items' }).first().isVisible()).toBe(
    false,
  )
  const surface = await page.evaluate(
    'getComputedStyle(document.querySelector(".card")).backgroundColor',
  )
  expect(surface).toBe('rgb(255, 255, 255)')
  const cut = await page.evaluate(
    '[...document.querySelectorAll(".table-scroll")].map((box) => getComputedStyle(box).overflow)',
  )
  expect(new Set(cut as string[])).toEqual(new Set(['visible']))
  await close()
})
