import { readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { errorCode, fileSha256, syncFolder } from './files.js'
import { JournalDamaged } from './journal-fault.js'
import type { Manifest, SealedSegment } from './manifest.js'
import { indexName, sealedName } from './seal.js'
import type { Cut, SegmentLog } from './segment-log.js'
import { createLog, logFirstSeq, logName, recoverLog } from './segment-log.js'

/** What a folder holds, brought in order. */
export interface RecoveredLogs {
  /** Logs that are not sealed, ascending; the last one is open. At least one. */
  readonly logs: readonly SegmentLog[]
  readonly cuts: readonly Cut[]
}

/**
 * Finishes what a crash has interrupted, or throws JournalDamaged without having removed anything.
 *
 * @param hashedBytes sealed files are hashed, newest first, up to so many bytes; of the older ones
 *   only the presence and size is checked here, and every byte when they are read
 */
export async function recover(
  folder: string,
  manifest: Manifest,
  nowMs: number,
  hashedBytes: number,
): Promise<RecoveredLogs> {
  await checkSealed(folder, manifest.segments, hashedBytes)
  const names = await readdir(folder)
  const sealedTo = manifest.segments.at(-1)?.lastSeq ?? 0
  const found = names.map(logFirstSeq).filter((seq) => seq !== null)
  const unsealed = found.filter((seq) => seq > sealedTo).sort((a, b) => a - b)
  const sealed = found.filter((seq) => seq <= sealedTo)
  await checkSuperseded(folder, manifest.segments, sealed)

  const logs: SegmentLog[] = []
  const cuts: Cut[] = []
  try {
    let nextSeq = sealedTo + 1
    for (const firstSeq of unsealed) {
      if (firstSeq !== nextSeq) throw missing(nextSeq)
      const place = firstSeq === unsealed.at(-1) ? 'last' : 'before'
      const { log, cut } = await recoverLog(folder, firstSeq, manifest.id, place)
      if (cut !== null) cuts.push(cut)
      if (log === null) continue
      logs.push(log)
      nextSeq = firstSeq + log.tally.entries
    }
    // A log is begun before the one before it is sealed: only a new journal has none.
    if (unsealed.length === 0 && sealedTo > 0) throw missing(nextSeq)
    if (logs.at(-1)?.firstSeq !== unsealed.at(-1) || logs.length === 0) {
      logs.push(await createLog(folder, nextSeq, manifest.id, nowMs))
    }
  } catch (error) {
    for (const log of logs) await log.handle.close()
    throw error
  }
  await removeRemains(folder, names, manifest.segments, sealed)
  return { logs, cuts }
}

/** Hashes the sealed file of a segment; throws JournalDamaged when it is not what was sealed. */
async function checkSealed(
  folder: string,
  segments: readonly SealedSegment[],
  hashedBytes: number,
): Promise<void> {
  let budget = hashedBytes
  for (const segment of segments.toReversed()) {
    await checkSize(folder, segment, indexName(segment.sha256), segment.indexBytes)
    await checkSize(folder, segment, sealedName(segment.sha256), segment.bytes)
    budget -= segment.bytes
    if (budget >= 0) await checkHashes(folder, segment)
  }
}

async function checkSize(
  folder: string,
  segment: SealedSegment,
  file: string,
  bytes: number,
): Promise<void> {
  try {
    const { size } = await stat(join(folder, file))
    if (size === bytes) return
    const offset = Math.min(size, bytes)
    throw new JournalDamaged(file, segment.firstSeq, offset, `${size} bytes, not ${bytes}`)
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw error
    throw new JournalDamaged(file, segment.firstSeq, 0, 'the file is missing', { cause: error })
  }
}

async function checkHashes(folder: string, segment: SealedSegment): Promise<void> {
  const expected = [
    [indexName(segment.sha256), segment.indexSha256],
    [sealedName(segment.sha256), segment.sha256],
  ] as const
  for (const [file, sha256] of expected) {
    if ((await fileSha256(join(folder, file))) === sha256) continue
    throw new JournalDamaged(file, segment.firstSeq, 0, 'the content does not match its hash')
  }
}

/** A log that is listed as sealed is about to be removed: its sealed file had better be sound. */
async function checkSuperseded(
  folder: string,
  segments: readonly SealedSegment[],
  logs: readonly number[],
): Promise<void> {
  for (const firstSeq of logs) {
    const segment = segments.find((segment) => segment.firstSeq === firstSeq)
    if (segment === undefined) {
      throw new JournalDamaged(logName(firstSeq), firstSeq, 0, 'no sealed segment begins there')
    }
    await checkHashes(folder, segment)
  }
}

/** Everything is accounted for: what is left over are the steps of a seal that was interrupted. */
async function removeRemains(
  folder: string,
  names: readonly string[],
  segments: readonly SealedSegment[],
  sealedLogs: readonly number[],
): Promise<void> {
  const listed = new Set(segments.flatMap(({ sha256 }) => [indexName(sha256), sealedName(sha256)]))
  const remains = names.filter((name) => {
    if (name.endsWith('.tmp')) return true
    return /^[0-9a-f]{64}\.(gz|json)$/.test(name) && !listed.has(name)
  })
  const all = [...remains, ...sealedLogs.map(logName)]
  for (const name of all) await rm(join(folder, name), { force: true })
  if (all.length > 0) await syncFolder(folder)
}

function missing(seq: number): JournalDamaged {
  return new JournalDamaged(logName(seq), seq, 0, 'the file is missing')
}
