import { describe, expect, test } from 'vitest'
import { HOUR_MS } from '../../../src/domain/time.js'
import { projectionBatch, START_MS } from './batch.js'
import type { Subject } from './subject.js'
import { ALWAYS } from './subject.js'

export function bookPromises(subject: Subject): void {
  describe('books', () => {
    test('count messages and observations per device and hour of arrival, and close', async () => {
      const key = { series: 'A.flow', atMs: START_MS }
      await subject.store.append(
        projectionBatch(1, [
          { device: 'D-02', rows: [{ ...key, value: 1 }] },
          {
            device: 'D-01',
            rows: [
              { ...key, value: 1 },
              { ...key, value: 2 },
              { ...key, atMs: START_MS + 1, value: 2 },
            ],
            refusals: [{ index: 3 }, { index: 4 }],
          },
          { device: 'D-01', outcome: 'refused', refusals: [{ index: null }] },
          { device: '', outcome: 'none' },
          { device: 'D-01', arrivalMs: START_MS + HOUR_MS - 1 },
          { device: 'D-01', arrivalMs: START_MS + HOUR_MS, rows: [{ ...key, value: 2 }] },
        ]),
      )
      await subject.store.append(projectionBatch(7, [{ rows: [{ ...key, value: 3 }] }]))
      const nothing = {
        projected: 0,
        refused: 0,
        decoded: 0,
        inserted: 0,
        duplicate: 0,
        revised: 0,
        observationsRefused: 0,
      }
      const expected = [
        {
          ...nothing,
          device: 'D-01',
          hourMs: START_MS,
          projected: 3,
          refused: 1,
          decoded: 6,
          inserted: 1,
          duplicate: 1,
          revised: 2,
          observationsRefused: 2,
        },
        {
          ...nothing,
          device: 'D-02',
          hourMs: START_MS,
          projected: 1,
          decoded: 1,
          inserted: 1,
        },
        {
          ...nothing,
          device: 'D-01',
          hourMs: START_MS + HOUR_MS,
          projected: 1,
          decoded: 1,
          duplicate: 1,
        },
      ]
      expect((await subject.ledger.books(ALWAYS)).rows).toEqual(expected)
      expect((await subject.ledger.books(ALWAYS, 'D-02')).rows).toEqual([expected[1]])
      const secondHour = { fromMs: START_MS + 1, toMs: START_MS + HOUR_MS + 1 }
      expect((await subject.ledger.books(secondHour)).rows).toEqual([expected[2]])
      const firstHour = { fromMs: START_MS, toMs: START_MS + HOUR_MS }
      expect((await subject.ledger.books(firstHour)).rows).toEqual(expected.slice(0, 2))
      await subject.reopen()
      expect((await subject.ledger.books(ALWAYS)).rows).toEqual(expected)
    })
  })
}
