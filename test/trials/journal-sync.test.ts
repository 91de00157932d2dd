import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { openJournal, verifyJournal } from '../../src/adapters/journal/index.js'
import { temporaryFolder } from '../setup/temp-folder.js'
import { appendedPayload } from './journal-payload.js'
import type { AppenderLog } from './journal-process.js'
import { startAppender } from './journal-process.js'
import { callsOf } from './system-calls.js'

describe('what the disk was told, by strace', () => {
  test('no acknowledgement is written before the sync has returned that covers its entry', async () => {
    const folder = await temporaryFolder('journal-sync')
    const journalFolder = join(folder.path, 'journal')
    const trace = join(folder.path, 'trace')
    const work = {
      folder: journalFolder,
      run: 1,
      segmentBytes: 20_000,
      entries: 600,
      concurrency: 20,
    }
    const strace = 'strace -f -s 1000000 -e trace=write,pwrite64,pwritev,fsync,fdatasync,openat -o'
    const log = await startAppender(work, folder.path, [...strace.split(' '), trace]).ended()
    expect(log.lines.at(-1), log.text).toBe('closed')
    const calls = callsOf(readFileSync(trace, 'utf8'))
    const succeeded = calls.filter(({ result }) => result >= 0)
    const writes = succeeded.filter(({ name }) => name.startsWith('pwrite'))
    const syncs = succeeded.filter(({ name }) => name === 'fdatasync' || name === 'fsync')
    const acks = calls.filter(({ name, text }) => name === 'write' && text.includes('"ack '))

    let proven = 0
    for (const ack of acks) {
      const [, seq, n] = /"ack (\d+) (\d+)\\n"/.exec(ack.text) ?? []
      const marker = `<run 1 entry ${n}>`
      const write = writes.find(({ text }) => text.includes(marker))
      const sync = syncs.find(
        ({ fd, began, ended }) =>
          write !== undefined && fd === write.fd && began > write.ended && ended < ack.began,
      )
      if (sync === undefined) throw new Error(`entry ${seq} was acknowledged before it was synced`)
      proven += 1
    }
    expect(proven).toBe(600)

    // A file whose name is not in the folder is lost with it: the folder is synced too.
    const files = succeeded.filter(({ text }) => /^openat.*\d{16}\.log".*O_CREAT/.test(text))
    let synced = 0
    for (const file of files) {
      const firstSeq = Number(/(\d{16})\.log/.exec(file.text)?.[1])
      const n = log.acked.find(({ seq }) => seq === firstSeq)?.n
      // The log that sealing begins at the end stays empty.
      if (n === undefined) continue
      const write = writes.find(({ text }) => text.includes(`<run 1 entry ${n}>`))
      const folders = succeeded.filter(
        ({ text, began }) =>
          text.startsWith(`openat(AT_FDCWD, "${journalFolder}",`) && began > file.ended,
      )
      const isSynced = folders.some(({ result, ended }) =>
        syncs.some(
          (sync) => sync.fd === result && sync.began > ended && sync.ended < (write?.began ?? 0),
        ),
      )
      expect(isSynced).toBe(true)
      synced += 1
    }
    expect(synced).toBeGreaterThan(3)
    await folder.remove()
  })

  test.each([
    [
      'a failing sync',
      'strace -f -o /dev/null -e trace=fdatasync -e inject=fdatasync:error=EIO:when=6',
    ],
    [
      'a full disk',
      'strace -f -o /dev/null -e trace=pwrite64 -e inject=pwrite64:error=ENOSPC:when=8',
    ],
    ['a file that may not grow', 'bash -c ulimit§-f§16;exec§"$@" --'],
  ])(
    'after %s nothing is acknowledged any more, and what was rejected does not exist',
    async (_, command) => {
      const folder = await temporaryFolder('journal-disk')
      const journalFolder = join(folder.path, 'journal')
      const wrapper = command.split(' ').map((word) => word.replaceAll('§', ' '))
      const log = await startAppender(
        { folder: journalFolder, run: 1, segmentBytes: 1e9, entries: 200, concurrency: 4 },
        folder.path,
        ['env', 'UV_THREADPOOL_SIZE=1', ...wrapper],
      ).ended()
      expect(log.acked.length, log.text).toBeGreaterThan(0)
      expect(log.rejected.length, log.text).toBeGreaterThan(0)
      expect(log.acked.length + log.rejected.length).toBe(200)
      const lastAck = log.lines.findLastIndex((line) => line.startsWith('ack '))
      const firstRejection = log.lines.findIndex((line) => line.startsWith('rejected '))
      expect(firstRejection).toBeGreaterThan(lastAck)
      expect(await foundIn(journalFolder)).toEqual(promisedBy(log))
      expect((await verifyJournal(journalFolder)).findings).toEqual([])
      await folder.remove()
    },
  )
})

function promisedBy(log: AppenderLog): string[] {
  return log.acked.toSorted((a, b) => a.seq - b.seq).map(({ n }) => appendedPayload(1, n))
}

async function foundIn(folder: string): Promise<string[]> {
  const journal = await openJournal({ folder, clock: { nowMs: () => Date.now() } })
  const payloads: string[] = []
  for await (const batch of journal.read(1, 100)) {
    for (const { payload } of batch) payloads.push(Buffer.from(payload).toString())
  }
  await journal.close()
  return payloads
}
