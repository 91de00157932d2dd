import { describe, expect, test } from 'vitest'
import { ORIGIN } from '../../../src/domain/flag.js'
import { OUTCOME } from '../../../src/domain/observation.js'
import { rowsBatch, START_MS } from './batch.js'
import type { Subject } from './subject.js'
import { ALWAYS } from './subject.js'

const { duplicate } = OUTCOME

export function revisionPromises(subject: Subject): void {
  describe('revisions', () => {
    const key = { series: 'L-01.level', atMs: START_MS }

    test('the higher rank is current, whichever came first, and both stay readable', async () => {
      await subject.store.append(
        rowsBatch(1, [
          { ...key, value: 1, rank: 7 },
          { ...key, atMs: START_MS + 1, value: 1, rank: 6 },
        ]),
      )
      await subject.store.append(
        rowsBatch(2, [
          { ...key, value: 2, rank: 6, origin: ORIGIN.arrivalStamped },
          { ...key, atMs: START_MS + 1, value: 2, rank: 7, origin: ORIGIN.arrivalStamped },
        ]),
      )
      const read = await subject.store.read(key.series, ALWAYS)
      expect([...read.values]).toEqual([1, 2])
      expect([...read.origins]).toEqual([0, 4])
      expect(await subject.store.revisions(key.series, ALWAYS)).toEqual([
        { atMs: START_MS, value: 1, rank: 7, origin: 0, seq: 1, current: true },
        { atMs: START_MS, value: 2, rank: 6, origin: 4, seq: 2, current: false },
        { atMs: START_MS + 1, value: 2, rank: 7, origin: 4, seq: 2, current: true },
        { atMs: START_MS + 1, value: 1, rank: 6, origin: 0, seq: 1, current: false },
      ])
    })

    test('what a device sent stays current whatever rank an import has, whichever came first', async () => {
      const sent = { ...key, value: 1, rank: 6 }
      const imported = { ...key, value: 2, rank: 7, origin: ORIGIN.imported }
      await subject.store.append(rowsBatch(1, [sent, { ...imported, atMs: START_MS + 1 }]))
      await subject.store.append(rowsBatch(2, [imported, { ...sent, atMs: START_MS + 1 }]))
      const read = await subject.store.read(key.series, ALWAYS)
      expect([...read.values]).toEqual([1, 1])
      expect([...read.origins]).toEqual([ORIGIN.measured, ORIGIN.measured])
    })

    test('without ranks a value beats a missing one, whichever came first', async () => {
      await subject.store.append(
        rowsBatch(1, [
          { ...key, value: null },
          { ...key, atMs: START_MS + 1, value: 5 },
        ]),
      )
      await subject.store.append(
        rowsBatch(2, [
          { ...key, value: 5 },
          { ...key, atMs: START_MS + 1, value: null },
        ]),
      )
      const read = await subject.store.read(key.series, ALWAYS)
      expect([...read.values]).toEqual([5, 5])
      expect([...read.flags]).toEqual([1, 1])
      const revisions = await subject.store.revisions(key.series, ALWAYS)
      expect(revisions.map(({ value, rank, current }) => ({ value, rank, current }))).toEqual([
        { value: 5, rank: -Infinity, current: true },
        { value: null, rank: -Infinity, current: false },
        { value: 5, rank: -Infinity, current: true },
        { value: null, rank: -Infinity, current: false },
      ])
    })

    test('a repetition with a higher rank brings a superseded value back', async () => {
      await subject.store.append(rowsBatch(1, [{ ...key, value: 1, rank: 1 }]))
      await subject.store.append(rowsBatch(2, [{ ...key, value: 2, rank: 2, flag: 3 }]))
      const outcomes = await subject.store.append(rowsBatch(3, [{ ...key, value: 1, rank: 3 }]))
      expect([...outcomes]).toEqual([duplicate])
      expect([...(await subject.store.read(key.series, ALWAYS)).values]).toEqual([1])
      expect(await subject.store.revisions(key.series, ALWAYS)).toEqual([
        { atMs: START_MS, value: 1, rank: 3, origin: 0, seq: 1, current: true },
        { atMs: START_MS, value: 2, rank: 2, origin: 0, seq: 2, current: false },
      ])
    })

    test('a repetition with a lower rank changes nothing', async () => {
      await subject.store.append(rowsBatch(1, [{ ...key, value: 1, rank: 5 }]))
      await subject.store.append(rowsBatch(2, [{ ...key, value: 1, rank: 2, origin: 3, flag: 4 }]))
      await subject.store.append(rowsBatch(3, [{ ...key, value: 2, rank: 4 }]))
      const read = await subject.store.read(key.series, ALWAYS)
      expect([[...read.values], [...read.origins], [...read.flags]]).toEqual([[1], [0], [1]])
    })

    test('of equal rows the one with the worse flag is kept, whichever came first', async () => {
      await subject.store.append(
        rowsBatch(1, [
          { ...key, value: 1, flag: 2 },
          { ...key, atMs: START_MS + 1, value: 1, flag: 3 },
        ]),
      )
      await subject.store.append(
        rowsBatch(2, [
          { ...key, value: 1, flag: 3 },
          { ...key, atMs: START_MS + 1, value: 1, flag: 2 },
        ]),
      )
      expect([...(await subject.store.read(key.series, ALWAYS)).flags]).toEqual([3, 3])
    })

    test('a key with one value has no revisions; the window is half-open', async () => {
      const rows = [0, 1, 2].map((step) => ({ ...key, atMs: START_MS + step, value: 1 }))
      await subject.store.append(rowsBatch(1, rows))
      expect(await subject.store.revisions(key.series, ALWAYS)).toEqual([])
      await subject.store.append(
        rowsBatch(
          2,
          rows.map((row) => ({ ...row, value: 2 })),
        ),
      )
      const window = { fromMs: START_MS + 1, toMs: START_MS + 2 }
      const revisions = await subject.store.revisions(key.series, window)
      expect(revisions.map(({ atMs }) => atMs)).toEqual([START_MS + 1, START_MS + 1])
    })
  })
}
