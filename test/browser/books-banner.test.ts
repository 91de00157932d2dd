import { DuckDBInstance } from '@duckdb/node-api'
import { join } from 'node:path'
import { connectAsync } from 'mqtt'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { HOUR_MS } from '../../src/domain/time.js'
import { untilProjected } from '../setup/ledger.js'
import { ANY_PORTS, startProgram, type Program } from '../setup/program.js'
import { runCommand, type CommandResult } from '../setup/server-process.js'
import { temporaryFolder, type TemporaryFolder } from '../setup/temp-folder.js'
import { launchBrowser } from './browser.js'

/** Books that somebody has meddled with while the service stood still: seen wherever one would look. */
const CITY = 'simulators/demo-city/city.yaml'

let folder: TemporaryFolder
let browser: Browser
let program: Program
let data = ''
let hour = ''

async function start(): Promise<void> {
  program = await startProgram(['--data', data, '--city', CITY, ...ANY_PORTS])
}

/** Changes the stored books as no projection would, with the service stopped. */
async function tamper(...statements: readonly string[]): Promise<void> {
  await program.process.stop()
  const instance = await DuckDBInstance.create(join(data, 'store.duckdb'))
  const connection = await instance.connect()
  for (const statement of statements) {
    const changed = await connection.runAndReadAll(statement)
    expect(Number(changed.value(0, 0)), statement).toBe(1)
  }
  connection.closeSync()
  instance.closeSync()
  await start()
}

/** The books are kept by the hour of arrival: with the hour about to end, the next one is waited for. */
async function anHourThatLasts(): Promise<void> {
  const leftMs = HOUR_MS - (Date.now() % HOUR_MS)
  if (leftMs < 15_000) await new Promise((resolve) => setTimeout(resolve, leftMs + 1))
}

async function difference(): Promise<number> {
  const text = await (await fetch(`${program.http}/metrics`)).text()
  return Number(/^rainledger_books_difference (\S+)$/m.exec(text)?.[1])
}

async function ledger(): Promise<CommandResult> {
  return await runCommand(process.execPath, ['dist/src/app/main.js', 'ledger', '--data', data])
}

beforeAll(async () => {
  folder = await temporaryFolder('books')
  data = join(folder.path, 'data')
  browser = await launchBrowser()
  await start()
  await anHourThatLasts()
  const nowS = Math.floor(Date.now() / 1000)
  for (const device of ['RG-01', 'RG-02']) {
    const password = await program.secretOf(device)
    const client = await connectAsync(program.mqtt, { username: device, password })
    for (const atS of [nowS - 120, nowS - 60, nowS]) {
      const reading = JSON.stringify([{ n: 'rain', u: 'mm', v: 0.2, t: atS }])
      await client.publishAsync(`rl/v1/demo/${device}/up`, reading, { qos: 1 })
    }
    await client.endAsync()
  }
  await untilProjected(program)
  const { items } = z
    .object({ items: z.array(z.object({ hourMs: z.int(), received: z.int() })) })
    .parse(await program.json('/ledger?device=RG-01'))
  expect(items).toMatchObject([{ received: 3 }])
  const hourMs = items[0]?.hourMs ?? 0
  expect(hourMs % HOUR_MS).toBe(0)
  hour = `${new Date(hourMs).toISOString().slice(0, 16)}Z`
})

afterAll(async () => {
  await browser?.close()
  await program?.process.stop()
  await folder?.remove()
})

async function banner(lang: 'zh' | 'en'): Promise<string | null> {
  const page = await browser.newPage()
  try {
    await page.goto(`${program.http}/?lang=${lang}`)
    await page.locator('#ledger .equation').first().waitFor()
    const found = page.locator('[data-banner="books"]')
    return (await found.count()) === 0 ? null : await found.textContent()
  } finally {
    await page.close()
  }
}

test('books that close are said to close everywhere', async () => {
  expect(await difference()).toBe(0)
  expect(await ledger()).toMatchObject({ code: 0 })
  expect(await banner('en')).toBeNull()
})

test('a message that is missing from the books is seen in the metric, on the page and by the ledger', async () => {
  await tamper("UPDATE book SET projected = projected - 1 WHERE device = 'RG-01'")
  expect(await difference()).toBe(1)
  const { code, stdout } = await ledger()
  expect(code).toBe(1)
  expect(stdout).toContain(`${hour} RG-01: messages +1, observations 0`)
  expect(stdout).not.toContain(`${hour} RG-02:`)
  expect(await banner('en')).toContain('1 messages and 0 observations are unaccounted for')
  expect(await banner('zh')).toContain('报文差 1，观测值差 0')
})

test('a message too few and one too many do not make up for each other', async () => {
  await tamper("UPDATE book SET projected = projected + 1 WHERE device = 'RG-02'")
  expect(await difference()).toBe(2)
  const { code, stdout } = await ledger()
  expect(code).toBe(1)
  expect(stdout).toContain(`${hour} RG-01: messages +1, observations 0`)
  expect(stdout).toContain(`${hour} RG-02: messages -1, observations 0`)
  expect(await banner('en')).toContain('2 messages and 0 observations')
})

test('an hour whose page is torn out of the books is missing with all its messages', async () => {
  await tamper("DELETE FROM book WHERE device = 'RG-02'")
  const { code, stdout } = await ledger()
  expect(code).toBe(1)
  expect(stdout).toContain(`${hour} RG-02: messages +3, observations 0`)
  expect(await difference()).toBe(4)
})

test('an observation that was decoded and went nowhere is seen, too', async () => {
  await tamper("UPDATE book SET projected = 3, inserted = inserted - 2 WHERE device = 'RG-01'")
  const { code, stdout } = await ledger()
  expect(code).toBe(1)
  expect(stdout).toContain(`${hour} RG-01: messages 0, observations +2`)
  expect(await difference()).toBe(5)
  expect(await banner('en')).toContain('3 messages and 2 observations')
})
