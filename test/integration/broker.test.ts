import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { connect as connectTcp } from 'node:net'
import { once } from 'node:events'
import { connectAsync, type IClientOptions } from 'mqtt'
import { generate } from 'mqtt-packet'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { eventually } from '../setup/eventually.js'
import { ANY_PORTS, startProgram, type Program } from '../setup/program.js'
import { runCommand } from '../setup/server-process.js'
import { smallCity } from '../setup/small-city.js'
import { temporaryFolder, type TemporaryFolder } from '../setup/temp-folder.js'

let folder: TemporaryFolder
let program: Program
let secretA: string

beforeAll(async () => {
  folder = await temporaryFolder('broker')
  const city = join(folder.path, 'city.yaml')
  const sensor = {
    field: 'level',
    quantity: 'level',
    unit: 'm',
    kind: '{ type: instant }',
    reporting: '{ type: periodic, intervalS: 60 }',
  }
  const sensors = [
    { device: 'A', ...sensor },
    { device: 'B', ...sensor },
  ]
  await writeFile(city, smallCity({ sensors }))
  const data = join(folder.path, 'data')
  program = await startProgram([
    '--data',
    data,
    '--city',
    city,
    '--max-packet-bytes',
    '4096',
    ...ANY_PORTS,
  ])
  secretA = await program.secretOf('A')
})

afterAll(async () => {
  await program.process.stop()
  await folder.remove()
})

/** Debian's own client: another implementation than the one our simulators use. */
async function mosquittoPub(
  options: {
    readonly user?: string
    readonly password?: string
    readonly topic?: string
    readonly message?: string
    readonly more?: readonly string[]
  } = {},
): Promise<{ code: number | null; stderr: string }> {
  const { hostname, port } = new URL(program.mqtt)
  const { user = 'A', password = secretA, topic = 'rl/v1/small/A/up' } = options
  const { message = pack(1, nowS()), more = [] } = options
  return runCommand('mosquitto_pub', [
    ...['-h', hostname, '-p', port, '-u', user, '-P', password],
    ...['-q', '1', '-t', topic, '-m', message, ...more],
  ])
}

function nowS(): number {
  return Math.floor(Date.now() / 1000)
}

function pack(value: number, atS: number): string {
  return JSON.stringify([{ n: 'level', u: 'm', v: value, t: atS }])
}

test('a published reading is stored', async () => {
  const atS = nowS()
  expect(await mosquittoPub({ message: pack(1.25, atS) })).toMatchObject({ code: 0 })
  const latest = await eventually(async () => {
    const items = await program.latest()
    return items.find(({ series, atMs }) => series === 'A.level' && atMs === atS * 1000)
  })
  expect(latest.value).toBe(1.25)
})

test('a wrong secret, an unknown device and no credentials are refused', async () => {
  expect((await mosquittoPub({ password: 'wrong' })).stderr).toMatch(/bad user name or password/i)
  expect((await mosquittoPub({ user: 'Z' })).stderr).toMatch(/bad user name or password/i)
  const { hostname, port } = new URL(program.mqtt)
  const anonymous = await runCommand('mosquitto_pub', [
    ...['-h', hostname, '-p', port, '-q', '1', '-t', 'rl/v1/small/A/up', '-m', 'x'],
  ])
  expect(anonymous.code).not.toBe(0)
})

test('the secret of a device opens nothing of another', async () => {
  const answer = await mosquittoPub({ topic: 'rl/v1/small/B/up' })
  expect(answer.code).not.toBe(0)
  const items = await program.latest()
  expect(items.filter(({ series }) => series === 'B.level')).toEqual([])
})

test('a new secret ends what was opened with the old one', async () => {
  const old = await connectAsync(program.mqtt, {
    username: 'B',
    password: await program.secretOf('B'),
    reconnectPeriod: 0,
  })
  const closed = new Promise<void>((resolve) => old.once('close', () => resolve()))
  const secret = await program.secretOf('B')
  await closed
  const topic = 'rl/v1/small/B/up'
  expect(await mosquittoPub({ user: 'B', password: secret, topic })).toMatchObject({ code: 0 })
})

test('a subscription to another device’s topics is refused, also by wildcard', async () => {
  const client = await connectAsync(program.mqtt, credentials())
  await expect(client.subscribeAsync('rl/v1/small/B/down')).rejects.toThrow()
  await expect(client.subscribeAsync('#')).rejects.toThrow()
  const [granted] = await client.subscribeAsync('rl/v1/small/A/down')
  expect(granted?.qos).toBe(0)
  await client.endAsync()
})

test('garbage is acknowledged, listed under refusals with its bytes, and harms nothing', async () => {
  const garbage = Buffer.from([0, 255, 1, 254, 123, 10])
  const client = await connectAsync(program.mqtt, credentials())
  await client.publishAsync('rl/v1/small/A/up', garbage, { qos: 1 })
  const after = nowS() - 5
  await client.publishAsync('rl/v1/small/A/up', pack(2, after), { qos: 1 })
  await client.endAsync()
  const refusal = await eventually(async () => {
    const { items } = z
      .object({
        items: z.array(
          z.object({
            id: z.int(),
            code: z.string(),
            reason: z.string(),
            payloadBase64: z.string(),
          }),
        ),
      })
      .parse(await program.json('/refusals?device=A'))
    return items.find((item) => item.payloadBase64 === garbage.toString('base64'))
  })
  expect(refusal.code).toBe('payload_unreadable')
  expect(refusal.reason.length).toBeGreaterThan(10)
  const raw = await program.api(`/refusals/${refusal.id}/payload`)
  expect(Buffer.from(await raw.arrayBuffer())).toEqual(garbage)
  await eventually(async () => {
    const path = `/series/A.level/observations?from=${after * 1000}&to=${after * 1000 + 1}`
    const { items } = z
      .object({ items: z.array(z.object({ value: z.number().nullable() })) })
      .parse(await program.json(path))
    return items[0]?.value === 2 ? true : undefined
  })
})

test('MQTT 5 is turned away with the 3.1.1 answer for a wrong version', async () => {
  const answer = await mosquittoPub({ more: ['-V', 'mqttv5'] })
  expect(answer.code).not.toBe(0)
  await program.process.printed(/MQTT 5 is not spoken here/, 10_000)
})

test('an empty client id that asks for a session is rejected [MQTT-3.1.3-8]', async () => {
  const code = await connack({ clientId: '', clean: false })
  expect(code).toBe(2)
  expect(await connack({ clientId: '', clean: true })).toBe(0)
})

test('a device cannot take the client id of another', async () => {
  expect(await connack({ clientId: 'B', clean: true })).toBe(2)
  expect(await connack({ clientId: 'A', clean: true })).toBe(0)
})

test('a packet beyond the bound closes the connection; the next one within it is taken', async () => {
  const client = await connectAsync(program.mqtt, { ...credentials(), reconnectPeriod: 0 })
  const closed = new Promise<void>((resolve) => client.once('close', () => resolve()))
  client.publish('rl/v1/small/A/up', Buffer.alloc(5_000), { qos: 1 })
  await closed
  expect(await mosquittoPub()).toMatchObject({ code: 0 })
})

test('devices reach the broker over WebSocket, too', async () => {
  const atS = nowS() - 30
  const client = await connectAsync(program.ws, credentials())
  await client.publishAsync('rl/v1/small/A/up', pack(3.5, atS), { qos: 1 })
  await client.endAsync()
  const path = `/series/A.level/observations?from=${atS * 1000}&to=${atS * 1000 + 1}`
  await eventually(async () => {
    const { items } = z
      .object({ items: z.array(z.object({ value: z.number().nullable() })) })
      .parse(await program.json(path))
    return items[0]?.value === 3.5 ? true : undefined
  })
})

test('a value ahead of its arrival and one before the installation are refused with the reason', async () => {
  const future = nowS() + 86_400
  await mosquittoPub({ message: pack(1, future) })
  await mosquittoPub({ message: pack(1, Date.UTC(1999, 0, 1) / 1000) })
  const codes = await eventually(async () => {
    const { items } = z
      .object({ items: z.array(z.object({ code: z.string() })) })
      .parse(await program.json('/refusals?device=A'))
    const found = items.map((item) => item.code)
    return found.includes('time_before_installation') ? found : undefined
  })
  expect(codes).toContain('time_future')
})

test('birth and last will tell whether a device is connected', async () => {
  const health = z.object({
    items: z.array(z.object({ id: z.string(), connection: z.string().nullable() })),
  })
  async function connection(): Promise<string | null | undefined> {
    const { items } = health.parse(await program.json('/devices'))
    return items.find((item) => item.id === 'A')?.connection
  }
  const will = {
    topic: 'rl/v1/small/A/state',
    payload: Buffer.from('offline'),
    qos: 1,
    retain: false,
  } as const
  const client = await connectAsync(program.mqtt, { ...credentials(), will, reconnectPeriod: 0 })
  await client.publishAsync('rl/v1/small/A/state', 'online', { qos: 1 })
  await eventually(async () => ((await connection()) === 'online' ? true : undefined))
  client.stream.destroy()
  await eventually(async () => ((await connection()) === 'offline' ? true : undefined))
  await client.endAsync(true)
})

function credentials(): IClientOptions {
  return { clientId: 'A', username: 'A', password: secretA }
}

/** The CONNACK's return code for a CONNECT that no well-behaved client would write. */
async function connack(connect: { clientId: string; clean: boolean }): Promise<number> {
  const { hostname, port } = new URL(program.mqtt)
  const packet = generate({
    cmd: 'connect',
    protocolId: 'MQTT',
    protocolVersion: 4,
    keepalive: 10,
    clean: true,
    clientId: connect.clientId,
    username: 'A',
    password: Buffer.from(secretA),
  })
  // Connect flags stand behind fixed header, protocol name and level; bit 1 is clean session [MQTT-3.1.2.4].
  if (!connect.clean) packet[9] = (packet[9] ?? 0) & ~0x02
  const socket = connectTcp(Number(port), hostname)
  socket.write(packet)
  const [answer] = (await once(socket, 'data')) as [Buffer]
  socket.destroy()
  // [MQTT-3.2]: CONNACK is 20 02, flags, return code.
  expect(answer[0]).toBe(0x20)
  return answer[3] ?? -1
}
