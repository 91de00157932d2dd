import type { Refusal } from '../domain/fault.js'

/** One value a device gave, in the device's own words. */
export interface DecodedRecord {
  /** Name within the payload, base name applied. */
  readonly name: string
  /** Unit as the payload says it (UCUM or SenML registry); null when it says none. */
  readonly unit: string | null
  /** null: the device says the value is missing. Otherwise finite. */
  readonly value: number | null
  /** UTC epoch ms: the instant, or the end of the span. Integer (rounded half up). */
  readonly atMs: number
  /** Start of the span when the payload states it; otherwise the registry's reporting interval counts. */
  readonly fromMs: number | null
}

export interface RefusedRecord extends Refusal {
  /** Position of the record in the payload, from 0. */
  readonly index: number
}

export interface DecodedPack {
  /** Device sequence or message stamp: decides between two values at one key. null without one. */
  readonly rank: number | null
  /** Numbers that the device gave its messages, so that lost ones are noticed; absent without any. */
  readonly numbers?: readonly number[]
  /** `arrival`: times were relative or absent and rest on the arrival time. */
  readonly timeBase: 'device' | 'arrival'
  readonly records: readonly DecodedRecord[]
  readonly refused: readonly RefusedRecord[]
}

export interface DecodeContext {
  /** Arrival time in the journal, UTC epoch ms. */
  readonly arrivalMs: number
  /** Whether the registry declares that the device keeps time. */
  readonly clock: 'own' | 'none'
}

/**
 * One family of payloads. `decode` never throws, whatever the bytes: it returns a pack or one
 * refusal for the whole message. `encode` is its inverse, for the simulators:
 * decode(encode(records)) gives the records back.
 */
export interface DeviceModel {
  /** As the registry names it, e.g. `senml-json`. */
  readonly id: string
  decode(payload: Uint8Array, context: DecodeContext): DecodedPack | Refusal
  encode(records: readonly DecodedRecord[]): Uint8Array
}
