import * as fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { HOUR_MS } from '../../src/domain/time.js'
import {
  ENTRY_KINDS,
  type EntryDraft,
  type Journal,
  type JournalEntry,
} from '../../src/ports/journal.js'

/** A place where one journal lives, which can be opened again after it was closed. */
export interface JournalPlace {
  open(): Promise<Journal>
  /** Closes what the place has opened, and removes it. */
  remove(): Promise<void>
}

const ARRIVAL_MS = Date.UTC(2026, 5, 1, 12)

export function message(n: number, more: Partial<EntryDraft> = {}): EntryDraft {
  return {
    kind: 'message',
    arrivalMs: ARRIVAL_MS + n,
    device: `gauge-${n % 5}`,
    client: `gauge-${n % 5}`,
    topic: `rl/v1/c/gauge-${n % 5}/up`,
    qos: 1,
    retain: false,
    dup: false,
    payload: Buffer.from(`[{"n":"rain","u":"mm","v":${n / 10}}]`),
    ...more,
  }
}

/** All entries from a sequence on, read in batches of at most `limit`. */
export async function entriesFrom(
  journal: Journal,
  fromSeq = 1,
  limit = 1_000,
): Promise<JournalEntry[]> {
  const entries: JournalEntry[] = []
  for await (const batch of journal.read(fromSeq, limit)) {
    expect(batch.length).toBeGreaterThan(0)
    expect(batch.length).toBeLessThanOrEqual(limit)
    entries.push(...batch)
  }
  return entries
}

function plain(entries: readonly JournalEntry[]): object[] {
  return entries.map((entry) => ({
    ...entry,
    payload: Buffer.from(entry.payload).toString('hex'),
  }))
}

const anyDraft = fc.oneof(draft(), draft({ serverClock: fc.constant('in-doubt' as const) }))

function draft(more = {}): fc.Arbitrary<EntryDraft> {
  return fc.record<EntryDraft>({
    kind: fc.constantFrom(...ENTRY_KINDS),
    arrivalMs: fc.integer({ min: 0, max: 4_000_000_000_000 }),
    device: fc.string({ unit: 'grapheme', maxLength: 20 }),
    client: fc.string({ unit: 'grapheme', maxLength: 20 }),
    topic: fc.string({ unit: 'grapheme', maxLength: 60 }),
    qos: fc.constantFrom(0, 1, 2),
    retain: fc.boolean(),
    dup: fc.boolean(),
    payload: fc.uint8Array({ maxLength: 300 }),
    ...more,
  })
}

/** What every journal promises. */
export function journalContract(name: string, newPlace: () => Promise<JournalPlace>): void {
  describe(`${name} keeps the journal's promises`, () => {
    let place: JournalPlace
    beforeEach(async () => {
      place = await newPlace()
    })
    afterEach(async () => {
      await place.remove()
    })

    test('an empty journal has no entries, no segments, and stands at 0', async () => {
      const journal = await place.open()
      expect(journal.head()).toBe(0)
      expect(await entriesFrom(journal)).toEqual([])
      expect(journal.segments()).toEqual([])
      expect(await journal.newest('message')).toBeNull()
      expect(await journal.received({ fromMs: 0, toMs: 1e15 })).toEqual([])
    })

    test('entries come back byte-equal, in order, before and after opening anew', async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(anyDraft, { maxLength: 60 }), async (drafts) => {
          const own = await newPlace()
          try {
            const journal = await own.open()
            await Promise.all(drafts.map(async (draft) => await journal.append(draft)))
            const expected = plain(drafts.map((draft, index) => ({ ...draft, seq: index + 1 })))
            expect(plain(await entriesFrom(journal, 1, 7))).toEqual(expected)
            await journal.close()
            const again = await own.open()
            expect(again.id).toBe(journal.id)
            expect(again.head()).toBe(drafts.length)
            expect(plain(await entriesFrom(again, 1, 7))).toEqual(expected)
          } finally {
            await own.remove()
          }
        }),
        { numRuns: 25 },
      )
    })

    test('concurrent appends get sequences from 1 on without gaps, each its own', async () => {
      const journal = await place.open()
      const seqs: number[] = []
      const writers = Array.from({ length: 50 }, async (_, writer) => {
        for (let n = 0; n < 40; n += 1) {
          const topic = `writer/${writer}/${n}`
          const seq = await journal.append(message(n, { topic }))
          expect(journal.head()).toBeGreaterThanOrEqual(seq)
          seqs.push(seq)
        }
      })
      await Promise.all(writers)
      expect(seqs.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 2_000 }, (_, n) => n + 1))
      const topics = (await entriesFrom(journal)).map(({ topic }) => topic)
      expect(new Set(topics).size).toBe(2_000)
    })

    test('reading begins at any entry and ends at the head of the call', async () => {
      const journal = await place.open()
      for (let n = 1; n <= 300; n += 1) void journal.append(message(n))
      await journal.append(message(301))
      const reading = journal.read(250, 20)
      await journal.append(message(999))
      const seqs: number[] = []
      for await (const batch of reading) {
        await journal.append(message(1_000))
        seqs.push(...batch.map(({ seq }) => seq))
      }
      expect(seqs).toEqual(Array.from({ length: 52 }, (_, n) => n + 250))
      expect(await entriesFrom(journal, journal.head() + 1)).toEqual([])
    })

    test('a follower sees each entry exactly once, also those of before it began', async () => {
      const journal = await place.open()
      for (let n = 0; n < 100; n += 1) await journal.append(message(n))
      const seen: number[] = []
      const stop = new AbortController()
      const follow = async (): Promise<void> => {
        while (seen.length < 1_100) {
          const position = seen.at(-1) ?? 0
          await journal.waitBeyond(position, stop.signal)
          for await (const batch of journal.read(position + 1, 64)) {
            seen.push(...batch.map(({ seq }) => seq))
          }
        }
      }
      const following = follow()
      for (let round = 0; round < 20; round += 1) {
        await Promise.all(Array.from({ length: 50 }, async (_, n) => journal.append(message(n))))
      }
      await following
      expect(seen).toEqual(Array.from({ length: 1_100 }, (_, n) => n + 1))
    })

    test('waiting ends when something comes, at once when it is there, and when it is called off', async () => {
      const journal = await place.open()
      const never = new AbortController()
      const waiting = journal.waitBeyond(0, never.signal)
      await journal.append(message(1))
      await waiting
      await journal.waitBeyond(0, never.signal)
      const calledOff = new AbortController()
      const hopeless = journal.waitBeyond(1, calledOff.signal)
      calledOff.abort()
      await hopeless
      expect(journal.head()).toBe(1)
    })

    test('the newest entry of a kind is found, also after opening anew', async () => {
      const journal = await place.open()
      await journal.append(message(1, { kind: 'registry', topic: 'first' }))
      for (let n = 0; n < 50; n += 1) await journal.append(message(n))
      await journal.append(message(2, { kind: 'registry', topic: 'second' }))
      for (let n = 0; n < 50; n += 1) await journal.append(message(n))
      expect(await journal.newest('registry')).toMatchObject({ seq: 52, topic: 'second' })
      expect(await journal.newest('laboratory')).toBeNull()
      await journal.close()
      const again = await place.open()
      expect(await again.newest('registry')).toMatchObject({ seq: 52, topic: 'second' })
      expect(await again.newest('message')).toMatchObject({ seq: 102 })
    })

    test('received entries are counted per device and hour of arrival, before and after opening anew', async () => {
      const journal = await place.open()
      const at = (arrivalMs: number, device: string, kind: EntryDraft['kind'] = 'message') =>
        journal.append(message(0, { arrivalMs, device, kind }))
      await at(ARRIVAL_MS, 'a')
      await at(ARRIVAL_MS + HOUR_MS - 1, 'a')
      await at(ARRIVAL_MS + HOUR_MS, 'a')
      await at(ARRIVAL_MS, 'b', 'import')
      await at(ARRIVAL_MS, 'b', 'correction')
      await at(ARRIVAL_MS, '', 'laboratory')
      await at(ARRIVAL_MS, '', 'assessment')
      await at(ARRIVAL_MS, '', 'registry')
      await at(ARRIVAL_MS, 'b', 'mark')
      await at(ARRIVAL_MS + 5 * HOUR_MS, 'b')
      // The server's clock was set back.
      await at(ARRIVAL_MS - HOUR_MS, 'b')
      const window = { fromMs: ARRIVAL_MS, toMs: ARRIVAL_MS + 5 * HOUR_MS }
      const expected = [
        { device: 'a', hourMs: ARRIVAL_MS, received: 2 },
        { device: 'b', hourMs: ARRIVAL_MS, received: 2 },
        { device: 'a', hourMs: ARRIVAL_MS + HOUR_MS, received: 1 },
      ]
      expect(await journal.received(window)).toEqual(expected)
      await journal.close()
      const again = await place.open()
      expect(await again.received(window)).toEqual(expected)
      const all = await again.received({ fromMs: 0, toMs: 1e15 })
      expect(all.reduce((sum, { received }) => sum + received, 0)).toBe(7)
    })

    test('segments follow one another without a gap, each with the root of the one before', async () => {
      const journal = await place.open()
      for (let day = 0; day < 4; day += 1) {
        await journal.append(message(0, { arrivalMs: ARRIVAL_MS + day * 24 * HOUR_MS }))
      }
      await journal.close()
      const again = await place.open()
      // A closed segment may still be on its way to being sealed.
      await expect.poll(() => again.segments().length).toBe(3)
      const segments = again.segments()
      for (const [index, segment] of segments.entries()) {
        expect(segment.firstSeq).toBe((segments[index - 1]?.lastSeq ?? 0) + 1)
        expect(segment.previousRoot).toBe(segments[index - 1]?.merkleRoot ?? '0'.repeat(64))
      }
    })

    test('closing twice is safe; running appends become durable, later ones are rejected', async () => {
      const journal = await place.open()
      const running = [journal.append(message(1)), journal.append(message(2))]
      await Promise.all([journal.close(), journal.close()])
      expect(await Promise.all(running)).toEqual([1, 2])
      await expect(journal.append(message(3))).rejects.toThrow()
      await journal.close()
      const again = await place.open()
      expect(again.head()).toBe(2)
    })
  })
}
