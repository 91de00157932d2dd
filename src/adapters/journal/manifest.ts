import type { FileHandle } from 'node:fs/promises'
import { open, readFile, rename } from 'node:fs/promises'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import { z } from 'zod'
import { ENTRY_KINDS, type JournalSegment } from '../../ports/journal.js'
import { errorCode, syncFolder, writeAll } from './files.js'
import { hasUnwrittenSector } from './frame.js'
import { JournalDamaged } from './journal-fault.js'
import type { Cut } from './segment-log.js'

export const MANIFEST_FILE = 'manifest.log'
const FORMAT_VERSION = 1
export const NO_ROOT = '0'.repeat(64)

const sha256 = z.string().regex(/^[0-9a-f]{64}$/)
const whole = z.int().min(0)

const journalRecord = z.object({
  type: z.literal('journal'),
  version: z.int(),
  id: z.string().regex(/^[0-9a-f]{32}$/),
  createdMs: whole,
})

const segmentRecord = z.object({
  type: z.literal('segment'),
  firstSeq: whole,
  lastSeq: whole,
  firstArrivalMs: whole,
  lastArrivalMs: whole,
  sha256,
  merkleRoot: sha256,
  previousRoot: sha256,
  /** Of the compressed file, the log it was made from, and the index beside it. */
  bytes: whole,
  logBytes: whole,
  indexBytes: whole,
  indexSha256: sha256,
  /** First and last hour with entries that the books count; null without any. */
  hours: z.object({ firstMs: whole, lastMs: whole }).nullable(),
  /** Newest sequence of each kind that occurs. */
  newest: z.partialRecord(z.enum(ENTRY_KINDS), whole),
})

const record = z.discriminatedUnion('type', [journalRecord, segmentRecord])

export type SealedSegment = JournalSegment & Omit<z.infer<typeof segmentRecord>, 'type'>

export interface ManifestContent {
  readonly id: string
  readonly createdMs: number
  readonly segments: readonly SealedSegment[]
  /** Bytes up to the end of the last whole record. */
  readonly bytes: number
}

/** The list of sealed segments: a file of checksummed lines that only grows. */
export interface Manifest {
  readonly id: string
  readonly segments: readonly SealedSegment[]
  /** An unfinished last line, which `trim` removes. */
  readonly cut: Cut | null
  trim(): Promise<void>
  /** Of the manifest itself. */
  bytes(): number
  /** Of all files that it lists. */
  sealedBytes(): number
  /** Resolves once the segment is listed durably. From then on its log may go. */
  add(segment: SealedSegment): Promise<void>
  close(): Promise<void>
}

/** Makes the manifest of a new journal; afterwards the journal exists. */
export async function createManifest(folder: string, id: string, createdMs: number): Promise<void> {
  const path = join(folder, MANIFEST_FILE)
  const handle = await open(`${path}.tmp`, 'w')
  try {
    await writeAll(handle, line({ type: 'journal', version: FORMAT_VERSION, id, createdMs }), 0)
    await handle.sync()
  } finally {
    await handle.close()
  }
  await rename(`${path}.tmp`, path)
  await syncFolder(folder)
}

/** Opens the manifest; null when the folder has none. */
export async function openManifest(folder: string): Promise<Manifest | null> {
  const path = join(folder, MANIFEST_FILE)
  let handle: FileHandle
  try {
    handle = await open(path, 'r+')
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return null
    throw error
  }
  try {
    const text = await readFile(path)
    const content = readManifest(text)
    const segments = [...content.segments]
    let end = content.bytes
    let sealedBytes = segments.reduce((sum, one) => sum + one.bytes + one.indexBytes, 0)
    await handle.sync()
    return {
      id: content.id,
      segments,
      cut:
        end === text.length ? null : { file: MANIFEST_FILE, offset: end, bytes: text.length - end },
      trim: async () => {
        await handle.truncate(end)
        await handle.sync()
      },
      bytes: () => end,
      sealedBytes: () => sealedBytes,
      add: async (segment) => {
        const bytes = line({ type: 'segment', ...segment })
        await writeAll(handle, bytes, end)
        await handle.datasync()
        end += bytes.length
        segments.push(segment)
        sealedBytes += segment.bytes + segment.indexBytes
      },
      close: async () => await handle.close(),
    }
  } catch (error) {
    await handle.close()
    throw error
  }
}

/** Reads the lines; one that was not finished at the end is left out, any other unsound one throws JournalDamaged. */
export function readManifest(text: Buffer): ManifestContent {
  const state = { id: '', createdMs: 0, segments: [] as SealedSegment[] }
  let at = 0
  while (at < text.length) {
    const end = text.indexOf('\n', at)
    if (end === -1) break
    const found = readLine(text.subarray(at, end))
    if (found === null) {
      if (end === text.length - 1 && hasUnwrittenSector(text, at, text.length)) break
      throw new JournalDamaged(MANIFEST_FILE, 0, at, 'a line does not match its checksum')
    }
    if (found.type === 'journal') {
      if (found.version > FORMAT_VERSION) {
        throw new Error(
          `the journal has format version ${found.version}; this program reads up to ${FORMAT_VERSION}`,
        )
      }
      state.id = found.id
      state.createdMs = found.createdMs
    } else {
      const { type: _, ...segment } = found
      const problem = misfit(state.segments.at(-1), segment)
      if (problem !== null) throw new JournalDamaged(MANIFEST_FILE, 0, at, problem)
      state.segments.push(segment)
    }
    at = end + 1
  }
  if (state.id === '') {
    throw new JournalDamaged(MANIFEST_FILE, 0, 0, 'the line that names the journal is missing')
  }
  return { ...state, bytes: at }
}

function misfit(before: SealedSegment | undefined, segment: SealedSegment): string | null {
  if (segment.firstSeq !== (before?.lastSeq ?? 0) + 1) {
    return `segment from ${segment.firstSeq} does not follow the one before`
  }
  if (segment.previousRoot !== (before?.merkleRoot ?? NO_ROOT)) {
    return `segment from ${segment.firstSeq} does not carry the root of the one before`
  }
  return null
}

function line(value: z.infer<typeof record>): Buffer {
  const json = Buffer.from(JSON.stringify(value))
  return Buffer.concat([Buffer.from(`${checksum(json)} `), json, Buffer.from('\n')])
}

function readLine(bytes: Buffer): z.infer<typeof record> | null {
  const json = bytes.subarray(9)
  if (bytes[8] !== 0x20 || bytes.toString('latin1', 0, 8) !== checksum(json)) return null
  return record.parse(JSON.parse(json.toString()))
}

function checksum(bytes: Buffer): string {
  return crc32(bytes).toString(16).padStart(8, '0')
}
