import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'
import { faultText } from '../../domain/fault.js'
import type { JournalEntry } from '../../ports/journal.js'
import { readEntry } from './entry.js'
import { errorCode, readRange } from './files.js'
import { frameAt } from './frame.js'
import { JournalDamaged } from './journal-fault.js'
import type { SealedSegment } from './manifest.js'
import { indexName, sealedName } from './seal.js'
import { SEGMENT_HEADER_BYTES } from './segment-header.js'
import type { SegmentIndex } from './segment-index.js'
import { readSegmentIndex } from './segment-index.js'
import type { Block, SegmentLog } from './segment-log.js'

const decompress = promisify(gunzip)

/** Where entries stand: sealed segments, then logs, each ascending and without gaps. */
export interface SegmentShelf {
  readonly sealed: readonly SealedSegment[]
  readonly logs: readonly SegmentLog[]
}

export interface SegmentReader {
  /** The entries from `fromSeq` to the end of its block, at most to `toSeq`; at least one. */
  blockFrom(fromSeq: number, toSeq: number): Promise<readonly JournalEntry[]>
  index(segment: SealedSegment): Promise<SegmentIndex>
}

/** A reader that goes through a segment asks for its index again and again. */
const KEPT_INDEXES = 8

export function segmentReader(folder: string, shelf: SegmentShelf): SegmentReader {
  const indexes = new Map<string, SegmentIndex>()

  const index = async (segment: SealedSegment): Promise<SegmentIndex> => {
    const kept = indexes.get(segment.sha256)
    if (kept !== undefined) return kept
    const found = await loadIndex(folder, segment)
    indexes.set(segment.sha256, found)
    const oldest = indexes.keys().next().value
    if (indexes.size > KEPT_INDEXES && oldest !== undefined) indexes.delete(oldest)
    return found
  }

  const blockFrom = async (fromSeq: number, toSeq: number): Promise<readonly JournalEntry[]> => {
    const log = shelf.logs.find((log) => holds(log.firstSeq, log.tally.lastSeq, fromSeq))
    if (log !== undefined) {
      const { block, end } = blockOf(log.blocks, fromSeq, log.bytes)
      try {
        const plain = await readRange(join(folder, log.file), block.offset, end)
        const place = { file: log.file, segment: log.firstSeq, offset: block.offset }
        return entriesOf(plain, block, log.salt, fromSeq, toSeq, place, 'plain')
      } catch (error) {
        // It was sealed while we looked: it is found among the sealed ones now.
        const isSealed = errorCode(error) === 'ENOENT' && !shelf.logs.includes(log)
        if (!isSealed) throw error
      }
    }
    const segment = sealedWith(shelf.sealed, fromSeq)
    const { salt, blocks } = await index(segment)
    const { block, end } = blockOf(blocks, fromSeq, segment.bytes)
    const file = sealedName(segment.sha256)
    const place = { file, segment: segment.firstSeq, offset: block.offset }
    const plain = await readMember(folder, place, end)
    return entriesOf(plain, block, salt, fromSeq, toSeq, place, 'packed')
  }

  return { blockFrom, index }
}

interface Place {
  readonly file: string
  readonly segment: number
  readonly offset: number
}

async function loadIndex(folder: string, segment: SealedSegment): Promise<SegmentIndex> {
  const file = indexName(segment.sha256)
  try {
    return readSegmentIndex(await readFile(join(folder, file)))
  } catch (error) {
    throw new JournalDamaged(file, segment.firstSeq, 0, faultText(error), { cause: error })
  }
}

async function readMember(folder: string, place: Place, end: number): Promise<Buffer> {
  try {
    return await decompress(await readRange(join(folder, place.file), place.offset, end))
  } catch (error) {
    throw new JournalDamaged(place.file, place.segment, place.offset, faultText(error), {
      cause: error,
    })
  }
}

function entriesOf(
  plain: Buffer,
  block: Block,
  salt: number,
  fromSeq: number,
  toSeq: number,
  place: Place,
  form: 'plain' | 'packed',
): JournalEntry[] {
  const entries: JournalEntry[] = []
  let at = block.firstSeq === place.segment ? SEGMENT_HEADER_BYTES : 0
  for (let seq = block.firstSeq; at < plain.length && seq <= toSeq; seq += 1) {
    const frame = frameAt(plain, at, salt)
    if (frame === null || frame.seq !== seq) {
      const offset = form === 'plain' ? place.offset + at : place.offset
      const within = form === 'plain' ? '' : ` (byte ${at} of the member unpacked)`
      const what = `entry ${seq} is not as it was written${within}`
      throw new JournalDamaged(place.file, place.segment, offset, what)
    }
    if (seq >= fromSeq) entries.push(readEntry(frame.entry))
    at = frame.end
  }
  if (entries.length === 0) {
    throw new JournalDamaged(place.file, place.segment, place.offset, `entry ${fromSeq} is missing`)
  }
  return entries
}

/** The last block that begins at or before the sequence, and where it ends. */
function blockOf(
  blocks: readonly Block[],
  seq: number,
  bytes: number,
): { readonly block: Block; readonly end: number } {
  let low = 0
  let high = blocks.length - 1
  while (low < high) {
    const middle = Math.ceil((low + high) / 2)
    if ((blocks[middle]?.firstSeq ?? Infinity) <= seq) low = middle
    else high = middle - 1
  }
  const block = blocks[low]
  if (block === undefined) throw new Error(`no block holds entry ${seq}`)
  return { block, end: blocks[low + 1]?.offset ?? bytes }
}

function sealedWith(sealed: readonly SealedSegment[], seq: number): SealedSegment {
  let low = 0
  let high = sealed.length - 1
  while (low < high) {
    const middle = Math.ceil((low + high) / 2)
    if ((sealed[middle]?.firstSeq ?? Infinity) <= seq) low = middle
    else high = middle - 1
  }
  const segment = sealed[low]
  if (segment === undefined || !holds(segment.firstSeq, segment.lastSeq, seq)) {
    throw new Error(`no segment holds entry ${seq}`)
  }
  return segment
}

function holds(firstSeq: number, lastSeq: number, seq: number): boolean {
  return seq >= firstSeq && seq <= lastSeq
}
