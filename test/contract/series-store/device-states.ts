import { describe, expect, test } from 'vitest'
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../../src/domain/time.js'
import { projectionBatch, START_MS } from './batch.js'
import type { Subject } from './subject.js'

export function deviceStatePromises(subject: Subject): void {
  describe('device states', () => {
    test('hold the newest of what a device said, whatever the order of its stamps', async () => {
      const arrivalMs = START_MS + 10 * MINUTE_MS
      await subject.store.append(
        projectionBatch(1, [
          { device: 'D-01', arrivalMs: START_MS, state: 'online' },
          {
            ...{ device: 'D-01', arrivalMs },
            ...{ newestAtMs: START_MS + 9 * MINUTE_MS, keptAtMs: START_MS + 5 * MINUTE_MS },
          },
          {
            ...{ device: 'D-01', arrivalMs: arrivalMs + 1 },
            ...{ newestAtMs: START_MS - DAY_MS, keptAtMs: START_MS - DAY_MS },
          },
          { device: 'D-02', arrivalMs, outcome: 'refused', refusals: [{ index: null }] },
          { device: '', arrivalMs, outcome: 'none' },
        ]),
      )
      const expected = [
        {
          device: 'D-01',
          lastArrivalMs: arrivalMs + 1,
          lastAtMs: START_MS + 5 * MINUTE_MS,
          clockOffsetMs: MINUTE_MS,
          state: 'online',
          messages: 3,
        },
        {
          device: 'D-02',
          lastArrivalMs: arrivalMs,
          lastAtMs: null,
          clockOffsetMs: null,
          state: null,
          messages: 1,
        },
      ]
      expect(await subject.ledger.devices()).toEqual(expected)
      await subject.reopen()
      expect(await subject.ledger.devices()).toEqual(expected)
      await subject.store.append(projectionBatch(6, [{ device: 'D-01', state: 'offline' }]))
      const [first] = await subject.ledger.devices()
      expect([first?.state, first?.messages]).toEqual(['offline', 4])
    })

    test('what a broker had kept is no sign of life, but a kept state is the last word', async () => {
      const keptMs = START_MS + HOUR_MS
      const kept = { device: 'D-01', arrivalMs: keptMs, sender: 'broker' } as const
      await subject.store.append(
        projectionBatch(1, [
          { device: 'D-01', arrivalMs: START_MS, newestAtMs: START_MS, keptAtMs: START_MS },
          { ...kept, newestAtMs: null, keptAtMs: START_MS - DAY_MS },
        ]),
      )
      const [before] = await subject.ledger.devices()
      expect(before).toMatchObject({ lastArrivalMs: START_MS, clockOffsetMs: 0, messages: 1 })
      await subject.store.append(projectionBatch(3, [{ ...kept, state: 'offline' }]))
      expect((await subject.ledger.devices())[0]?.state).toBe('offline')
    })

    test('the clock offset is the smallest of the newest hour, over batches and restarts', async () => {
      const stamped = (seq: number, arrivalMs: number, offsetMs: number) =>
        projectionBatch(seq, [{ arrivalMs, newestAtMs: arrivalMs - offsetMs }])
      const offset = async (): Promise<number | null | undefined> =>
        (await subject.ledger.devices())[0]?.clockOffsetMs
      await subject.store.append(stamped(1, START_MS, 100))
      await subject.store.append(stamped(2, START_MS + 1, 300))
      expect(await offset()).toBe(100)
      await subject.store.append(stamped(3, START_MS + HOUR_MS, 5000))
      expect(await offset()).toBe(5000)
      await subject.reopen()
      await subject.store.append(stamped(4, START_MS + HOUR_MS + 1, 7000))
      expect(await offset()).toBe(5000)
      await subject.store.append(stamped(5, START_MS + HOUR_MS + 2, -2000))
      expect(await offset()).toBe(-2000)
      await subject.store.append(stamped(6, START_MS + 2, -9000))
      expect(await offset()).toBe(-2000)
    })
  })
}
