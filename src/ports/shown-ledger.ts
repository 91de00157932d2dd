import type { RefusalCode } from '../domain/fault.js'
import type { SeriesId } from '../domain/observation.js'
import type { ImportedLabResult } from '../domain/laboratory/lab-result.js'
import type { Mark } from '../domain/qc/mark.js'
import type { AssessmentVersion } from '../domain/scheme/kept-assessment.js'
import type { SequenceGaps } from '../domain/sequence-gaps.js'
import type { Window } from '../domain/time.js'
import type { MissingProcess } from './books.js'
import type { DeviceState, RefusalRow } from './ledger.js'

export interface RefusalPageQuery {
  /** The `next` of the page before; absent: from the newest. */
  readonly cursor?: string
  readonly limit: number
  readonly code?: RefusalCode
  readonly device?: string
}

export interface ShownRefusal extends Omit<RefusalRow, 'payload'> {
  /** The first bytes of the message. */
  readonly shown: Uint8Array
}

export interface RefusalPage {
  /** Newest first. */
  readonly items: readonly ShownRefusal[]
  /** Cursor of the next page; null on the last. */
  readonly next: string | null
  /** Refusals since the beginning, by code. */
  readonly counts: ReadonlyMap<RefusalCode, number>
  /** Processes whose refusals are not in, as in BooksRows. */
  readonly missing: readonly MissingProcess[]
}

export interface ShownDevice extends DeviceState {
  /** Of the 30 days up to its newest numbered message; null: it does not number them. */
  readonly sequence: SequenceGaps | null
}

export interface HeardDevices {
  /** Devices that have been heard of. */
  readonly states: readonly ShownDevice[]
  /** Whether nobody can tell how a device is doing, because its process does not answer. */
  readonly isUnknown: (device: string) => boolean
}

export interface ShownMarks {
  /** Ascending by the time of marking. */
  readonly items: readonly Mark[]
  /** Processes whose marks are not in. */
  readonly missing: readonly MissingProcess[]
}

export interface ShownLabResults {
  /** Of each sample's parameters the one that counts; by section, time, sample and parameter. */
  readonly items: readonly ImportedLabResult[]
  /** Processes whose results are not in. */
  readonly missing: readonly MissingProcess[]
}

export interface ShownAssessments {
  /** Newest first. */
  readonly items: readonly AssessmentVersion[]
  /** Processes whose assessments are not in. */
  readonly missing: readonly MissingProcess[]
}

/** What the API shows of the ledger: of one process, or of several together. */
export interface ShownLedger {
  /** null when the cursor is none of this ledger's. */
  refusals(query: RefusalPageQuery): Promise<RefusalPage | null>
  /** The whole bytes of a refused message; null when there is none with that id. */
  refusedPayload(id: number): Promise<Uint8Array | null>
  devices(): Promise<HeardDevices>
  /** @param series absent: of all */
  marks(series?: SeriesId): Promise<ShownMarks>
  labResults(window: Window): Promise<ShownLabResults>
  assessments(): Promise<ShownAssessments>
  /** The JSON of a kept assessment as it was sealed; null when there is none with that id. */
  assessmentDocument(id: number): Promise<string | null>
}
