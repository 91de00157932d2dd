import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { DEVICE_MODELS } from '../../../devices/index.js'
import type { DecodeContext, DeviceModel } from '../../../src/ports/device-model.js'
import { fuzzed } from '../../setup/fuzz.js'
import { casePayloads, heapedPieces, mutatedCases } from './mutations.js'

/** The only ways a decoder may refuse, as devices/README.md says. */
const MESSAGE_CODES = ['payload_unreadable', 'payload_invalid']
const RECORD_CODES = ['record_invalid', 'value_not_numeric', 'value_not_finite', 'time_relative']

/** What `new Date` can hold, ECMA-262 §21.4.1.1. */
const FURTHEST_MS = 8.64e15

/** Default of --max-packet-bytes: nothing larger reaches a decoder unless a person allows it. */
const LARGEST_BYTES = 256 * 1024

const contexts: readonly DecodeContext[] = [
  { arrivalMs: Date.UTC(2026, 10, 23), clock: 'own' },
  { arrivalMs: Date.UTC(2026, 10, 23), clock: 'none' },
]

/** How a message ended, so that a test can show that it met both ends. */
type End = 'refused' | 'kept'

/** Decodes and holds the answer to the promises of DeviceModel. */
function decodeAndHold(model: DeviceModel, bytes: Uint8Array, context: DecodeContext): End {
  const before = bytes.slice()
  const decoded = model.decode(bytes, context)
  expect(bytes).toEqual(before)

  // The broker hands over views into larger buffers; what stands around must not matter.
  const around = new Uint8Array(bytes.length + 2).fill(0x31)
  around.set(bytes, 1)
  expect(model.decode(around.subarray(1, -1), context)).toEqual(decoded)

  if ('code' in decoded) {
    expect(MESSAGE_CODES).toContain(decoded.code)
    expect(decoded.reason).not.toBe('')
    expect(isWellFormed(decoded.reason)).toBe(true)
    return 'refused'
  }
  const { records, refused, rank, timeBase } = decoded
  expect(records.length + refused.length).toBeGreaterThan(0)
  for (const { code, reason, index } of refused) {
    expect(RECORD_CODES).toContain(code)
    expect(reason).not.toBe('')
    expect(isWellFormed(reason)).toBe(true)
    expect(Number.isSafeInteger(index)).toBe(true)
  }
  for (const { name, unit, value, atMs, fromMs } of records) {
    expect(typeof name).toBe('string')
    expect(unit === null || typeof unit === 'string').toBe(true)
    expect(value === null || (Number.isFinite(value) && !Object.is(value, -0))).toBe(true)
    expect(isTime(atMs)).toBe(true)
    expect(fromMs === null || (isTime(fromMs) && fromMs < atMs)).toBe(true)
  }
  expect(rank === null || Number.isSafeInteger(rank)).toBe(true)
  expect(['device', 'arrival']).toContain(timeBase)
  if (context.clock === 'own') expect(timeBase).toBe('device')
  return records.length > 0 ? 'kept' : 'refused'
}

/** Half a surrogate pair becomes another character on its way through UTF-8. */
function isWellFormed(text: string): boolean {
  return Buffer.from(text).toString() === text
}

function isTime(ms: number): boolean {
  return Number.isInteger(ms) && Math.abs(ms) <= FURTHEST_MS
}

function holdForAll(model: DeviceModel, payloads: fc.Arbitrary<Uint8Array>, runs: number): End[] {
  const ends: End[] = []
  fc.assert(
    fc.property(payloads, fc.constantFrom(...contexts), (bytes, context) => {
      ends.push(decodeAndHold(model, bytes, context))
    }),
    fuzzed(runs),
  )
  return ends
}

describe.each(DEVICE_MODELS)('$id', (model) => {
  test('any bytes are answered as the port promises', () => {
    const ends = holdForAll(model, fc.uint8Array({ maxLength: 400 }), 1_500)
    expect(ends).toContain('refused')
  })

  test('a case of its own, changed in ways its format invites, is answered so, too', () => {
    const ends = holdForAll(model, mutatedCases(model.id), 2_500)
    expect(ends).toContain('refused')
    expect(ends).toContain('kept')
  })

  test('pieces of its format in any order are answered so, too', () => {
    expect(holdForAll(model, heapedPieces(model.id), 2_000)).toContain('refused')
  })

  test('every case cut at every byte is answered so, too', () => {
    for (const bytes of casePayloads(model.id)) {
      for (let length = 0; length < Math.min(bytes.length, 600); length++) {
        for (const context of contexts) decodeAndHold(model, bytes.subarray(0, length), context)
      }
    }
  })
})

/** Text of the largest size: a head, then a middle as often as there is room, then an end. */
function filled(head: string, middle: string, end: string): Uint8Array {
  const room = LARGEST_BYTES - head.length - end.length
  const text = head + middle.repeat(Math.floor(room / Buffer.byteLength(middle))) + end
  return new Uint8Array(Buffer.from(text))
}

function filledHex(head: string, middle: string, end: string): Uint8Array {
  const room = LARGEST_BYTES * 2 - head.length - end.length
  return new Uint8Array(
    Buffer.from(head + middle.repeat(Math.floor(room / middle.length)) + end, 'hex'),
  )
}

const long = 'a'.repeat(100_000)
const longHex = `7a000186a0${'61'.repeat(100_000)}`

/** Messages of the largest size, each a way to make a careless reader take for ever or the memory end. */
const HEAVY: Readonly<Record<string, Uint8Array>> = {
  'arrays in arrays': filled('', '[', ''),
  'objects in objects': filled('', '{"a":', ''),
  'many empty arrays': filled('[', '[],', '[]]'),
  'many numbers': filled('[', '0,', '0]'),
  'many empty records': filled('[', '{},', '{}]'),
  'a member twice behind a long text': filled('{"a":"', 'x', '","a":1}'),
  'a member twice behind escaped quotes': filled('{"a":"', '\\"', '","a":1}'),
  'a text that never ends': filled('["', '\\"', ''),
  'half surrogates': filled('{"', '\\ud800', '":1}'),
  'a long number': filled('[{"n":"a","t":1795392000,"v":', '9', '}]'),
  'a long fraction': filled('{"time":"2026-11-23T08:00:00.', '9', 'Z","a":1}'),
  'a long base name under every record': filled(`[{"bn":"${long}"}`, ',{"v":1}', ']'),
  'a long base unit under every sum': filled(`[{"bn":"a","bu":"${long}"}`, ',{"s":1}', ']'),
  'a long name': filled('{"', 'a', '":1}'),
  'a long unit': filled('[{"name":"a","value":1,"unit":"', 'a', '"}]'),
  'CBOR: arrays in arrays': filledHex('', '81', ''),
  'CBOR: open arrays in open arrays': filledHex('', '9f', ''),
  'CBOR: tags on tags': filledHex('81', 'c6', ''),
  'CBOR: many empty records': filledHex('9f', 'a0', 'ff'),
  'CBOR: many decimal fractions': filledHex('9f', 'c4823903e71bffffffffffffffff', 'ff'),
  'CBOR: a long base name under every record': filledHex(`9fa121${longHex}`, 'a10201', 'ff'),
  'CBOR: a long base unit under every sum': filledHex(`9fa221616123${longHex}`, 'a10501', 'ff'),
}

describe.each(DEVICE_MODELS)('$id takes the largest message, whatever is in it:', (model) => {
  test.each(Object.keys(HEAVY))('%s', (what) => {
    const bytes = HEAVY[what] ?? new Uint8Array()
    expect(bytes.length).toBeGreaterThan(LARGEST_BYTES - 40)
    for (const context of contexts) {
      const decoded = model.decode(bytes, context)
      if ('code' in decoded) {
        expect(MESSAGE_CODES).toContain(decoded.code)
        continue
      }
      // What is kept of a message must stay in proportion to it.
      const texts = [
        ...decoded.records.flatMap(({ name, unit }) => [name, unit ?? '']),
        ...decoded.refused.map(({ reason }) => reason),
      ]
      const characters = texts.reduce((sum, text) => sum + text.length, 0)
      expect(characters).toBeLessThan(200 * LARGEST_BYTES)
    }
  })
})
