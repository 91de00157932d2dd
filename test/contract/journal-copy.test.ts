import { readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { copyJournal, openJournal, verifyJournal } from '../../src/adapters/journal/index.js'
import type { JournalEntry } from '../../src/ports/journal.js'
import { temporaryFolder, type TemporaryFolder } from '../setup/temp-folder.js'
import { message } from './journal.js'

const clock = { nowMs: () => Date.UTC(2026, 5, 1, 12) }

let folder: TemporaryFolder
beforeEach(async () => {
  folder = await temporaryFolder('journal-copy')
})
afterEach(async () => {
  await folder.remove()
})

async function entriesOf(path: string): Promise<JournalEntry[]> {
  const journal = await openJournal({ folder: path, clock })
  const entries: JournalEntry[] = []
  for await (const batch of journal.read(1, 500)) entries.push(...batch)
  await journal.close()
  return entries
}

test('copies made while entries come and segments are sealed hold everything durable before', async () => {
  const from = join(folder.path, 'journal')
  const journal = await openJournal({ folder: from, clock, segmentBytes: 30_000 })
  let appended = 0
  let isWriting = true
  async function write(): Promise<void> {
    while (isWriting) await journal.append(message(appended++))
  }
  const writers = [write(), write(), write(), write()]
  const heads: number[] = []
  for (let copy = 0; copy < 8; copy++) {
    heads.push(journal.head())
    await copyJournal(from, { to: join(folder.path, `copy-${copy}`) })
  }
  isWriting = false
  await Promise.all(writers)
  await journal.close()
  const all = await entriesOf(from)
  expect(heads.at(-1)).toBeGreaterThan(heads[0] ?? Infinity)

  for (const [copy, head] of heads.entries()) {
    const to = join(folder.path, `copy-${copy}`)
    expect((await verifyJournal(to)).findings).toEqual([])
    const copied = await entriesOf(to)
    expect(copied.length).toBeGreaterThanOrEqual(head)
    expect(copied).toEqual(all.slice(0, copied.length))
  }
})

test('what an earlier copy has is linked, and only what is the same', async () => {
  const from = join(folder.path, 'journal')
  const journal = await openJournal({ folder: from, clock, segmentBytes: 2_000 })
  for (let n = 0; n < 60; n++) await journal.append(message(n))
  await journal.seal()
  const first = join(folder.path, 'first')
  await copyJournal(from, { to: first })
  for (let n = 60; n < 120; n++) await journal.append(message(n))
  await journal.seal()
  await journal.close()

  const packed = (await readdir(first)).filter((name) => name.endsWith('.gz'))
  expect(packed.length).toBeGreaterThan(3)
  // One byte of the earlier copy has been changed meanwhile.
  const [broken = ''] = packed
  const bytes = await readFile(join(first, broken))
  bytes[100] = (bytes[100] ?? 0) ^ 1
  await writeFile(join(first, broken), bytes)

  const told: (readonly [number, number])[] = []
  const second = join(folder.path, 'second')
  const copy = await copyJournal(from, {
    to: second,
    earlier: first,
    onProgress: (done, of) => told.push([done, of]),
  })
  expect(told.at(-1)).toEqual([copy.bytes, copy.bytes])
  expect((await verifyJournal(second)).findings).toEqual([])
  for (const name of packed) {
    const isSameFile = (await stat(join(second, name))).ino === (await stat(join(first, name))).ino
    expect(isSameFile).toBe(name !== broken)
  }
  expect(await readFile(join(second, broken))).toEqual(await readFile(join(from, broken)))
  expect(copy.linkedBytes).toBeGreaterThan(0)
  expect(copy.linkedBytes).toBeLessThan(copy.bytes)
})
