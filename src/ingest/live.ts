import { originName } from '../domain/flag.js'
import type { AppendOutcome } from '../domain/observation.js'
import type { LiveEvent, LiveFeed, LiveObservation } from '../ports/live-feed.js'
import type { ProjectionBatch } from '../ports/series-store.js'

/** Batches remembered for clients that come back; older ones are read from the store. */
const REMEMBERED_EVENTS = 256
/** A backlog's batch is cut to its newest rows: a page wants to know that something changed. */
const OBSERVATIONS_PER_EVENT = 500

export interface Live extends LiveFeed {
  publish(batch: ProjectionBatch, outcomes: Uint8Array): void
}

/**
 * Tells listeners what each projected batch changed, and remembers the newest batches.
 *
 * @param position where the projection stands: what came before was told by an earlier process
 */
export function openLive(position: number): Live {
  const listeners = new Set<(event: LiveEvent) => void>()
  const remembered: LiveEvent[] = []
  let forgottenId = position

  return {
    publish(batch, outcomes) {
      const event = liveEvent(batch, outcomes)
      remembered.push(event)
      if (remembered.length > REMEMBERED_EVENTS) forgottenId = remembered.shift()?.id ?? forgottenId
      for (const listener of listeners) listener(event)
    },
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    since(id) {
      if (id < forgottenId) return null
      return remembered.filter((event) => event.id > id)
    },
  }
}

function liveEvent(batch: ProjectionBatch, outcomes: Uint8Array): LiveEvent {
  const rows = batch.observations
  const observations: LiveObservation[] = []
  const first = Math.max(0, rows.atMs.length - OBSERVATIONS_PER_EVENT)
  for (let row = first; row < rows.atMs.length; row++) {
    const value = rows.values[row] ?? Number.NaN
    observations.push({
      series: rows.series[rows.seriesIndex[row] ?? 0] ?? '',
      atMs: rows.atMs[row] ?? 0,
      value: Number.isNaN(value) ? null : value,
      flag: rows.flags[row] ?? 0,
      origin: originName(rows.origins[row] ?? 0),
      outcome: (outcomes[row] ?? 0) as AppendOutcome,
    })
  }
  return {
    id: batch.entries.at(-1)?.seq ?? 0,
    observations,
    refused: batch.refusals.length,
  }
}
