import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Browser } from 'playwright-core'
import { startInfluxd, type Influxd } from '../setup/influxd.js'
import { startMosquitto, type Mosquitto } from '../setup/mosquitto.js'
import { startMember, startServe, type Program, type ServeProgram } from '../setup/program.js'
import { levelCity } from '../setup/small-city.js'
import { temporaryFolder, type TemporaryFolder } from '../setup/temp-folder.js'
import { launchBrowser } from './browser.js'

/** The pages of `serve`, with one member of two. */
let folder: TemporaryFolder
let mosquitto: Mosquitto
let influxd: Influxd
let member: Program
let serve: ServeProgram
let browser: Browser

beforeAll(async () => {
  folder = await temporaryFolder('serve-page')
  const city = join(folder.path, 'city.yaml')
  // W-1 is of member 1, W-2 of member 2 (test/integration/members.test.ts).
  await writeFile(city, levelCity(['W-1', 'W-2']))
  ;[mosquitto, influxd, browser] = await Promise.all([
    startMosquitto(),
    startInfluxd(),
    launchBrowser(),
  ])
  member = await startMember([
    ...['--member', '1/2', '--data', join(folder.path, 'data'), '--city', city],
    ...['--broker-url', mosquitto.url, '--influx-url', influxd.url, '--http-port', '0'],
  ])
  serve = await startServe([
    ...['--influx-url', influxd.url, '--member', member.http, '--http-port', '0'],
  ])
})

afterAll(async () => {
  await browser?.close()
  await serve?.process.stop()
  await member?.process.stop()
  await mosquitto?.stop()
  await influxd?.stop()
  await folder?.remove()
})

test.each([
  ['en', 'Not in them: member 2/2, whose address was not given', 'incomplete', 'cannot tell'],
  ['zh', '未计入：成员 2/2（未提供地址）', '账不全', '无法判断'],
])('the page says whose books are missing (%s)', async (lang, banner, tile, unknown) => {
  const page = await browser.newPage()
  await page.goto(`${serve.http}/?lang=${lang}`)
  const notice = page.locator('[data-banner="books-incomplete"]')
  await notice.waitFor()
  expect(await notice.textContent()).toContain(banner)
  expect(await page.locator('[data-tile="books"] .tile-value').textContent()).toContain(tile)
  const states = page.locator('#devices [data-state="unknown"]')
  await states.first().waitFor({ state: 'attached' })
  expect(await states.allTextContents()).toEqual([unknown])
  await page.close()
})
