import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { makeCertificates } from '../setup/certificates.js'
import { simulated } from '../setup/fleet-process.js'
import { freePort } from '../setup/free-port.js'
import { untilProjected } from '../setup/ledger.js'
import { ANY_PORTS, startProgram, type Program } from '../setup/program.js'
import { temporaryFolder, type TemporaryFolder } from '../setup/temp-folder.js'

const ROUGH = 'simulators/fleet/scenarios/rough-network.yaml'

let folder: TemporaryFolder

beforeAll(async () => {
  folder = await temporaryFolder('fleet')
})

afterAll(async () => {
  await folder.remove()
})

/** The service with the scenario's city, and the flags that let the fleet in. */
async function serviceFor(scenario: string, name: string, settings: readonly string[] = []) {
  const city = join(folder.path, `${name}-city.yaml`)
  const written = await simulated([scenario, '--write-city', city])
  expect(written).toMatchObject({ code: 0, stderr: '' })
  const data = join(folder.path, name)
  const program = await startProgram(['--data', data, '--city', city, ...ANY_PORTS, ...settings])
  const flags = ['--broker', program.mqtt, '--api', program.http, '--token', program.token]
  return { program, flags }
}

async function booksOf(program: Program, device?: string) {
  const books = await untilProjected(program, device)
  const { inserted, duplicate, revised, refused, observationsRefused, received } = books
  return { inserted, duplicate, revised, refused, observationsRefused, received }
}

test('a rough network: the books are exactly what the fleet says they must be, device by device', async () => {
  // What is under way when a line goes is waited for, so that nothing is uncertain.
  const text = await readFile(ROUGH, 'utf8')
  const calm = text.replaceAll(
    /(kind: (?:offline|reboot|mass-reconnect)),/g,
    '$1, inFlight: awaited,',
  )
  expect(calm.match(/awaited/g)).toHaveLength(4)
  const scenario = join(folder.path, 'rough.yaml')
  await writeFile(scenario, calm)
  const { program, flags } = await serviceFor(scenario, 'rough')
  const { code, summary, stderr } = await simulated([scenario, ...flags])
  if (summary === undefined) throw new Error(stderr)
  expect(code).toBe(0)
  expect(summary.devices).toMatchObject({ all: 20, refused: 0, unfinished: 0 })

  // Everything that can go wrong has.
  const { messages, duplicates, connections, malformed, books } = summary
  expect(messages.unacknowledged).toBe(0)
  expect(messages.droppedByBuffers).toBeGreaterThan(0)
  expect(duplicates.copies).toBeGreaterThan(0)
  expect(duplicates.lostAcks).toBeGreaterThan(0)
  expect(Object.keys(malformed)).toHaveLength(5)
  expect(books.refusedObservations).toBeGreaterThan(malformed['text-value'] ?? 0)
  expect(books.uncertain).toEqual({
    ...{ messages: 0, inserted: 0, duplicate: 0, refusedMessages: 0, refusedObservations: 0 },
  })
  expect(connections.again).toBe(connections.cuts)

  expect(await booksOf(program)).toEqual({
    inserted: books.inserted,
    duplicate: books.duplicate,
    revised: 0,
    refused: books.refusedMessages,
    observationsRefused: books.refusedObservations,
    // Beside the data a birth for each connection and a last will for each cut.
    received: books.messages + connections.made + connections.cuts,
  })
  for (const { device, inserted, duplicate, refusedMessages } of summary.perDevice) {
    const said = await booksOf(program, device)
    expect(said, device).toMatchObject({ inserted, duplicate, refused: refusedMessages })
  }
  await program.process.stop(10_000)
})

test('lines cut with messages under way: nothing is lost or counted twice, and what came twice is a duplicate', async () => {
  const { program, flags } = await serviceFor(ROUGH, 'cut')
  const { code, summary, stderr } = await simulated([ROUGH, ...flags])
  if (summary === undefined) throw new Error(stderr)
  expect(code).toBe(0)
  const { books } = summary
  expect(books.uncertain.messages).toBeGreaterThan(0)
  expect(books.uncertain.inserted).toBe(0)
  const said = await booksOf(program)
  expect(said).toMatchObject({ inserted: books.inserted, revised: 0 })
  expect(said.duplicate).toBeGreaterThanOrEqual(books.duplicate)
  expect(said.duplicate).toBeLessThanOrEqual(books.duplicate + books.uncertain.duplicate)
  expect(said.refused).toBeGreaterThanOrEqual(books.refusedMessages)
  expect(said.refused).toBeLessThanOrEqual(books.refusedMessages + books.uncertain.refusedMessages)
  const most = books.refusedObservations + books.uncertain.refusedObservations
  expect(said.observationsRefused).toBeGreaterThanOrEqual(books.refusedObservations)
  expect(said.observationsRefused).toBeLessThanOrEqual(most)
  await program.process.stop(10_000)
})

test('a broker that goes away in the middle: devices keep what they measure and bring it later', async () => {
  const scenario = join(folder.path, 'live.yaml')
  await writeFile(
    scenario,
    `format: 1
name: live
seed: 1
city: { generate: { groups: [{ prefix: a, count: 3, kind: level-gauge }] } }
time: { durationS: 8, stepS: 1, pace: { realTimeFactor: 1 } }
limits: { seconds: 60 }
`,
  )
  const city = join(folder.path, 'live-city.yaml')
  await simulated([scenario, '--write-city', city])
  const mqttPort = String(await freePort())
  const args = [
    ...['--data', join(folder.path, 'live'), '--city', city],
    ...['--http-port', '0', '--ws-port', '0', '--mqtt-port', mqttPort],
  ]
  const first = await startProgram(args)
  const secrets = join(folder.path, 'live-secrets.json')
  const issued = await Promise.all(
    ['a-1', 'a-2', 'a-3'].map(async (device) => [device, await first.secretOf(device)]),
  )
  await writeFile(secrets, JSON.stringify(Object.fromEntries(issued)))
  const running = simulated([scenario, '--broker', first.mqtt, '--secrets', secrets])
  await untilProjected(first)
  await first.process.kill()
  const second = await startProgram(args)
  const { code, summary } = await running
  expect(code).toBe(0)
  expect(summary?.connections.again).toBe(3)
  // 3 devices × 8 steps, each stored once.
  expect(summary?.books.inserted).toBe(24)
  expect(await booksOf(second)).toMatchObject({ inserted: 24, revised: 0, refused: 0 })
  await second.process.stop(10_000)
})

test('a fleet speaks TLS to a broker whose authority it trusts', async () => {
  await makeCertificates(folder.path)
  const file = (name: string): string => join(folder.path, name)
  await writeFile(
    file('tls.yaml'),
    `format: 1
name: tls
seed: 1
city: { generate: { groups: [{ prefix: a, count: 2, kind: rain-gauge, model: plain-json }] } }
time: { durationS: 600, stepS: 60, pace: asFastAsAcked }
limits: { seconds: 20 }
`,
  )
  const { program, flags } = await serviceFor(file('tls.yaml'), 'tls', [
    ...['--mqtt-tls-port', '0', '--mqtt-tls-cert', file('broker.crt')],
    ...['--mqtt-tls-key', file('broker.key')],
  ])
  const overTls = [...flags, '--broker', program.mqtts ?? '']
  const { code, summary } = await simulated([file('tls.yaml'), ...overTls], file('ca.crt'))
  expect(code).toBe(0)
  // 2 devices × 10 steps
  expect(summary?.books.inserted).toBe(20)
  expect(await booksOf(program)).toMatchObject({ inserted: 20, refused: 0 })
  await program.process.stop(10_000)
})

test('exit codes: 1 turned away or not in time, 2 a bad scenario or usage, 3 nobody there', async () => {
  const { program } = await serviceFor('simulators/fleet/scenarios/calm.yaml', 'codes')
  const devices = ['rain', 'level', 'flow', 'water'].flatMap((prefix) =>
    Array.from({ length: 20 }, (_, index) => [
      ...[`${prefix}-${index + 1}`, `${prefix}-${String(index + 1).padStart(2, '0')}`],
    ]),
  )
  const secrets = join(folder.path, 'wrong-secrets.json')
  const wrong = Object.fromEntries(devices.flat().map((device) => [device, 'wrong']))
  await writeFile(secrets, JSON.stringify(wrong))
  const calm = 'simulators/fleet/scenarios/calm.yaml'
  const turnedAway = await simulated([calm, '--broker', program.mqtt, '--secrets', secrets])
  expect(turnedAway.code).toBe(1)
  expect(turnedAway.summary?.devices).toMatchObject({ all: 40, refused: 40, unfinished: 40 })
  expect(turnedAway.summary?.devices.firstRefusal).toContain('CONNACK 4')

  const hasty = join(folder.path, 'hasty.yaml')
  const text = await readFile(calm, 'utf8')
  await writeFile(hasty, text.replace('seconds: 3700', 'seconds: 2'))
  const flags = ['--broker', program.mqtt, '--api', program.http, '--token', program.token]
  const late = await simulated([hasty, ...flags])
  expect(late.code).toBe(1)
  expect(late.summary?.devices).toMatchObject({ refused: 0, unfinished: 40 })
  await program.process.stop(10_000)

  const bad = join(folder.path, 'bad.yaml')
  await writeFile(bad, text.replace('seed: 20260601', 'seed: -1'))
  expect(await simulated([bad, ...flags])).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/bad\.yaml:5: seed: /) as unknown,
  })
  expect(await simulated([calm])).toMatchObject({ code: 2 })
  const nobody = ['--broker', `mqtt://127.0.0.1:${await freePort()}`, '--secrets', secrets]
  expect(await simulated([calm, ...nobody])).toMatchObject({ code: 3, summary: undefined })
})
