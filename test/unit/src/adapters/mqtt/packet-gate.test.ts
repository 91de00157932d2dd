import { once } from 'node:events'
import { PassThrough } from 'node:stream'
import * as fc from 'fast-check'
import { generate } from 'mqtt-packet'
import { expect, test } from 'vitest'
import { gatePackets } from '../../../../../src/adapters/mqtt/packet-gate.js'

function publish(payloadBytes: number): Buffer {
  return generate({
    cmd: 'publish',
    topic: 't',
    qos: 0,
    dup: false,
    retain: false,
    payload: Buffer.alloc(payloadBytes),
  })
}

/** Feeds chunks through a bounded stream; gives what came out and what was announced too large. */
function through(chunks: readonly Buffer[], bound: number): { out: Buffer; tooLarge: number[] } {
  const stream = new PassThrough()
  const tooLarge: number[] = []
  const gate = gatePackets(stream, {
    maxPacketBytes: bound,
    onTooLarge: (announced) => tooLarge.push(announced),
    onHold: () => undefined,
  })
  gate.open({ next: () => 0, weigh: () => undefined })
  const out: Buffer[] = []
  for (const chunk of chunks) {
    if (stream.destroyed) break
    stream.write(chunk)
    for (;;) {
      const read: unknown = stream.read()
      if (!Buffer.isBuffer(read)) break
      out.push(read)
    }
  }
  return { out: Buffer.concat(out), tooLarge }
}

test('a packet of exactly the bound passes', () => {
  // Remaining length: 2 bytes of topic length, 1 of topic, then the payload.
  const packet = publish(997)
  expect(through([packet], 1000)).toEqual({ out: packet, tooLarge: [] })
})

test('a packet one byte over the bound cuts the connection and tells what was announced', () => {
  const { tooLarge } = through([publish(998)], 1000)
  expect(tooLarge).toEqual([1001])
})

test('the announcement is enough: no body has to arrive', () => {
  const { tooLarge, out } = through([publish(300_000).subarray(0, 5)], 1000)
  expect(tooLarge).toEqual([300_003])
  expect(out.length).toBe(0)
})

test('packets within the bound pass unchanged, however the bytes are cut', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 0, max: 400 }), { minLength: 1, maxLength: 12 }),
      fc.array(fc.integer({ min: 1, max: 97 }), { minLength: 1, maxLength: 8 }),
      (payloads, cuts) => {
        const whole = Buffer.concat(payloads.map(publish))
        const chunks: Buffer[] = []
        for (let at = 0, turn = 0; at < whole.length; turn++) {
          const step = cuts[turn % cuts.length] ?? 1
          chunks.push(whole.subarray(at, at + step))
          at += step
        }
        const { out, tooLarge } = through(chunks, 403)
        expect(tooLarge).toEqual([])
        expect(out.equals(whole)).toBe(true)
      },
    ),
  )
})

test('an oversized packet is found behind any packets before it, however the bytes are cut', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 0, max: 300 }), { maxLength: 6 }),
      fc.integer({ min: 1, max: 50 }),
      (payloads, step) => {
        const whole = Buffer.concat([...payloads, 2_000].map(publish))
        const chunks: Buffer[] = []
        for (let at = 0; at < whole.length; at += step) chunks.push(whole.subarray(at, at + step))
        expect(through(chunks, 1000).tooLarge).toEqual([2003])
      },
    ),
  )
})

/** Reads as the broker does: whenever it hears that there is something. */
function readAll(stream: PassThrough): Buffer[] {
  const out: Buffer[] = []
  stream.on('readable', () => {
    for (;;) {
      const read: unknown = stream.read()
      if (!Buffer.isBuffer(read)) return
      out.push(read)
    }
  })
  return out
}

test('behind the first packet nothing passes until the gate opens', async () => {
  const stream = new PassThrough()
  const gate = gatePackets(stream, {
    maxPacketBytes: 1_000,
    onTooLarge: () => undefined,
    onHold: () => undefined,
  })
  const out = readAll(stream)
  const [first, second] = [publish(10), publish(20)]
  stream.end(Buffer.concat([first, second]))
  await new Promise((resolve) => setImmediate(resolve))
  expect(Buffer.concat(out)).toEqual(first)
  gate.open({ next: () => 0, weigh: () => undefined })
  await once(stream, 'end')
  expect(Buffer.concat(out)).toEqual(Buffer.concat([first, second]))
})

test('what comes too early waits in order, whole, and the end of the stream behind it', async () => {
  const sizes = Array.from({ length: 12 }, (_, index) => index * 7)
  const whole = Buffer.concat(sizes.map(publish))
  for (const step of [1, 5, 64, whole.length]) {
    const stream = new PassThrough()
    const holds: boolean[] = []
    const gate = gatePackets(stream, {
      maxPacketBytes: 1_000,
      onTooLarge: () => undefined,
      onHold: (held) => holds.push(held),
    })
    let asked = 0
    let weighed = 0
    // Each third packet has to wait once.
    gate.open({
      next: () => (asked++ % 3 === 2 ? 1 : 0),
      weigh: (bytes) => {
        weighed += bytes
      },
    })
    const out = readAll(stream)
    for (let at = 0; at < whole.length; at += step) stream.write(whole.subarray(at, at + step))
    stream.end()
    await once(stream, 'end')
    expect(Buffer.concat(out).equals(whole)).toBe(true)
    expect(weighed).toBe(whole.length)
    expect(holds).toEqual(Array.from({ length: 5 }, () => [true, false]).flat())
  }
})

test('acknowledgements pass without counting', () => {
  const stream = new PassThrough()
  const gate = gatePackets(stream, {
    maxPacketBytes: 1_000,
    onTooLarge: () => undefined,
    onHold: () => undefined,
  })
  gate.open({ next: () => 1_000, weigh: () => undefined })
  const acknowledged = generate({ cmd: 'puback', messageId: 1 })
  stream.write(Buffer.concat([acknowledged, publish(1)]))
  expect(stream.read()).toEqual(acknowledged)
  expect(stream.read()).toBeNull()
  stream.destroy()
})
