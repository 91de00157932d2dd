/** What an ideal instrument would show: ascending instants and a value for each, in one unit. */
export interface Signal {
  /** UTC epoch ms, ascending, whole. */
  readonly atMs: Float64Array
  readonly value: Float64Array
}

/** What a device says of a signal, row by row, with the truth about its time beside it. */
export interface Readings {
  /** When it was measured, UTC epoch ms; the device may not know. */
  readonly trueAtMs: Float64Array
  /** What the device stamps, UTC epoch ms, whole. */
  readonly atMs: Float64Array
  /** NaN where the device gives no value. */
  readonly value: Float64Array
}

/** What was done to a sensor: the answer that a search for faults is held against. */
export interface FaultEntry {
  readonly kind: string
  readonly sensor: string
  /** The fault holds in [fromMs, toMs), true time, UTC epoch ms. */
  readonly fromMs: number
  readonly toMs: number
  /** Rows that differ from what they would be without it. */
  readonly rows: number
  readonly parameters: Readonly<Record<string, string | number | boolean>>
}

/** The readings of an instrument without any fault. */
export function faultless({ atMs, value }: Signal): Readings {
  return { trueAtMs: atMs, atMs, value }
}
