import { expect, test } from 'vitest'
import {
  journalContents,
  journalEntry,
  openJournal,
  verifyJournal,
} from '../../src/adapters/journal/index.js'
import { temporaryFolder } from '../setup/temp-folder.js'
import { message } from './journal.js'

const clock = { nowMs: () => Date.UTC(2026, 5, 1, 12) }

test('beside its owner every entry of a journal is read as it was written, sealed or not', async () => {
  const folder = await temporaryFolder('journal-look')
  const journal = await openJournal({ folder: folder.path, clock, segmentBytes: 2_000 })
  try {
    for (let n = 0; n < 60; n++) await journal.append(message(n))
    await journal.seal()
    for (let n = 60; n < 65; n++) await journal.append(message(n))

    const contents = await journalContents(folder.path)
    expect(contents.journalId).toBe(journal.id)
    expect(contents.sealed.length).toBeGreaterThan(3)
    expect(contents.sealed).toEqual(journal.segments())
    expect(contents.open.map(({ firstSeq }) => firstSeq)).toEqual([61])

    for (let n = 0; n < 65; n++) {
      const entry = await journalEntry(folder.path, n + 1)
      expect(entry).toMatchObject({ seq: n + 1, topic: message(n).topic, kind: 'message' })
      expect(Buffer.from(entry?.payload ?? [])).toEqual(Buffer.from(message(n).payload))
    }
    expect(await journalEntry(folder.path, 66)).toBeNull()

    const told: number[][] = []
    await verifyJournal(folder.path, (done, of) => told.push([done, of]))
    expect(told.at(-1)).toEqual([contents.sealed.length, contents.sealed.length])
  } finally {
    await journal.close()
    await folder.remove()
  }
})
