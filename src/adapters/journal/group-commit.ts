import { setImmediate } from 'node:timers'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { asError } from '../../domain/fault.js'
import type { EntryDraft, JournalEntry } from '../../ports/journal.js'
import { entryFault } from './entry.js'
import { frameBytesBound, writeFrame } from './frame.js'
import { JournalStopped } from './journal-fault.js'

/** Entries that share one write and one sync. */
export interface Group {
  readonly entries: readonly JournalEntry[]
  /** Their frames, without salt. */
  readonly frames: Buffer
}

/** What group commit needs of the files. */
export interface GroupTarget {
  /** Resolves once the group is on disk. */
  write(group: Group): Promise<void>
  /** The group is on disk: it may be seen from now on. Called before its appends resolve. */
  written(group: Group): void
  /** A write failed. Called before its appends reject; takes back what may have been written. */
  failed(error: Error): Promise<void>
}

export interface GroupCommit {
  append(draft: EntryDraft): Promise<number>
  /** Bytes of entries that wait or are being written. */
  pendingBytes(): number
  /** Runs `work` while nothing is being written. */
  between(work: () => Promise<void>): Promise<void>
  /** Writes what waits, then takes no more. Safe to call twice. */
  close(): Promise<void>
}

interface FillingGroup {
  frames: Buffer
  bytes: number
  readonly entries: JournalEntry[]
  readonly waiting: {
    readonly resolve: (seq: number) => void
    readonly reject: (error: Error) => void
  }[]
}

const FIRST_BUFFER_BYTES = 64 * 1024
/** A buffer that one flood has made larger is not kept. */
const KEPT_BUFFER_BYTES = 4 * 1024 * 1024

/**
 * Collects concurrent appends: while one group is on its way to the disk, the next forms in memory.
 * A group begins with a turn of the event loop, so that everything that arrived in one turn, and
 * whoever appends again when its append resolves, shares one sync.
 */
export function groupCommit(firstSeq: number, target: GroupTarget): GroupCommit {
  let nextSeq = firstSeq
  let filling = emptyGroup(Buffer.allocUnsafe(FIRST_BUFFER_BYTES))
  let spare: Buffer = Buffer.allocUnsafe(FIRST_BUFFER_BYTES)
  let writingBytes = 0
  let running = false
  /** Why no append is taken any more, and whether what waits is still written. */
  let refusal: JournalStopped | null = null
  let broken = false
  const works: (() => Promise<void>)[] = []
  const idle: (() => void)[] = []

  const start = (): void => {
    if (running) return
    running = true
    setImmediate(() => void run())
  }

  const run = async (): Promise<void> => {
    for (;;) {
      const work = works.shift()
      if (work !== undefined) await work()
      else if (filling.entries.length > 0 && !broken) await writeFilling()
      else break
      // Whoever was woken appends in this turn and shares the next sync.
      await nextTurn()
    }
    running = false
    for (const wake of idle.splice(0)) wake()
  }

  const writeFilling = async (): Promise<void> => {
    const group = filling
    filling = emptyGroup(spare)
    writingBytes = group.bytes
    const ready = { entries: group.entries, frames: group.frames.subarray(0, group.bytes) }
    try {
      await target.write(ready)
    } catch (error) {
      await fail(asError(error), group)
      return
    } finally {
      writingBytes = 0
    }
    target.written(ready)
    spare =
      group.frames.length <= KEPT_BUFFER_BYTES
        ? group.frames
        : Buffer.allocUnsafe(FIRST_BUFFER_BYTES)
    for (const [position, entry] of group.entries.entries()) {
      group.waiting[position]?.resolve(entry.seq)
    }
  }

  const fail = async (cause: Error, group: FillingGroup): Promise<void> => {
    const error = new JournalStopped(
      `the disk failed (${cause.message}); nothing more is taken until the journal is opened anew`,
      { cause },
    )
    refusal = error
    broken = true
    await target.failed(cause)
    for (const waiting of [...group.waiting, ...filling.waiting]) waiting.reject(error)
    filling = emptyGroup(Buffer.allocUnsafe(0))
  }

  return {
    append: (draft) => {
      if (refusal !== null) return Promise.reject(refusal)
      const fault = entryFault(draft)
      if (fault !== null) return Promise.reject(new RangeError(fault))
      const entry: JournalEntry = {
        seq: nextSeq,
        kind: draft.kind,
        arrivalMs: draft.arrivalMs,
        device: draft.device,
        client: draft.client,
        topic: draft.topic,
        qos: draft.qos,
        retain: draft.retain,
        dup: draft.dup,
        payload: draft.payload,
        ...(draft.serverClock === undefined ? {} : { serverClock: draft.serverClock }),
      }
      const group = filling
      makeRoom(group, frameBytesBound(entry))
      group.bytes = writeFrame(group.frames, group.bytes, entry, group.entries.length)
      group.entries.push(entry)
      nextSeq += 1
      start()
      return new Promise<number>((resolve, reject) => {
        group.waiting.push({ resolve, reject })
      })
    },
    pendingBytes: () => filling.bytes + writingBytes,
    between: async (work) => {
      await new Promise<void>((resolve, reject) => {
        works.push(async () => await work().then(resolve, reject))
        start()
      })
    },
    close: async () => {
      refusal ??= new JournalStopped('the journal is closed')
      if (running) await new Promise<void>((resolve) => idle.push(resolve))
    },
  }
}

function emptyGroup(frames: Buffer): FillingGroup {
  return { frames, bytes: 0, entries: [], waiting: [] }
}

function makeRoom(group: FillingGroup, bytes: number): void {
  const wanted = group.bytes + bytes
  if (wanted <= group.frames.length) return
  const larger = Buffer.allocUnsafe(Math.max(wanted, 2 * group.frames.length))
  group.frames.copy(larger, 0, 0, group.bytes)
  group.frames = larger
}
