import { describe, expect, test } from 'vitest'
import { OUTCOME } from '../../../src/domain/observation.js'
import { MINUTE_MS } from '../../../src/domain/time.js'
import { rowsBatch, START_MS } from './batch.js'
import type { Subject } from './subject.js'
import { ALWAYS } from './subject.js'

const { inserted, duplicate, revised } = OUTCOME

export function rowPromises(subject: Subject): void {
  describe('rows', () => {
    test('an observation is inserted, its repetition is a duplicate, another value is a revision', async () => {
      const at = START_MS
      const first = await subject.store.append(
        rowsBatch(1, [
          { series: 'FL-01.flow', atMs: at, value: 1.5 },
          { series: 'FL-02.flow', atMs: at, value: 1.5 },
          { series: 'FL-01.flow', atMs: at, value: 1.5 },
          { series: 'FL-01.flow', atMs: at, value: 1.25 },
          { series: 'FL-01.flow', atMs: at + 1, value: 1.5 },
        ]),
      )
      expect([...first]).toEqual([inserted, inserted, duplicate, revised, inserted])
      const second = await subject.store.append(
        rowsBatch(2, [
          { series: 'FL-01.flow', atMs: at - 1, value: 1.5 },
          { series: 'FL-01.flow', atMs: at, value: 1.25 },
          { series: 'FL-02.flow', atMs: at, value: 7 },
          { series: 'FL-02.flow', atMs: at, value: null },
          { series: 'FL-02.flow', atMs: at, value: null },
          { series: 'FL-03.flow', atMs: at, value: null },
        ]),
      )
      expect([...second]).toEqual([inserted, duplicate, revised, revised, duplicate, inserted])
    })

    test('many windows are answered in the order asked, each as it would be alone', async () => {
      await subject.store.append(
        rowsBatch(
          1,
          ['RM-01', 'RM-02'].flatMap((device) =>
            [5, 0, 3, 1].map((minute) => ({
              series: `${device}.level`,
              atMs: START_MS + minute * MINUTE_MS,
              value: minute === 3 ? null : minute / 3,
              spanMs: minute,
            })),
          ),
        ),
      )
      const minutes = (series: string, from: number, to: number) => ({
        series,
        fromMs: START_MS + from * MINUTE_MS,
        toMs: START_MS + to * MINUTE_MS,
      })
      const asked = [
        minutes('RM-02.level', 1, 5),
        minutes('RM-01.level', 0, 6),
        minutes('RM-99.level', 0, 6),
        minutes('RM-02.level', 0, 1),
        minutes('RM-01.level', 2, 3),
      ]
      const together = await subject.store.readMany(asked)
      const alone = []
      for (const { series, ...window } of asked)
        alone.push(await subject.store.read(series, window))
      expect(together).toEqual(alone)
      expect(together.map(({ series, atMs }) => [series, atMs.length])).toEqual([
        ['RM-02.level', 2],
        ['RM-01.level', 4],
        ['RM-99.level', 0],
        ['RM-02.level', 1],
        ['RM-01.level', 0],
      ])
      expect(await subject.store.readMany([])).toEqual([])
    })

    test('rows come back ascending with all their columns, however they were given', async () => {
      await subject.store.append(
        rowsBatch(1, [
          { series: 'RG-01.rain', atMs: START_MS + 600_000, value: 0.2, spanMs: 300_000 },
          { series: 'RG-02.rain', atMs: START_MS, value: 9 },
          {
            series: 'RG-01.rain',
            atMs: START_MS,
            value: 1 / 3,
            flag: 3,
            tests: 257,
            origin: 4,
            spanMs: 60,
          },
        ]),
      )
      await subject.store.append(
        rowsBatch(2, [{ series: 'RG-01.rain', atMs: START_MS + 1, value: -1e-12, flag: 4 }]),
      )
      expect(await subject.store.read('RG-01.rain', ALWAYS)).toEqual({
        series: 'RG-01.rain',
        atMs: new Float64Array([START_MS, START_MS + 1, START_MS + 600_000]),
        spanMs: new Float64Array([60, 0, 300_000]),
        values: new Float64Array([1 / 3, -1e-12, 0.2]),
        flags: new Uint8Array([3, 4, 1]),
        tests: new Uint16Array([257, 0, 0]),
        origins: new Uint8Array([4, 0, 0]),
      })
    })

    test('a missing value is NaN with flag 9, and not zero', async () => {
      await subject.store.append(
        rowsBatch(1, [
          { series: 'L-01.level', atMs: START_MS, value: null },
          { series: 'L-01.level', atMs: START_MS + 1, value: 0 },
        ]),
      )
      const read = await subject.store.read('L-01.level', ALWAYS)
      expect(read.values).toEqual(new Float64Array([Number.NaN, 0]))
      expect(read.flags).toEqual(new Uint8Array([9, 1]))
    })

    test('minus zero is zero, also as a repetition', async () => {
      const outcomes = await subject.store.append(
        rowsBatch(1, [
          { series: 'V-01.velocity', atMs: START_MS, value: -0 },
          { series: 'V-01.velocity', atMs: START_MS, value: 0 },
        ]),
      )
      expect([...outcomes]).toEqual([inserted, duplicate])
      expect((await subject.store.read('V-01.velocity', ALWAYS)).values).toEqual(
        new Float64Array([0]),
      )
    })

    test('doubles come back bit by bit', async () => {
      const values = [0.1, 1e-300, 1.7976931348623157e308, -123456.789, 5e-324, 2 ** 53 + 2]
      await subject.store.append(
        rowsBatch(
          1,
          values.map((value, index) => ({ series: 'X.level', atMs: START_MS + index, value })),
        ),
      )
      expect([...(await subject.store.read('X.level', ALWAYS)).values]).toEqual(values)
    })

    test('series ids may hold any character', async () => {
      const ids = ['雨量站-01.雨量', `O'Brien "7", a=b`, 'back\\slash', 'a b', '100%']
      await subject.store.append(
        rowsBatch(
          1,
          ids.map((series, index) => ({ series, atMs: START_MS, value: index })),
        ),
      )
      for (const [index, series] of ids.entries()) {
        const read = await subject.store.read(series, ALWAYS)
        expect([series, ...read.values]).toEqual([series, index])
      }
      expect((await subject.store.latest(ids)).map((latest) => latest.series)).toEqual(ids)
    })

    test('a window holds its start and not its end', async () => {
      const at = [0, 1, 2, 3].map((step) => START_MS + step * MINUTE_MS)
      await subject.store.append(
        rowsBatch(
          1,
          at.map((atMs, value) => ({ series: 'S.level', atMs, value })),
        ),
      )
      const window = { fromMs: START_MS + MINUTE_MS, toMs: START_MS + 3 * MINUTE_MS }
      expect([...(await subject.store.read('S.level', window)).values]).toEqual([1, 2])
      const empty = { fromMs: window.fromMs, toMs: window.fromMs }
      expect((await subject.store.read('S.level', empty)).values.length).toBe(0)
    })

    test('an unknown series is empty columns everywhere', async () => {
      const read = await subject.store.read('nobody', ALWAYS)
      expect(read).toEqual({
        series: 'nobody',
        atMs: new Float64Array(),
        spanMs: new Float64Array(),
        values: new Float64Array(),
        flags: new Uint8Array(),
        tests: new Uint16Array(),
        origins: new Uint8Array(),
      })
      expect(await subject.store.latest(['nobody'])).toEqual([])
      expect(await subject.store.coverage(['nobody'], ALWAYS, 0)).toEqual([])
      expect(await subject.store.revisions('nobody', ALWAYS)).toEqual([])
    })

    test('tens of thousands of rows in one batch are all kept', async () => {
      const rows = Array.from({ length: 25_000 }, (_, index) => ({
        series: `S${index % 7}.flow`,
        atMs: START_MS + Math.floor(index / 7) * MINUTE_MS,
        value: index,
      }))
      const outcomes = await subject.store.append(rowsBatch(1, rows))
      expect(outcomes.length).toBe(25_000)
      expect(outcomes.every((outcome) => outcome === inserted)).toBe(true)
      const read = await subject.store.read('S3.flow', ALWAYS)
      expect([...read.values]).toEqual(
        rows.filter((row) => row.series === 'S3.flow').map((row) => row.value),
      )
    })
  })
}
