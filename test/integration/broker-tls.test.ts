import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { once } from 'node:events'
import { connect } from 'node:net'
import { connectAsync, type IClientOptions } from 'mqtt'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { makeCertificates } from '../setup/certificates.js'
import { eventually } from '../setup/eventually.js'
import { freePort } from '../setup/free-port.js'
import { ANY_PORTS, startProgram, type Program } from '../setup/program.js'
import { runCommand } from '../setup/server-process.js'
import { smallCity } from '../setup/small-city.js'
import { temporaryFolder, type TemporaryFolder } from '../setup/temp-folder.js'

const LEVEL = {
  field: 'level',
  quantity: 'level',
  unit: 'm',
  kind: '{ type: instant }',
  reporting: '{ type: periodic, intervalS: 60 }',
}
/** CONNACK return codes of MQTT 3.1.1, table 3.1. */
const BAD_USER_NAME_OR_PASSWORD = 4
const NOT_AUTHORIZED = 5

let folder: TemporaryFolder
let program: Program
const file = (name: string): string => join(folder.path, name)

beforeAll(async () => {
  folder = await temporaryFolder('broker-tls')
  await makeCertificates(folder.path, ['A', 'stranger'])
  await mkdir(file('foreign'))
  await makeCertificates(file('foreign'), ['A'])
  const sensors = ['A', 'B'].map((device) => ({ device, ...LEVEL }))
  await writeFile(file('city.yaml'), smallCity({ sensors }))
  program = await startProgram([
    ...['--data', file('data'), '--city', file('city.yaml'), ...ANY_PORTS],
    ...tlsFlags({ ca: 'ca.crt' }),
  ])
})

afterAll(async () => {
  await program.process.stop()
  await folder.remove()
})

function tlsFlags(files: { cert?: string; key?: string; ca?: string }): string[] {
  const { cert = 'broker.crt', key = 'broker.key', ca } = files
  return [
    ...['--mqtt-tls-port', '0', '--mqtt-tls-cert', file(cert), '--mqtt-tls-key', file(key)],
    ...(ca === undefined ? [] : ['--mqtt-tls-ca', file(ca)]),
  ]
}

function pack(value: number, atS: number): string {
  return JSON.stringify([{ n: 'level', u: 'm', v: value, t: atS }])
}

async function stored(series: string, value: number): Promise<void> {
  await eventually(async () =>
    (await program.latest()).find((item) => item.series === series && item.value === value),
  )
}

/** Connects over TLS, with the certificate of that name if one is given; the error's code when refused. */
async function refusal(more: IClientOptions, certificate?: string): Promise<unknown> {
  const pair =
    certificate === undefined
      ? {}
      : {
          cert: await readFile(file(`${certificate}.crt`)),
          key: await readFile(file(`${certificate}.key`)),
        }
  const ca = await readFile(file('ca.crt'))
  const connecting = connectAsync(program.mqtts ?? '', {
    ...{ ca, ...pair, reconnectPeriod: 0, ...more },
  })
  try {
    await (await connecting).endAsync()
    return null
  } catch (error) {
    return error instanceof Error && 'code' in error ? error.code : error
  }
}

test('a device publishes over TLS with its secret', async () => {
  const { hostname, port } = new URL(program.mqtts ?? '')
  const published = await runCommand('mosquitto_pub', [
    ...['-h', hostname, '-p', port, '--cafile', file('ca.crt'), '-u', 'A'],
    ...['-P', await program.secretOf('A'), '-q', '1', '-t', 'rl/v1/small/A/up'],
    ...['-m', pack(1.5, Math.floor(Date.now() / 1000) - 60)],
  ])
  expect(published).toMatchObject({ code: 0 })
  await stored('A.level', 1.5)
})

test('a certificate that names a device needs neither password nor user name', async () => {
  const { hostname, port } = new URL(program.mqtts ?? '')
  const published = await runCommand('mosquitto_pub', [
    ...['-h', hostname, '-p', port, '--cafile', file('ca.crt')],
    ...['--cert', file('A.crt'), '--key', file('A.key'), '-q', '1', '-t', 'rl/v1/small/A/up'],
    ...['-m', pack(2.5, Math.floor(Date.now() / 1000))],
  ])
  expect(published).toMatchObject({ code: 0 })
  await stored('A.level', 2.5)
  expect(await refusal({ username: 'A', clientId: 'A' }, 'A')).toBeNull()
})

test('a certificate opens its own device and no other, and is told in the log', async () => {
  const secret = await program.secretOf('B')
  expect(await refusal({ username: 'B' }, 'A')).toBe(NOT_AUTHORIZED)
  expect(await refusal({ username: 'B', password: secret }, 'A')).toBe(NOT_AUTHORIZED)
  await program.process.printed(/user name B with the certificate of A/, 10_000)
  expect(await refusal({}, 'stranger')).toBe(NOT_AUTHORIZED)
  await program.process.printed(/the certificate names stranger, which is no device/, 10_000)
})

test('a certificate of another authority opens nothing, whatever it says', async () => {
  const secret = await program.secretOf('A')
  expect(await refusal({ username: 'A', password: secret }, 'foreign/A')).toBe(NOT_AUTHORIZED)
  await program.process.printed(/client certificate not verified/, 10_000)
})

test('without a certificate the secret still counts', async () => {
  const secret = await program.secretOf('B')
  expect(await refusal({ username: 'B', password: secret })).toBeNull()
  expect(await refusal({ username: 'B', password: 'wrong' })).toBe(BAD_USER_NAME_OR_PASSWORD)
  expect(await refusal({})).toBe(BAD_USER_NAME_OR_PASSWORD)
})

test('a client that speaks no TLS harms nobody', async () => {
  const plain = connect(Number(new URL(program.mqtts ?? '').port), '127.0.0.1')
  plain.on('error', () => undefined)
  plain.write('this is no handshake\n')
  await once(plain, 'close')
  expect(await refusal({ username: 'A', clientId: 'A' }, 'A')).toBeNull()
})

test('in clear nobody listens when that is switched off', async () => {
  const [tcp, ws] = [await freePort(), await freePort()]
  const only = await startProgram([
    ...['--data', file('only'), '--city', file('city.yaml'), '--http-port', '0'],
    ...[
      '--mqtt-port',
      String(tcp),
      '--ws-port',
      String(ws),
      '--mqtt-plain',
      'off',
      ...tlsFlags({}),
    ],
  ])
  expect(only.mqtt).toMatch(/^mqtts:/)
  expect([only.mqtts, only.ws]).toEqual([only.mqtt, only.mqtt])
  const connected = await connectAsync(only.mqtt, {
    ca: await readFile(file('ca.crt')),
    username: 'A',
    password: await only.secretOf('A'),
  })
  await connected.endAsync()
  for (const port of [tcp, ws]) {
    const [error] = (await once(connect(port, '127.0.0.1'), 'error')) as [NodeJS.ErrnoException]
    expect(error.code).toBe('ECONNREFUSED')
  }
  await only.process.stop()
})

test('a wrong file ends the start with 2 and says which flag and why', async () => {
  await writeFile(file('text.pem'), 'not a certificate\n')
  const faults = [
    {
      flags: tlsFlags({ cert: 'none.crt' }),
      says: /--mqtt-tls-cert \S+ cannot be read \(ENOENT\)/,
    },
    { flags: tlsFlags({ cert: 'text.pem' }), says: /--mqtt-tls-cert \S+ holds no certificate/ },
    { flags: tlsFlags({ key: 'text.pem' }), says: /--mqtt-tls-key \S+ holds no private key/ },
    { flags: tlsFlags({ key: 'A.key' }), says: /--mqtt-tls-key \S+ is not the key of/ },
    { flags: tlsFlags({ ca: 'text.pem' }), says: /--mqtt-tls-ca \S+ holds no certificate/ },
  ]
  const looked = faults.map(async ({ flags, says }) => {
    const { code, stderr } = await runCommand(process.execPath, [
      ...['dist/src/app/main.js', 'up', '--data', file('faulty'), '--city', file('city.yaml')],
      ...[...ANY_PORTS, ...flags],
    ])
    expect({ code, lines: stderr.trim().split('\n').length }).toEqual({ code: 2, lines: 1 })
    expect(stderr).toMatch(says)
  })
  await Promise.all(looked)
  expect(await readdir(folder.path), 'nothing was opened').not.toContain('faulty')
})
