import { describe, expect, test } from 'vitest'
import { DAY_MS } from '../../../src/domain/time.js'
import { rowsBatch, START_MS } from './batch.js'
import type { Subject } from './subject.js'

export function latestPromises(subject: Subject): void {
  describe('latest', () => {
    test('the newest observation of each series, in the order asked, without those that have none', async () => {
      await subject.store.append(
        rowsBatch(1, [
          { series: 'A.flow', atMs: START_MS + 2, value: 2, flag: 3, origin: 4 },
          { series: 'A.flow', atMs: START_MS + 1, value: 1 },
          { series: 'B.flow', atMs: START_MS - 30 * DAY_MS, value: 8 },
          { series: 'C.flow', atMs: START_MS, value: null },
        ]),
      )
      const expected = [
        { series: 'C.flow', atMs: START_MS, value: null, flag: 9, origin: 0 },
        { series: 'B.flow', atMs: START_MS - 30 * DAY_MS, value: 8, flag: 1, origin: 0 },
        { series: 'A.flow', atMs: START_MS + 2, value: 2, flag: 3, origin: 4 },
      ]
      const asked = ['C.flow', 'nobody', 'B.flow', 'A.flow']
      expect(await subject.store.latest(asked)).toEqual(expected)
      await subject.reopen()
      expect(await subject.store.latest(asked)).toEqual(expected)
    })

    test('late data leaves it, a revision of the newest observation changes it', async () => {
      const series = 'A.flow'
      await subject.store.append(rowsBatch(1, [{ series, atMs: START_MS, value: 1, rank: 1 }]))
      await subject.store.append(
        rowsBatch(2, [{ series, atMs: START_MS - DAY_MS, value: 5, rank: 9 }]),
      )
      expect((await subject.store.latest([series]))[0]?.value).toBe(1)
      await subject.store.append(rowsBatch(3, [{ series, atMs: START_MS, value: 2, rank: 2 }]))
      expect((await subject.store.latest([series]))[0]?.value).toBe(2)
      await subject.store.append(rowsBatch(4, [{ series, atMs: START_MS, value: 3, rank: 1 }]))
      expect((await subject.store.latest([series]))[0]?.value).toBe(2)
      await subject.reopen()
      expect((await subject.store.latest([series]))[0]?.value).toBe(2)
    })
  })
}
