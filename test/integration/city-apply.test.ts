import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { connectAsync } from 'mqtt'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { eventually } from '../setup/eventually.js'
import { ANY_PORTS, startProgram, type Program } from '../setup/program.js'
import { runCommand, type CommandResult } from '../setup/server-process.js'
import { smallCity } from '../setup/small-city.js'
import { temporaryFolder, type TemporaryFolder } from '../setup/temp-folder.js'

let folder: TemporaryFolder
let program: Program

beforeAll(async () => {
  folder = await temporaryFolder('city-apply')
  await write('first.yaml', cityOf('A'))
  program = await start()
})

afterAll(async () => {
  await program.process.stop()
  await folder.remove()
})

function cityOf(...devices: readonly string[]): string {
  return smallCity({
    sensors: devices.map((device) => ({
      ...{ device, field: 'level', quantity: 'level', unit: 'm' },
      kind: '{ type: instant }',
      reporting: '{ type: periodic, intervalS: 60 }',
    })),
  })
}

/** The first device with three faults: its model, its installation and its sensor's unit. */
function faultyCity(): string {
  return cityOf('A', 'B')
    .replace('model: senml-json', 'model: telepathy')
    .replace("installedAt: '2000-01-01T00:00:00Z'", 'installedAt: long ago')
    .replace("quantity: level, unit: 'm'", "quantity: level, unit: 'kg'")
}

async function write(name: string, text: string): Promise<string> {
  const path = join(folder.path, name)
  await writeFile(path, text)
  return path
}

function dataFolder(): string {
  return join(folder.path, 'data')
}

/** Always with the first registry: what was applied since is in the journal. */
async function start(): Promise<Program> {
  const city = join(folder.path, 'first.yaml')
  return startProgram([
    ...['--data', dataFolder(), '--city', city, '--log-level', 'error'],
    ...ANY_PORTS,
  ])
}

async function rainledger(...args: readonly string[]): Promise<CommandResult> {
  return runCommand(process.execPath, ['dist/src/app/main.js', ...args])
}

async function apply(
  path: string,
  reason: string,
  ...flags: readonly string[]
): Promise<CommandResult> {
  return rainledger('city', 'apply', path, '--reason', reason, '--data', dataFolder(), ...flags)
}

async function secretOf(device: string): Promise<string> {
  const ended = await rainledger('device', 'secret', device, '--data', dataFolder())
  expect(ended, ended.stderr).toMatchObject({ code: 0 })
  return ended.stdout.trim()
}

/** Debian's client, as a person in the field would try it. */
async function publish(device: string, secret: string, value: number): Promise<CommandResult> {
  const { hostname, port } = new URL(program.mqtt)
  const atS = Math.floor(Date.now() / 1_000)
  return runCommand('mosquitto_pub', [
    ...['-h', hostname, '-p', port, '-i', device, '-u', device, '-P', secret, '-q', '1'],
    ...['-t', `rl/v1/small/${device}/up`, '-m', `[{"n":"level","v":${value},"t":${atS}}]`],
  ])
}

async function untilLatest(device: string, value: number): Promise<void> {
  await eventually(async () =>
    (await program.latest()).find(
      (reading) => reading.series === `${device}.level` && reading.value === value,
    ),
  )
}

const citySchema = z.object({
  registry: z.object({
    sha256: z.string(),
    seq: z.number(),
    appliedMs: z.number(),
    person: z.string(),
    reason: z.string(),
  }),
  devices: z.array(z.object({ id: z.string() })),
})

async function inForce(): Promise<z.output<typeof citySchema>> {
  return citySchema.parse(await program.json('/city'))
}

describe('rainledger city check', () => {
  test('a faultless registry is said to be one, with what it holds', async () => {
    const ended = await rainledger('city', 'check', await write('good.yaml', cityOf('A', 'B')))
    expect(ended.code).toBe(0)
    expect(ended.stdout).toMatch(/good\.yaml: faultless; 2 devices with 2 sensors, .*[0-9a-f]{64}/)
  })

  test('every fault is reported at once, with line and remedy', async () => {
    const text = faultyCity()
    const path = await write('faulty.yaml', text)
    const ended = await rainledger('city', 'check', path)
    expect(ended.code).toBe(1)
    const lineOf = (part: string): number =>
      text.split('\n').findIndex((line) => line.includes(part)) + 1
    const lines = ended.stdout.trim().split('\n')
    expect(lines).toHaveLength(4)
    expect(lines[0]).toMatch(new RegExp(`faulty\\.yaml:${lineOf('telepathy')} .*model.* → `))
    expect(lines[1]).toMatch(new RegExp(`faulty\\.yaml:${lineOf('long ago')} .*installedAt.* → `))
    expect(lines[2]).toMatch(new RegExp(`faulty\\.yaml:${lineOf("'kg'")} .*unit.* → `))
    expect(lines[3]).toBe('3 faults')
  })

  test('with --json both answers can be read by a program', async () => {
    const [good, faulty] = await Promise.all([
      rainledger('city', 'check', await write('good.yaml', cityOf('A')), '--json'),
      rainledger('city', 'check', await write('faulty.yaml', faultyCity()), '--json'),
    ])
    expect(good.code).toBe(0)
    expect(JSON.parse(good.stdout)).toMatchObject({
      ok: true,
      sha256: (await inForce()).registry.sha256,
    })
    expect(faulty.code).toBe(1)
    const { ok, faults } = z
      .object({
        ok: z.boolean(),
        faults: z.array(
          z.object({
            line: z.number(),
            path: z.string(),
            message: z.string(),
            remedy: z.string(),
          }),
        ),
      })
      .parse(JSON.parse(faulty.stdout))
    expect(ok).toBe(false)
    expect(faults.map(({ path }) => path)).toEqual([
      'devices[0].model',
      'devices[0].installedAt',
      'devices[0].sensors[0].unit',
    ])
  })

  test('a file that is not there ends with 2', async () => {
    const ended = await rainledger('city', 'check', join(folder.path, 'absent.yaml'))
    expect(ended.code).toBe(2)
    expect(ended.stderr).toContain('absent.yaml')
  })
})

describe('rainledger city apply', () => {
  test('a new device connects and publishes without a restart, and the others notice nothing', async () => {
    const secretA = await secretOf('A')
    expect(await publish('A', secretA, 1)).toMatchObject({ code: 0 })
    await untilLatest('A', 1)
    const connected = await connectAsync(program.mqtt, {
      ...{ clientId: 'A', username: 'A', password: secretA, reconnectPeriod: 0 },
    })
    const unknown = await rainledger('device', 'secret', 'B', '--data', dataFolder())
    expect(unknown.code).toBe(2)
    expect(unknown.stderr).toContain('404')

    const second = await write('second.yaml', cityOf('A', 'B'))
    const ended = await apply(second, 'gauge B set up', '--person', '李伟')
    expect(ended.code, ended.stderr).toBe(0)
    expect(ended.stdout).toMatch(/^in force: [0-9a-f]{64}\n$/)

    const secretB = await secretOf('B')
    expect(await publish('B', 'wrong', 9)).not.toMatchObject({ code: 0 })
    expect(await publish('B', secretB, 2)).toMatchObject({ code: 0 })
    await untilLatest('B', 2)
    await untilLatest('A', 1)
    expect(connected.connected).toBe(true)
    await connected.endAsync()

    const { registry, devices } = await inForce()
    expect(registry).toMatchObject({
      person: '李伟',
      reason: 'gauge B set up',
      sha256: ended.stdout.trim().split(' ').at(-1),
    })
    expect(Math.abs(Date.now() - registry.appliedMs)).toBeLessThan(60_000)
    expect(devices.map(({ id }) => id)).toEqual(['A', 'B'])
  })

  test('the same again is in force already, also with other comments', async () => {
    const before = await inForce()
    const again = await apply(join(folder.path, 'second.yaml'), 'once more')
    expect(again).toMatchObject({ code: 0 })
    expect(again.stdout).toBe(`already in force: ${before.registry.sha256}\n`)
    const commented = await write('commented.yaml', `# a note\n${cityOf('A', 'B')}`)
    const ended = await apply(commented, 'a note', '--json')
    expect(JSON.parse(ended.stdout)).toEqual({ changed: false, sha256: before.registry.sha256 })
    expect(await inForce()).toEqual(before)
  })

  test('a registry with faults changes nothing and ends with 1', async () => {
    const before = await inForce()
    const path = await write('faulty.yaml', faultyCity())
    const [text, json] = await Promise.all([apply(path, 'typo'), apply(path, 'typo', '--json')])
    expect(text.code).toBe(1)
    expect(text.stdout).toMatch(/faulty\.yaml:\d+ devices\[0\]\.model/)
    expect(json.code).toBe(1)
    expect(JSON.parse(json.stdout)).toMatchObject({ ok: false })
    expect(await inForce()).toEqual(before)
  })

  test('the registry of another city is refused: all devices would fall silent', async () => {
    const other = await write('other.yaml', cityOf('A').replace('id: small', 'id: large'))
    const ended = await apply(other, 'a slip')
    expect(ended.code).toBe(2)
    const said = `${ended.stdout}${ended.stderr}`
    expect(said).toContain('is large, but this data folder is that of small')
  })

  test('a folder of files is applied as one registry', async () => {
    const parts = join(folder.path, 'parts')
    await mkdir(parts)
    const [city, devices] = cityOf('A', 'B', 'C').split('devices:\n')
    await writeFile(join(parts, 'city.yaml'), city ?? '')
    await writeFile(join(parts, 'devices.yaml'), `devices:\n${devices ?? ''}`)
    const ended = await apply(parts, 'gauge C set up')
    expect(ended.code, ended.stdout).toBe(0)
    expect((await inForce()).devices.map(({ id }) => id)).toEqual(['A', 'B', 'C'])
  })

  test('a device taken out is turned away; put back, it has all it ever sent', async () => {
    const secret = await secretOf('B')
    await apply(await write('without.yaml', cityOf('A')), 'B taken out')
    expect((await publish('B', secret, 5)).code).not.toBe(0)
    expect((await program.api('/series/B.level/observations')).status).toBe(404)

    await apply(join(folder.path, 'second.yaml'), 'B back')
    await untilLatest('B', 2)
    expect(await publish('B', secret, 6)).toMatchObject({ code: 0 })
    await untilLatest('B', 6)
  })

  test('what was applied is still in force after a kill, whatever file the start names', async () => {
    const before = await inForce()
    expect(before.registry.reason).toBe('B back')
    const secret = await secretOf('B')
    await program.process.kill()

    const nobody = await apply(join(folder.path, 'first.yaml'), 'nobody there')
    expect(nobody.code).toBe(3)
    expect(nobody.stderr).toContain('rainledger up')

    program = await start()
    expect(await inForce()).toEqual(before)
    expect(await publish('B', secret, 7)).toMatchObject({ code: 0 })
    await untilLatest('B', 7)
  })

  test('a reason is asked for', async () => {
    const ended = await rainledger('city', 'apply', join(folder.path, 'first.yaml'))
    expect(ended.code).toBe(2)
    expect(ended.stderr).toContain('--reason')
  })
})

describe('rainledger device secret', () => {
  test('a new secret voids the old one at once and is long enough', async () => {
    const old = await secretOf('A')
    const ended = await rainledger('device', 'secret', 'A', '--data', dataFolder(), '--json')
    const { device, secret } = z
      .strictObject({ device: z.string(), secret: z.string() })
      .parse(JSON.parse(ended.stdout))
    expect(device).toBe('A')
    // 128 bits are 22 characters of base64url.
    expect(secret.length).toBeGreaterThanOrEqual(22)
    expect((await publish('A', old, 3)).code).not.toBe(0)
    expect(await publish('A', secret, 4)).toMatchObject({ code: 0 })
    await untilLatest('A', 4)
  })

  test('without a service it ends with 3', async () => {
    const nowhere = join(folder.path, 'nowhere')
    expect(await rainledger('device', 'secret', 'A', '--data', nowhere)).toMatchObject({ code: 3 })
  })
})
