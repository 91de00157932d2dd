import { randomBytes } from 'node:crypto'
import { crc32 } from 'node:zlib'
import { readUint64, writeUint64 } from './entry.js'

/** Begins every segment; README.md has the table. */
export interface SegmentHeader {
  /** 32 hex digits. */
  readonly journalId: string
  readonly firstSeq: number
  readonly createdMs: number
  /** Drawn for this file; marks its frames. */
  readonly salt: number
}

export const SEGMENT_HEADER_BYTES = 48
const MAGIC = Buffer.from('RLJRNL01', 'latin1')

export function newSalt(): number {
  return randomBytes(4).readUInt32LE()
}

export function segmentHeaderBytes(header: SegmentHeader): Buffer {
  const bytes = Buffer.alloc(SEGMENT_HEADER_BYTES)
  MAGIC.copy(bytes)
  bytes.write(header.journalId, 8, 'hex')
  writeUint64(bytes, 24, header.firstSeq)
  writeUint64(bytes, 32, header.createdMs)
  bytes.writeUInt32LE(header.salt, 40)
  bytes.writeUInt32LE(crc32(bytes.subarray(0, 44)), 44)
  return bytes
}

/** null when these are not the bytes of a header. */
export function readSegmentHeader(bytes: Buffer): SegmentHeader | null {
  if (bytes.length < SEGMENT_HEADER_BYTES || !bytes.subarray(0, 8).equals(MAGIC)) return null
  if (crc32(bytes.subarray(0, 44)) !== bytes.readUInt32LE(44)) return null
  return {
    journalId: bytes.toString('hex', 8, 24),
    firstSeq: readUint64(bytes, 24),
    createdMs: readUint64(bytes, 32),
    salt: bytes.readUInt32LE(40),
  }
}
