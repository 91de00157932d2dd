import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { DEVICE_MODELS, deviceModel } from '../../../devices/index.js'
import { REFUSAL_CODES } from '../../../src/domain/fault.js'
import type { DecodeContext, DecodedRecord } from '../../../src/ports/device-model.js'

const context = fc.record<DecodeContext>({
  arrivalMs: fc.integer({ min: Date.UTC(2020, 0), max: Date.UTC(2040, 0) }),
  clock: fc.constantFrom('own', 'none'),
})

const senmlName = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9:./_-]{0,30}$/)
const unit = fc.constantFrom(null, 'mm', 'm3/s', '[mgd_us]', '%', '%RH', '/', 'Cel', '单位')
const value = fc.oneof(
  fc.constant(null),
  // whole tenths of a millimetre, as gauges give them
  fc.integer({ min: -100_000, max: 100_000 }).map((tenths) => tenths / 10 + 0),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((any) => any + 0),
)
const atMs = fc.integer({ min: Date.UTC(1979, 0), max: Date.UTC(9999, 11, 31) })

function records(
  name: fc.Arbitrary<string>,
  spanMs: fc.Arbitrary<number | null>,
): fc.Arbitrary<DecodedRecord[]> {
  const record = fc.record({ name, unit, value, atMs, spanMs }).map(({ spanMs, ...said }) => ({
    ...said,
    fromMs: spanMs === null ? null : said.atMs - spanMs,
  }))
  return fc.array(record, { minLength: 1, maxLength: 20 })
}

const noSpan = fc.constant(null)
const anySpan = fc.option(fc.integer({ min: 1, max: 86_400_000 }))
const SAYABLE: ReadonlyMap<string, fc.Arbitrary<DecodedRecord[]>> = new Map([
  ['senml-json', records(senmlName, noSpan)],
  ['senml-cbor', records(senmlName, noSpan)],
  ['plain-json', records(fc.string({ unit: 'grapheme', maxLength: 20 }), anySpan)],
])

function sayable(id: string): fc.Arbitrary<DecodedRecord[]> {
  const found = SAYABLE.get(id)
  if (found === undefined) throw new Error(`no records are made for ${id}`)
  return found
}

/** Decodes and holds the result to what the port promises. */
function decodeAndCheck(id: string, bytes: Uint8Array, given: DecodeContext): void {
  const decoded = deviceModel(id)?.decode(bytes, given)
  if (decoded === undefined) throw new Error(`no model ${id}`)
  if ('code' in decoded) {
    expect(Object.keys(REFUSAL_CODES)).toContain(decoded.code)
    expect(decoded.reason).not.toBe('')
    return
  }
  expect(decoded.records.length + decoded.refused.length).toBeGreaterThan(0)
  for (const record of decoded.records) {
    expect(record.value === null || Number.isFinite(record.value)).toBe(true)
    expect(Object.is(record.value, -0)).toBe(false)
    expect(Math.abs(record.atMs)).toBeLessThanOrEqual(8.64e15)
    expect(Number.isInteger(record.atMs)).toBe(true)
    expect(record.fromMs === null || record.fromMs < record.atMs).toBe(true)
  }
  if (given.clock === 'own') expect(decoded.timeBase).toBe('device')
  expect(decoded.rank === null || Number.isInteger(decoded.rank)).toBe(true)
}

describe.each(DEVICE_MODELS)('$id', (model) => {
  const { id } = model

  test('decode undoes encode', () => {
    fc.assert(
      fc.property(sayable(id), context, (said, given) => {
        const newestMs = Math.max(...said.map(({ atMs }) => atMs))
        expect(model.decode(model.encode(said), given)).toEqual({
          rank: given.clock === 'own' ? newestMs : null,
          timeBase: 'device',
          records: said,
          refused: [],
        })
      }),
    )
  })

  test('decode never throws on a good message with bytes changed, cut or doubled', () => {
    const changes = fc.array(fc.tuple(fc.nat(), fc.nat({ max: 255 })), { maxLength: 4 })
    const part = fc.tuple(fc.nat(), fc.nat())
    fc.assert(
      fc.property(sayable(id), changes, part, context, (said, changed, [from, to], given) => {
        const bytes = model.encode(said)
        for (const [at, byte] of changed) bytes[at % bytes.length] = byte
        decodeAndCheck(id, bytes, given)
        decodeAndCheck(id, bytes.subarray(0, to % (bytes.length + 1)), given)
        const doubled = bytes.subarray(from % bytes.length)
        decodeAndCheck(id, new Uint8Array([...bytes, ...doubled]), given)
      }),
      { numRuns: 500 },
    )
  })

  test('decode leaves the bytes as they are and answers the same twice', () => {
    fc.assert(
      fc.property(sayable(id), context, (said, given) => {
        const bytes = model.encode(said)
        const before = bytes.slice()
        expect(model.decode(bytes, given)).toEqual(model.decode(bytes, given))
        expect(bytes).toEqual(before)
      }),
      { numRuns: 20 },
    )
  })
})

test.each(['senml-json', 'plain-json'])('%s takes any JSON without throwing', (id) => {
  const label = fc.constantFrom('n', 'v', 't', 'bn', 'bt', 'bver', 'x_', 'name', 'value', 'values')
  const member = fc.oneof(label, fc.constantFrom('__proto__', 'time', 'from', 'seq', 'records'))
  const any = fc.letrec((tie) => ({
    json: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      fc.constantFrom<unknown>(null, true, 0, 1.5, 1_795_391_940, 'text', '2026-11-23T08:00:00Z'),
      fc.array(tie('json'), { maxLength: 4 }),
      fc.dictionary(member, tie('json'), { maxKeys: 5 }),
    ),
  })).json
  fc.assert(
    fc.property(any, context, (json, given) => {
      decodeAndCheck(id, new TextEncoder().encode(JSON.stringify(json)), given)
    }),
    { numRuns: 1000 },
  )
})

test('the two forms of SenML say the same', () => {
  const [json, cbor] = [deviceModel('senml-json'), deviceModel('senml-cbor')]
  if (json === undefined || cbor === undefined) throw new Error('a form of SenML is not listed')
  fc.assert(
    fc.property(sayable('senml-json'), context, (said, given) => {
      expect(cbor.decode(cbor.encode(said), given)).toEqual(json.decode(json.encode(said), given))
    }),
    { numRuns: 50 },
  )
})

test('what SenML cannot say is not written', () => {
  const said: DecodedRecord = { name: 'rain', unit: 'mm', value: 0.2, atMs: 1.8e12, fromMs: null }
  for (const id of ['senml-json', 'senml-cbor']) {
    const model = deviceModel(id)
    expect(model).toBeDefined()
    expect(() => model?.encode([])).toThrow(RangeError)
    expect(() => model?.encode([{ ...said, fromMs: 1.7e12 }])).toThrow(RangeError)
    expect(() => model?.encode([{ ...said, name: '雨' }])).toThrow(RangeError)
    expect(() => model?.encode([{ ...said, value: Number.NaN }])).toThrow(RangeError)
    expect(() => model?.encode([{ ...said, atMs: 1000 }])).toThrow(RangeError)
    expect(() => model?.encode([{ ...said, atMs: 1.5 }])).toThrow(RangeError)
  }
})

test('every model is listed once, and no other is found', () => {
  const ids = DEVICE_MODELS.map(({ id }) => id)
  expect(ids).toEqual(['senml-json', 'senml-cbor', 'plain-json'])
  expect(deviceModel('senml-xml')).toBeUndefined()
})
