/**
 * Why something was refused. The one catalogue of codes: each has a sentence for the reader
 * (docs, API, dashboard) that says what would be right.
 */
export const REFUSAL_CODES = {
  device_unknown: 'The registry lists no such device; add it with `rainledger city apply`.',
  topic_unknown: 'The topic is none of the device’s own; publish to rl/v1/<city>/<device>/up.',
  payload_unreadable: 'The bytes are not of the device’s format (not JSON, not CBOR, empty, cut).',
  payload_invalid:
    'The payload was read but breaks its format’s rules; the reason names the field.',
  record_invalid: 'One record of the pack breaks the format’s rules; the others were kept.',
  sensor_unknown: 'The device has no sensor with that name in the registry.',
  unit_mismatch: 'The unit cannot be converted to that of the sensor’s quantity.',
  value_not_numeric: 'The record holds text, bytes or a Boolean where a number is wanted.',
  value_not_finite: 'The value is not a finite number, or larger than any quantity.',
  time_relative: 'Relative or absent time from a device that is not declared clockless.',
  time_unknown:
    'A copy that the broker had kept of an earlier message of a device without a clock: nobody can say when it was measured; let the device publish without RETAIN.',
  time_future: 'The time stands after the arrival by more than the tolerance: a wrong clock.',
  time_before_installation: 'The time stands before the device was installed.',
  time_after_removal: 'The time stands after the device was removed.',
  store_rejected: 'The series store refused the row; the reason is the store’s own.',
} as const

export type RefusalCode = keyof typeof REFUSAL_CODES

/** A refusal is a value, never an exception: counted, kept with its bytes, acknowledged. */
export interface Refusal {
  readonly code: RefusalCode
  /** What was found and what would be right, in one sentence naming field and value. */
  readonly reason: string
}

/** A fault of the world (store or broker away) that goes by itself; the caller retries with back-off. */
export class TransientFault extends Error {
  readonly transient = true
  override readonly name = 'TransientFault'
  /** How long the other side asked to be left alone, ms; 0 when it did not say. */
  readonly retryAfterMs: number
  constructor(message: string, options: ErrorOptions & { readonly retryAfterMs?: number } = {}) {
    super(message, options)
    this.retryAfterMs = options.retryAfterMs ?? 0
  }
}

/**
 * A fault of the world that stands until somebody mends it (credentials turned down, a database that
 * is gone). At the start it ends the start; later the caller says it loudly and goes on trying, so
 * that nothing has to be restarted once it is mended.
 */
export class StandingFault extends Error {
  override readonly name = 'StandingFault'
}

/** What was thrown, as an error. */
export function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown), { cause: thrown })
}

/** What was thrown, in its own words. */
export function faultText(thrown: unknown): string {
  return asError(thrown).message
}
