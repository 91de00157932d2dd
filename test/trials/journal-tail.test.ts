import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { FileJournal, JournalAlarm } from '../../src/adapters/journal/index.js'
import { JournalDamaged, openJournal, verifyJournal } from '../../src/adapters/journal/index.js'
import { message } from '../contract/journal.js'
import { temporaryFolder } from '../setup/temp-folder.js'

const clock = { nowMs: () => Date.UTC(2026, 5, 1, 12) }
const LOG = '0000000000000001.log'

/** A folder as a finished process leaves it, with the size of its log after each entry. */
async function written(
  folder: string,
  groups: readonly number[],
): Promise<{ readonly ends: number[]; readonly payloads: string[] }> {
  const journal = await openJournal({ folder, clock })
  const ends: number[] = []
  const payloads: string[] = []
  let n = 0
  for (const group of groups) {
    const appends: Promise<number>[] = []
    for (let k = 0; k < group; k += 1) {
      const draft = message(n, { payload: Buffer.from(`entry ${n} ${'.'.repeat((n * 29) % 90)}`) })
      payloads.push(Buffer.from(draft.payload).toString())
      appends.push(journal.append(draft))
      n += 1
    }
    await Promise.all(appends)
    // Entries of one group have no size of their own on disk in between: known for the last only.
    ends.push(statSync(join(folder, LOG)).size)
  }
  await journal.close()
  return { ends, payloads }
}

async function payloadsOf(journal: FileJournal): Promise<string[]> {
  const payloads: string[] = []
  for await (const batch of journal.read(1, 1_000)) {
    for (const entry of batch) payloads.push(Buffer.from(entry.payload).toString())
  }
  return payloads
}

async function opening(folder: string): Promise<{
  readonly journal: FileJournal | null
  readonly damage: JournalDamaged | null
  readonly alarms: readonly JournalAlarm[]
}> {
  const alarms: JournalAlarm[] = []
  try {
    const onAlarm = (alarm: JournalAlarm): number => alarms.push(alarm)
    return { journal: await openJournal({ folder, clock, onAlarm }), damage: null, alarms }
  } catch (error) {
    if (error instanceof JournalDamaged) return { journal: null, damage: error, alarms }
    throw error
  }
}

describe('the tail of the journal', () => {
  test('may be cut at every length of its last 4 KiB: it opens, everything before the cut is there, and it goes on', async () => {
    const folder = await temporaryFolder('journal-tail')
    const { ends, payloads } = await written(
      folder.path,
      Array.from({ length: 60 }, () => 1),
    )
    const whole = readFileSync(join(folder.path, LOG))
    expect(whole.length).toBeGreaterThan(4_096 + 1_000)
    let cuts = 0
    for (let length = whole.length - 4_096; length < whole.length; length += 1) {
      writeFileSync(join(folder.path, LOG), whole.subarray(0, length))
      const complete = ends.filter((end) => end <= length).length
      const { journal, alarms } = await opening(folder.path)
      if (journal === null) throw new Error(`cut at ${length}: it did not open`)
      expect(await payloadsOf(journal)).toEqual(payloads.slice(0, complete))
      const isBetween = ends.includes(length)
      expect(alarms.map(({ kind }) => kind)).toEqual(isBetween ? [] : ['cut'])
      expect(await journal.append(message(7))).toBe(complete + 1)
      await journal.close()
      cuts += 1
    }
    expect(cuts).toBe(4_096)
    await folder.remove()
  })

  test('keeps the entries of an unfinished group that are whole', async () => {
    const folder = await temporaryFolder('journal-tail')
    const whole = join(folder.path, 'whole')
    const { ends, payloads } = await written(whole, [1, 10])
    const bytes = readFileSync(join(whole, LOG))
    const groupStart = ends[0] ?? 0
    let kept = 0
    for (let length = groupStart; length < bytes.length; length += 5) {
      writeFileSync(join(whole, LOG), bytes.subarray(0, length))
      const { journal } = await opening(whole)
      const found = journal === null ? [] : await payloadsOf(journal)
      expect(found).toEqual(payloads.slice(0, found.length))
      expect(found.length).toBeGreaterThanOrEqual(1)
      kept = Math.max(kept, found.length)
      await journal?.close()
    }
    expect(kept).toBeGreaterThan(8)
    await folder.remove()
  })

  test('may lack any sector of its last, unfinished group: the groups before are there', async () => {
    const folder = await temporaryFolder('journal-tail')
    const whole = join(folder.path, 'whole')
    const { ends, payloads } = await written(whole, [1, 1, 1, 40])
    const bytes = readFileSync(join(whole, LOG))
    const groupStart = ends[2] ?? 0
    let sectors = 0
    for (let start = Math.ceil(groupStart / 512) * 512; start < bytes.length; start += 512) {
      const torn = Buffer.from(bytes)
      torn.fill(0, start, Math.min(start + 512, torn.length))
      writeFileSync(join(whole, LOG), torn)
      const { journal, alarms } = await opening(whole)
      if (journal === null) throw new Error(`without the sector at ${start}: it did not open`)
      const found = await payloadsOf(journal)
      expect(found).toEqual(payloads.slice(0, found.length))
      expect(found.length).toBeGreaterThanOrEqual(3)
      expect(found.length).toBeLessThan(43)
      expect(alarms.map(({ kind }) => kind)).toEqual(['cut'])
      await journal.close()
      sectors += 1
    }
    expect(sectors).toBeGreaterThan(8)
    await folder.remove()
  })
})

describe('a flipped byte', () => {
  test('anywhere in the open segment is found, with segment and offset, and nothing is cut', async () => {
    const folder = await temporaryFolder('journal-flip')
    const whole = join(folder.path, 'whole')
    const { ends } = await written(
      whole,
      Array.from({ length: 12 }, () => 1),
    )
    const bytes = readFileSync(join(whole, LOG))
    const starts = [0, 48, ...ends.slice(0, -1)]
    let flips = 0
    for (let at = 0; at < bytes.length; at += 1) {
      const flipped = Buffer.from(bytes)
      flipped[at] = (flipped[at] ?? 0) ^ (1 << (at % 8))
      writeFileSync(join(whole, LOG), flipped)
      const { damage } = await opening(whole)
      const start = starts.findLast((start) => start <= at)
      expect({ at, file: damage?.file, segment: damage?.segment, offset: damage?.offset }).toEqual({
        at,
        file: LOG,
        segment: 1,
        offset: start,
      })
      expect(readFileSync(join(whole, LOG)).equals(flipped)).toBe(true)
      const { findings } = await verifyJournal(whole)
      expect(findings).toMatchObject([{ file: LOG, segment: 1, offset: start }])
      flips += 1
    }
    expect(flips).toBe(bytes.length)
    await folder.remove()
  })

  test('in a sealed segment, its index or the manifest is found on opening; nothing is changed', async () => {
    const folder = await temporaryFolder('journal-flip')
    const whole = join(folder.path, 'whole')
    const journal = await openJournal({ folder: whole, clock })
    for (let segment = 0; segment < 3; segment += 1) {
      for (let n = 0; n < 20; n += 1) await journal.append(message(n))
      await journal.seal()
    }
    const [first, second] = journal.segments()
    await journal.close()
    const files = [`${first?.sha256}.gz`, `${second?.sha256}.json`, 'manifest.log']
    let flips = 0
    for (const file of files) {
      const bytes = readFileSync(join(whole, file))
      for (let at = 0; at < bytes.length; at += 1) {
        const flipped = Buffer.from(bytes)
        flipped[at] = (flipped[at] ?? 0) ^ (1 << (at % 8))
        writeFileSync(join(whole, file), flipped)
        const { damage } = await opening(whole)
        expect(damage === null ? `${file} ${at}` : '').toBe('')
        if (file !== 'manifest.log') expect(damage?.file).toBe(file)
        expect(readFileSync(join(whole, file)).equals(flipped)).toBe(true)
        flips += 1
      }
      writeFileSync(join(whole, file), bytes)
    }
    expect(flips).toBeGreaterThan(1_000)
    expect((await verifyJournal(whole)).findings).toEqual([])
    await folder.remove()
  })

  test('in an old sealed segment, not hashed on opening, is found where it is read, and by verify', async () => {
    const folder = await temporaryFolder('journal-flip')
    const journal = await openJournal({ folder: folder.path, clock })
    for (let n = 0; n < 5_000; n += 1) void journal.append(message(n))
    await journal.append(message(5_000))
    await journal.seal()
    await journal.close()
    const [segment] = journal.segments()
    const file = `${segment?.sha256}.gz`
    const bytes = readFileSync(join(folder.path, file))
    const indexFile = join(folder.path, `${segment?.sha256}.json`)
    const index = JSON.parse(readFileSync(indexFile, 'utf8')) as { blocks: [number, number][] }
    expect(index.blocks.length).toBeGreaterThan(1)
    const [damagedSeq, damagedAt] = index.blocks.at(-1) ?? [0, 0]
    bytes[damagedAt + 200] = (bytes[damagedAt + 200] ?? 0) ^ 4
    writeFileSync(join(folder.path, file), bytes)

    const again = await openJournal({ folder: folder.path, clock, hashedBytes: 0 })
    const seqs: number[] = []
    const reading = async (): Promise<void> => {
      for await (const batch of again.read(1, 1)) for (const { seq } of batch) seqs.push(seq)
    }
    await expect(reading()).rejects.toMatchObject({ file, segment: 1, offset: damagedAt })
    expect(seqs).toHaveLength(damagedSeq - 1)
    await again.close()
    expect((await verifyJournal(folder.path)).findings).toMatchObject([
      { file, segment: 1, offset: damagedAt },
    ])
    await folder.remove()
  })
})

describe('a missing file', () => {
  test.each(['manifest.log', '.gz', '.json', '0000000000000021.log'])(
    '%s is said, not passed over',
    async (ending) => {
      const folder = await temporaryFolder('journal-missing')
      const journal = await openJournal({ folder: folder.path, clock })
      for (let n = 0; n < 20; n += 1) await journal.append(message(n))
      await journal.seal()
      await journal.close()
      const file = readdirSync(folder.path).find((name) => name.endsWith(ending)) ?? ''
      await rm(join(folder.path, file))
      const { damage } = await opening(folder.path)
      expect(damage?.file).toBe(file)
      expect((await verifyJournal(folder.path)).findings).not.toEqual([])
      await folder.remove()
    },
  )
})
