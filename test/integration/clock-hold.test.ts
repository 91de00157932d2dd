import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { connectAsync } from 'mqtt'
import { expect, test } from 'vitest'
import { openJournal } from '../../src/adapters/journal/index.js'
import { eventually } from '../setup/eventually.js'
import { observations } from '../setup/observations.js'
import { ANY_PORTS, startProgram } from '../setup/program.js'
import { runCommand } from '../setup/server-process.js'
import { smallCity } from '../setup/small-city.js'
import { temporaryFolder } from '../setup/temp-folder.js'

const DAY_MS = 86_400_000

test('a server that has started before its journal refuses nobody for the future, and says so', async () => {
  const folder = await temporaryFolder('clock-hold')
  const data = join(folder.path, 'data')
  const city = smallCity({
    sensors: [
      {
        ...{ device: 'A', field: 'level', quantity: 'level', unit: 'm' },
        ...{ kind: '{ type: instant }', reporting: '{ type: periodic, intervalS: 60 }' },
      },
    ],
  })
  // What the journal has seen is ten days ahead of the clock: the clock has been set back since.
  const seenMs = Date.now() + 10 * DAY_MS
  await mkdir(data)
  await writeFile(join(data, 'rainledger.json'), '{"format":1,"store":"duckdb"}\n')
  const clock = { nowMs: () => seenMs }
  const journal = await openJournal({ folder: join(data, 'journal'), clock })
  await journal.append({
    ...{ kind: 'registry', arrivalMs: seenMs, device: '', client: 'li', topic: 'first' },
    ...{ qos: 1, retain: false, dup: false, payload: Buffer.from(city) },
  })
  await journal.close()

  const program = await startProgram(['--data', data, ...ANY_PORTS])
  try {
    const password = await program.secretOf('A')
    const device = await connectAsync(program.mqtt, { username: 'A', password })
    const atMs = seenMs + DAY_MS
    const payload = `[{"n":"level","u":"m","v":1.5,"t":${atMs / 1000}}]`
    await device.publishAsync('rl/v1/small/A/up', payload, { qos: 1 })
    await device.endAsync()
    const window = { fromMs: atMs - 1, toMs: atMs + 1 }
    const stored = await eventually(async () => {
      const served = await observations(program, 'A.level', window)
      return served.length > 0 ? served : undefined
    })
    expect(stored.map(({ value }) => value)).toEqual([1.5])
    // An import is judged by the same clock.
    const imported = await fetch(`${program.http}/api/v1/imports/chunks`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${program.token}`,
        'content-type': 'application/json',
      },
      body: JSON.stringify({
        ...{ fileSha256: 'a'.repeat(64), mappingSha256: 'b'.repeat(64), revision: 0, chunk: 0 },
        ...{ fileName: 'history.csv', person: 'li' },
        rows: [{ sensor: 'A.level', atMs: atMs + 60_000, value: 2.5, unit: null }],
      }),
    })
    expect(imported.status).toBe(200)
    const later = { fromMs: atMs + 1, toMs: atMs + 60_001 }
    const brought = await eventually(async () => {
      const served = await observations(program, 'A.level', later)
      return served.length > 0 ? served : undefined
    })
    expect(brought.map(({ value, origin }) => [value, origin])).toEqual([[2.5, 'imported']])

    const metrics = await (await fetch(`${program.http}/metrics`)).text()
    expect(metrics).toContain('\nrainledger_server_clock_in_doubt 1\n')
    await program.process.printed(/stands before the journal/, 10_000)
    const shown = await runCommand(process.execPath, [
      ...['dist/src/app/main.js', 'journal', 'show', '2', '--data', data],
    ])
    expect(shown.stdout).toContain('clock was in doubt')
  } finally {
    await program.process.stop()
    await folder.remove()
  }
})
