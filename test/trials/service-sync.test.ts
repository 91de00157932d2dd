import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { connectAsync } from 'mqtt'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { eventually } from '../setup/eventually.js'
import { startMosquitto } from '../setup/mosquitto.js'
import { ANY_PORTS, startProgram } from '../setup/program.js'
import { smallCity } from '../setup/small-city.js'
import { temporaryFolder } from '../setup/temp-folder.js'
import { callsOf, type SystemCall } from './system-calls.js'

const MESSAGES = 300
const DEVICE = 'W-1'
const TOPIC = `rl/v1/small/${DEVICE}/up`
/** All bytes as \xNN and no list cut short, so that packets can be read out of the trace. */
const STRACE = ['strace', '-f', '-v', '-xx', '-s', '1000000']
const CALLS = 'trace=read,write,writev,pwrite64,pwritev,fsync,fdatasync'

function marker(number: number): string {
  return `<message ${String(number).padStart(4, '0')}>`
}

/** A kill leaves the page cache whole; only the order of system calls shows what a power cut would leave. */
test.each(['embedded', 'external'] as const)(
  'the service writes no PUBACK to a socket before the sync has returned that covers its message (%s)',
  async (broker) => {
    const folder = await temporaryFolder('service-sync')
    const mosquitto = broker === 'external' ? await startMosquitto() : null
    const city = join(folder.path, 'city.yaml')
    const data = join(folder.path, 'data')
    const trace = join(folder.path, 'trace')
    await writeFile(city, smallCity({ sensors: [LEVEL] }))
    const args = ['--data', data, '--city', city, '--log-level', 'error', ...ANY_PORTS]
    const outside =
      mosquitto === null ? [] : ['--broker', 'external', '--broker-url', mosquitto.url]
    const under = [...STRACE, '-e', CALLS, '-o', trace]
    const program = await startProgram([...args, ...outside], [], under)
    try {
      const password = await program.secretOf(DEVICE)
      const options = { clientId: DEVICE, username: DEVICE, password }
      const client = await connectAsync(program.mqtt, options)
      const numbers = Array.from({ length: MESSAGES }, (_, number) => number)
      await Promise.all(
        numbers.map(async (number) => client.publishAsync(TOPIC, marker(number), { qos: 1 })),
      )
      await client.endAsync()
      await eventually(async () => {
        const { totals } = ledgerSchema.parse(await program.json('/ledger'))
        return totals.received >= MESSAGES ? true : undefined
      })
      await terminate(data)
      await eventually(async () => (program.process.isRunning() ? undefined : true))
    } finally {
      await program.process.kill()
      await mosquitto?.stop()
    }
    const calls = callsOf(await readFile(trace, 'utf8')).filter(({ result }) => result >= 0)
    expect(provenAcks(calls)).toBe(MESSAGES)
    await folder.remove()
  },
)

const ledgerSchema = z.object({ totals: z.object({ received: z.number() }) })

const LEVEL = {
  device: DEVICE,
  field: 'level',
  quantity: 'level',
  unit: 'm',
  kind: '{ type: instant }',
  reporting: '{ type: periodic, intervalS: 60 }',
}

/** Ends the service itself; strace ends with it. */
async function terminate(data: string): Promise<void> {
  const text = await readFile(join(data, 'running.json'), 'utf8')
  process.kill(z.object({ pid: z.int() }).parse(JSON.parse(text)).pid, 'SIGTERM')
}

/** How many PUBACKs were preceded by the sync of their message; throws on one that was not. */
function provenAcks(calls: readonly SystemCall[]): number {
  const writes = calls
    .filter(({ name }) => name.startsWith('pwrite'))
    .map((call) => ({ call, bytes: bytesOf(call) }))
  const syncs = calls.filter(({ name }) => name === 'fdatasync' || name === 'fsync')
  const sockets = publishedIds(calls)
  let proven = 0
  for (const call of calls) {
    const numbers = sockets.get(call.fd)
    if ((call.name !== 'write' && call.name !== 'writev') || numbers === undefined) continue
    for (const id of ackedIds(bytesOf(call))) {
      const number = numbers.get(id)
      if (number === undefined) continue
      const write = writes.find(({ bytes }) => bytes.includes(marker(number)))?.call
      const sync = syncs.find(
        ({ fd, began, ended }) =>
          write !== undefined && fd === write.fd && began > write.ended && ended < call.began,
      )
      if (sync === undefined) throw new Error(`${marker(number)} was acknowledged before its sync`)
      proven++
    }
  }
  return proven
}

/** By socket: which message came under which packet id. */
function publishedIds(calls: readonly SystemCall[]): Map<number, Map<number, number>> {
  const streams = new Map<number, Buffer[]>()
  for (const call of calls) {
    if (call.name !== 'read') continue
    streams.set(call.fd, [...(streams.get(call.fd) ?? []), bytesOf(call)])
  }
  const sockets = new Map<number, Map<number, number>>()
  for (const [fd, chunks] of streams) {
    const bytes = Buffer.concat(chunks)
    for (let at = bytes.indexOf(TOPIC); at >= 0; at = bytes.indexOf(TOPIC, at + 1)) {
      const after = at + TOPIC.length
      // Topic, packet id, in MQTT 5 the length of the properties, payload.
      const found = /^[\s\S]{2}\0?<message (\d{4})>/.exec(
        bytes.toString('latin1', after, after + 40),
      )
      if (found === null) continue
      const numbers = sockets.get(fd) ?? new Map<number, number>()
      numbers.set(bytes.readUInt16BE(after), Number(found[1]))
      sockets.set(fd, numbers)
    }
  }
  return sockets
}

/** Packet ids of the PUBACKs in what was written to a socket: all packets there are short. */
function ackedIds(bytes: Buffer): number[] {
  const ids: number[] = []
  for (let at = 0; at + 1 < bytes.length; at += 2 + (bytes[at + 1] ?? 0)) {
    if (bytes[at] === 0x40) ids.push(bytes.readUInt16BE(at + 2))
  }
  return ids
}

/** The bytes in a call's strings. */
function bytesOf({ text }: SystemCall): Buffer {
  const strings = [...text.matchAll(/"((?:\\x[0-9a-f]{2})*)"/g)]
  return Buffer.from(strings.map(([, hex = '']) => hex.replaceAll('\\x', '')).join(''), 'hex')
}
