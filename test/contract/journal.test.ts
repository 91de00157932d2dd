import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { FileJournal, JournalAlarm, JournalOptions } from '../../src/adapters/journal/index.js'
import {
  JournalLocked,
  merkleRoot,
  openJournal,
  verifyJournal,
} from '../../src/adapters/journal/index.js'
import { TransientFault } from '../../src/domain/fault.js'
import { DAY_MS } from '../../src/domain/time.js'
import type { TemporaryFolder } from '../setup/temp-folder.js'
import { temporaryFolder } from '../setup/temp-folder.js'
import { entriesFrom, journalContract, message } from './journal.js'

const clock = { nowMs: () => Date.UTC(2026, 5, 1, 12) }

function place(options: Partial<JournalOptions>) {
  return async () => {
    const folder = await temporaryFolder('journal')
    const opened: FileJournal[] = []
    return {
      open: async () => {
        const journal = await openJournal({ folder: folder.path, clock, ...options })
        opened.push(journal)
        return journal
      },
      remove: async () => {
        for (const journal of opened) await journal.close()
        if (opened.length > 0) expect((await verifyJournal(folder.path)).findings).toEqual([])
        await folder.remove()
      },
    }
  }
}

journalContract('a journal in files', place({}))
journalContract('a journal in files that remembers nothing', place({ recentBytes: 0 }))
journalContract(
  'a journal in many small segments',
  place({ segmentBytes: 600, recentBytes: 2_000 }),
)

describe('a journal in files', () => {
  let folder: TemporaryFolder
  let opened: FileJournal[]
  let alarms: JournalAlarm[]
  beforeEach(async () => {
    folder = await temporaryFolder('journal')
    opened = []
    alarms = []
  })
  afterEach(async () => {
    for (const journal of opened) await journal.close()
    await folder.remove()
  })
  const open = async (options: Partial<JournalOptions> = {}): Promise<FileJournal> => {
    const journal = await openJournal({
      folder: folder.path,
      clock,
      onAlarm: (alarm) => alarms.push(alarm),
      ...options,
    })
    opened.push(journal)
    return journal
  }

  test('is sealed into a file under its own hash that zcat can read, with the root over its entries', async () => {
    const journal = await open()
    for (let n = 0; n < 2_000; n += 1) void journal.append(message(n))
    await journal.append(message(2_000))
    await journal.seal()
    const [segment] = journal.segments()
    const packed = readFileSync(join(folder.path, `${segment?.sha256}.gz`))
    expect(createHash('sha256').update(packed).digest('hex')).toBe(segment?.sha256)
    expect(packed.length).toBe(segment?.bytes)

    // Read by the README's table alone: header of 48 bytes, then frames.
    const plain = gunzipSync(packed)
    expect(plain.toString('latin1', 0, 8)).toBe('RLJRNL01')
    const leaves: Buffer[] = []
    for (let at = 48; at < plain.length;) {
      const length = plain.readUInt32LE(at)
      leaves.push(plain.subarray(at + 16, at + 16 + length))
      at += 16 + length + 1
    }
    expect(leaves).toHaveLength(2_001)
    expect(merkleRoot(leaves).toString('hex')).toBe(segment?.merkleRoot)
    expect(
      readdirSync(folder.path)
        .filter((name) => name.endsWith('.log'))
        .sort(),
    ).toEqual(['0000000000002002.log', 'manifest.log'])
  })

  test('is sealed on its own when it reaches its size, and read on from the sealed file', async () => {
    const journal = await open({ segmentBytes: 20_000, recentBytes: 0 })
    for (let round = 0; round < 100; round += 1) {
      await Promise.all(Array.from({ length: 20 }, async (_, n) => journal.append(message(n))))
    }
    await journal.seal()
    expect(journal.segments().length).toBeGreaterThan(5)
    const seqs = (await entriesFrom(journal)).map(({ seq }) => seq)
    expect(seqs).toEqual(Array.from({ length: 2_000 }, (_, n) => n + 1))
  })

  test('begins a new segment with the first entry of a new UTC day, and not when the clock goes back', async () => {
    const midnight = Date.UTC(2026, 5, 2)
    const journal = await open()
    await journal.append(message(0, { arrivalMs: midnight - 1 }))
    await journal.append(message(0, { arrivalMs: midnight }))
    await journal.append(message(0, { arrivalMs: midnight - 1 }))
    await journal.append(message(0, { arrivalMs: midnight + DAY_MS - 1 }))
    await journal.append(message(0, { arrivalMs: midnight + DAY_MS }))
    await journal.seal()
    expect(journal.segments().map(({ firstSeq, lastSeq }) => [firstSeq, lastSeq])).toEqual([
      [1, 1],
      [2, 4],
      [5, 5],
    ])
  })

  test('reads on without a gap while segments are sealed under the reader', async () => {
    const journal = await open({ segmentBytes: 30_000, recentBytes: 0 })
    for (let n = 0; n < 3_000; n += 1) void journal.append(message(n))
    await journal.append(message(0))
    const seqs: number[] = []
    for await (const batch of journal.read(1, 10)) {
      seqs.push(...batch.map(({ seq }) => seq))
      if (seqs.length === 500) void journal.seal()
    }
    expect(seqs).toEqual(Array.from({ length: 3_001 }, (_, n) => n + 1))
  })

  test('sounds the alarm at four fifths of its bound; at the bound it rejects, transiently, and keeps what it has', async () => {
    const maxBytes = 50_000
    const journal = await open({ maxBytes })
    let durable = 0
    const fill = async (): Promise<never> => {
      for (;;) {
        await journal.append(message(durable))
        durable += 1
        if (journal.bytes() < maxBytes * 0.8) expect(alarms).toEqual([])
        else expect(alarms[0]).toMatchObject({ kind: 'filling', maxBytes })
      }
    }
    await expect(fill()).rejects.toBeInstanceOf(TransientFault)
    expect(alarms.map(({ kind }) => kind)).toEqual(['filling', 'full'])
    expect(journal.bytes()).toBeLessThanOrEqual(maxBytes)
    expect(journal.bytes()).toBeGreaterThan(maxBytes - 500)
    expect(await entriesFrom(journal)).toHaveLength(durable)

    // Sealing makes room; nothing was lost, and the sequence has no gap.
    await journal.seal()
    expect(await journal.append(message(1))).toBe(durable + 1)
  })

  test('counts its bytes as the folder does', async () => {
    const journal = await open({ segmentBytes: 10_000 })
    for (let n = 0; n < 500; n += 1) await journal.append(message(n))
    await journal.seal()
    const files = readdirSync(folder.path).filter((name) => !name.startsWith('lock.'))
    const bytes = files.reduce((sum, name) => sum + readFileSync(join(folder.path, name)).length, 0)
    expect(journal.bytes()).toBe(bytes)
  })

  test('has one owner: a second is refused until the first has closed', async () => {
    const journal = await open()
    await expect(open()).rejects.toThrow(JournalLocked)
    await journal.close()
    await open()
  })

  test('of several that open at the same time, exactly one gets it, again and again', async () => {
    for (let round = 0; round < 10; round += 1) {
      const outcomes = await Promise.allSettled(Array.from({ length: 8 }, async () => await open()))
      const journals = outcomes.filter((outcome) => outcome.status === 'fulfilled')
      expect(journals).toHaveLength(1)
      for (const outcome of outcomes) {
        if (outcome.status === 'rejected') expect(outcome.reason).toBeInstanceOf(JournalLocked)
      }
      await journals[0]?.value.close()
    }
    expect(readdirSync(folder.path).filter((name) => name.startsWith('lock'))).toHaveLength(1)
  })

  test('goes to one of those who wait each time its owner lets go, and to all of them in turn', async () => {
    const first = await open()
    const owners: FileJournal[] = []
    let waits = 0
    const waiting = Array.from({ length: 3 }, async () => {
      const journal = await open({
        onWait: () => {
          waits += 1
          return Promise.resolve()
        },
      })
      owners.push(journal)
    })
    await vi.waitUntil(() => waits === 3)
    expect(owners).toHaveLength(0)
    await first.append(message(1))
    await first.close()
    for (let turn = 1; turn <= 3; turn += 1) {
      await vi.waitUntil(() => owners.length === turn, { timeout: 20_000 })
      await expect(open()).rejects.toThrow(JournalLocked)
      expect(await owners.at(-1)?.append(message(1))).toBe(1 + turn)
      expect(owners).toHaveLength(turn)
      await owners.at(-1)?.close()
    }
    await Promise.all(waiting)
  })

  test('may live in a folder whose path is longer than a socket address', async () => {
    const deep = join(folder.path, 'x'.repeat(100), 'y'.repeat(100))
    const journal = await open({ folder: deep })
    await expect(open({ folder: deep })).rejects.toThrow(JournalLocked)
    expect(await journal.append(message(1))).toBe(1)
  })
})
