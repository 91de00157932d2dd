import { MINUTE_MS, SECOND_MS } from '../../src/domain/time.js'
import type { ProjectionBatch } from '../../src/ports/series-store.js'
import { projectionBatch, START_MS } from '../contract/series-store/batch.js'

export const TRIAL_ENTRIES = 10
/** Per entry: this many new observations, one repeated, one revised, one refused. */
export const NEW_ROWS = 40
export const TRIAL_SERIES = ['A.flow', 'B.flow'] as const

/** What entries `firstSeq` to `firstSeq + 9` bring about; the same whenever it is asked. */
export function trialBatch(firstSeq: number): ProjectionBatch {
  return projectionBatch(
    firstSeq,
    Array.from({ length: TRIAL_ENTRIES }, (_, index) => {
      const seq = firstSeq + index
      const rows = Array.from({ length: NEW_ROWS }, (_, row) => ({
        series: TRIAL_SERIES[row % 2] ?? '',
        atMs: atMs(seq, row),
        value: seq,
        rank: 1,
      }))
      // The entry before gave row 0 the value seq − 1 and row 1 too; entry 1 has none before it.
      const repeated = { series: 'A.flow', atMs: atMs(seq - 1, 0), value: seq - 1, rank: 1 }
      const revised = { series: 'B.flow', atMs: atMs(seq - 1, 1), value: -seq, rank: 2 }
      return {
        device: `D-0${seq % 3}`,
        arrivalMs: START_MS + seq * SECOND_MS,
        newestAtMs: START_MS,
        keptAtMs: START_MS,
        rows: seq === 1 ? rows : [...rows, repeated, revised],
        refusals: [{ index: NEW_ROWS, payload: new Uint8Array([seq % 256, 1, 2]) }],
      }
    }),
  )
}

function atMs(seq: number, row: number): number {
  return START_MS + seq * MINUTE_MS + Math.floor(row / 2) * SECOND_MS
}
