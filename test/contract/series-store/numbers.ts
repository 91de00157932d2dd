import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { DAY_MS } from '../../../src/domain/time.js'
import { projectionBatch, START_MS } from './batch.js'
import type { Subject } from './subject.js'

interface Numbered {
  readonly device: string
  readonly day: number
  readonly number: number
}

export function numberPromises(subject: Subject): void {
  describe('numbers of messages', () => {
    const numbered = fc.record({
      device: fc.constantFrom('D-01', 'D-02'),
      day: fc.integer({ min: 0, max: 2 }),
      number: fc.integer({ min: 0, max: 30 }),
    })

    test('are kept by device and day, whatever order and batches they come in', async () => {
      const turn = { run: 0, seq: 1 }
      await fc.assert(
        fc.asyncProperty(
          fc.array(numbered, { minLength: 1, maxLength: 40 }),
          fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 5, maxLength: 5 }),
          fc.boolean(),
          async (messages, cuts, restarts) => {
            const run = turn.run++
            let from = 0
            for (const size of [...cuts, messages.length]) {
              const part = messages.slice(from, from + size)
              from += size
              if (part.length === 0) break
              const entries = part.map(({ device, day, number }) => ({
                device: `${run}${device}`,
                numbered: { numbers: [number], dayMs: START_MS + day * DAY_MS },
              }))
              await subject.store.append(projectionBatch(turn.seq, entries))
              turn.seq += part.length
            }
            if (restarts) await subject.reopen()
            const kept = await subject.ledger.numbered(30)
            for (const device of ['D-01', 'D-02']) {
              const found = (kept.get(`${run}${device}`) ?? []).flatMap(({ dayMs, runs }) =>
                runs.flatMap(({ first, last }) =>
                  Array.from({ length: last - first + 1 }, (_, index): Numbered => ({
                    ...{ device, day: (dayMs - START_MS) / DAY_MS, number: first + index },
                  })),
                ),
              )
              const sent = new Map(
                messages
                  .filter((message) => message.device === device)
                  .map((message) => [`${message.day}/${message.number}`, message]),
              )
              expect(found).toEqual(
                [...sent.values()].sort((a, b) => a.day - b.day || a.number - b.number),
              )
            }
          },
        ),
        { numRuns: 20 },
      )
      const all = await subject.ledger.numbered(30)
      const last = await subject.ledger.numbered(1)
      expect([...last]).toEqual([...all].map(([device, days]) => [device, days.slice(-1)]))
    })
  })
}
