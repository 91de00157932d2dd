import { describe, expect, test } from 'vitest'
import { HOUR_MS } from '../../../src/domain/time.js'
import { rowsBatch, START_MS } from './batch.js'
import type { Subject } from './subject.js'

export function stepPromises(subject: Subject): void {
  describe('steps', () => {
    const window = { fromMs: START_MS, toMs: START_MS + HOUR_MS }

    test('an instant on a step’s start belongs to it, one on the window’s end is outside', async () => {
      const at = [-1, 0, 600_000 - 1, 600_000, HOUR_MS - 1, HOUR_MS]
      await subject.store.append(
        rowsBatch(
          1,
          at.map((offset) => ({ series: 'L.level', atMs: START_MS + offset, value: 1 })),
        ),
      )
      const [steps] = await subject.store.aggregate(['L.level'], window, 600_000)
      expect([...(steps?.fromMs ?? [])]).toEqual([START_MS, START_MS + 600_000, START_MS + 3e6])
      expect([...(steps?.counts ?? [])]).toEqual([2, 1, 1])
    })

    test('a total on a step’s start belongs to the step before, one on the window’s end is inside', async () => {
      const at = [0, 1, 600_000, 600_000 + 1, HOUR_MS, HOUR_MS + 1]
      await subject.store.append(
        rowsBatch(
          1,
          at.map((offset) => ({
            series: 'R.rain',
            atMs: START_MS + offset,
            value: 1,
            spanMs: 300_000,
          })),
        ),
      )
      const [steps] = await subject.store.aggregate(['R.rain'], window, 600_000)
      expect([...(steps?.fromMs ?? [])]).toEqual([START_MS, START_MS + 600_000, START_MS + 3e6])
      expect([...(steps?.counts ?? [])]).toEqual([2, 1, 1])
    })

    test('steps count from the window’s start, and the last may be short', async () => {
      const at = [5, 14, 15, 24, 25, 29]
      await subject.store.append(
        rowsBatch(
          1,
          at.map((offset) => ({ series: 'L.level', atMs: START_MS + offset, value: offset })),
        ),
      )
      const odd = { fromMs: START_MS + 5, toMs: START_MS + 29 }
      const [steps] = await subject.store.aggregate(['L.level'], odd, 10)
      expect(steps).toEqual({
        series: 'L.level',
        fromMs: new Float64Array([START_MS + 5, START_MS + 15, START_MS + 25]),
        counts: new Uint32Array([2, 2, 1]),
        sums: new Float64Array([19, 39, 25]),
        minima: new Float64Array([5, 15, 25]),
        maxima: new Float64Array([14, 24, 25]),
        flags: new Uint8Array([1, 1, 1]),
      })
    })

    test('a thousand tenths are exactly a hundred, in any order beside large values', async () => {
      const tenths = Array.from({ length: 1000 }, () => 0.1)
      const mixed = [1e9, ...tenths, -1e9]
      const row = (series: string) => (value: number, index: number) => ({
        series,
        atMs: START_MS + index * 1000,
        value,
      })
      await subject.store.append(
        rowsBatch(1, [
          ...tenths.map(row('A.flow')),
          ...mixed.map(row('B.flow')),
          ...[...mixed].reverse().map(row('C.flow')),
        ]),
      )
      const steps = await subject.store.aggregate(['A.flow', 'B.flow', 'C.flow'], window, HOUR_MS)
      expect(steps.map((step) => step.sums[0])).toEqual([100, 100, 100])
    })

    test('values are summed to nine decimals', async () => {
      await subject.store.append(
        rowsBatch(1, [
          { series: 'A.flow', atMs: START_MS, value: 0.1 },
          { series: 'A.flow', atMs: START_MS + 1, value: 0.2 },
          { series: 'B.flow', atMs: START_MS, value: 0.0000000014 },
          { series: 'B.flow', atMs: START_MS + 1, value: 0.0000000014 },
        ]),
      )
      const steps = await subject.store.aggregate(['A.flow', 'B.flow'], window, HOUR_MS)
      expect(steps.map((step) => step.sums[0])).toEqual([0.3, 0.000000002])
    })

    test('a sum with a value beyond any quantity is NaN and spoils nothing else', async () => {
      await subject.store.append(
        rowsBatch(1, [
          { series: 'A.flow', atMs: START_MS, value: 1e300 },
          { series: 'A.flow', atMs: START_MS + 600_000, value: 2 },
        ]),
      )
      const [steps] = await subject.store.aggregate(['A.flow'], window, 600_000)
      expect([...(steps?.sums ?? [])]).toEqual([Number.NaN, 2])
      expect([...(steps?.maxima ?? [])]).toEqual([1e300, 2])
    })

    test('failed and missing observations count in no sum; the worst flag is shown', async () => {
      const flags = [
        [1, 9],
        [2, 1],
        [1, 3],
        [3, 4, 1],
        [9, 9],
        [4, 9],
      ]
      const rows = flags.flatMap((inStep, step) =>
        inStep.map((flag, index) => ({
          series: 'L.level',
          atMs: START_MS + step * 600_000 + index,
          value: flag === 9 ? null : 10 * flag,
          flag,
        })),
      )
      await subject.store.append(rowsBatch(1, rows))
      const [steps] = await subject.store.aggregate(['L.level'], window, 600_000)
      expect([...(steps?.counts ?? [])]).toEqual([1, 2, 2, 2, 0, 0])
      expect([...(steps?.sums ?? [])]).toEqual([10, 30, 40, 40, 0, 0])
      expect([...(steps?.minima ?? [])]).toEqual([10, 10, 10, 10, Number.NaN, Number.NaN])
      expect([...(steps?.maxima ?? [])]).toEqual([10, 20, 30, 30, Number.NaN, Number.NaN])
      expect([...(steps?.flags ?? [])]).toEqual([1, 1, 3, 4, 9, 4])
    })

    test('every series asked for is answered, in the order asked; a dry step is left out', async () => {
      await subject.store.append(
        rowsBatch(1, [
          { series: 'B.flow', atMs: START_MS, value: 1 },
          { series: 'A.flow', atMs: START_MS + 1_200_000, value: 2 },
          { series: 'A.flow', atMs: START_MS, value: 3 },
        ]),
      )
      const asked = ['nobody', 'B.flow', 'A.flow']
      const steps = await subject.store.aggregate(asked, window, 600_000)
      expect(steps.map(({ series, sums }) => [series, ...sums])).toEqual([
        ['nobody'],
        ['B.flow', 1],
        ['A.flow', 3, 2],
      ])
      expect(await subject.store.aggregate([], window, 600_000)).toEqual([])
    })

    test('only the current value of a revised key is aggregated', async () => {
      const key = { series: 'A.flow', atMs: START_MS }
      await subject.store.append(rowsBatch(1, [{ ...key, value: 1, rank: 1 }]))
      await subject.store.append(rowsBatch(2, [{ ...key, value: 40, rank: 2 }]))
      await subject.store.append(rowsBatch(3, [{ ...key, value: 3, rank: 0 }]))
      const [steps] = await subject.store.aggregate(['A.flow'], window, HOUR_MS)
      expect([steps?.counts[0], steps?.sums[0]]).toEqual([1, 40])
    })
  })
}
