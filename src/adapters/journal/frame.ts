import { crc32 } from 'node:zlib'
import type { JournalEntry } from '../../ports/journal.js'
import {
  ENTRY_FIXED_BYTES,
  entryBytesBound,
  entrySeq,
  LONGEST_ENTRY_BYTES,
  writeEntry,
} from './entry.js'

/** Length, length XOR salt, CRC-32, position in the group. */
const FRAME_HEAD_BYTES = 16
/** Never zero, so that the end of an intact frame cannot look like a sector that was not written. */
const FRAME_END_MARK = 0x0a
const FRAME_OVERHEAD_BYTES = FRAME_HEAD_BYTES + 1
const SMALLEST_FRAME_BYTES = FRAME_OVERHEAD_BYTES + ENTRY_FIXED_BYTES
/** The unit that a disk writes whole or not at all. */
const SECTOR_BYTES = 512

export interface Frame {
  /** The entry's bytes: what Merkle leaves are made of. */
  readonly entry: Buffer
  readonly seq: number
  /** Place in its group (one write, one sync), from 0. */
  readonly position: number
  /** Offset of the byte after the frame. */
  readonly end: number
}

export function frameBytesBound(entry: Omit<JournalEntry, 'seq'>): number {
  return FRAME_OVERHEAD_BYTES + entryBytesBound(entry)
}

/**
 * Writes one frame at `at`, all but its salt; returns the offset after it. The caller has made room
 * (frameBytesBound).
 */
export function writeFrame(
  target: Buffer,
  at: number,
  entry: JournalEntry,
  position: number,
): number {
  const length = writeEntry(target, at + FRAME_HEAD_BYTES, entry)
  const end = at + FRAME_OVERHEAD_BYTES + length
  target[end - 1] = FRAME_END_MARK
  target.writeUInt32LE(length, at)
  target.writeUInt32LE(position, at + 12)
  target.writeUInt32LE(crc32(target.subarray(at + 12, end)), at + 8)
  return end
}

/** Marks the frames in [0, end) as those of one file: which it will be is known only when they are written. */
export function saltFrames(frames: Buffer, end: number, salt: number): void {
  for (let at = 0; at < end; at = frameAfter(frames, at)) {
    frames.writeUInt32LE((frames.readUInt32LE(at) ^ salt) >>> 0, at + 4)
  }
}

/** Where the next frame begins, among frames that are known to be sound. */
export function frameAfter(frames: Buffer, at: number): number {
  return at + FRAME_OVERHEAD_BYTES + frames.readUInt32LE(at)
}

/** The frame at an offset, or null when there is no whole and sound one. */
export function frameAt(bytes: Buffer, at: number, salt: number): Frame | null {
  const end = frameEnd(bytes, at, salt)
  if (end === null || end > bytes.length || bytes[end - 1] !== FRAME_END_MARK) return null
  if (crc32(bytes.subarray(at + 12, end)) !== bytes.readUInt32LE(at + 8)) return null
  const entry = bytes.subarray(at + FRAME_HEAD_BYTES, end - 1)
  return { entry, seq: entrySeq(entry), position: bytes.readUInt32LE(at + 12), end }
}

/**
 * Tells what an unsound frame is: the remains of a write that never finished, or damage to what had
 * been synced (and perhaps acknowledged).
 *
 * Torn, if no frame of a *later* group follows (a group is written only after the one before was
 * synced), and the bytes look as an unfinished write leaves them: the file ends within the frame,
 * or a whole sector of it reads as zeros. Everything else is damage, also at the very end: a bit
 * that flipped in the last acknowledged entry must not pass for a torn write.
 *
 * @param at offset of the unsound frame
 * @param seq the sequence it should have had
 */
export function faultAt(bytes: Buffer, at: number, seq: number, salt: number): 'torn' | 'damaged' {
  if (laterGroupFollows(bytes, at, seq, salt)) return 'damaged'
  if (bytes.length - at < 8) return 'torn'
  const end = frameEnd(bytes, at, salt)
  if (end !== null && end > bytes.length) return 'torn'
  return hasUnwrittenSector(bytes, at, end ?? bytes.length) ? 'torn' : 'damaged'
}

/** Where the frame says that it ends; null when its two lengths disagree, so that neither is believed. */
function frameEnd(bytes: Buffer, at: number, salt: number): number | null {
  if (at + 8 > bytes.length) return null
  const length = bytes.readUInt32LE(at)
  if ((length ^ salt) >>> 0 !== bytes.readUInt32LE(at + 4)) return null
  if (length < ENTRY_FIXED_BYTES || length > LONGEST_ENTRY_BYTES) return null
  return at + FRAME_OVERHEAD_BYTES + length
}

/**
 * Looks for sound frames at every offset. The salt, drawn anew for each file and shown to nobody,
 * keeps a device from sending a payload that looks like one.
 */
function laterGroupFollows(bytes: Buffer, from: number, seq: number, salt: number): boolean {
  let at = from + 1
  while (at + SMALLEST_FRAME_BYTES <= bytes.length) {
    const frame = frameAt(bytes, at, salt)
    if (frame !== null && frame.seq - frame.position > seq) return true
    at = frame === null ? at + 1 : frame.end
  }
  return false
}

/** Whether a sector's share of [from, to) is all zeros, as space reads that was allotted but not written. */
export function hasUnwrittenSector(bytes: Buffer, from: number, to: number): boolean {
  const lastByte = bytes.length
  for (let start = from; start < to;) {
    const end = Math.min(to, (Math.floor(start / SECTOR_BYTES) + 1) * SECTOR_BYTES)
    // Fewer than four zeros may be the low bytes of an intact length; at the end they cannot be.
    const tells = end - start >= 4 || end === lastByte
    if (tells && bytes.subarray(start, end).every((byte) => byte === 0)) return true
    start = end
  }
  return false
}
