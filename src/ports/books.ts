import type { Window } from '../domain/time.js'
import type { BookRow } from './ledger.js'

/**
 * The whole books of one device and UTC hour of arrival. `received` is counted by the journal,
 * `projected` and `refused` by the projection, `inFlight` by reading the journal beyond the
 * projection's position: four counts of three origins, so that their sum can fail to close.
 */
export interface BooksRow extends BookRow {
  readonly received: number
  readonly inFlight: number
  /** received − projected − refused − inFlight; 0 when the messages close. */
  readonly messageDifference: number
  /** decoded − inserted − duplicate − revised − observationsRefused; 0 when the observations close. */
  readonly observationDifference: number
}

/** A process whose books are not in a sum. */
export interface MissingProcess {
  /** `k/N` of the member, or the address where nobody has said which member stands there. */
  readonly who: string
  /**
   * `silent` it does not answer; `no-address` nobody was told where it is; `waits` only its standby
   * answers; `other-share` it takes another share than the others' N allows; `twice` another says that
   * it takes the same share.
   */
  readonly why: 'silent' | 'no-address' | 'waits' | 'other-share' | 'twice'
  /** Who and why in a sentence. */
  readonly detail: string
}

/** The books of one process, or the sum of those of several. */
export interface BooksRows {
  /** Ascending by hour, then device. */
  readonly rows: readonly BooksRow[]
  /**
   * The processes whose books are not in the rows; empty when all are. As long as there is one,
   * nobody can tell whether the books close.
   */
  readonly missing: readonly MissingProcess[]
}

export interface Books {
  /** Rows whose hour starts in the window. */
  rows(window: Window, device?: string): Promise<BooksRows>
}
