import type { MarkFlag } from '../domain/qc/mark.js'
import type { SeriesId } from '../domain/observation.js'
import type { Window } from '../domain/time.js'

/** Who says something of observations, and why. */
interface Judgement {
  readonly series: SeriesId
  readonly person: string
  readonly reason: string
}

/** A flag for all values of a series in a window, those that come later included. */
export interface MarkDraft extends Judgement, Window {
  /** null gives the values back to the tests. */
  readonly flag: MarkFlag | null
}

/** Other values at times of a series, above whatever a device or a file says. */
export interface CorrectionDraft extends Judgement {
  readonly values: readonly CorrectedValue[]
}

export interface CorrectedValue {
  /** UTC epoch ms: the instant, or the end of the span. */
  readonly atMs: number
  /** Internal unit of the quantity, as the API gives values; null: there is none. */
  readonly value: number | null
}

/** The door for what a person says of observations: nothing is overwritten, all of it is journaled. */
export interface Judgements {
  /** Resolves with the journal entry once it is durable. Rejects with RangeError for a series the registry lacks. */
  mark(draft: MarkDraft): Promise<number>
  /** As `mark`. */
  correct(draft: CorrectionDraft): Promise<number>
}
