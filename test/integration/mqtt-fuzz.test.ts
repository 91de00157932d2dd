import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { connect as connectTcp } from 'node:net'
import { join } from 'node:path'
import * as fc from 'fast-check'
import { connectAsync } from 'mqtt'
import { generate } from 'mqtt-packet'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { untilProjected } from '../setup/ledger.js'
import { fuzzed } from '../setup/fuzz.js'
import { ANY_PORTS, startProgram, type Program } from '../setup/program.js'
import { smallCity } from '../setup/small-city.js'
import { temporaryFolder, type TemporaryFolder } from '../setup/temp-folder.js'
import { heapedPieces, mutatedCases } from '../unit/devices/mutations.js'

const UP = 'rl/v1/small/A/up'
const STATE = 'rl/v1/small/A/state'
/** The journal's first entry is the registry; then come our messages, in the order they were sent. */
const FIRST_SEQ = 2

let folder: TemporaryFolder
let program: Program
let secret = ''
let received = 0

beforeAll(async () => {
  folder = await temporaryFolder('mqtt-fuzz')
  const city = join(folder.path, 'city.yaml')
  const level = {
    ...{ device: 'A', field: 'level', quantity: 'level', unit: 'm' },
    ...{ kind: '{ type: instant }', reporting: '{ type: periodic, intervalS: 60 }' },
  }
  await writeFile(city, smallCity({ sensors: [level] }))
  program = await startProgram(['--data', join(folder.path, 'data'), '--city', city, ...ANY_PORTS])
  secret = await program.secretOf('A')
})

afterAll(async () => {
  await program.process.stop()
  await folder.remove()
})

interface Sent {
  readonly topic: string
  readonly payload: Buffer
}

const payload = fc.oneof(
  mutatedCases('senml-json'),
  mutatedCases('plain-json'),
  heapedPieces('senml-json'),
  fc.uint8Array({ maxLength: 300 }),
)
const message = fc
  .tuple(fc.constantFrom(UP, UP, UP, STATE), payload)
  .map(([topic, bytes]): Sent => ({ topic, payload: Buffer.from(bytes) }))

const refusals = z.object({
  items: z.array(
    z.object({ id: z.int(), seq: z.int(), topic: z.string(), index: z.int().nullable() }),
  ),
  next: z.string().nullable(),
})

async function allRefusals(): Promise<z.output<typeof refusals>['items']> {
  const all = []
  for (let cursor = ''; ;) {
    const { items, next } = refusals.parse(await program.json(`/refusals?limit=500${cursor}`))
    all.push(...items)
    if (next === null) return all
    cursor = `&cursor=${next}`
  }
}

test('any payload is acknowledged, the books close, and what is refused keeps exactly its bytes', async () => {
  const sent = fc.sample(message, fuzzed(400))
  // The one that came to 5.4 billion characters before names were bounded.
  const long = `[{"bn":"${'a'.repeat(100_000)}"}${',{"v":1}'.repeat(19_000)}]`
  sent.push({ topic: UP, payload: Buffer.from(long) })
  const client = await connectAsync(program.mqtt, { username: 'A', password: secret })
  for (const { topic, payload } of sent) await client.publishAsync(topic, payload, { qos: 1 })
  await client.endAsync()
  received = sent.length

  const totals = await untilProjected(program)
  expect(totals.received).toBe(received)
  const found = await allRefusals()
  const wholly = found.filter(({ index }) => index === null)
  expect(wholly.length).toBeGreaterThan(received / 4)
  expect(found.length - wholly.length).toBe(totals.observationsRefused)
  const oneOfEach = new Map(found.map((refusal) => [refusal.seq, refusal]))
  expect(oneOfEach.size).toBeGreaterThanOrEqual(totals.refused)
  for (const { seq, id, topic } of oneOfEach.values()) {
    const original = sent[seq - FIRST_SEQ]
    expect(topic).toBe(original?.topic)
    const kept = await program.api(`/refusals/${id}/payload`)
    expect(Buffer.from(await kept.arrayBuffer()).equals(original?.payload ?? Buffer.of())).toBe(
      true,
    )
  }
})

const connectPacket = fc.record({
  clientId: fc.constantFrom('A', '', 'B', '雨', '\u0000', 'x'.repeat(300)),
  clean: fc.boolean(),
  isKnown: fc.boolean(),
  version: fc.constantFrom<3 | 4 | 5>(3, 4, 4, 4, 5),
})

const topic = fc.oneof(
  fc.constantFrom(
    'rl/v1/small/B/up',
    'rl/v1/small/A/down',
    '$SYS/x',
    '/',
    '#',
    '+',
    'rl/v1/#',
    ' ',
  ),
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 }),
)
const foreignPublish = fc.tuple(topic, payload, fc.constantFrom<0 | 1 | 2>(0, 1, 2))

/** What a broken or hostile device may write: packets, packets with bytes changed, and no packets at all. */
const rawPiece = fc.oneof(
  connectPacket.map(({ clientId, clean, isKnown, version }) => (): Uint8Array => {
    const password = Buffer.from(isKnown ? secret : 'wrong')
    return generate({
      ...{ cmd: 'connect', protocolId: version === 3 ? 'MQIsdp' : 'MQTT', clean },
      ...{
        protocolVersion: version,
        clientId: clientId === '' && (!clean || version === 3) ? 'A' : clientId,
      },
      ...{ username: 'A', password, keepalive: 10 },
    })
  }),
  foreignPublish.map(([topic, bytes, qos]) => (): Uint8Array => {
    const { cmd, dup, retain } = { cmd: 'publish' as const, dup: false, retain: true }
    return written(() =>
      generate({ cmd, dup, retain, topic, payload: Buffer.from(bytes), qos, messageId: 7 }),
    )
  }),
  fc
    .constantFrom(
      ...[
        'c000',
        'd000',
        'e000',
        '0000',
        'f000',
        '82',
        '8200',
        '820300010000',
        '82080001000323',
        'a2020001',
      ],
      ...[
        '30ffffffff7f',
        '30ffffff7f',
        '3280808080',
        '300300055241',
        '30020000',
        '320500016107',
        '3604000161',
      ],
      ...[
        '40020007',
        '50020007',
        '62020007',
        '70020007',
        '6002ffff',
        '101000044d5154540402003c000441414141',
      ],
      ...[
        '100c00044d5154540400003c0000',
        '10ff',
        '16030100',
        '474554202f20485454502f312e310d0a0d0a',
      ],
    )
    .map((hex) => (): Uint8Array => Buffer.from(hex, 'hex')),
  fc.uint8Array({ maxLength: 60 }).map((bytes) => (): Uint8Array => bytes),
)

/** What mqtt-packet itself will not write (a topic with a wildcard) is left out. */
function written(write: () => Uint8Array): Uint8Array {
  try {
    return write()
  } catch {
    return new Uint8Array()
  }
}

async function writeRaw(port: number, bytes: Uint8Array): Promise<void> {
  const socket = connectTcp({ host: '127.0.0.1', port })
  // The broker may cut the line while we still write: that is what it should do.
  socket.on('error', () => undefined)
  socket.resume()
  const closed = once(socket, 'close')
  socket.end(bytes)
  await closed
}

test.each(['mqtt', 'ws'] as const)('raw bytes on the %s port harm nothing', async (border) => {
  const port = Number(new URL(program[border]).port)
  const attempts = fc.sample(
    fc.tuple(
      fc.array(rawPiece, { minLength: 1, maxLength: 6 }),
      fc.boolean(),
      fc.nat(),
      fc.nat(255),
    ),
    fuzzed(150),
  )
  for (const [pieces, isChanged, at, byte] of attempts) {
    const bytes = Buffer.concat(pieces.map((piece) => piece()))
    if (isChanged && bytes.length > 0) bytes[at % bytes.length] = byte
    await writeRaw(port, bytes)
  }
  expect(program.process.isRunning()).toBe(true)

  // Nothing of it was for a topic of A's, and the next honest message is taken.
  const client = await connectAsync(program.mqtt, { username: 'A', password: secret })
  await client.publishAsync(UP, `[{"n":"level","v":1,"t":${Math.floor(Date.now() / 1000)}}]`, {
    qos: 1,
  })
  await client.endAsync()
  received++
  expect((await untilProjected(program)).received).toBe(received)
  expect(program.process.output()).not.toContain('"level":50')
})
