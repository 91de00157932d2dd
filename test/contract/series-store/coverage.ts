import { describe, expect, test } from 'vitest'
import { DAY_MS, HOUR_MS } from '../../../src/domain/time.js'
import { rowsBatch, START_MS } from './batch.js'
import type { Subject } from './subject.js'
import { ALWAYS } from './subject.js'

export function coveragePromises(subject: Subject): void {
  describe('coverage', () => {
    test('counts by flag per series and day, days at the offset, days without rows left out', async () => {
      const noonMs = START_MS + 12 * HOUR_MS
      const rows = [1, 1, 2, 3, 4, 9].map((flag, index) => ({
        series: 'A.flow',
        atMs: noonMs + index,
        value: flag === 9 ? null : 1,
        flag,
      }))
      await subject.store.append(
        rowsBatch(1, [
          ...rows,
          { series: 'A.flow', atMs: noonMs + 2 * DAY_MS, value: 1 },
          { series: 'B.flow', atMs: noonMs, value: 1 },
        ]),
      )
      const offsetMs = 16 * HOUR_MS
      const day = {
        dayStartMs: START_MS - 8 * HOUR_MS,
        good: 1,
        notEvaluated: 0,
        suspect: 0,
        fail: 0,
        missing: 0,
      }
      const asked = ['B.flow', 'A.flow', 'nobody']
      expect(await subject.store.coverage(asked, ALWAYS, offsetMs)).toEqual([
        { ...day, series: 'B.flow' },
        {
          ...day,
          series: 'A.flow',
          good: 2,
          notEvaluated: 1,
          suspect: 1,
          fail: 1,
          missing: 1,
        },
        { ...day, series: 'A.flow', dayStartMs: START_MS - 8 * HOUR_MS + 2 * DAY_MS },
      ])
    })

    test('an instant at midnight opens its day, a total ending at midnight closes the day before', async () => {
      await subject.store.append(
        rowsBatch(1, [
          { series: 'I.level', atMs: START_MS, value: 1 },
          { series: 'I.level', atMs: START_MS + DAY_MS - 1, value: 1 },
          { series: 'I.level', atMs: START_MS + DAY_MS, value: 1 },
          { series: 'T.rain', atMs: START_MS, value: 1, spanMs: 300_000 },
          { series: 'T.rain', atMs: START_MS + 1, value: 1, spanMs: 300_000 },
          { series: 'T.rain', atMs: START_MS + DAY_MS, value: 1, spanMs: 300_000 },
        ]),
      )
      const perDay = async (toMs: number): Promise<unknown> =>
        (
          await subject.store.coverage(
            ['I.level', 'T.rain'],
            { fromMs: START_MS, toMs: START_MS + toMs },
            0,
          )
        ).map(({ series, dayStartMs, good }) => [series, (dayStartMs - START_MS) / DAY_MS, good])
      expect(await perDay(DAY_MS)).toEqual([
        ['I.level', 0, 2],
        ['T.rain', 0, 2],
      ])
      expect(await perDay(2 * DAY_MS)).toEqual([
        ['I.level', 0, 2],
        ['I.level', 1, 1],
        ['T.rain', 0, 2],
      ])
    })
  })
}
