import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openJournal, verifyJournal } from '../../src/adapters/journal/index.js'
import { temporaryFolder } from '../setup/temp-folder.js'
import { appendedPayload } from './journal-payload.js'
import type { AppenderLog } from './journal-process.js'
import { startAppender } from './journal-process.js'

/** Everything by which a journal changes the disk. */
const CHANGES = ['pwrite64', 'fsync', 'fdatasync', 'rename', 'unlink', 'link']

test(
  'a kill at any system call by which the journal changes the disk loses and doubles nothing',
  { timeout: 600_000 },
  async () => {
    const tried = new Map<string, number>()
    for (const call of CHANGES) {
      for (let when = 1; ; when += 1) {
        const isKilled = await killedAt(call, when)
        if (!isKilled) break
        tried.set(call, when)
      }
    }
    console.log(JSON.stringify(Object.fromEntries(tried)))
    // Two segments are sealed: each costs a rename and an unlink, and the manifest one rename more.
    expect(tried.get('rename')).toBeGreaterThanOrEqual(3)
    expect(tried.get('unlink')).toBeGreaterThanOrEqual(3)
    expect(tried.get('pwrite64')).toBeGreaterThanOrEqual(10)
    expect(tried.get('fsync')).toBeGreaterThanOrEqual(10)
    expect(tried.get('fdatasync')).toBeGreaterThanOrEqual(4)
  },
)

/** Runs a process that dies at its `when`-th call of a kind; false when it made fewer and ended by itself. */
async function killedAt(call: string, when: number): Promise<boolean> {
  const folder = await temporaryFolder('journal-seal')
  const journalFolder = join(folder.path, 'journal')
  const strace = `strace -f -o /dev/null -e trace=${call} -e inject=${call}:signal=SIGKILL:when=${when}`
  const log = await startAppender(
    { folder: journalFolder, run: 1, segmentBytes: 900, entries: 9, concurrency: 3 },
    folder.path,
    // One thread does all file work, so that the count is the same every time.
    ['env', 'UV_THREADPOOL_SIZE=1', ...strace.split(' ')],
  ).ended()
  if (existsSync(journalFolder)) await expectWhole(journalFolder, log, `${call} ${when}`)
  await folder.remove()
  return log.lines.at(-1) !== 'closed'
}

async function expectWhole(folder: string, log: AppenderLog, where: string): Promise<void> {
  const journal = await openJournal({ folder, clock: { nowMs: () => Date.now() } })
  await journal.seal()
  const found: string[] = []
  for await (const batch of journal.read(1, 100)) {
    for (const { seq, payload } of batch) {
      expect(seq, where).toBe(found.length + 1)
      found.push(Buffer.from(payload).toString())
    }
  }
  for (const { seq, n } of log.acked) expect(found[seq - 1], where).toBe(appendedPayload(1, n))
  expect(new Set(found).size, where).toBe(found.length)
  const counts = await journal.received({ fromMs: 0, toMs: 1e15 })
  expect(
    counts.reduce((sum, { received }) => sum + received, 0),
    where,
  ).toBe(found.length)
  await journal.close()
  expect((await verifyJournal(folder)).findings, where).toEqual([])

  // Nothing is left behind: manifest, the open log, the lock, and two files for each segment.
  const sealed = journal.segments().flatMap(({ sha256 }) => [`${sha256}.gz`, `${sha256}.json`])
  const names = readdirSync(folder).filter((name) => !/^lock\.\d+$/.test(name))
  const openLog = `${String(journal.head() + 1).padStart(16, '0')}.log`
  expect(names.toSorted(), where).toEqual([...sealed, 'manifest.log', openLog].toSorted())
}
