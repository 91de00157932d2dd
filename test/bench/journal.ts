/**
 * Durable appends per second: the journal, and LMDB doing the same, in turn in one run.
 * `npx tsx test/bench/journal.ts [SECONDS]`; the last line is the result as JSON.
 */
import { join } from 'node:path'
import { monitorEventLoopDelay, performance } from 'node:perf_hooks'
import { open } from 'lmdb'
import { openJournal } from '../../src/adapters/journal/index.js'
import { entryBytesBound, writeEntry } from '../../src/adapters/journal/entry.js'
import type { EntryDraft } from '../../src/ports/journal.js'
import { temporaryFolder } from '../setup/temp-folder.js'
import { machine, rounded } from './machine.js'

const CONCURRENT_APPENDS = 1_000
const ROUNDS = 3
const SECONDS = Number(process.argv[2] ?? 9)

interface Contender {
  append(draft: EntryDraft): Promise<unknown>
  close(): Promise<void>
}

interface Round {
  readonly perSecond: number
  readonly p99Ms: number
  /** Processor time of the whole process, all threads, per append: the figure that other load disturbs least. */
  readonly cpuUs: number
  /** Longest time that the event loop stood. */
  readonly stalledMs: number
}

/** A message of 120 bytes, as one SenML record is. */
function draft(n: number): EntryDraft {
  const record = `[{"bn":"urn:dev:mac:0024befffe804ff1/","bt":${1_780_000_000 + n},"n":"rain","u":"mm","v":${n % 100}}]`
  return {
    kind: 'message',
    arrivalMs: Date.now(),
    device: `gauge-${n % 350}`,
    client: `gauge-${n % 350}`,
    topic: `rl/v1/city/gauge-${n % 350}/up`,
    qos: 1,
    retain: false,
    dup: false,
    payload: Buffer.from(record.padEnd(120)),
  }
}

async function journalIn(folder: string): Promise<Contender> {
  return await openJournal({ folder, clock: { nowMs: () => Date.now() } })
}

/** The same bytes under ascending keys; without `overlappingSync` a put resolves when its commit is synced. */
async function lmdbIn(folder: string): Promise<Contender> {
  const database = open<Buffer, number>({
    path: join(folder, 'lmdb'),
    encoding: 'binary',
    keyEncoding: 'uint32',
    overlappingSync: false,
  })
  let seq = 0
  return await Promise.resolve({
    append: async (draft: EntryDraft) => {
      seq += 1
      const entry = { ...draft, seq }
      const bytes = Buffer.allocUnsafe(entryBytesBound(entry))
      await database.put(seq, bytes.subarray(0, writeEntry(bytes, 0, entry)))
    },
    close: async () => await database.close(),
  })
}

async function round(
  purpose: string,
  openIn: (folder: string) => Promise<Contender>,
  forMs: number,
): Promise<Round> {
  const folder = await temporaryFolder(`bench-${purpose}`)
  const contender = await openIn(folder.path)
  const delay = monitorEventLoopDelay({ resolution: 1 })
  const latencies: number[] = []
  const until = performance.now() + forMs
  let done = 0
  delay.enable()
  const began = performance.now()
  const cpuBefore = process.cpuUsage()
  const client = async (): Promise<void> => {
    for (let at = performance.now(); at < until;) {
      await contender.append(draft(done))
      const now = performance.now()
      if (done % 16 === 0) latencies.push(now - at)
      at = now
      done += 1
    }
  }
  await Promise.all(Array.from({ length: CONCURRENT_APPENDS }, client))
  const tookS = (performance.now() - began) / 1_000
  const cpu = process.cpuUsage(cpuBefore)
  delay.disable()
  await contender.close()
  await folder.remove()
  return {
    perSecond: Math.round(done / tookS),
    p99Ms: rounded(latencies.sort((a, b) => a - b)[Math.floor(latencies.length * 0.99)] ?? 0),
    cpuUs: rounded((cpu.user + cpu.system) / done),
    stalledMs: rounded(delay.max / 1e6),
  }
}

function middle(rounds: readonly Round[]): Round {
  const sorted = rounds.toSorted((a, b) => a.perSecond - b.perSecond)
  const one = sorted[Math.floor(sorted.length / 2)]
  if (one === undefined) throw new Error('no round was run')
  return one
}

const forMs = (SECONDS * 1_000) / ROUNDS
const journal: Round[] = []
const lmdb: Round[] = []
for (let turn = 0; turn < ROUNDS; turn += 1) {
  journal.push(await round('journal', journalIn, forMs))
  lmdb.push(await round('lmdb', lmdbIn, forMs))
}
const ours = middle(journal)
const theirs = middle(lmdb)
console.log(
  JSON.stringify({
    bench: 'journal',
    concurrentAppends: CONCURRENT_APPENDS,
    journalPerSecond: ours.perSecond,
    lmdbPerSecond: theirs.perSecond,
    ratio: rounded(ours.perSecond / theirs.perSecond),
    journalP99Ms: ours.p99Ms,
    lmdbP99Ms: theirs.p99Ms,
    journalCpuUs: ours.cpuUs,
    lmdbCpuUs: theirs.cpuUs,
    journalStalledMs: ours.stalledMs,
    lmdbStalledMs: theirs.stalledMs,
    ...(await machine()),
  }),
)
