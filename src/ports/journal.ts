import type { Window } from '../domain/time.js'

/**
 * What an entry is. Everything that changes data enters by the journal as a kind of its own:
 * `message` MQTT bytes; `import` rows of a historical file; `registry` a version of the city
 * registry; `laboratory` results; `mark` and `correction` a person's judgement on observations;
 * `assessment` a sealed one that is to stay, with the statements it rests on.
 * The number is what segments keep.
 */
export const ENTRY_KIND = {
  message: 1,
  import: 2,
  registry: 3,
  laboratory: 4,
  mark: 5,
  correction: 6,
  assessment: 7,
} as const

export type EntryKind = keyof typeof ENTRY_KIND

export const ENTRY_KINDS = Object.keys(ENTRY_KIND) as [EntryKind, ...EntryKind[]]

/** Kinds that the books count under a device; the others belong to none. */
export const IS_OF_A_DEVICE: Readonly<Record<EntryKind, boolean>> = {
  message: true,
  import: true,
  registry: false,
  laboratory: false,
  mark: false,
  correction: true,
  assessment: false,
}

export interface EntryDraft {
  readonly kind: EntryKind
  /** UTC epoch ms by the server's clock; everything relative is judged against it. */
  readonly arrivalMs: number
  /** The server's clock stood well before the journal's latest entry: no time is judged by it. Absent: trusted. */
  readonly serverClock?: 'in-doubt'
  /** The device the books count it under; empty for kinds that belong to none (registry). */
  readonly device: string
  /** Connection identity: MQTT client id, or who brought it (import, registry, mark: the person). */
  readonly client: string
  /** MQTT topic, or what the entry is about (file hash of an import, reason of a registry version). */
  readonly topic: string
  readonly qos: 0 | 1 | 2
  /** A copy that a broker had kept: it says nothing about now. */
  readonly retain: boolean
  readonly dup: boolean
  readonly payload: Uint8Array
}

export interface JournalEntry extends EntryDraft {
  /** 1 for the first entry of the journal, then without gaps. */
  readonly seq: number
}

/** A closed, compressed stretch of the journal. */
export interface JournalSegment {
  readonly firstSeq: number
  readonly lastSeq: number
  readonly firstArrivalMs: number
  readonly lastArrivalMs: number
  /** Hex SHA-256 of the compressed file; also its name. */
  readonly sha256: string
  /** Hex RFC 6962 Merkle tree hash over the uncompressed entries. */
  readonly merkleRoot: string
  /** Merkle root of the segment before; 64 zeros for the first. */
  readonly previousRoot: string
  readonly bytes: number
}

/** Entries of one device that arrived in one UTC hour. */
export interface JournalCount {
  readonly device: string
  readonly hourMs: number
  /** Entries of kinds message, import, laboratory and correction. */
  readonly received: number
}

/**
 * The durable record of everything that came in. One process owns it.
 * Passes test/contract/journal.ts.
 */
export interface Journal {
  /** Random identity of this journal, made when its folder was. */
  readonly id: string
  /** Sequence of the last durable entry; 0 when empty. */
  head(): number
  /**
   * Resolves with the entry's sequence once it is on disk (fsync), with all before it.
   * Concurrent appends share one fsync. Rejects when the disk refuses or the bound is reached; the
   * entry then does not exist, unless the disk would not take it back either: then it may be found
   * when the journal is opened anew. The payload is handed over and must not change afterwards.
   */
  append(draft: EntryDraft): Promise<number>
  /**
   * Durable entries from `fromSeq` on, ascending, in batches of at most `limit`, up to the head at the
   * call. Throws when an entry is not as it was written: none is passed over.
   */
  read(fromSeq: number, limit: number): AsyncIterable<readonly JournalEntry[]>
  /** The latest arrival of any durable entry, UTC epoch ms; -Infinity when empty. Does not fall while the journal is open. */
  latestArrivalMs(): number
  /** Resolves when head() > seq, when the signal aborts, or when the journal has closed. */
  waitBeyond(seq: number, signal: AbortSignal): Promise<void>
  /** The newest entry of a kind, or null. */
  newest(kind: EntryKind): Promise<JournalEntry | null>
  /** Entries received per device and UTC hour of arrival in the window, as of the head at the call, counted without regard to any projection. */
  received(window: Window): Promise<readonly JournalCount[]>
  /** Closed segments, oldest first. */
  segments(): readonly JournalSegment[]
  /** Lets running appends become durable, then lets go. Safe to call twice. */
  close(): Promise<void>
}
