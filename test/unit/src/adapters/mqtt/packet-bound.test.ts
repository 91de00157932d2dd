import { PassThrough } from 'node:stream'
import * as fc from 'fast-check'
import { generate } from 'mqtt-packet'
import { expect, test } from 'vitest'
import { boundPackets } from '../../../../../src/adapters/mqtt/packet-bound.js'

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
  boundPackets(stream, bound, (announced) => tooLarge.push(announced))
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
