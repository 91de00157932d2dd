import type { DecodedRecord, DeviceModel } from '../../src/ports/device-model.js'

/**
 * How a message may be spoilt: `cut` in half; `other-format`: CBOR from a device of JSON, JSON from
 * one of CBOR; `empty`; `unknown-unit`: a unit nobody knows; `text-value`: words instead of a number.
 */
export const MALFORMED_KINDS = [
  'cut',
  'other-format',
  'empty',
  'unknown-unit',
  'text-value',
] as const

export type MalformedKind = (typeof MALFORMED_KINDS)[number]

export interface Malformed {
  readonly payload: Uint8Array
  /** Observations that the receiver will have decoded and refused one by one. */
  readonly observations: number
}

const text = new TextEncoder()

/** The bytes of a message that nothing can be kept of. */
export function malformed(
  kind: MalformedKind,
  model: DeviceModel,
  records: readonly DecodedRecord[],
): Malformed {
  switch (kind) {
    case 'cut': {
      const whole = model.encode(records)
      return { payload: whole.subarray(0, Math.floor(whole.length / 2)), observations: 0 }
    }
    case 'other-format': {
      const json = text.encode(JSON.stringify({ values: records.length }))
      // CBOR: an array of one map whose end never comes.
      const cbor = Uint8Array.of(0x81, 0xbf, 0x00, 0x61, 0x78)
      return { payload: model.id === 'senml-cbor' ? json : cbor, observations: 0 }
    }
    case 'empty':
      return { payload: new Uint8Array(), observations: 0 }
    case 'unknown-unit': {
      const payload = model.encode(records.map((record) => ({ ...record, unit: 'furlong' })))
      return { payload, observations: records.length }
    }
    case 'text-value':
      break
  }
  return textValue(model, records)
}

/** One record only: what a logger writes whose probe is unplugged. */
function textValue(model: DeviceModel, records: readonly DecodedRecord[]): Malformed {
  const first = records[0]
  if (first === undefined) throw new RangeError('a message has at least one value')
  const { name, atMs } = first
  switch (model.id) {
    case 'senml-json': {
      const pack = [{ n: name, t: atMs / 1000, vs: 'ERR' }]
      return { payload: text.encode(JSON.stringify(pack)), observations: 1 }
    }
    case 'senml-cbor': {
      const time = new DataView(new ArrayBuffer(8))
      time.setFloat64(0, atMs / 1000)
      // [{0 (n): name, 6 (t): time, 3 (vs): "ERR"}], RFC 8428 table 6
      const bytes = [
        ...[0x81, 0xa3, 0x00, ...cborText(name)],
        ...[0x06, 0xfb, ...new Uint8Array(time.buffer)],
        ...[0x03, ...cborText('ERR')],
      ]
      return { payload: Uint8Array.from(bytes), observations: 1 }
    }
    default: {
      const pack = { name, time: new Date(atMs).toISOString(), value: 'ERR' }
      return { payload: text.encode(JSON.stringify(pack)), observations: 1 }
    }
  }
}

/** @param said at most 255 bytes of UTF-8 */
function cborText(said: string): number[] {
  const bytes = text.encode(said)
  return [...(bytes.length < 24 ? [0x60 + bytes.length] : [0x78, bytes.length]), ...bytes]
}
