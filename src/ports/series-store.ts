import type { RefusalCode } from '../domain/fault.js'
import type { ObservationColumns, SeriesColumns, SeriesId } from '../domain/observation.js'
import type { ImportedLabResult } from '../domain/laboratory/lab-result.js'
import type { KeptAssessment } from '../domain/scheme/kept-assessment.js'
import type { Mark } from '../domain/qc/mark.js'
import type { SeriesJudges } from '../domain/qc/series-judge.js'
import type { Window } from '../domain/time.js'

/** What the projection made of one journal entry. */
export interface ProjectedEntry {
  readonly seq: number
  readonly device: string
  readonly arrivalMs: number
  /** `none`: the entry is not counted in the books (registry versions). */
  readonly outcome: 'projected' | 'refused' | 'none'
  /** Observations the decoder found, kept and refused together. */
  readonly decoded: number
  /**
   * Newest device time in the entry, also of what was refused, UTC epoch ms; null without one, and
   * while the server's clock was in doubt. Arrival minus this is the clock offset.
   */
  readonly newestAtMs: number | null
  /** Newest time of an observation of the entry that was kept, UTC epoch ms; null without one. */
  readonly keptAtMs: number | null
  /** What the device last said of its own state (birth, last will), else null. */
  readonly state: 'online' | 'offline' | null
  /** Numbers that the device gave, and the UTC day that they belong to; null or absent without any. */
  readonly numbered?: { readonly numbers: readonly number[]; readonly dayMs: number } | null
  /**
   * Who sent it. What a person brings (an import) and what a broker had kept (a retained message) are
   * no signs of life of the device, though a kept state is its last word. Absent: the device.
   */
  readonly sender?: 'device' | 'person' | 'broker'
  /** Topic and bytes, so that a row which only the store refuses can be listed with them too. */
  readonly topic?: string
  readonly payload?: Uint8Array
}

/** A message or an observation that could not be kept, with its bytes. */
export interface RefusedItem {
  readonly seq: number
  /** Position of the observation within the message; null when the whole message was refused. */
  readonly index: number | null
  readonly device: string
  readonly topic: string
  readonly arrivalMs: number
  readonly code: RefusalCode
  readonly reason: string
  /** The raw message, whole, also for a refused observation. */
  readonly payload: Uint8Array
}

/** An assessment that was kept, with its JSON as it was sealed. */
export interface KeptDocument {
  readonly kept: KeptAssessment
  readonly document: string
}

/** A run of consecutive journal entries with everything they bring about. */
export interface ProjectionBatch {
  /** The entries, ascending by seq; the projection stands at the last one when the batch has taken effect. */
  readonly entries: readonly ProjectedEntry[]
  readonly observations: ObservationColumns
  readonly refusals: readonly RefusedItem[]
  /**
   * How the values of series are judged beside their neighbours, by series; the flags and tests of
   * a series without a judge are stored as the rows give them.
   */
  readonly judges?: SeriesJudges
  /**
   * Marks that the entries bring, for series of any store. They are kept with the batch, and what they
   * lie on is judged again; the judges know them already.
   */
  readonly marks?: readonly Mark[]
  /** Results of laboratories that the entries bring, kept with the batch. */
  readonly laboratory?: readonly ImportedLabResult[]
  /** Assessments that the entries bring, kept with the batch. */
  readonly assessments?: readonly KeptDocument[]
  /** Stretches of series whose flags may be out of date for another reason: judged again. */
  readonly touched?: readonly SeriesWindow[]
}

/** A stretch of one series. */
export interface SeriesWindow extends Window {
  readonly series: SeriesId
}

/**
 * The aggregate steps of one series. A step without observations is left out; one whose
 * observations are all missing or failed has count 0, sum 0 and NaN extremes.
 */
export interface StepColumns {
  readonly series: SeriesId
  /** Start of the step, UTC epoch ms, ascending. */
  readonly fromMs: Float64Array
  /** Observations with a value (flags 1, 2, 3). */
  readonly counts: Uint32Array
  /**
   * Exact sum of the values, each rounded to 9 decimals; independent of order and threads.
   * NaN when a value is 1e20 or more: no quantity is, and such a sum could not be exact.
   */
  readonly sums: Float64Array
  readonly minima: Float64Array
  readonly maxima: Float64Array
  /** The worst flag in the step by the precedence 9 < 2 < 1 < 3 < 4. */
  readonly flags: Uint8Array
}

export interface LatestObservation {
  readonly series: SeriesId
  readonly atMs: number
  /** null when missing. */
  readonly value: number | null
  readonly flag: number
  readonly origin: number
}

/** Observations of one series on one day, by flag. */
export interface DayCoverage {
  readonly series: SeriesId
  readonly dayStartMs: number
  readonly good: number
  readonly notEvaluated: number
  readonly suspect: number
  readonly fail: number
  readonly missing: number
}

/** One of the values given for a key that has more than one. */
export interface Revision {
  readonly atMs: number
  readonly value: number | null
  readonly rank: number
  readonly origin: number
  /** Journal entry that first brought this value. */
  readonly seq: number
  readonly current: boolean
}

/** Where observations are kept. Every implementation passes test/contract/series-store.ts. */
export interface SeriesStore extends SeriesReads {
  /**
   * Resolves once the batch is durable: rows, books, refusals and position together, or nothing.
   * Idempotent on (series, time); another value at the same key is a revision, both stay readable,
   * and which is current never depends on arrival (domain/observation.ts, `supersedes`). Of rows
   * equal in all that it compares, the one with the worse flag is kept. Minus zero is kept as zero.
   * One outcome per row, in the batch's order (codes of OUTCOME). Entries at or before the
   * position are not applied a second time: such a batch is a programming error and throws.
   * The current values of a judged series have the flags and tests that its judge gives over the
   * whole series, also those stored before whose neighbourhood the batch changes: in the same
   * commit, so a read never sees one without the other. Values that another judge has flagged
   * before keep their flags until something near them changes.
   * A transient fault is thrown as TransientFault, one that somebody must mend as StandingFault, and
   * nothing of the batch counts.
   */
  append(batch: ProjectionBatch): Promise<Uint8Array>
  /** Flushes what is pending, then lets go. Safe to call twice. */
  close(): Promise<void>
}

/** What can be asked of the observations; needs none of what writing needs. */
export interface SeriesReads {
  /** One series in [fromMs, toMs) of `atMs`, ascending; empty columns for an unknown series. */
  read(series: SeriesId, window: Window): Promise<SeriesColumns>
  /**
   * The same for many windows of series, in the order asked; a series may be asked for several. An
   * engine that scans does so once for all of them, so ask together for what is wanted together.
   */
  readMany(windows: readonly SeriesWindow[]): Promise<readonly SeriesColumns[]>
  /**
   * Many series over steps of `stepMs` aligned to `window.fromMs`, aggregated inside the engine.
   * Instants and totals alike belong to the step [from, to) that contains `atMs` for instants
   * (span 0) and `atMs - 1` for totals, because a total ending on the boundary lies before it;
   * the window takes them by the same rule. One answer per series, in the order asked.
   */
  aggregate(
    series: readonly SeriesId[],
    window: Window,
    stepMs: number,
  ): Promise<readonly StepColumns[]>
  /** The newest observation of each series that has one, in the order asked. */
  latest(series: readonly SeriesId[]): Promise<readonly LatestObservation[]>
  /**
   * Counts by flag per series and day with observations; days start at `dayOffsetMs` after UTC
   * midnight. Observations belong to window and day by the rule of `aggregate`. In the order of
   * the series asked, then ascending by day.
   */
  coverage(
    series: readonly SeriesId[],
    window: Window,
    dayOffsetMs: number,
  ): Promise<readonly DayCoverage[]>
  /** All values of keys in the window that have more than one, ascending by time, current first. */
  revisions(series: SeriesId, window: Window): Promise<readonly Revision[]>
}
