import { describe, expect, test } from 'vitest'
import { projectionBatch, START_MS } from './batch.js'
import type { Subject } from './subject.js'

export function refusalPromises(subject: Subject): void {
  describe('refusals', () => {
    const everyByte = Uint8Array.from({ length: 256 }, (_, byte) => byte)

    test('are paged newest first, each with its own bytes', async () => {
      const messages = Array.from({ length: 7 }, (_, index) => ({
        device: index % 2 === 0 ? 'D-even' : 'D-odd',
        outcome: 'refused' as const,
        refusals: [
          {
            index: null,
            code: index === 3 ? ('payload_unreadable' as const) : ('payload_invalid' as const),
            payload: new Uint8Array([index, 0, 255]),
          },
        ],
      }))
      await subject.store.append(projectionBatch(1, messages.slice(0, 4)))
      await subject.store.append(projectionBatch(5, messages.slice(4)))
      const first = await subject.ledger.refusals({ limit: 3 })
      expect(first.map(({ seq }) => seq)).toEqual([7, 6, 5])
      expect(first.map(({ payload }) => [...payload])).toEqual([
        [6, 0, 255],
        [5, 0, 255],
        [4, 0, 255],
      ])
      const next = await subject.ledger.refusals({ limit: 9, beforeId: first[2]?.id ?? 0 })
      expect(next.map(({ seq }) => seq)).toEqual([4, 3, 2, 1])
      const odd = await subject.ledger.refusals({ limit: 2, device: 'D-odd' })
      expect(odd.map(({ seq }) => seq)).toEqual([6, 4])
      const unreadable = await subject.ledger.refusals({ limit: 9, code: 'payload_unreadable' })
      expect(unreadable.map(({ seq }) => seq)).toEqual([4])
      expect(await subject.ledger.refusalCounts()).toEqual(
        new Map([
          ['payload_invalid', 6],
          ['payload_unreadable', 1],
        ]),
      )
    })

    test('hold everything that was said, whole, also after a restart', async () => {
      const whole = {
        index: null,
        code: 'payload_unreadable' as const,
        reason: '不是 JSON: "\u0000"',
        topic: 'rl/v1/testcity/D-01/up',
        payload: everyByte,
      }
      await subject.store.append(
        projectionBatch(1, [
          { outcome: 'refused', arrivalMs: START_MS + 5, refusals: [whole] },
          {
            rows: [{ series: 'A.flow', atMs: START_MS, value: 1 }],
            refusals: [
              { index: 1, payload: new Uint8Array() },
              { index: 4, payload: new Uint8Array() },
            ],
          },
        ]),
      )
      const expected = {
        seq: 1,
        device: 'D-01',
        arrivalMs: START_MS + 5,
        payloadBytes: 256,
        ...whole,
      }
      const listed = await subject.ledger.refusals({ limit: 10 })
      expect(listed.map(({ seq, index }) => [seq, index])).toEqual([
        [2, 4],
        [2, 1],
        [1, null],
      ])
      expect(listed[2]).toEqual({ id: listed[2]?.id, ...expected })
      await subject.reopen()
      const again = await subject.ledger.refusal(listed[2]?.id ?? -1)
      expect(again).toEqual({ id: listed[2]?.id, ...expected })
      expect([...((await subject.ledger.refusal(listed[0]?.id ?? -1))?.payload ?? [1])]).toEqual([])
      await subject.store.append(projectionBatch(3, [{ outcome: 'refused', refusals: [whole] }]))
      const newest = await subject.ledger.refusals({ limit: 1 })
      expect(newest[0]?.id).toBeGreaterThan(listed[0]?.id ?? 0)
    })

    test('are listed with the beginning of their bytes when no more is asked for', async () => {
      const payload = everyByte
      const refusals = Array.from({ length: 40 }, (_, index) => ({ index, payload }))
      const empty = { index: null, payload: new Uint8Array() }
      await subject.store.append(projectionBatch(1, [{ refusals: [empty] }, { refusals }]))
      const listed = await subject.ledger.refusals({ limit: 99, shownBytes: 3 })
      expect(listed).toHaveLength(41)
      expect([...(listed[0]?.payload ?? [])]).toEqual([0, 1, 2])
      expect(listed.map(({ payloadBytes }) => payloadBytes)).toEqual([
        ...refusals.map(() => 256),
        0,
      ])
      expect([...(listed[40]?.payload ?? [1])]).toEqual([])
      expect((await subject.ledger.refusal(listed[0]?.id ?? -1))?.payload).toEqual(everyByte)
    })

    test('one that does not exist is null', async () => {
      expect(await subject.ledger.refusal(1)).toBeNull()
      expect(await subject.ledger.refusals({ limit: 5 })).toEqual([])
      expect(await subject.ledger.refusalCounts()).toEqual(new Map())
    })
  })
}
