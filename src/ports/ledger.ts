import type { RefusalCode } from '../domain/fault.js'
import type { ImportedLabResult } from '../domain/laboratory/lab-result.js'
import type { Mark } from '../domain/qc/mark.js'
import type { SeriesId } from '../domain/observation.js'
import type { KeptAssessment } from '../domain/scheme/kept-assessment.js'
import type { NumberedDay } from '../domain/sequence-gaps.js'
import type { Window } from '../domain/time.js'
import type { ProjectionBatch, RefusedItem } from './series-store.js'

/** The projection's side of the books for one device and UTC hour of arrival. */
export interface BookRow {
  readonly device: string
  readonly hourMs: number
  /** Messages. */
  readonly projected: number
  readonly refused: number
  /** Observations: decoded = inserted + duplicate + revised + observationsRefused. */
  readonly decoded: number
  readonly inserted: number
  readonly duplicate: number
  readonly revised: number
  readonly observationsRefused: number
}

/** Books and position read in one transaction, so that they belong together while entries flow. */
export interface BooksSnapshot {
  readonly position: number
  readonly rows: readonly BookRow[]
}

export interface RefusalRow extends RefusedItem {
  /** Ascending; a cursor. */
  readonly id: number
  /** Bytes of the whole message, where `payload` holds its beginning only. */
  readonly payloadBytes: number
}

export interface RefusalQuery {
  /** Rows with a smaller id; newest first. Absent: from the newest. */
  readonly beforeId?: number
  readonly limit: number
  readonly code?: RefusalCode
  readonly device?: string
  /**
   * Bytes of each payload that are wanted; absent: all. A page can name one large message for every
   * row, so whoever shows pages asks for little.
   */
  readonly shownBytes?: number
}

/** What is known of a device from its own messages. */
export interface DeviceState {
  readonly device: string
  readonly lastArrivalMs: number
  /** Newest time of an observation that was kept; a clock that runs ahead does not move it. */
  readonly lastAtMs: number | null
  /** Smallest (arrival − newest stamp) in the newest hour with stamped messages, ms: the best estimate of its clock error. */
  readonly clockOffsetMs: number | null
  readonly state: 'online' | 'offline' | null
  readonly messages: number
}

/** The books, the refusals and the position, committed together with the series (SeriesStore.append). */
export interface Ledger {
  /**
   * Remembers, at the first call, which journal the position counts in, and resolves with the id of
   * the journal remembered: another one's means that position and entries do not belong together.
   */
  follow(journalId: string): Promise<string>
  /** Sequence of the last journal entry that has taken effect; 0 before the first. */
  position(): Promise<number>
  /** Rows whose hour starts in the window, ascending by hour, then device, and the position they stand for: one snapshot. */
  books(window: Window, device?: string): Promise<BooksSnapshot>
  /** Newest first. */
  refusals(query: RefusalQuery): Promise<readonly RefusalRow[]>
  /** null when there is none with that id. */
  refusal(id: number): Promise<RefusalRow | null>
  /** Refusals since the beginning, by code. */
  refusalCounts(): Promise<ReadonlyMap<RefusalCode, number>>
  /** Devices that have been heard of. */
  devices(): Promise<readonly DeviceState[]>
  /** Every mark that has taken effect, ascending by its entry. */
  marks(): Promise<readonly Mark[]>
  /** Every laboratory result of samples taken in the window, all versions, ascending by entry. */
  labResults(window: Window): Promise<readonly ImportedLabResult[]>
  /** Every assessment that was kept, ascending by its entry. */
  assessments(): Promise<readonly KeptAssessment[]>
  /** The JSON of one as it was sealed; null when there is none with that id. */
  assessmentDocument(id: number): Promise<string | null>
  /** The numbers that devices gave their messages, by device: of each the last UTC days up to its newest, ascending. */
  numbered(lastDays: number): Promise<ReadonlyMap<string, readonly NumberedDay[]>>
}

/** Why a store would not take a row. */
export interface RowRefusal {
  readonly row: number
  readonly reason: string
}

/** A value stored before the batch whose flag and tests are now others. */
export interface Reflagged {
  readonly series: SeriesId
  readonly atMs: number
  /** Which of its key's values it is, as in `revisionNumbers`. */
  readonly number: number
  readonly flag: number
  readonly tests: number
}

/** A batch that is classified and judged but has not taken effect. Commit or rollback ends it. */
export interface StagedBatch {
  readonly outcomes: Uint8Array
  /**
   * Which of its key's values the row gives: 0 for the first value at the key, k for the k-th
   * further one. A duplicate has the number of the value it repeats.
   */
  readonly revisionNumbers: Uint32Array
  /**
   * 1 where (series, time, revision number) must be written with this row's columns: inserted,
   * revised, and duplicates that better what was known of their value (a higher rank, a lower
   * origin number, a worse flag). Written in order, the last row of a value is the right one.
   */
  readonly written: Uint8Array
  /** Flag and tests of each row that is written: the judge's where its series has one. */
  readonly flags: Uint8Array
  readonly tests: Uint16Array
  /** To be written too. Some may stand so already: a batch that came to nothing may have changed them. */
  readonly reflagged: readonly Reflagged[]
  /**
   * The batch without rows that the values' store refused: they are counted and listed so, and with
   * them the later rows of the batch that repeat their value; what stands beside them is judged
   * again, so `flags` and `reflagged` may be others. Takes this one's place.
   */
  without(refused: readonly RowRefusal[]): Promise<StagedBatch>
  /** Books, refusals, keys and position become durable. Resolves with the outcomes. */
  commit(): Promise<Uint8Array>
  /** Nothing has happened; the next batch is classified as if this one had not been there. */
  rollback(): Promise<void>
}

/**
 * The local half of a store whose values live elsewhere (InfluxDB): it knows every key and value,
 * so it can tell inserted from duplicate from revised, and commits that knowledge with the books.
 */
export interface KeyIndex {
  /** Classifies a batch. The next one waits until this one has ended. */
  stage(batch: ProjectionBatch): Promise<StagedBatch>
}
