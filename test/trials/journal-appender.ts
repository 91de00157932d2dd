/**
 * A process that appends to a journal and writes down what it was promised, for trials that kill
 * it, watch its system calls or take its disk away. Arguments: one JSON object.
 * Output, one line each, written at once: `ack SEQ N`, `rejected N REASON`, `sealed`, `closed`.
 */
import { writeSync } from 'node:fs'
import { openJournal } from '../../src/adapters/journal/index.js'
import { appendedPayload } from './journal-payload.js'

interface Work {
  readonly folder: string
  /** Marks this run's entries. */
  readonly run: number
  readonly segmentBytes: number
  readonly entries: number
  readonly concurrency: number
}

function say(line: string): void {
  writeSync(1, `${line}\n`)
}

const work = JSON.parse(process.argv[2] ?? '') as Work
const journal = await openJournal({
  folder: work.folder,
  clock: { nowMs: () => Date.now() },
  segmentBytes: work.segmentBytes,
})
let next = 0

async function appendUntilDone(): Promise<void> {
  while (next < work.entries) {
    const n = next
    next += 1
    try {
      const seq = await journal.append({
        kind: 'message',
        arrivalMs: Date.now(),
        device: `gauge-${n % 10}`,
        client: `gauge-${n % 10}`,
        topic: `rl/v1/c/gauge-${n % 10}/up`,
        qos: 1,
        retain: false,
        dup: false,
        payload: Buffer.from(appendedPayload(work.run, n)),
      })
      say(`ack ${seq} ${n}`)
    } catch (error) {
      say(`rejected ${n} ${error instanceof Error ? error.message : String(error)}`)
    }
  }
}

await Promise.all(Array.from({ length: work.concurrency }, appendUntilDone))
await journal.seal().then(
  () => say('sealed'),
  () => say('unsealed'),
)
await journal.close()
say('closed')
