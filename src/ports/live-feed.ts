import type { OriginName } from '../domain/flag.js'
import type { AppendOutcome, SeriesId } from '../domain/observation.js'

/** One observation that has just been stored. */
export interface LiveObservation {
  readonly series: SeriesId
  readonly atMs: number
  /** null when missing. */
  readonly value: number | null
  /** By the tests that look at the value alone; what stands beside it may change it, then and later. */
  readonly flag: number
  readonly origin: OriginName
  readonly outcome: AppendOutcome
}

/** What one projected batch changed; `id` is the journal position after it, ascending. */
export interface LiveEvent {
  readonly id: number
  readonly observations: readonly LiveObservation[]
  readonly refused: number
}

/** Follows the projection: each event is seen once, after it is durable. */
export interface LiveFeed {
  /** Calls the listener for each later event; returns how to stop. The listener must not block. */
  subscribe(listener: (event: LiveEvent) => void): () => void
  /** Events after `id` that are still remembered, oldest first; null when some have been forgotten. */
  since(id: number): readonly LiveEvent[] | null
}
