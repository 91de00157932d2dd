import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { connectAsync } from 'mqtt'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { memberOfDevice } from '../../src/domain/city/member.js'
import { eventually } from '../setup/eventually.js'
import { startInfluxd, type Influxd } from '../setup/influxd.js'
import { untilProjected } from '../setup/ledger.js'
import { startMosquitto, type Mosquitto } from '../setup/mosquitto.js'
import {
  startMember,
  startServe,
  startStandby,
  type Program,
  type ServeProgram,
} from '../setup/program.js'
import { runCommand, type CommandResult } from '../setup/server-process.js'
import { levelCity } from '../setup/small-city.js'
import { temporaryFolder, type TemporaryFolder } from '../setup/temp-folder.js'

const DEVICES = ['W-1', 'W-2', 'W-3', 'W-4', 'W-5', 'W-6']
const ofMember = (number: number): string[] =>
  DEVICES.filter((device) => memberOfDevice(device, 2) === number)

let folder: TemporaryFolder
let mosquitto: Mosquitto
let influxd: Influxd
let city = ''
const members: Program[] = []
let serve: ServeProgram

function settings(label: string, data: string, database = 'small'): string[] {
  return [
    ...['--member', label, '--data', join(folder.path, data), '--city', city, '--http-port', '0'],
    ...['--broker', 'external', '--broker-url', mosquitto.url],
    ...['--store', 'influx', '--influx-url', influxd.url, '--influx-database', database],
    ...['--log-level', 'warn'],
  ]
}

async function rainledger(...args: readonly string[]): Promise<CommandResult> {
  return await runCommand(process.execPath, ['dist/src/app/main.js', ...args])
}

beforeAll(async () => {
  expect([ofMember(1).length, ofMember(2).length].every((count) => count > 0)).toBe(true)
  folder = await temporaryFolder('members')
  city = join(folder.path, 'city.yaml')
  await writeFile(city, levelCity(DEVICES))
  ;[mosquitto, influxd] = await Promise.all([
    startMosquitto({ settings: ['max_queued_messages 0'] }),
    startInfluxd(),
  ])
  for (const number of [1, 2]) {
    members.push(await startMember(settings(`${number}/2`, `member-${number}`)))
  }
})

async function serving(...urls: readonly string[]): Promise<ServeProgram> {
  return await startServe([
    ...['--influx-url', influxd.url, '--influx-database', 'small', '--http-port', '0'],
    ...urls.flatMap((url) => ['--member', url]),
    ...['--log-level', 'error'],
  ])
}

afterAll(async () => {
  await serve?.process.stop()
  await Promise.all(members.map((member) => member.process.stop()))
  await mosquitto.stop()
  await influxd.stop()
  await folder.remove()
})

async function publish(values: ReadonlyMap<string, number>, atS: number): Promise<void> {
  const client = await connectAsync(mosquitto.url)
  for (const [device, value] of values) {
    const payload = JSON.stringify([{ n: 'level', u: 'm', v: value, t: atS }])
    await client.publishAsync(`rl/v1/small/${device}/up`, payload, { qos: 1 })
  }
  await client.endAsync()
}

const ledgerSchema = z.object({
  items: z.array(z.object({ device: z.string(), received: z.number() })),
})

async function devicesInBooks(member: Program, received: number): Promise<string[]> {
  return await eventually(async () => {
    const { items } = ledgerSchema.parse(await member.json('/ledger'))
    const sum = items.reduce((total, row) => total + row.received, 0)
    return sum >= received ? items.map(({ device }) => device) : undefined
  })
}

test('each message goes to the one member whose share its device is in', async () => {
  await publish(new Map(DEVICES.map((device, index) => [device, index])), 1_700_000_000)
  for (const [index, member] of members.entries()) {
    const share = ofMember(index + 1)
    expect((await devicesInBooks(member, share.length)).sort()).toEqual(share)
    const listed = await member.json('/devices')
    const { items } = z.object({ items: z.array(z.object({ id: z.string() })) }).parse(listed)
    expect(items.map(({ id }) => id)).toEqual(share)
    expect(await member.json('/member')).toMatchObject({
      member: { number: index + 1, of: 2 },
      standby: false,
    })
  }
})

test('a member takes no history of a sensor that another owns', async () => {
  const [first] = members
  const [foreign = ''] = ofMember(2)
  const rows = [{ sensor: `${foreign}.level`, atMs: 0, value: 1, unit: null }]
  const sha256 = 'ab'.repeat(32)
  const chunk = { fileSha256: sha256, mappingSha256: sha256, fileName: 'f', person: 'p' }
  const answer = await fetch(`${first?.http}/api/v1/imports/chunks`, {
    method: 'POST',
    headers: { authorization: `Bearer ${first?.token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ ...chunk, revision: 0, chunk: 0, rows }),
  })
  expect(answer.status).toBe(400)
  expect(await answer.text()).toContain('send what concerns this one to member 2/2')
})

test('a data folder is for the share that it was made with', async () => {
  const label = await readFile(join(folder.path, 'member-1', 'rainledger.json'), 'utf8')
  expect(JSON.parse(label)).toEqual({ format: 2, store: 'influx', member: '1/2' })
  for (const other of ['2/2', '1/3']) {
    const ended = await rainledger('ingest', ...settings(other, 'member-1'))
    expect(ended.code).toBe(2)
    expect(ended.stderr).toContain(`is the data folder of member 1/2, not ${other}`)
    expect(ended.stderr).toContain('members are not rebuilt yet')
  }
  const data = join(folder.path, 'member-1')
  const alone = await rainledger(
    'up',
    '--data',
    data,
    '--store',
    'influx',
    '--influx-url',
    'http://127.0.0.1:9',
  )
  expect(alone.code).toBe(2)
  expect(alone.stderr).toContain(`rainledger ingest --member 1/2 --data ${data}`)

  const plain = join(folder.path, 'plain')
  await mkdir(plain)
  await writeFile(join(plain, 'rainledger.json'), '{"format":1,"store":"influx"}\n')
  const shared = await rainledger('ingest', ...settings('1/2', 'plain'))
  expect(shared.code).toBe(2)
  expect(shared.stderr).toContain('takes all devices, not of member 1/2')
})

test('a new folder does not write over values that another has stored', async () => {
  const ended = await rainledger('ingest', ...settings('1/3', 'elsewhere'))
  expect(ended.code).toBe(2)
  expect(ended.stderr).toContain('the database small already holds values of W-')
})

test('a standby waits, says so, and takes over in the moment in which the owner is killed', async () => {
  const [owner] = members
  if (owner === undefined) throw new Error('no member')
  const refused = await rainledger('ingest', ...settings('1/2', 'member-1'))
  expect(refused.code).toBe(3)
  expect(refused.stderr).toContain('in use by another process')

  const standby = await startStandby(settings('1/2', 'member-1'))
  try {
    const ready = await fetch(`${standby.http}/readyz`)
    expect(ready.status).toBe(503)
    expect(await ready.text()).toContain('standby of member 1/2')
    expect((await fetch(`${standby.http}/healthz`)).status).toBe(200)
    const state = await (await fetch(`${standby.http}/api/v1/member`)).json()
    expect(state).toMatchObject({ member: { number: 1, of: 2 }, standby: true })
    expect((await fetch(`${standby.http}/api/v1/ledger`)).status).toBe(503)

    const share = ofMember(1)
    await owner.process.kill()
    await publish(new Map(share.map((device) => [device, 7])), 1_700_000_060)
    const taken = await standby.ready()
    members[0] = taken
    // The same address, now with everything behind it.
    expect(taken.http).toBe(standby.http)
    await devicesInBooks(taken, 2 * share.length)
    await untilProjected(taken)
    expect(await taken.json('/ledger')).toMatchObject({
      closes: true,
      totals: { received: 2 * share.length, inserted: 2 * share.length },
    })
    expect((await fetch(`${taken.http}/readyz`)).status).toBe(200)
  } finally {
    if (members[0] === owner) await standby.process.kill()
  }
})

test('a standby also takes over from an owner that is stopped', async () => {
  const standby = await startStandby(settings('2/2', 'member-2'))
  await members[1]?.process.stop()
  members[1] = await standby.ready()
  expect(await members[1].json('/member')).toMatchObject({ standby: false })
})

test('serve shows the series and the sum of the members’ books', async () => {
  const [first, second] = members
  if (first === undefined || second === undefined) throw new Error('no members')
  const client = await connectAsync(mosquitto.url)
  const garbage = [ofMember(1)[0] ?? '', ofMember(2)[0] ?? '', ofMember(1)[0] ?? '']
  for (const [index, device] of garbage.entries()) {
    await client.publishAsync(`rl/v1/small/${device}/up`, `garbage ${index}`, { qos: 1 })
    // So that each has an arrival of its own, to be ordered by.
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  await client.endAsync()
  serve = await serving(first.http, second.http)

  const share = ofMember(1).length
  const received = DEVICES.length + share + garbage.length
  const ledger = await eventually(async () => {
    const answer = sumsSchema.parse(await serve.json('/ledger'))
    const { totals } = answer
    return totals.received === received && totals.inFlight === 0 ? answer : undefined
  })
  expect(ledger).toMatchObject({ closes: true, missing: [] })
  expect(ledger.totals).toMatchObject({ inserted: DEVICES.length + share, refused: 3 })
  expect(new Set(ledger.items.map(({ device }) => device))).toEqual(new Set(DEVICES))

  for (const [index, device] of DEVICES.entries()) {
    const series = await serve.json(`/series/${device}.level/observations?from=0&limit=1`)
    expect(series).toMatchObject({ items: [{ atMs: 1_700_000_000_000, value: index }] })
  }
  const listed = devicesSchema.parse(await serve.json('/devices')).items
  expect(listed.map(({ id }) => id).sort()).toEqual(DEVICES)
  expect(listed.every(({ state }) => state === 'online')).toBe(true)
  expect((await fetch(`${serve.http}/readyz`)).status).toBe(200)
  expect(await (await fetch(`${serve.http}/metrics`)).text()).toMatch(
    /^rainledger_books_missing_members 0$/m,
  )
})

test('serve lists the refusals of all members by arrival, page by page, each with its bytes', async () => {
  const seen: string[] = []
  let cursor: string | null = ''
  while (cursor !== null) {
    const path = `/refusals?limit=1${cursor === '' ? '' : `&cursor=${cursor}`}`
    const page = refusalsSchema.parse(await serve.json(path))
    expect(page.counts.payload_unreadable).toBe(3)
    for (const { id, device } of page.items) {
      const bytes = await (await serve.api(`/refusals/${id}/payload`)).text()
      seen.push(`${device} ${bytes}`)
    }
    cursor = page.next
    if (seen.length > 3) break
  }
  const [one = '', two = ''] = [ofMember(1)[0], ofMember(2)[0]]
  expect(seen).toEqual([`${one} garbage 2`, `${two} garbage 1`, `${one} garbage 0`])
  expect((await serve.api('/refusals?cursor=x')).status).toBe(400)
  expect((await serve.api('/refusals/999/payload')).status).toBe(404)
})

test('serve tells its pages of the newest observations', async () => {
  const stream = await serve.api('/live')
  expect(stream.status).toBe(200)
  const reader = stream.body?.pipeThrough(new TextDecoderStream()).getReader()
  const [device = ''] = ofMember(2)
  try {
    let text = ''
    for (let value = 8; !text.includes('event: observations'); value += 1) {
      // The first look tells nothing, so one message may come too early.
      if (value < 30) await publish(new Map([[device, value]]), 1_700_000_000 + value * 60)
      const { done, value: chunk } = (await reader?.read()) ?? { done: true, value: '' }
      if (done) throw new Error(`the stream ended: ${text}`)
      text += chunk
    }
    const [, data = ''] = /^data: (.*observations.*)$/m.exec(text) ?? []
    expect(JSON.parse(data)).toMatchObject({ observations: [{ series: `${device}.level` }] })
  } finally {
    await reader?.cancel()
  }
})

test('what serve does not offer is answered with a problem that says where to go', async () => {
  for (const [method, path] of [
    ['PUT', '/city?person=p&reason=r'],
    ['POST', '/devices/W-1/secret'],
  ] as const) {
    const answer = await serve.api(path, { method })
    expect(answer.status).toBe(501)
    expect(await answer.json()).toMatchObject({ type: 'urn:rainledger:problem:not_here' })
  }
})

test('a registry applied to the members is soon that of serve', async () => {
  const text = await readFile(city, 'utf8')
  await writeFile(city, text.replace('en: Small', 'en: Smaller'))
  for (const { http, token } of members) {
    const service = ['--url', http, '--token', token]
    const applied = await rainledger('city', 'apply', city, '--reason', 'a new name', ...service)
    expect(applied.code).toBe(0)
  }
  await eventually(async () => {
    const shown = z.object({ city: z.object({ name: z.object({ en: z.string() }) }) })
    return shown.parse(await serve.json('/city')).city.name.en === 'Smaller' ? true : undefined
  })
})

test('while a member is silent, the books are incomplete and it is named', async () => {
  const [first, second] = members
  if (first === undefined || second === undefined) throw new Error('no members')
  await second.process.kill()
  const answer = sumsSchema.parse(await serve.json('/ledger'))
  expect(answer.closes).toBe(false)
  expect(answer.missing).toHaveLength(1)
  expect(answer.missing[0]).toMatchObject({ who: '2/2', why: 'silent' })
  expect(answer.missing[0]?.detail).toContain(
    `member 2/2: ${second.http} does not answer (ECONNREFUSED)`,
  )
  expect(answer.items.map(({ device }) => device)).not.toContain(ofMember(2)[0])

  const ended = await rainledger('ledger', '--url', serve.http)
  expect(ended.code).toBe(1)
  expect(ended.stdout).toContain('The books are incomplete. Not in them:\n  member 2/2')

  const listed = devicesSchema.parse(await serve.json('/devices')).items
  const unknown = listed.filter(({ state }) => state === 'unknown').map(({ id }) => id)
  expect(unknown).toEqual(ofMember(2))
  // Its values are in the database, and the pages stay.
  const own = ofMember(2)[0] ?? ''
  expect(await serve.json(`/series/${own}.level/observations?from=0&limit=1`)).toMatchObject({
    items: [{ value: DEVICES.indexOf(own) }],
  })
  expect((await fetch(`${serve.http}/readyz`)).status).toBe(200)
})

test('a member that was left out of the addresses is missed', async () => {
  const [first] = members
  const partial = await serving(first?.http ?? '')
  try {
    const { missing } = sumsSchema.parse(await partial.json('/ledger'))
    expect(missing).toEqual([
      { who: '2/2', why: 'no-address', detail: 'member 2/2: at no address given' },
    ])
    expect(await (await fetch(`${partial.http}/metrics`)).text()).toMatch(
      /^rainledger_books_missing_members 1$/m,
    )
  } finally {
    await partial.process.stop()
  }
})

test('serve without a member that answers ends with 3 and says whom it asked', async () => {
  const [, second] = members
  const influx = ['--influx-url', influxd.url]
  const ended = await rainledger('serve', ...influx, '--member', second?.http ?? '')
  expect(ended.code).toBe(3)
  expect(ended.stderr).toContain(`${second?.http} does not answer`)
  const wrong = await rainledger('serve', ...influx, '--member', 'there')
  expect(wrong.code).toBe(2)
  expect(wrong.stderr).toContain('--member "there": addresses that begin with http://')
})

const sumsSchema = z.object({
  items: z.array(z.object({ device: z.string() })),
  totals: z.object({
    received: z.number(),
    inFlight: z.number(),
    inserted: z.number(),
    refused: z.number(),
  }),
  closes: z.boolean(),
  missing: z.array(z.object({ who: z.string(), why: z.string(), detail: z.string() })),
})

const devicesSchema = z.object({ items: z.array(z.object({ id: z.string(), state: z.string() })) })

const refusalsSchema = z.object({
  items: z.array(z.object({ id: z.number(), device: z.string() })),
  next: z.string().nullable(),
  counts: z.object({ payload_unreadable: z.number() }),
})
