import type { FileHandle } from 'node:fs/promises'
import { open, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { faultText } from '../../domain/fault.js'
import type { JournalEntry } from '../../ports/journal.js'
import { readEntry } from './entry.js'
import { readHandle, syncFolder, writeAll } from './files.js'
import { faultAt, frameAfter, frameAt, hasUnwrittenSector } from './frame.js'
import { JournalDamaged } from './journal-fault.js'
import {
  newSalt,
  readSegmentHeader,
  SEGMENT_HEADER_BYTES,
  segmentHeaderBytes,
} from './segment-header.js'
import type { Tally } from './tally.js'
import { addToTally, emptyTally } from './tally.js'

/** A stretch of frames that is read, compressed and found as one. */
export interface Block {
  readonly firstSeq: number
  /** Where it begins in the file; it ends where the next begins, or with the file. The first begins at 0, with the header. */
  readonly offset: number
}

/** A segment as it is written: header and frames, not compressed. */
export interface SegmentLog {
  readonly file: string
  readonly handle: FileHandle
  readonly firstSeq: number
  readonly salt: number
  /** Everything before this offset is durable. */
  bytes: number
  readonly blocks: Block[]
  readonly tally: Tally
}

export interface Cut {
  readonly file: string
  readonly offset: number
  readonly bytes: number
}

/** Large enough to compress well, small enough to be read for the sake of one entry. */
const BLOCK_BYTES = 256 * 1024
const LOG_NAME = /^(\d{16})\.log$/

export function logName(firstSeq: number): string {
  return `${String(firstSeq).padStart(16, '0')}.log`
}

/** The first sequence that a file's name gives, or null for other files. */
export function logFirstSeq(name: string): number | null {
  const match = LOG_NAME.exec(name)
  return match === null ? null : Number(match[1])
}

/** Creates an empty log that survives a power loss by the time this resolves. */
export async function createLog(
  folder: string,
  firstSeq: number,
  journalId: string,
  createdMs: number,
): Promise<SegmentLog> {
  const file = logName(firstSeq)
  const salt = newSalt()
  const handle = await open(join(folder, file), 'wx+')
  try {
    await writeAll(handle, segmentHeaderBytes({ journalId, firstSeq, createdMs, salt }), 0)
    await handle.sync()
    await syncFolder(folder)
  } catch (error) {
    await handle.close()
    throw error
  }
  return {
    file,
    handle,
    firstSeq,
    salt,
    bytes: SEGMENT_HEADER_BYTES,
    blocks: [{ firstSeq, offset: 0 }],
    tally: emptyTally(),
  }
}

/** Writes frames behind the others and returns when they are on disk; nothing counts before that. */
export async function writeGroup(log: SegmentLog, frames: Uint8Array): Promise<void> {
  await writeAll(log.handle, frames, log.bytes)
  await log.handle.datasync()
}

/** Takes a durable group into the log's books. */
export function groupWritten(
  log: SegmentLog,
  entries: readonly JournalEntry[],
  frames: Buffer,
): void {
  let at = 0
  for (const entry of entries) {
    beginBlock(log, entry.seq, log.bytes + at)
    addToTally(log.tally, entry)
    at = frameAfter(frames, at)
  }
  log.bytes += frames.length
}

/**
 * Reads a log through, checks every frame and cuts an unfinished write off its end. Whatever it
 * keeps is synced before it returns: after a mere kill the last group may stand in the page cache
 * only.
 *
 * @param place `last`: only there a write can have been unfinished
 * @returns null for a last log whose creation was unfinished; it held nothing and is gone
 */
export async function recoverLog(
  folder: string,
  firstSeq: number,
  journalId: string,
  place: 'last' | 'before',
): Promise<{ readonly log: SegmentLog | null; readonly cut: Cut | null }> {
  const file = logName(firstSeq)
  const path = join(folder, file)
  const handle = await open(path, 'r+')
  try {
    const bytes = await readHandle(handle, 0, (await handle.stat()).size)
    const header = readSegmentHeader(bytes)
    if (header === null) {
      if (place === 'before' || !isUnfinishedHeader(bytes)) {
        throw new JournalDamaged(file, firstSeq, 0, 'the header is unreadable')
      }
      await handle.close()
      await rm(path)
      return { log: null, cut: { file, offset: 0, bytes: bytes.length } }
    }
    if (header.journalId !== journalId || header.firstSeq !== firstSeq) {
      const whose = `journal ${header.journalId} from ${header.firstSeq}`
      throw new JournalDamaged(file, firstSeq, 0, `the header is that of ${whose}`)
    }
    const log: SegmentLog = {
      file,
      handle,
      firstSeq,
      salt: header.salt,
      bytes: SEGMENT_HEADER_BYTES,
      blocks: [{ firstSeq, offset: 0 }],
      tally: emptyTally(),
    }
    const end = takeFrames(log, bytes)
    log.bytes = end
    const cut = end === bytes.length ? null : { file, offset: end, bytes: bytes.length - end }
    if (cut !== null) {
      const nextSeq = firstSeq + log.tally.entries
      if (place === 'before' || faultAt(bytes, end, nextSeq, log.salt) === 'damaged') {
        throw new JournalDamaged(file, firstSeq, end, `entry ${nextSeq} is not as it was written`)
      }
      await handle.truncate(end)
    }
    await handle.sync()
    return { log, cut }
  } catch (error) {
    await handle.close()
    throw error
  }
}

function takeFrames(log: SegmentLog, bytes: Buffer): number {
  let at = SEGMENT_HEADER_BYTES
  for (let seq = log.firstSeq; at < bytes.length; seq += 1) {
    const frame = frameAt(bytes, at, log.salt)
    if (frame === null) break
    if (frame.seq !== seq) {
      const what = `entry ${frame.seq} where ${seq} belongs`
      throw new JournalDamaged(log.file, log.firstSeq, at, what)
    }
    beginBlock(log, seq, at)
    addToTally(log.tally, readable(log, frame.entry, at))
    at = frame.end
  }
  return at
}

function readable(log: SegmentLog, entry: Buffer, at: number): JournalEntry {
  try {
    return readEntry(entry)
  } catch (error) {
    throw new JournalDamaged(log.file, log.firstSeq, at, faultText(error), { cause: error })
  }
}

function beginBlock(log: SegmentLog, seq: number, offset: number): void {
  const last = log.blocks.at(-1)
  if (last !== undefined && offset - last.offset < BLOCK_BYTES) return
  log.blocks.push({ firstSeq: seq, offset })
}

/** The header is synced before the first frame is written: a log without one holds nothing. */
function isUnfinishedHeader(bytes: Buffer): boolean {
  if (bytes.length < SEGMENT_HEADER_BYTES) return true
  return bytes.length === SEGMENT_HEADER_BYTES && hasUnwrittenSector(bytes, 0, bytes.length)
}
