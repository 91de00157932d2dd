import { asError } from '../../domain/fault.js'
import { DAY_MS } from '../../domain/time.js'
import type { Clock } from '../../ports/clock.js'
import type { EntryKind, Journal, JournalEntry } from '../../ports/journal.js'
import { diskBound } from './disk-bound.js'
import { frameBytesBound, saltFrames } from './frame.js'
import { groupCommit } from './group-commit.js'
import { headWatch } from './head-watch.js'
import type { JournalAlarm } from './journal-fault.js'
import { JournalStopped } from './journal-fault.js'
import type { Manifest } from './manifest.js'
import type { SegmentShelf } from './reader.js'
import { segmentReader } from './reader.js'
import { receivedCounts } from './received-counts.js'
import { recentEntries } from './recent-entries.js'
import { sealer } from './sealer.js'
import type { SegmentLog } from './segment-log.js'
import { createLog, groupWritten, writeGroup } from './segment-log.js'

export interface FileJournal extends Journal {
  /** Bytes of all files; what `maxBytes` bounds. */
  bytes(): number
  readonly maxBytes: number
  /** Closes the open segment if it holds anything; resolves when all closed ones are sealed. */
  seal(): Promise<void>
}

/** A folder that has been brought in order, and is ours. */
export interface FileJournalParts {
  readonly folder: string
  readonly clock: Clock
  readonly alarm: (alarm: JournalAlarm) => void
  readonly segmentBytes: number
  readonly maxBytes: number
  readonly recentBytes: number
  readonly manifest: Manifest
  /** Ascending, the last one open. */
  readonly logs: SegmentLog[]
  readonly release: () => Promise<void>
}

/** How often to look whether a day has ended without an entry of the next. */
const DAY_CHECK_MS = 60_000

export function fileJournal(parts: FileJournalParts): FileJournal {
  const { folder, clock, alarm, manifest, logs } = parts
  const shelf: SegmentShelf = { sealed: manifest.segments, logs }
  const reader = segmentReader(folder, shelf)
  const bound = diskBound(parts.maxBytes, alarm)
  const sealing = sealer(folder, manifest, logs, (segment, error) =>
    alarm({ kind: 'unsealed', segment, error }),
  )
  let head = openLog(logs).firstSeq + openLog(logs).tally.entries - 1
  let latestArrivalMs = latestArrival(shelf)
  const watch = headWatch(head)
  const recent = recentEntries(head + 1, parts.recentBytes)
  let broken = false
  let ending: Promise<void> | null = null

  const bytes = (): number =>
    manifest.bytes() + manifest.sealedBytes() + logs.reduce((sum, log) => sum + log.bytes, 0)

  const isOver = (log: SegmentLog, arrivalMs: number): boolean =>
    log.tally.entries > 0 && dayOf(arrivalMs) > dayOf(log.tally.firstArrivalMs)

  /** Only while no group is being written. */
  const beginSegment = async (): Promise<void> => {
    if (broken || openLog(logs).tally.entries === 0) return
    logs.push(await createLog(folder, head + 1, manifest.id, clock.nowMs()))
    sealing.closed()
  }

  const commit = groupCommit(head + 1, {
    write: async ({ entries, frames }) => {
      const log = openLog(logs)
      const isLarge = log.bytes + frames.length > parts.segmentBytes
      if (isLarge || isOver(log, entries[0]?.arrivalMs ?? 0)) await beginSegment()
      saltFrames(frames, frames.length, openLog(logs).salt)
      await writeGroup(openLog(logs), frames)
    },
    written: ({ entries, frames }) => {
      groupWritten(openLog(logs), entries, frames)
      for (const entry of entries) {
        recent.add(entry)
        latestArrivalMs = Math.max(latestArrivalMs, entry.arrivalMs)
      }
      head += entries.length
      watch.announce(head)
      bound.watch(bytes())
    },
    failed: async (error) => {
      broken = true
      const log = openLog(logs)
      try {
        await log.handle.truncate(log.bytes)
        await log.handle.sync()
      } catch {
        // The disk is failing: what it holds is told by opening anew, and nothing was acknowledged.
      }
      alarm({ kind: 'failed', error })
    },
  })

  const read = (fromSeq: number, limit: number): AsyncGenerator<readonly JournalEntry[]> => {
    if (!(limit >= 1)) throw new RangeError(`a batch of at most ${limit} entries would be empty`)
    return batches(fromSeq, head, limit)
  }

  async function* batches(
    fromSeq: number,
    toSeq: number,
    limit: number,
  ): AsyncGenerator<readonly JournalEntry[]> {
    let batch: JournalEntry[] = []
    for (let at = Math.max(1, fromSeq); at <= toSeq;) {
      if (ending !== null) throw new JournalStopped('the journal is closed')
      const near = recent.from(at, toSeq, limit)
      const found = near.length > 0 ? near : await reader.blockFrom(at, toSeq)
      at += found.length
      for (const entry of found) {
        batch.push(entry)
        if (batch.length < limit) continue
        yield batch
        batch = []
      }
    }
    if (batch.length > 0) yield batch
  }

  const endOfDay = setInterval(() => {
    if (!isOver(openLog(logs), clock.nowMs())) return
    commit.between(beginSegment).catch((error: unknown) => {
      alarm({ kind: 'failed', error: asError(error) })
    })
  }, DAY_CHECK_MS)
  endOfDay.unref()

  const end = async (): Promise<void> => {
    clearInterval(endOfDay)
    await commit.close()
    await sealing.stop()
    watch.end()
    for (const log of logs) await log.handle.close()
    await manifest.close()
    await parts.release()
  }

  sealing.closed()
  bound.watch(bytes())
  return {
    id: manifest.id,
    head: () => head,
    latestArrivalMs: () => latestArrivalMs,
    append: (draft) => {
      const fault = bound.refusal(bytes() + commit.pendingBytes(), frameBytesBound(draft))
      return fault === null ? commit.append(draft) : Promise.reject(fault)
    },
    read,
    waitBeyond: async (seq, signal) => await watch.beyond(seq, signal),
    newest: async (kind) => {
      const seq = newestSeq(shelf, kind)
      if (seq === null) return null
      for await (const [entry] of read(seq, 1)) return entry ?? null
      return null
    },
    received: async (window) => await receivedCounts(shelf, reader, window),
    segments: () => manifest.segments,
    bytes,
    maxBytes: parts.maxBytes,
    seal: async () => {
      await commit.between(beginSegment)
      const failure = await sealing.idle()
      if (failure !== null) throw failure
      bound.watch(bytes())
    },
    close: async () => {
      ending ??= end()
      await ending
    },
  }
}

function openLog(logs: readonly SegmentLog[]): SegmentLog {
  const log = logs.at(-1)
  if (log === undefined) throw new Error('the journal has no open segment')
  return log
}

/** Of a sealed segment only the ends are known: a clock that stood ahead within one is forgotten at opening. */
function latestArrival({ sealed, logs }: SegmentShelf): number {
  let latestMs = -Infinity
  for (const { firstArrivalMs, lastArrivalMs } of sealed) {
    latestMs = Math.max(latestMs, firstArrivalMs, lastArrivalMs)
  }
  for (const { tally } of logs) latestMs = Math.max(latestMs, tally.latestArrivalMs)
  return latestMs
}

function newestSeq(shelf: SegmentShelf, kind: EntryKind): number | null {
  for (const log of shelf.logs.toReversed()) {
    const seq = log.tally.newest.get(kind)
    if (seq !== undefined) return seq
  }
  for (const segment of shelf.sealed.toReversed()) {
    const seq = segment.newest[kind]
    if (seq !== undefined) return seq
  }
  return null
}

function dayOf(atMs: number): number {
  return Math.floor(atMs / DAY_MS)
}
