import { readFile, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { connectAsync } from 'mqtt'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { startHttpStandIn } from '../setup/http-stand-in.js'
import { ANY_PORTS, startProgram, type Program } from '../setup/program.js'
import { runCommand, type CommandResult } from '../setup/server-process.js'
import { smallCity } from '../setup/small-city.js'
import { temporaryFolder, type TemporaryFolder } from '../setup/temp-folder.js'

const GOOD = '[{"n":"level","u":"m","v":1.5,"t":1700000000}]'
const GARBAGE = Buffer.from([0xff, 0x00, 0x1b])

let folder: TemporaryFolder
let data = ''
let program: Program

async function rainledger(...args: readonly string[]): Promise<CommandResult> {
  return await runCommand(process.execPath, ['dist/src/app/main.js', ...args])
}

/** Entry 1 is the registry, 2 a good message, 3 garbage, 4 the good one again. */
beforeAll(async () => {
  folder = await temporaryFolder('ledger')
  data = join(folder.path, 'data')
  const city = join(folder.path, 'city.yaml')
  const level = {
    ...{ device: 'A', field: 'level', quantity: 'level', unit: 'm' },
    ...{ kind: '{ type: instant }', reporting: '{ type: periodic, intervalS: 60 }' },
  }
  await writeFile(city, smallCity({ sensors: [level] }))
  program = await startProgram(['--data', data, '--city', city, ...ANY_PORTS])
  const answer = await program.api('/devices/A/secret', { method: 'POST' })
  const { secret } = z.object({ secret: z.string() }).parse(await answer.json())
  const device = await connectAsync(program.mqtt, { username: 'A', password: secret })
  for (const payload of [GOOD, GARBAGE, GOOD]) {
    await device.publishAsync('rl/v1/small/A/up', payload, { qos: 1 })
  }
  await device.endAsync()
  await projected()
})

afterAll(async () => {
  await program.process.stop()
  await folder.remove()
})

async function projected(): Promise<void> {
  const schema = z.object({ totals: z.object({ received: z.number(), inFlight: z.number() }) })
  const giveUpMs = performance.now() + 20_000
  while (performance.now() < giveUpMs) {
    const { totals } = schema.parse(await program.json('/ledger'))
    if (totals.received === 3 && totals.inFlight === 0) return
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  throw new Error('three messages were not projected within 20 s')
}

test('the ledger accounts for every message and says that the books close', async () => {
  const table = await rainledger('ledger', '--data', data)
  expect(table.code).toBe(0)
  const [titles = '', device = '', all = ''] = table.stdout.split('\n')
  expect(titles.split(/ {2,}/).slice(0, 4)).toEqual(['device', 'received', 'projected', 'refused'])
  // received, projected, refused, in flight; decoded, inserted, duplicate, revised, refused
  expect(device.split(/ +/)).toEqual(['A', '3', '2', '1', '0', '2', '1', '1', '0', '0'])
  expect(all.split(/ +/).slice(1)).toEqual(device.split(/ +/).slice(1))
  expect(table.stdout).toContain('The books close.')

  const json = await rainledger('ledger', '--data', data, '--device', 'A', '--json')
  expect(json.code).toBe(0)
  expect(JSON.parse(json.stdout)).toMatchObject({ closes: true, totals: { received: 3 } })

  const before = await rainledger('ledger', '--data', data, '--to', '2001-01-01T00:00:00Z')
  expect(before.code).toBe(0)
  expect(before.stdout).not.toContain('\nA ')
})

test('books that do not close end with 1 and name device and hour', async () => {
  const row = {
    ...{ received: 5, projected: 3, refused: 0, inFlight: 0, messageDifference: 2 },
    ...{ decoded: 3, inserted: 3, duplicate: 0, revised: 0, observationsRefused: 0 },
    observationDifference: 0,
  }
  const items = [{ device: 'RG-01', hourMs: Date.UTC(2026, 6, 1, 8), ...row }]
  const body = JSON.stringify({ items, totals: row, closes: false, missing: [] })
  const headers = { 'content-type': 'application/json' }
  const service = await startHttpStandIn(() => ({ status: 200, headers, body }))
  try {
    const result = await rainledger('ledger', '--url', service.url, '--hours')
    expect(result.code).toBe(1)
    expect(result.stdout).toContain('do not close')
    expect(result.stdout).toContain('2026-07-01T08:00Z RG-01: messages +2, observations 0')
  } finally {
    await service.stop()
  }
})

test('the ledger without a service ends with 3, with a wrong time with 2', async () => {
  expect((await rainledger('ledger', '--data', join(folder.path, 'none'))).code).toBe(3)
  const wrong = await rainledger('ledger', '--data', data, '--from', 'yesterday')
  expect(wrong.code).toBe(2)
  expect(wrong.stderr).toContain('ISO 8601')
})

test('beside a running service the journal is listed, read and found as written', async () => {
  const ls = await rainledger('journal', 'ls', '--data', data, '--json')
  expect(JSON.parse(ls.stdout)).toMatchObject({ sealed: [], open: [{ firstSeq: 1 }] })
  expect((await rainledger('journal', 'ls', '--data', data)).stdout).toContain(
    '0000000000000001.log',
  )

  const shown = await rainledger('journal', 'show', '2', '--data', data)
  expect(shown.code).toBe(0)
  expect(shown.stdout).toContain(GOOD)
  expect(shown.stdout).toContain('rl/v1/small/A/up')

  const garbage = await rainledger('journal', 'show', '3', '--data', data, '--json')
  expect(JSON.parse(garbage.stdout)).toMatchObject({
    ...{ seq: 3, kind: 'message', device: 'A', qos: 1, payloadText: null },
    payloadBase64: GARBAGE.toString('base64'),
  })
  const raw = await rainledger('journal', 'show', '2', '--data', data, '--payload')
  expect(raw.stdout).toBe(GOOD)

  const verified = await rainledger('journal', 'verify', '--data', data, '--json')
  expect(verified.code).toBe(0)
  expect(JSON.parse(verified.stdout)).toMatchObject({ entries: 4, findings: [] })
  expect(program.process.isRunning()).toBe(true)
})

test('an entry or a journal that is not there ends with 2', async () => {
  for (const seq of ['99', '0', 'last']) {
    expect((await rainledger('journal', 'show', seq, '--data', data)).code).toBe(2)
  }
  for (const what of [['ls'], ['verify'], ['show', '1']]) {
    const none = await rainledger('journal', ...what, '--data', join(folder.path, 'none'))
    expect(none.code).toBe(2)
    expect(none.stderr).toContain('--data')
  }
})

test('a byte that flipped in the middle is found, with file and offset, and ends with 1', async () => {
  await program.process.stop()
  const journal = join(data, 'journal')
  const log = (await readdir(journal)).find((name) => name.endsWith('.log') && /^\d/.test(name))
  const file = join(journal, log ?? '')
  const bytes = await readFile(file)
  const at = bytes.indexOf(GOOD)
  expect(at).toBeGreaterThan(0)
  bytes[at] = (bytes[at] ?? 0) ^ 1
  await writeFile(file, bytes)

  const found = await rainledger('journal', 'verify', '--data', data)
  expect(found.code).toBe(1)
  expect(found.stdout).toContain(log)
  expect(found.stdout).toContain('entry 2 is not as it was written')
})

test.each(['ledger', 'journal ls', 'journal show', 'journal verify'])(
  '%s explains itself with an example',
  async (command) => {
    const help = await rainledger(...command.split(' '), '--help')
    expect(help.code).toBe(0)
    expect(help.stdout).toContain(`Usage: rainledger ${command}`)
    expect(help.stdout).toContain('Example')
  },
)
