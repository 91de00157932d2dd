import { once } from 'node:events'
import { setTimeout } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { openJournal, verifyJournal } from '../../src/adapters/journal/index.js'
import { randomFrom } from '../setup/random.js'
import { temporaryFolder } from '../setup/temp-folder.js'
import { appendedPayload } from './journal-payload.js'
import { startAppender } from './journal-process.js'

const KILLS = 12

test('every entry that was acknowledged is there after a kill at any moment', async () => {
  const folder = await temporaryFolder('journal-kill')
  const logs = await temporaryFolder('journal-kill-logs')
  const expected = new Map<number, string>()
  const random = randomFrom(20260601)
  let acked = 0
  for (let run = 1; run <= KILLS; run += 1) {
    const work = {
      folder: folder.path,
      run,
      segmentBytes: 100_000,
      entries: 10_000_000,
      concurrency: 64,
    }
    const appender = startAppender(work, logs.path)
    await acksOf(appender, 1)
    await setTimeout(20 + random() * 500)
    appender.process.kill('SIGKILL')
    const log = await appender.ended()
    expect(log.acked.length).toBeGreaterThan(0)
    acked += log.acked.length
    for (const { seq, n } of log.acked) {
      expect(expected.has(seq)).toBe(false)
      expected.set(seq, appendedPayload(run, n))
    }

    // A look inside after each kill; the next process begins where this one ended.
    const journal = await openJournal({ folder: folder.path, clock: { nowMs: () => Date.now() } })
    let next = 1
    let found = 0
    for await (const batch of journal.read(1, 5_000)) {
      for (const entry of batch) {
        expect(entry.seq).toBe(next)
        next += 1
        const promised = expected.get(entry.seq)
        if (promised === undefined) continue
        found += 1
        if (Buffer.from(entry.payload).toString() !== promised) {
          expect(Buffer.from(entry.payload).toString()).toBe(promised)
        }
      }
    }
    expect(found).toBe(expected.size)
    const counts = await journal.received({ fromMs: 0, toMs: 1e15 })
    expect(counts.reduce((sum, { received }) => sum + received, 0)).toBe(journal.head())
    await journal.close()
  }
  const report = await verifyJournal(folder.path)
  expect(report.findings).toEqual([])
  expect(report.sealedSegments).toBeGreaterThan(KILLS)
  console.log(JSON.stringify({ kills: KILLS, acked, lost: 0, segments: report.sealedSegments }))
  await folder.remove()
  await logs.remove()
})

/** Waits until the process has written down so many acknowledgements. */
async function acksOf(appender: ReturnType<typeof startAppender>, count: number): Promise<void> {
  const gone = once(appender.process, 'exit').then(() => 'gone' as const)
  while (appender.soFar().acked.length < count) {
    const tick = await Promise.race([gone, setTimeout(10, 'waiting' as const)])
    if (tick === 'gone') throw new Error(appender.soFar().text)
  }
}
