import { expect, test } from 'vitest'
import { bookAdditions } from '../../../../../src/adapters/duckdb/books.js'
import { OUTCOME } from '../../../../../src/domain/observation.js'
import { HOUR_MS } from '../../../../../src/domain/time.js'
import { projectionBatch, START_MS } from '../../../../contract/series-store/batch.js'

const row = { series: 'A', atMs: START_MS, value: 1 }

test('a batch adds per device and hour of arrival; observations follow their entry', () => {
  const batch = projectionBatch(1, [
    { device: 'D-01', rows: [row, row, row], refusals: [{ index: 3 }, { index: null }] },
    { device: 'D-02', rows: [row, row] },
    { device: 'D-01', outcome: 'refused', refusals: [{ index: null }] },
    { device: 'D-01', arrivalMs: START_MS + HOUR_MS },
    { device: '', outcome: 'none' },
  ])
  const { inserted, duplicate, revised, refused } = OUTCOME
  const additions = bookAdditions(
    batch,
    new Uint8Array([inserted, duplicate, refused, revised, revised]),
  )
  const nothing = { inserted: 0, duplicate: 0, revised: 0, observationsRefused: 0 }
  expect(additions).toEqual([
    {
      device: 'D-01',
      hourMs: START_MS,
      projected: 1,
      refused: 1,
      decoded: 4,
      inserted: 1,
      duplicate: 1,
      revised: 0,
      observationsRefused: 2,
    },
    {
      ...nothing,
      device: 'D-02',
      hourMs: START_MS,
      projected: 1,
      refused: 0,
      decoded: 2,
      revised: 2,
    },
    {
      ...nothing,
      device: 'D-01',
      hourMs: START_MS + HOUR_MS,
      projected: 1,
      refused: 0,
      decoded: 0,
    },
  ])
})
