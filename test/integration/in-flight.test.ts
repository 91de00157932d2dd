import { afterAll, beforeAll, expect, test } from 'vitest'
import { openJournal, type FileJournal } from '../../src/adapters/journal/index.js'
import { openInFlight } from '../../src/ingest/in-flight.js'
import type { Journal } from '../../src/ports/journal.js'
import { temporaryFolder, type TemporaryFolder } from '../setup/temp-folder.js'

const HOUR_MS = 3_600_000
const BEGAN_MS = Date.UTC(2024, 5, 1)
const ENTRIES = 10_500
/** The one entry that the books leave out. */
const REGISTRY_SEQ = 4_321

/** Entry `seq`: two devices in turn, an hour for every thousand entries. */
function written(seq: number): { readonly device: string; readonly hourMs: number } {
  return {
    device: seq % 2 === 0 ? 'even' : 'odd',
    hourMs: BEGAN_MS + Math.floor(seq / 1_000) * HOUR_MS,
  }
}

let folder: TemporaryFolder
let journal: FileJournal

beforeAll(async () => {
  folder = await temporaryFolder('in-flight')
  const clock = { nowMs: () => BEGAN_MS }
  journal = await openJournal({ folder: folder.path, clock, segmentBytes: 200_000 })
  const seqs = Array.from({ length: ENTRIES }, (_, index) => index + 1)
  await Promise.all(
    seqs.map(async (seq) =>
      journal.append({
        kind: seq === REGISTRY_SEQ ? 'registry' : 'message',
        arrivalMs: written(seq).hourMs + 5,
        ...{ device: written(seq).device, client: 'c', topic: 't', payload: Buffer.from('1') },
        ...{ qos: 1 as const, retain: false, dup: false },
      }),
    ),
  )
})

afterAll(async () => {
  await journal.close()
  await folder.remove()
})

/** What stands between, counted from what was written. */
function expected(position: number, head: number): string[] {
  const counts = new Map<string, number>()
  for (let seq = position + 1; seq <= head; seq++) {
    if (seq === REGISTRY_SEQ) continue
    const { device, hourMs } = written(seq)
    counts.set(`${device} ${hourMs}`, (counts.get(`${device} ${hourMs}`) ?? 0) + 1)
  }
  return [...counts].map(([key, count]) => `${key} ${count}`).sort()
}

async function counted(
  inFlight: ReturnType<typeof openInFlight>,
  position: number,
  head: number,
): Promise<string[]> {
  const counts = await inFlight.counts(position, head)
  return [...counts.values()]
    .map(({ device, hourMs, count }) => `${device} ${hourMs} ${count}`)
    .sort()
}

test.each([
  { position: 0, head: ENTRIES },
  { position: ENTRIES, head: ENTRIES },
  { position: 3_999, head: 8_001 },
  { position: 4_000, head: 8_000 },
  { position: 4_001, head: 7_999 },
  { position: 17, head: 18 },
])(
  'entries after $position up to $head are counted by device and hour',
  async ({ position, head }) => {
    expect(await counted(openInFlight(journal), position, head)).toEqual(expected(position, head))
  },
)

test('a backlog that drains is counted right at every look, and is not read again', async () => {
  const read = { entries: 0 }
  const counting: Pick<Journal, 'read'> = {
    read: async function* (fromSeq, limit) {
      for await (const entries of journal.read(fromSeq, limit)) {
        read.entries += entries.length
        yield entries
      }
    },
  }
  const inFlight = openInFlight(counting)
  const looks: [position: number, head: number][] = [
    [0, 8_500],
    [0, 8_900],
    [2_500, 10_400],
    [9_000, ENTRIES],
  ]
  const entriesRead: number[] = []
  for (const [position, head] of looks) {
    read.entries = 0
    expect(await counted(inFlight, position, head)).toEqual(expected(position, head))
    entriesRead.push(read.entries)
  }
  // Two whole stretches of 4,000 and 500 more; then only what stands at either end of them.
  expect(entriesRead[0]).toBe(8_500)
  expect(entriesRead[1]).toBe(900)
  expect(entriesRead[2]).toBe(1_500 + 2_400)
  expect(entriesRead[3]).toBe(1_500)
})
