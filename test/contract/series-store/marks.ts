import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Mark } from '../../../src/domain/qc/mark.js'
import { qualitySettings } from '../../../src/domain/qc/quality-settings.js'
import { recordFlags } from '../../../src/domain/qc/record-flags.js'
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../../src/domain/time.js'
import { rowsBatch, START_MS, type RowDraft } from './batch.js'
import { judgedCity } from './judges.js'
import { ALWAYS, type Subject } from './subject.js'

const STEP_MS = 5 * MINUTE_MS
/** One that tests look at together with its neighbours, and one that no test looks at. */
const SERIES = ['spiky', 'flow'] as const

export function markPromises(subject: Subject): void {
  const mark = (more: Partial<Mark>): Mark => ({
    ...{ seq: 1, series: 'spiky', fromMs: START_MS, toMs: START_MS + HOUR_MS, flag: 4 },
    ...{ markedMs: START_MS, person: 'Li Wei', reason: 'the gauge was cleaned' },
    ...more,
  })
  const at = (series: string, step: number, value: number | null): RowDraft => ({
    ...{ series, atMs: START_MS + step * STEP_MS, value, flag: 2 },
  })
  const flags = async (series: string): Promise<readonly number[]> => [
    ...(await subject.store.read(series, ALWAYS)).flags,
  ]

  describe('marks', () => {
    test('lie on what stands there and on what comes later, and not beyond their window', async () => {
      const { judges, judgesUnder } = judgedCity('')
      const rows = [0, 1, 2, 3].map((step) => at('flow', step, 1))
      await subject.store.append({ ...rowsBatch(1, rows), judges })
      const marks = [
        mark({ series: 'flow', seq: 2, fromMs: START_MS + STEP_MS, toMs: START_MS + 3 * STEP_MS }),
      ]
      await subject.store.append({ ...rowsBatch(2, []), judges: judgesUnder(marks), marks })
      expect(await flags('flow')).toEqual([2, 4, 4, 2])
      expect([...(await subject.store.read('flow', ALWAYS)).tests]).toEqual([0, 32768, 32768, 0])
      await subject.reopen()
      const late = [{ ...at('flow', 2, 1), atMs: START_MS + 2 * STEP_MS + 1 }, at('flow', 1, null)]
      await subject.store.append({ ...rowsBatch(3, late), judges: judgesUnder(marks) })
      expect(await flags('flow')).toEqual([2, 4, 4, 4, 2])
      const day = { fromMs: START_MS, toMs: START_MS + DAY_MS }
      expect(await subject.store.coverage(['flow'], day, 0)).toMatchObject([{ fail: 3 }])
    })

    test('a value that is missing stays missing', async () => {
      const marks = [mark({ flag: 1 })]
      const { judgesUnder } = judgedCity('')
      const rows = [at('spiky', 0, null), at('spiky', 1, 2)]
      await subject.store.append({ ...rowsBatch(1, rows), judges: judgesUnder(marks), marks })
      expect(await flags('spiky')).toEqual([9, 1])
    })

    test('the later mark counts, and one without a flag gives values back to the tests', async () => {
      const { judges, judgesUnder } = judgedCity('')
      const rows = [0, 1, 2].map((step) => at('spiky', step, step === 1 ? 5 : 0))
      await subject.store.append({ ...rowsBatch(1, rows), judges })
      expect(await flags('spiky')).toEqual([2, 4, 2])
      const steps = [
        { flag: 1, markedMs: 10, expected: [1, 1, 1] },
        // Made before: found in the journal later.
        { flag: 3, markedMs: 5, expected: [1, 1, 1] },
        { flag: null, markedMs: 20, expected: [2, 4, 2] },
      ] as const
      const all: Mark[] = []
      for (const [index, { flag, markedMs, expected }] of steps.entries()) {
        const next = mark({ seq: index + 2, flag, markedMs })
        all.push(next)
        const batch = { ...rowsBatch(index + 2, []), judges: judgesUnder(all), marks: [next] }
        await subject.store.append(batch)
        expect(await flags('spiky')).toEqual(expected)
        expect((await subject.store.latest(['spiky']))[0]?.flag).toBe(expected[2])
      }
      await subject.reopen()
      expect(await subject.ledger.marks()).toEqual(all)
    })

    const turn = { run: 0, seq: 1 }
    const row = fc.record({
      series: fc.constantFrom(...SERIES),
      step: fc.integer({ min: 0, max: 30 }),
      value: fc.constantFrom(null, 0, 0, 1, 3, 8),
    })
    const drawn = fc.record({
      series: fc.constantFrom(...SERIES),
      from: fc.integer({ min: 0, max: 30 }),
      steps: fc.integer({ min: 1, max: 12 }),
      flag: fc.constantFrom(null, 1, 3, 4),
      markedMs: fc.nat(),
    })
    test('flags are those of the tests under the marks, whichever came first', async () => {
      const given = fc
        .tuple(
          fc.uniqueArray(row, { selector: ({ series, step }) => `${series}${step}`, minLength: 9 }),
          fc.uniqueArray(drawn, { selector: ({ markedMs }) => markedMs, maxLength: 8 }),
          fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 3, maxLength: 9 }),
        )
        .chain(([rows, marks, cuts]) => {
          const items = [...rows, ...marks]
          const { length } = items
          return fc.record({
            items: fc.shuffledSubarray(items, { minLength: length, maxLength: length }),
            cuts: fc.constant(cuts),
          })
        })
      await fc.assert(
        fc.asyncProperty(given, async ({ items, cuts }) => {
          const prefix = `marked${turn.run++}.`
          const { judgesUnder, sensors } = judgedCity(prefix)
          const rows: RowDraft[] = []
          const marks: Mark[] = []
          let from = 0
          for (const size of [...cuts, items.length]) {
            const part = items.slice(from, from + size)
            from += size
            if (part.length === 0) break
            const seq = turn.seq++
            const newRows = part.flatMap((item) =>
              'step' in item ? [at(prefix + item.series, item.step, item.value)] : [],
            )
            const newMarks = part.flatMap((item): Mark[] => {
              if ('step' in item) return []
              const fromMs = START_MS + item.from * STEP_MS
              const toMs = fromMs + item.steps * STEP_MS
              const { flag, markedMs } = item
              return [mark({ seq, series: prefix + item.series, fromMs, toMs, flag, markedMs })]
            })
            rows.push(...newRows)
            marks.push(...newMarks)
            const judges = judgesUnder(marks)
            await subject.store.append({ ...rowsBatch(seq, newRows), judges, marks: newMarks })
          }
          for (const name of SERIES) {
            const series = prefix + name
            const own = rows.filter((one) => one.series === series)
            const sorted = own.toSorted((a, b) => a.atMs - b.atMs)
            const sensor = sensors.find(({ id }) => id === series)
            if (sensor === undefined) throw new Error(series)
            const tested = recordFlags(
              {
                ...{ intervalMs: STEP_MS, utcOffsetMs: () => 8 * HOUR_MS },
                atMs: Float64Array.from(sorted, ({ atMs }) => atMs),
                values: Float64Array.from(sorted, ({ value }) => value ?? Number.NaN),
              },
              qualitySettings(sensor),
            )
            const expected = sorted.map(({ atMs, value }, index) => {
              const above = marks
                .filter((one) => one.series === series && one.fromMs <= atMs && atMs < one.toMs)
                .toSorted((a, b) => b.markedMs - a.markedMs)[0]
              if (value === null) return 9
              return above?.flag ?? tested.flags[index]
            })
            expect([name, ...(await flags(series))]).toEqual([name, ...expected])
          }
        }),
        { numRuns: 30 },
      )
    })
  })
}
