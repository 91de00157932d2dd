import { appendFile, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { connectAsync, type MqttClient } from 'mqtt'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { untilProjected } from '../setup/ledger.js'
import { observations } from '../setup/observations.js'
import { ANY_PORTS, startProgram, type Program } from '../setup/program.js'
import { runCommand, type CommandResult } from '../setup/server-process.js'
import { smallCity } from '../setup/small-city.js'
import { temporaryFolder, type TemporaryFolder } from '../setup/temp-folder.js'

const START_S = 1_700_000_000
const WINDOW = { fromMs: START_S * 1000, toMs: (START_S + 1_000_000) * 1000 }

let folder: TemporaryFolder
let data = ''
let program: Program
let client: MqttClient
let secret = ''
/** Publishes without a pause until it is told to stop; counts what was acknowledged. */
const traffic = { acknowledged: 0, isWanted: true, ended: Promise.resolve() }

beforeAll(async () => {
  folder = await temporaryFolder('backup')
  data = join(folder.path, 'data')
  const level = {
    ...{ device: 'A', field: 'level', quantity: 'level', unit: 'm' },
    ...{ kind: '{ type: instant }', reporting: '{ type: periodic, intervalS: 60 }' },
  }
  const city = join(folder.path, 'city.yaml')
  await writeFile(city, smallCity({ sensors: [level] }))
  program = await startProgram(['--data', data, '--city', city, ...ANY_PORTS])
  secret = await program.secretOf('A')
  client = await connectAsync(program.mqtt, { username: 'A', password: secret })
  traffic.ended = publish()
})

afterAll(async () => {
  await folder.remove()
})

async function publish(): Promise<void> {
  while (traffic.isWanted) {
    const number = traffic.acknowledged
    const payload = `[{"n":"level","u":"m","v":${number},"t":${START_S + number}}]`
    await client.publishAsync('rl/v1/small/A/up', payload, { qos: 1 })
    traffic.acknowledged++
  }
}

async function rainledger(...args: readonly string[]): Promise<CommandResult> {
  return await runCommand(process.execPath, ['dist/src/app/main.js', ...args])
}

test('a backup beside the running service holds all that was acknowledged before, and restores', async () => {
  const first = join(folder.path, 'first')
  const before = traffic.acknowledged
  const made = await rainledger('backup', '--data', data, '--to', first, '--json')
  expect(made).toMatchObject({ code: 0 })
  // The registry is an entry, too.
  expect((JSON.parse(made.stdout) as { entries: number }).entries).toBeGreaterThan(before)
  const second = join(folder.path, 'second')
  const again = await rainledger('backup', '--data', data, '--to', second, '--earlier', first)
  expect(again.stdout).toContain('journal entries')
  traffic.isWanted = false
  await traffic.ended
  await client.endAsync()
  await program.process.kill()

  // Any stranger's sha256sum finds every file listed and as it was.
  const sums = await runCommand('sh', ['-c', `cd ${first} && sha256sum --strict -c SHA256SUMS`])
  expect(sums.code).toBe(0)
  expect((await stat(join(first, 'secrets.json'))).mode & 0o777).toBe(0o600)
  expect(await readdir(folder.path)).not.toContain('first.partial')

  const restored = join(folder.path, 'restored')
  await mkdir(restored)
  const done = await rainledger('restore', first, '--data', restored)
  expect(done).toMatchObject({ code: 0 })
  expect(done.stdout).toContain(`rainledger up --data ${restored}`)
  const anew = await startProgram(['--data', restored, ...ANY_PORTS])
  const totals = await untilProjected(anew)
  expect(totals.inserted).toBeGreaterThanOrEqual(before)
  const values = (await observations(anew, 'A.level', WINDOW)).map(({ value }) => value)
  expect(values).toEqual(values.map((_, index) => index))
  expect(values.length).toBe(totals.inserted)
  // The device's secret came along.
  const device = await connectAsync(anew.mqtt, { username: 'A', password: secret })
  await device.endAsync()
  await anew.process.stop()
})

test('a damaged journal is not backed up, a damaged backup not restored: both end with 1', async () => {
  const backup = join(folder.path, 'second')
  const log = (await readdir(join(backup, 'journal'))).find((name) => name.endsWith('.log')) ?? ''
  const file = join(backup, 'journal', log)
  const bytes = await readFile(file)
  bytes[200] = (bytes[200] ?? 0) ^ 1
  await writeFile(file, bytes)
  const to = join(folder.path, 'never')
  const restored = await rainledger('restore', backup, '--data', to)
  expect(restored.code).toBe(1)
  expect(restored.stderr).toContain('sha256sum -c')

  const copy = await rainledger('backup', '--data', backup, '--to', to)
  expect(copy.code).toBe(1)
  expect(copy.stderr).toContain(`${log}, segment from 1`)
  // Neither a folder nor half of one.
  expect((await readdir(folder.path)).filter((name) => name.startsWith('never'))).toEqual([])
})

test('a file that was put into a backup is found, too', async () => {
  const backup = join(folder.path, 'first')
  await appendFile(join(backup, 'journal', 'note.txt'), 'x')
  const restored = await rainledger('restore', backup, '--data', join(folder.path, 'never'))
  expect(restored.code).toBe(1)
})

test('wrong folders end with 2 and say what would be right', async () => {
  const nothing = join(folder.path, 'nothing')
  const full = await rainledger('backup', '--data', data, '--to', data)
  expect(full.code).toBe(2)
  expect(full.stderr).toContain('give a new folder')
  const noFolder = await rainledger('backup', '--data', nothing, '--to', join(folder.path, 'b'))
  expect(noFolder.code).toBe(2)
  expect(noFolder.stderr).toContain('--data')
  const noBackup = await rainledger('restore', nothing, '--data', join(folder.path, 'c'))
  expect(noBackup.code).toBe(2)
  expect(noBackup.stderr).toContain('SHA256SUMS')
  const taken = await rainledger('restore', join(folder.path, 'second'), '--data', data)
  expect(taken.code).toBe(2)
  expect(taken.stderr).toContain('not empty')
})
