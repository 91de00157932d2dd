import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { isDeepStrictEqual, promisify } from 'node:util'
import { gunzip } from 'node:zlib'
import { faultText } from '../../domain/fault.js'
import { readEntry } from './entry.js'
import { readHandle } from './files.js'
import { faultAt, frameAt } from './frame.js'
import { holdLogs, letGo, type HeldLog } from './held-logs.js'
import { JournalDamaged } from './journal-fault.js'
import type { SealedSegment } from './manifest.js'
import { MANIFEST_FILE, readManifest } from './manifest.js'
import { merkleTree } from './merkle.js'
import { indexName, sealedName } from './seal.js'
import { readSegmentHeader, SEGMENT_HEADER_BYTES } from './segment-header.js'
import type { SegmentIndex } from './segment-index.js'
import { readSegmentIndex } from './segment-index.js'
import { logName } from './segment-log.js'
import { addToTally, emptyTally } from './tally.js'

const decompress = promisify(gunzip)
/** Entries checked in one go: a few milliseconds. */
const SLICE_ENTRIES = 1024

/** Something that is not as it was written. */
export interface JournalFinding {
  readonly file: string
  /** First sequence of the segment; 0 for the manifest. */
  readonly segment: number
  /** Where in the file the trouble is, or begins. */
  readonly offset: number
  readonly what: string
}

export interface JournalReport {
  readonly journalId: string
  readonly sealedSegments: number
  readonly entries: number
  /** Merkle root of the newest sealed segment; by the chain it stands for all before. */
  readonly chainHead: string | null
  /** Bytes of an unfinished write at the end, which the next opening cuts off; no finding. */
  readonly unfinishedBytes: number
  readonly findings: readonly JournalFinding[]
}

/**
 * Reads a journal through without opening it: each line of the manifest, each hash, gzip member,
 * frame and entry, the sequence, the Merkle roots, their chain, and the counts. Changes nothing and
 * needs no lock; beside a running service it sees a consistent state.
 *
 * @param onSealed told how many of how many sealed segments have been read
 */
export async function verifyJournal(
  folder: string,
  onSealed: (done: number, of: number) => void = () => undefined,
): Promise<JournalReport> {
  // Held open before the manifest is read: a log that is sealed meanwhile can still be read.
  const logs = await holdLogs(folder)
  try {
    return await verify(folder, logs, onSealed)
  } finally {
    await letGo(logs)
  }
}

async function verify(
  folder: string,
  logs: readonly HeldLog[],
  onSealed: (done: number, of: number) => void,
): Promise<JournalReport> {
  const findings: JournalFinding[] = []
  const report = { journalId: '', sealedSegments: 0, entries: 0, unfinishedBytes: 0 }
  let segments: readonly SealedSegment[] = []
  try {
    const manifest = readManifest(await readFile(join(folder, MANIFEST_FILE)))
    report.journalId = manifest.id
    segments = manifest.segments
  } catch (error) {
    findings.push(findingOf(error, { file: MANIFEST_FILE, segment: 0, offset: 0 }))
  }
  for (const segment of segments) {
    findings.push(...(await verifySealed(folder, segment, report.journalId)))
    report.sealedSegments += 1
    onSealed(report.sealedSegments, segments.length)
    report.entries += segment.lastSeq - segment.firstSeq + 1
  }
  let nextSeq = (segments.at(-1)?.lastSeq ?? 0) + 1
  const unsealed = logs.filter(({ firstSeq }) => firstSeq >= nextSeq)
  for (const log of unsealed) {
    const file = logName(log.firstSeq)
    if (log.firstSeq !== nextSeq) {
      const what = `entries ${nextSeq} to ${log.firstSeq - 1} are missing`
      findings.push({ file, segment: log.firstSeq, offset: 0, what })
    }
    const bytes = await readHandle(log.handle, 0, (await log.handle.stat()).size)
    const isLast = log === unsealed.at(-1)
    const seen = await verifyLog(bytes, file, log.firstSeq, report.journalId, isLast)
    findings.push(...seen.findings)
    report.entries += seen.entries
    report.unfinishedBytes += seen.unfinishedBytes
    nextSeq = log.firstSeq + seen.entries
  }
  if (unsealed.length === 0) {
    const what = 'the open segment is missing'
    findings.push({ file: logName(nextSeq), segment: nextSeq, offset: 0, what })
  }
  return { ...report, chainHead: segments.at(-1)?.merkleRoot ?? null, findings }
}

async function verifyLog(
  bytes: Buffer,
  file: string,
  firstSeq: number,
  journalId: string,
  isLast: boolean,
): Promise<{ findings: JournalFinding[]; entries: number; unfinishedBytes: number }> {
  const header = readSegmentHeader(bytes)
  if (header === null && isLast && bytes.length <= SEGMENT_HEADER_BYTES) {
    return { findings: [], entries: 0, unfinishedBytes: bytes.length }
  }
  const finding = (offset: number, what: string): JournalFinding => {
    return { file, segment: firstSeq, offset, what }
  }
  if (header === null) {
    return { findings: [finding(0, 'the header is unreadable')], entries: 0, unfinishedBytes: 0 }
  }
  const findings: JournalFinding[] = []
  if (header.firstSeq !== firstSeq || (journalId !== '' && header.journalId !== journalId)) {
    findings.push(finding(0, 'the header is that of another file'))
  }
  const seen = await walk(bytes, SEGMENT_HEADER_BYTES, firstSeq, header.salt, () => undefined)
  const entries = seen.nextSeq - firstSeq
  if (seen.at === bytes.length) return { findings, entries, unfinishedBytes: 0 }
  const isTorn = isLast && faultAt(bytes, seen.at, seen.nextSeq, header.salt) === 'torn'
  if (isTorn) return { findings, entries, unfinishedBytes: bytes.length - seen.at }
  findings.push(finding(seen.at, `entry ${seen.nextSeq} is not as it was written`))
  return { findings, entries, unfinishedBytes: 0 }
}

async function verifySealed(
  folder: string,
  segment: SealedSegment,
  journalId: string,
): Promise<JournalFinding[]> {
  const findings: JournalFinding[] = []
  const file = sealedName(segment.sha256)
  const indexFile = indexName(segment.sha256)
  const note = (name: string, offset: number, what: string): void => {
    findings.push({ file: name, segment: segment.firstSeq, offset, what })
  }
  let packed: Buffer
  let index: SegmentIndex
  try {
    packed = await readFile(join(folder, file))
  } catch (error) {
    return [findingOf(error, { file, segment: segment.firstSeq, offset: 0 })]
  }
  try {
    const bytes = await readFile(join(folder, indexFile))
    if (sha256(bytes) !== segment.indexSha256) note(indexFile, 0, 'the hash differs')
    index = readSegmentIndex(bytes)
  } catch (error) {
    return [
      ...findings,
      findingOf(error, { file: indexFile, segment: segment.firstSeq, offset: 0 }),
    ]
  }
  const hashDiffers = sha256(packed) !== segment.sha256

  const tree = merkleTree()
  const tally = emptyTally()
  for (const [position, block] of index.blocks.entries()) {
    const end = index.blocks[position + 1]?.offset ?? packed.length
    try {
      const plain = await decompress(packed.subarray(block.offset, end))
      let from = 0
      if (position === 0) {
        const header = readSegmentHeader(plain)
        if (header === null || header.firstSeq !== segment.firstSeq) {
          note(file, 0, 'the header is not that of this segment')
        } else if (journalId !== '' && header.journalId !== journalId) {
          note(file, 0, `the header names journal ${header.journalId}`)
        }
        from = SEGMENT_HEADER_BYTES
      }
      const seen = await walk(plain, from, block.firstSeq, index.salt, (entry) => {
        tree.add(entry)
        addToTally(tally, readEntry(entry))
      })
      if (seen.at < plain.length) {
        const where = `byte ${seen.at} of the member unpacked`
        note(file, block.offset, `entry ${seen.nextSeq} is not as it was written (${where})`)
      }
    } catch (error) {
      findings.push(findingOf(error, { file, segment: segment.firstSeq, offset: block.offset }))
    }
  }
  if (findings.length === 0 && hashDiffers) note(file, 0, 'the hash differs; all entries are whole')
  if (findings.length > 0) return findings
  if (tree.root().toString('hex') !== segment.merkleRoot) note(file, 0, 'the Merkle root differs')
  if (tally.entries !== segment.lastSeq - segment.firstSeq + 1) note(file, 0, 'entries are missing')
  const arrivals = [tally.firstArrivalMs, tally.lastArrivalMs]
  if (!isDeepStrictEqual(arrivals, [segment.firstArrivalMs, segment.lastArrivalMs])) {
    note(file, 0, 'the arrival times differ from the manifest')
  }
  if (!isDeepStrictEqual(Object.fromEntries(tally.newest), { ...segment.newest })) {
    note(file, 0, 'the newest entries differ from the manifest')
  }
  if (!isDeepStrictEqual(new Map(tally.received), index.received)) {
    note(indexFile, 0, 'the counts differ from the entries')
  }
  return findings
}

/** Visits sound frames in sequence; says where it stopped and which entry should have come next. */
async function walk(
  bytes: Buffer,
  from: number,
  firstSeq: number,
  salt: number,
  visit: (entry: Buffer) => void,
): Promise<{ readonly at: number; readonly nextSeq: number }> {
  let at = from
  let seq = firstSeq
  while (at < bytes.length) {
    const frame = frameAt(bytes, at, salt)
    if (frame === null || frame.seq !== seq) break
    visit(frame.entry)
    at = frame.end
    seq += 1
    if (seq % SLICE_ENTRIES === 0) await setImmediate()
  }
  return { at, nextSeq: seq }
}

function findingOf(error: unknown, place: Omit<JournalFinding, 'what'>): JournalFinding {
  const what = faultText(error)
  if (!(error instanceof JournalDamaged)) return { ...place, what }
  return { file: error.file, segment: error.segment, offset: error.offset, what }
}

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex')
}
