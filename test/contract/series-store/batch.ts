import type { RefusalCode } from '../../../src/domain/fault.js'
import type { ObservationColumns } from '../../../src/domain/observation.js'
import type {
  ProjectedEntry,
  ProjectionBatch,
  RefusedItem,
} from '../../../src/ports/series-store.js'

/** 2026-06-01T00:00:00Z, when nothing that a test does not mention happens. */
export const START_MS = Date.UTC(2026, 5, 1)

/** One observation as a test writes it; what it leaves out is good, measured, an instant, unranked. */
export interface RowDraft {
  readonly series: string
  readonly atMs: number
  /** null is missing and gets flag 9. */
  readonly value: number | null
  readonly spanMs?: number
  readonly flag?: number
  readonly tests?: number
  readonly origin?: number
  readonly rank?: number
}

export interface RefusalDraft {
  /** null: the whole message. */
  readonly index: number | null
  readonly code?: RefusalCode
  readonly reason?: string
  readonly topic?: string
  readonly payload?: Uint8Array
}

/** One journal entry with all that it brings about. */
export interface EntryDraft {
  readonly device?: string
  readonly arrivalMs?: number
  readonly outcome?: ProjectedEntry['outcome']
  readonly newestAtMs?: number | null
  readonly keptAtMs?: number | null
  readonly state?: ProjectedEntry['state']
  readonly sender?: ProjectedEntry['sender']
  readonly numbered?: ProjectedEntry['numbered']
  readonly rows?: readonly RowDraft[]
  readonly refusals?: readonly RefusalDraft[]
}

/** A batch of consecutive entries from `firstSeq` on. */
export function projectionBatch(firstSeq: number, drafts: readonly EntryDraft[]): ProjectionBatch {
  const entries: ProjectedEntry[] = []
  const refusals: RefusedItem[] = []
  const rows: { draft: RowDraft; entry: number }[] = []
  for (const [entry, draft] of drafts.entries()) {
    const seq = firstSeq + entry
    const device = draft.device ?? 'D-01'
    const arrivalMs = draft.arrivalMs ?? START_MS
    const refused = draft.refusals ?? []
    for (const row of draft.rows ?? []) rows.push({ draft: row, entry })
    for (const refusal of refused) {
      refusals.push({
        seq,
        index: refusal.index,
        device,
        topic: refusal.topic ?? `rl/v1/testcity/${device}/up`,
        arrivalMs,
        code: refusal.code ?? 'record_invalid',
        reason: refusal.reason ?? 'the record has no value',
        payload: refusal.payload ?? new Uint8Array([123, 125]),
      })
    }
    entries.push({
      seq,
      device,
      arrivalMs,
      outcome: draft.outcome ?? 'projected',
      decoded:
        (draft.rows ?? []).length + refused.filter((refusal) => refusal.index !== null).length,
      newestAtMs: draft.newestAtMs ?? null,
      keptAtMs: draft.keptAtMs ?? null,
      state: draft.state ?? null,
      numbered: draft.numbered ?? null,
      ...(draft.sender === undefined ? {} : { sender: draft.sender }),
      topic: `rl/v1/testcity/${device}/up`,
      payload: new Uint8Array([seq % 256]),
    })
  }
  return { entries, refusals, observations: columns(rows) }
}

/** One entry with these rows: what most tests need. */
export function rowsBatch(seq: number, rows: readonly RowDraft[]): ProjectionBatch {
  return projectionBatch(seq, [{ rows }])
}

function columns(
  rows: readonly { readonly draft: RowDraft; readonly entry: number }[],
): ObservationColumns {
  const series = [...new Set(rows.map(({ draft }) => draft.series))]
  const position = new Map(series.map((id, index) => [id, index]))
  return {
    series,
    seriesIndex: Uint32Array.from(rows, ({ draft }) => position.get(draft.series) ?? 0),
    atMs: Float64Array.from(rows, ({ draft }) => draft.atMs),
    spanMs: Float64Array.from(rows, ({ draft }) => draft.spanMs ?? 0),
    values: Float64Array.from(rows, ({ draft }) => draft.value ?? Number.NaN),
    flags: Uint8Array.from(rows, ({ draft }) => (draft.value === null ? 9 : (draft.flag ?? 1))),
    tests: Uint16Array.from(rows, ({ draft }) => draft.tests ?? 0),
    origins: Uint8Array.from(rows, ({ draft }) => draft.origin ?? 0),
    ranks: Float64Array.from(rows, ({ draft }) => draft.rank ?? -Infinity),
    entryIndex: Uint32Array.from(rows, ({ entry }) => entry),
  }
}
