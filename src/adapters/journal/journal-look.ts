import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { JournalEntry, JournalSegment } from '../../ports/journal.js'
import { readEntry } from './entry.js'
import { errorCode } from './files.js'
import { frameAt } from './frame.js'
import { JournalDamaged } from './journal-fault.js'
import { MANIFEST_FILE, readManifest } from './manifest.js'
import { segmentReader } from './reader.js'
import { readSegmentHeader, SEGMENT_HEADER_BYTES } from './segment-header.js'
import { logFirstSeq, logName } from './segment-log.js'

/** A segment that is not sealed yet. */
export interface OpenSegment {
  readonly firstSeq: number
  readonly file: string
  readonly bytes: number
}

/** What a journal's folder holds. */
export interface JournalContents {
  readonly journalId: string
  readonly createdMs: number
  readonly sealed: readonly JournalSegment[]
  readonly open: readonly OpenSegment[]
}

/**
 * Lists a journal without opening it: changes nothing, needs no lock, and is safe beside a running
 * service.
 *
 * @throws JournalDamaged when the manifest is not as it was written
 * @throws the system's error (ENOENT) when the folder holds no journal
 */
export async function journalContents(folder: string): Promise<JournalContents> {
  // The logs before the manifest: one that is sealed meanwhile is listed once, as sealed.
  const firstSeqs = (await readdir(folder)).map(logFirstSeq).filter((seq) => seq !== null)
  const logs: OpenSegment[] = []
  for (const firstSeq of firstSeqs.sort((a, b) => a - b)) {
    const file = logName(firstSeq)
    const bytes = await sizeOf(join(folder, file))
    if (bytes !== null) logs.push({ firstSeq, file, bytes })
  }
  const manifest = readManifest(await readFile(join(folder, MANIFEST_FILE)))
  const sealedTo = manifest.segments.at(-1)?.lastSeq ?? 0
  return {
    journalId: manifest.id,
    createdMs: manifest.createdMs,
    sealed: manifest.segments,
    open: logs.filter(({ firstSeq }) => firstSeq > sealedTo),
  }
}

/**
 * One entry of a journal that may be in use; null when it holds no such sequence. The newest
 * entries may be written and not yet synced: those nobody has had acknowledged.
 *
 * @throws JournalDamaged when what should hold the entry is not as it was written
 */
export async function journalEntry(folder: string, seq: number): Promise<JournalEntry | null> {
  try {
    return await entryOf(folder, seq)
  } catch (error) {
    // Its log was sealed while we looked, and is found among the sealed ones now.
    if (errorCode(error) !== 'ENOENT') throw error
    return await entryOf(folder, seq)
  }
}

async function entryOf(folder: string, seq: number): Promise<JournalEntry | null> {
  const sealed = readManifest(await readFile(join(folder, MANIFEST_FILE))).segments
  if (seq <= (sealed.at(-1)?.lastSeq ?? 0)) {
    const [entry] = await segmentReader(folder, { sealed, logs: [] }).blockFrom(seq, seq)
    return entry ?? null
  }
  const { open } = await journalContents(folder)
  const log = open.findLast(({ firstSeq }) => firstSeq <= seq)
  return log === undefined ? null : await entryOfLog(folder, log, seq)
}

async function entryOfLog(
  folder: string,
  log: OpenSegment,
  seq: number,
): Promise<JournalEntry | null> {
  const bytes = await readFile(join(folder, log.file))
  const header = readSegmentHeader(bytes)
  if (header === null) {
    throw new JournalDamaged(log.file, log.firstSeq, 0, 'the header is unreadable')
  }
  let at = SEGMENT_HEADER_BYTES
  for (let next = log.firstSeq; next <= seq; next += 1) {
    const frame = frameAt(bytes, at, header.salt)
    // Behind the last whole frame stands nothing, or a write that is under way or was cut off:
    // which of them, and whether it is damage, is for verifyJournal to tell.
    if (frame === null || frame.seq !== next) return null
    if (next === seq) return readEntry(frame.entry)
    at = frame.end
  }
  return null
}

/** null when it is gone. */
async function sizeOf(file: string): Promise<number | null> {
  try {
    return (await stat(file)).size
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return null
    throw error
  }
}
