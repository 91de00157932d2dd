import { ORIGIN } from './flag.js'

/** City-wide identity of a series: the id of the sensor that observes it, e.g. `RG-01.rain`. */
export type SeriesId = string

/**
 * Rows of observations by column; row i of every column belongs together.
 *
 * An instant is keyed by its time; a total or interval mean by the end of its span, with the
 * span's length in `spanMs`. Values are in the internal unit of the series' quantity.
 */
export interface ObservationColumns {
  /** The series that occur, each once; `seriesIndex` points here. */
  readonly series: readonly SeriesId[]
  readonly seriesIndex: Uint32Array
  /** UTC epoch ms; instant, or end of the span. */
  readonly atMs: Float64Array
  /** Length of the span that ends at `atMs`, ms; 0 for instants. */
  readonly spanMs: Float64Array
  /** NaN exactly where the flag is 9 (missing); otherwise finite. */
  readonly values: Float64Array
  readonly flags: Uint8Array
  /** Bit k is set when quality test k (qc/catalogue.ts) gave a verdict on the row. */
  readonly tests: Uint16Array
  readonly origins: Uint8Array
  /** What decides between two values at one key: device sequence or message stamp; -Infinity if none. */
  readonly ranks: Float64Array
  /** Index into the batch's entries: where the row came from. */
  readonly entryIndex: Uint32Array
}

/** One series in a window, ascending by time, current values only (no superseded revision). */
export interface SeriesColumns {
  readonly series: SeriesId
  readonly atMs: Float64Array
  readonly spanMs: Float64Array
  /** NaN exactly where the flag is 9. */
  readonly values: Float64Array
  readonly flags: Uint8Array
  /** Bit k is set when quality test k (qc/catalogue.ts) gave a verdict on the row. */
  readonly tests: Uint16Array
  readonly origins: Uint8Array
}

/** A series without an observation. */
export function emptyColumns(series: SeriesId): SeriesColumns {
  return {
    series,
    atMs: new Float64Array(0),
    spanMs: new Float64Array(0),
    values: new Float64Array(0),
    flags: new Uint8Array(0),
    tests: new Uint16Array(0),
    origins: new Uint8Array(0),
  }
}

/** What a store did with one row. Codes 0–3, so that a batch's outcomes are one Uint8Array. */
export const OUTCOME = { inserted: 0, duplicate: 1, revised: 2, refused: 3 } as const

export type AppendOutcome = (typeof OUTCOME)[keyof typeof OUTCOME]

/** One value among several that were given for the same series and time. */
export interface RevisionCandidate {
  readonly value: number
  readonly rank: number
  readonly origin: number
}

/**
 * Whether `a` supersedes `b` at the same key. The choice never depends on arrival:
 * what a person corrected wins over what a device sent, and that over what a file brought, whatever
 * their ranks; else the higher rank (device sequence, else message stamp; among files the revision,
 * among corrections the time of correcting), else a value beats a missing one, else the higher value
 * hash, else (same value) the lower origin number.
 * A strict total order on candidates that differ, so any order of arrival ends at the same one.
 */
export function supersedes(a: RevisionCandidate, b: RevisionCandidate): boolean {
  const authority = authorityOf(a.origin) - authorityOf(b.origin)
  if (authority !== 0) return authority > 0
  if (a.rank !== b.rank) return a.rank > b.rank
  const aMissing = Number.isNaN(a.value)
  if (aMissing !== Number.isNaN(b.value)) return !aMissing
  // Two missing values are the same, whatever bits their NaNs have.
  if (!aMissing && a.value !== b.value) {
    const hashA = valueHash(a.value)
    const hashB = valueHash(b.value)
    return hashA === hashB ? a.value > b.value : hashA > hashB
  }
  return a.origin < b.origin
}

/** Whose word counts: a correction's above a device's above a file's. */
function authorityOf(origin: number): number {
  if (origin === ORIGIN.corrected) return 2
  return origin === ORIGIN.imported ? 0 : 1
}

/**
 * 32-bit hash of a double's IEEE 754 bits (MurmurHash3 finaliser over both halves): an arbitrary
 * but fixed order, so that ties do not favour large values. -0 hashes as 0.
 */
export function valueHash(value: number): number {
  const bits = new DataView(new ArrayBuffer(8))
  bits.setFloat64(0, value === 0 ? 0 : value)
  return fmix32(bits.getUint32(0) ^ fmix32(bits.getUint32(4)))
}

function fmix32(word: number): number {
  let h = word >>> 0
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return (h ^ (h >>> 16)) >>> 0
}
