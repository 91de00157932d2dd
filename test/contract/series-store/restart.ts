import { describe, expect, test } from 'vitest'
import { OUTCOME } from '../../../src/domain/observation.js'
import { rowsBatch, START_MS } from './batch.js'
import type { Subject } from './subject.js'
import { ALWAYS } from './subject.js'

const { inserted, duplicate, revised } = OUTCOME

export function restartPromises(subject: Subject): void {
  describe('restart', () => {
    test('a restart changes nothing that can be read', async () => {
      const keys = [0, 1, 2].map((step) => ({ series: 'A.flow', atMs: START_MS + step }))
      await subject.store.append(
        rowsBatch(
          1,
          keys.map((key, value) => ({ ...key, value, tests: 7 })),
        ),
      )
      await subject.store.append(
        rowsBatch(
          2,
          keys.map((key, value) => ({ ...key, value: value + 1, rank: 3 })),
        ),
      )
      const everything = async (): Promise<unknown> => [
        await subject.store.read('A.flow', ALWAYS),
        await subject.store.revisions('A.flow', ALWAYS),
        await subject.store.aggregate(['A.flow'], { fromMs: START_MS, toMs: START_MS + 3 }, 2),
        await subject.store.coverage(['A.flow'], ALWAYS, 0),
        await subject.ledger.books(ALWAYS),
        await subject.ledger.devices(),
        await subject.ledger.position(),
      ]
      const before = await everything()
      await subject.reopen()
      expect(await everything()).toEqual(before)
      const outcomes = await subject.store.append(
        rowsBatch(3, [
          { series: 'A.flow', atMs: START_MS, value: 0 },
          { series: 'A.flow', atMs: START_MS, value: 2 },
          { series: 'A.flow', atMs: START_MS + 3, value: 2 },
        ]),
      )
      expect([...outcomes]).toEqual([duplicate, revised, inserted])
    })

    test('the journal first followed is remembered, whatever is asked later', async () => {
      expect(await subject.ledger.follow('first')).toBe('first')
      expect(await subject.ledger.follow('second')).toBe('first')
      await subject.reopen()
      expect(await subject.ledger.follow('second')).toBe('first')
    })

    test('closing twice is safe', async () => {
      await subject.store.close()
      await subject.store.close()
    })
  })
}
