import { once } from 'node:events'
import { readdir, readFile, rename, rm, stat, truncate, writeFile } from 'node:fs/promises'
import { connect, createServer } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { eventually } from '../setup/eventually.js'
import { ANY_PORTS, startProgram, type Program } from '../setup/program.js'
import { runCommand } from '../setup/server-process.js'
import { smallCity } from '../setup/small-city.js'
import { temporaryFolder, type TemporaryFolder } from '../setup/temp-folder.js'

let folder: TemporaryFolder

beforeAll(async () => {
  folder = await temporaryFolder('up')
  await writeFile(join(folder.path, 'city.yaml'), smallCity({ sensors: [LEVEL] }))
})

afterAll(async () => {
  await folder.remove()
})

const LEVEL = {
  device: 'A',
  field: 'level',
  quantity: 'level',
  unit: 'm',
  kind: '{ type: instant }',
  reporting: '{ type: periodic, intervalS: 60 }',
}

function run(args: readonly string[]): Promise<{ code: number | null; stderr: string }> {
  return runCommand(process.execPath, ['dist/src/app/main.js', 'up', ...args])
}

test('what was built is a program by itself: npx runs the file as it stands', async () => {
  expect(await runCommand('dist/src/app/main.js', ['--version'])).toMatchObject({ code: 0 })
})

test('the demo: readings arrive, the printed line makes a point, Ctrl-C stops, a second start goes on', async () => {
  const data = join(folder.path, 'demo')
  const first = await startProgram(['--demo', '--data', data, ...ANY_PORTS])
  await eventually(async () => ((await first.latest()).length > 0 ? true : undefined))

  // The line is for copying into a shell, so a shell runs it.
  const published = await runCommand('sh', ['-c', first.publish ?? 'false'])
  expect(published).toMatchObject({ code: 0 })
  await eventually(async () =>
    (await first.latest()).find((item) => item.series === 'HAND-01.depth' && item.value === 180),
  )
  const city = await first.json('/city')
  await first.process.stop(5_000)
  expect(first.process.output()).toContain('stopping')
  expect(first.process.output()).not.toContain('did not stop in time')
  expect(await readdir(data)).not.toContain('running.json')

  const second = await startProgram(['--demo', '--data', data, ...ANY_PORTS])
  const hand = (await second.latest()).find((item) => item.series === 'HAND-01.depth')
  expect(hand?.value).toBe(180)
  expect(await second.json('/city')).toEqual(city)
  await second.process.stop(5_000)
})

test('no secret stands in clear in anything the service keeps, and credentials are for the owner only', async () => {
  const data = join(folder.path, 'secrets')
  const program = await startProgram(['--demo', '--data', data, ...ANY_PORTS])
  const secret = / -P (\S+)/.exec(program.publish ?? '')?.[1] ?? ''
  expect(secret.length).toBeGreaterThanOrEqual(22)
  expect((await stat(join(data, 'secrets.json'))).mode & 0o777).toBe(0o600)
  expect((await stat(join(data, 'running.json'))).mode & 0o777).toBe(0o600)
  await program.process.stop(5_000)
  const files = await readdir(data, { recursive: true, withFileTypes: true })
  let looked = 0
  for (const file of files) {
    if (!file.isFile()) continue
    looked++
    const bytes = await readFile(join(file.parentPath, file.name))
    expect(bytes.includes(secret), file.name).toBe(false)
    expect(bytes.includes(program.token), file.name).toBe(false)
  }
  expect(looked).toBeGreaterThan(3)
})

test('a taken port is stepped over by the demo, and ends any other start with 3', async () => {
  const blocker = createServer()
  await new Promise<void>((resolve) => blocker.listen(0, '127.0.0.1', () => resolve()))
  const address = blocker.address()
  const port = typeof address === 'object' && address !== null ? String(address.port) : ''
  const others = ['--mqtt-port', '0', '--ws-port', '0']
  try {
    const city = join(folder.path, 'city.yaml')
    const data = join(folder.path, 'taken')
    const refused = await run(['--city', city, '--data', data, '--http-port', port, ...others])
    expect(refused.code).toBe(3)
    expect(refused.stderr).toContain(port)

    const demo = await startProgram([
      ...['--demo', '--data', join(folder.path, 'stepped'), '--http-port', port, ...others],
    ])
    expect(demo.http).not.toContain(`:${port}`)
    await demo.process.printed(/stepped over/, 10_000)
    await demo.process.stop(5_000)
  } finally {
    blocker.close()
  }
})

test('a data folder of a newer format, of another store or of something else is refused with 2', async () => {
  const city = join(folder.path, 'city.yaml')
  const data = join(folder.path, 'formats')
  const program = await startProgram(['--city', city, '--data', data, ...ANY_PORTS])
  await program.process.stop(5_000)

  const influx = ['--store', 'influx', '--influx-url', 'http://127.0.0.1:1']
  const other = await run(['--data', data, ...influx, ...ANY_PORTS])
  expect(other).toMatchObject({ code: 2 })
  expect(other.stderr).toContain('--store duckdb')

  await writeFile(join(data, 'rainledger.json'), '{"format":99,"store":"duckdb"}\n')
  const newer = await run(['--data', data, ...ANY_PORTS])
  expect(newer).toMatchObject({ code: 2 })
  expect(newer.stderr).toContain('newer release')

  const foreign = await run(['--data', folder.path, ...ANY_PORTS])
  expect(foreign).toMatchObject({ code: 2 })
})

test('a second service on the same folder is refused with 3, and the first goes on', async () => {
  const city = join(folder.path, 'city.yaml')
  const data = join(folder.path, 'twice')
  const program = await startProgram(['--city', city, '--data', data, ...ANY_PORTS])
  const second = await run(['--data', data, ...ANY_PORTS])
  expect(second.code).toBe(3)
  expect((await program.api('/city')).status).toBe(200)
  await program.process.stop(5_000)
})

test('without a registry the start says how to give one', async () => {
  const refused = await run(['--data', join(folder.path, 'none'), ...ANY_PORTS])
  expect(refused.code).toBe(2)
  expect(refused.stderr).toContain('--city')
})

test('a wrong flag ends with 2 and names it', async () => {
  const refused = await run(['--http-port', 'eighty'])
  expect(refused.code).toBe(2)
  expect(refused.stderr).toContain('--http-port')
})

test('a file of the data folder that is damaged ends the start with 2, in one sentence that says what to do', async () => {
  const city = join(folder.path, 'city.yaml')
  const damages = [
    { file: 'secrets.json', remedy: 'issue the device secrets anew' },
    { file: 'journal/manifest.log', remedy: 'Restore this file from a backup' },
    { file: 'store.duckdb', remedy: 'made again from the journal' },
  ]
  for (const { file, remedy } of damages) {
    const data = join(folder.path, `damaged-${file.replaceAll('/', '-')}`)
    const program = await startProgram(['--city', city, '--data', data, ...ANY_PORTS])
    await program.process.stop(5_000)
    await truncate(join(data, file), 20)
    const refused = await run(['--data', data, ...ANY_PORTS])
    expect(refused, file).toMatchObject({ code: 2 })
    expect(refused.stderr).toContain(remedy)
    expect(refused.stderr.trim().split('\n')).toHaveLength(1)
  }
})

test('connections that say nothing, or half of something, do not hold up the stop', async () => {
  const city = join(folder.path, 'city.yaml')
  const data = join(folder.path, 'half-open')
  const program = await startProgram(['--city', city, '--data', data, ...ANY_PORTS])
  const halves = ['GET / HTTP/1.1\r\nHost: x\r\n', '\x10']
  for (const address of [program.http, program.mqtt, program.ws]) {
    const { hostname, port } = new URL(address)
    for (const half of ['', ...halves]) {
      const socket = connect(Number(port), hostname)
      socket.on('error', () => socket.destroy())
      await once(socket, 'connect')
      if (half !== '') await new Promise((resolve) => socket.write(half, resolve))
    }
  }
  await program.process.stop(5_000)
  expect(program.process.output()).not.toContain('did not stop in time')
})

test('a journal that ends before the store does is not gone on with in silence', async () => {
  const city = join(folder.path, 'city.yaml')
  const data = join(folder.path, 'ahead')
  const program = await startProgram(['--city', city, '--data', data, ...ANY_PORTS])
  await eventually(async () => ((await projected(program)) > 0 ? true : undefined))
  await program.process.stop(5_000)
  await rm(join(data, 'journal'), { recursive: true })

  const refused = await run(['--city', city, '--data', data, ...ANY_PORTS])
  expect(refused).toMatchObject({ code: 2 })
  expect(refused.stderr).toContain('the journal ends at 0')

  await rm(join(data, 'store.duckdb'))
  const again = await startProgram(['--city', city, '--data', data, ...ANY_PORTS])
  await again.process.stop(5_000)
})

test('a journal of other origin is not gone on with in silence', async () => {
  const city = join(folder.path, 'city.yaml')
  const data = join(folder.path, 'two-origins')
  const other = join(folder.path, 'other-origin')
  for (const path of [data, other]) {
    const program = await startProgram(['--city', city, '--data', path, ...ANY_PORTS])
    await eventually(async () => ((await projected(program)) > 0 ? true : undefined))
    await program.process.stop(5_000)
  }
  await rm(join(data, 'journal'), { recursive: true })
  await rename(join(other, 'journal'), join(data, 'journal'))

  const refused = await run(['--city', city, '--data', data, ...ANY_PORTS])
  expect(refused).toMatchObject({ code: 2 })
  expect(refused.stderr).toContain('follows journal')
})

test('a registry file given at a later start is said not to be in force when it differs', async () => {
  const city = join(folder.path, 'city.yaml')
  const data = join(folder.path, 'other-city')
  const first = await startProgram(['--city', city, '--data', data, ...ANY_PORTS])
  await first.process.stop(5_000)
  const same = await startProgram(['--city', city, '--data', data, ...ANY_PORTS])
  await same.process.stop(5_000)
  expect(same.process.output()).not.toContain('not in force')

  const other = join(folder.path, 'other.yaml')
  await writeFile(other, smallCity({ sensors: [{ ...LEVEL, unit: 'mm' }] }))
  const second = await startProgram(['--city', other, '--data', data, ...ANY_PORTS])
  await second.process.stop(5_000)
  expect(second.process.output()).toContain('not in force')
  expect(second.process.output()).toContain('rainledger city apply')

  const demo = await run(['--demo', '--data', data, ...ANY_PORTS])
  expect(demo).toMatchObject({ code: 2 })
  expect(demo.stderr).toContain('without --demo')
})

async function projected(program: Program): Promise<number> {
  const text = await (await fetch(`${program.http}/metrics`)).text()
  return Number(/^rainledger_projection_position\S* (\d+)/m.exec(text)?.[1] ?? 0)
}
