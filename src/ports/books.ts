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

export interface Books {
  /** Rows whose hour starts in the window, ascending by hour, then device. */
  rows(window: Window, device?: string): Promise<readonly BooksRow[]>
}
