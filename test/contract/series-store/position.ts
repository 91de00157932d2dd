import { describe, expect, test } from 'vitest'
import { OUTCOME } from '../../../src/domain/observation.js'
import { projectionBatch, rowsBatch, START_MS } from './batch.js'
import type { Subject } from './subject.js'
import { ALWAYS } from './subject.js'

const { inserted, duplicate, revised } = OUTCOME

export function positionPromises(subject: Subject): void {
  describe('position', () => {
    test('stands at the last entry that has taken effect, also when nothing was stored', async () => {
      expect(await subject.ledger.position()).toBe(0)
      await subject.store.append(projectionBatch(1, [{ device: '', outcome: 'none' }, {}]))
      expect(await subject.ledger.position()).toBe(2)
      await subject.store.append(projectionBatch(10, [{}]))
      expect(await subject.ledger.position()).toBe(10)
      await subject.store.append(projectionBatch(11, []))
      expect(await subject.ledger.position()).toBe(10)
      await subject.reopen()
      expect(await subject.ledger.position()).toBe(10)
    })

    test('a batch at or before it throws and leaves everything as it was', async () => {
      const key = { series: 'A.flow', atMs: START_MS }
      await subject.store.append(projectionBatch(5, [{ rows: [{ ...key, value: 1 }] }]))
      const books = await subject.ledger.books(ALWAYS)
      for (const firstSeq of [4, 5]) {
        const stale = projectionBatch(firstSeq, [
          { rows: [{ ...key, value: 2 }], refusals: [{ index: 1 }] },
          { rows: [{ ...key, atMs: START_MS + 1, value: 2 }] },
        ])
        await expect(subject.store.append(stale)).rejects.toThrow('5')
      }
      expect(await subject.ledger.position()).toBe(5)
      expect(await subject.ledger.books(ALWAYS)).toEqual(books)
      expect(await subject.ledger.refusals({ limit: 9 })).toEqual([])
      expect([...(await subject.store.read('A.flow', ALWAYS)).values]).toEqual([1])
      await subject.store.append(projectionBatch(6, [{ rows: [{ ...key, value: 1 }] }]))
      expect(await subject.ledger.position()).toBe(6)
    })

    test('batches given at once take effect in the order given', async () => {
      const appends = Array.from({ length: 5 }, (_, index) =>
        subject.store.append(
          rowsBatch(index + 1, [{ series: 'A.flow', atMs: START_MS, value: index % 2 }]),
        ),
      )
      const outcomes = (await Promise.all(appends)).map((rows) => rows[0])
      expect(outcomes).toEqual([inserted, revised, duplicate, duplicate, duplicate])
      expect(await subject.ledger.position()).toBe(5)
    })
  })
}
