import { createHash } from 'node:crypto'
import { open, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import { readHandle, syncFolder, writeAll } from './files.js'
import { frameAt } from './frame.js'
import { JournalDamaged } from './journal-fault.js'
import type { Manifest, SealedSegment } from './manifest.js'
import { NO_ROOT } from './manifest.js'
import type { MerkleTree } from './merkle.js'
import { merkleTree } from './merkle.js'
import { SEGMENT_HEADER_BYTES } from './segment-header.js'
import { segmentIndexBytes } from './segment-index.js'
import type { Block, SegmentLog } from './segment-log.js'

const compress = promisify(gzip)
/** A third of the time of gzip's default level 6 for 7 % more bytes on SenML messages (README). */
const GZIP_LEVEL = 4
/** Leaves hashed in one go: about a millisecond. */
const SLICE_LEAVES = 512

export function sealedName(sha256: string): string {
  return `${sha256}.gz`
}

export function indexName(sha256: string): string {
  return `${sha256}.json`
}

/**
 * Seals a closed log: compressed under its hash, listed in the manifest, the log removed.
 * In this order, each step durable before the next: index and compressed file, their names, the
 * manifest's line (from here on the segment is sealed), removal of the log. A kill between any two
 * leaves files that the manifest does not list, which opening removes, or a log that it lists,
 * which opening removes too.
 *
 * @returns null when it was told to stop; nothing has changed then
 * @throws JournalDamaged when the log is not what was written; nothing has changed then
 */
export async function seal(
  folder: string,
  log: SegmentLog,
  manifest: Manifest,
  stop: AbortSignal,
): Promise<SealedSegment | null> {
  const path = join(folder, `${log.file}.gz.tmp`)
  const compressed = await compressLog(path, log, stop)
  if (compressed === null) {
    await rm(path, { force: true })
    return null
  }
  const index = segmentIndexBytes({
    salt: log.salt,
    blocks: compressed.blocks,
    received: log.tally.received,
  })
  const hours = [...log.tally.received.keys()]
  const segment: SealedSegment = {
    firstSeq: log.firstSeq,
    lastSeq: log.tally.lastSeq,
    firstArrivalMs: log.tally.firstArrivalMs,
    lastArrivalMs: log.tally.lastArrivalMs,
    sha256: compressed.sha256,
    merkleRoot: compressed.merkleRoot,
    previousRoot: manifest.segments.at(-1)?.merkleRoot ?? NO_ROOT,
    bytes: compressed.bytes,
    logBytes: log.bytes,
    indexBytes: index.length,
    indexSha256: createHash('sha256').update(index).digest('hex'),
    hours: hours.length === 0 ? null : { firstMs: Math.min(...hours), lastMs: Math.max(...hours) },
    newest: Object.fromEntries(log.tally.newest),
  }
  await writeDurably(join(folder, indexName(segment.sha256)), index)
  await rename(path, join(folder, sealedName(segment.sha256)))
  await syncFolder(folder)
  await manifest.add(segment)
  return segment
}

interface Compressed {
  readonly sha256: string
  readonly merkleRoot: string
  readonly bytes: number
  readonly blocks: readonly Block[]
}

/** One gzip member for each block, so that any of them can be read alone and `zcat` gives the log back. */
async function compressLog(
  path: string,
  log: SegmentLog,
  stop: AbortSignal,
): Promise<Compressed | null> {
  const handle = await open(path, 'w')
  try {
    const tree = merkleTree()
    const hash = createHash('sha256')
    const blocks: Block[] = []
    let bytes = 0
    for (const [position, block] of log.blocks.entries()) {
      if (stop.aborted) return null
      const end = log.blocks[position + 1]?.offset ?? log.bytes
      const plain = await readHandle(log.handle, block.offset, end)
      await addLeaves(tree, log, block, plain)
      const member = await compress(plain, { level: GZIP_LEVEL })
      await writeAll(handle, member, bytes)
      hash.update(member)
      blocks.push({ firstSeq: block.firstSeq, offset: bytes })
      bytes += member.length
    }
    if (tree.size() !== log.tally.entries) {
      const what = `${tree.size()} entries where ${log.tally.entries} were written`
      throw new JournalDamaged(log.file, log.firstSeq, 0, what)
    }
    await handle.sync()
    const merkleRoot = tree.root().toString('hex')
    return { sha256: hash.digest('hex'), merkleRoot, bytes, blocks }
  } finally {
    await handle.close()
  }
}

async function addLeaves(
  tree: MerkleTree,
  log: SegmentLog,
  block: Block,
  plain: Buffer,
): Promise<void> {
  let at = block.offset === 0 ? SEGMENT_HEADER_BYTES : 0
  for (let seq = block.firstSeq; at < plain.length; seq += 1) {
    const frame = frameAt(plain, at, log.salt)
    if (frame === null || frame.seq !== seq) {
      const what = `entry ${seq} is not as it was written`
      throw new JournalDamaged(log.file, log.firstSeq, block.offset + at, what)
    }
    tree.add(frame.entry)
    at = frame.end
    if (tree.size() % SLICE_LEAVES === 0) await setImmediate()
  }
}

async function writeDurably(path: string, bytes: Buffer): Promise<void> {
  const handle = await open(path, 'w')
  try {
    await writeAll(handle, bytes, 0)
    await handle.sync()
  } finally {
    await handle.close()
  }
}
