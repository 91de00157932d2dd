import { hourStartMs } from '../../domain/time.js'
import { IS_OF_A_DEVICE, type EntryKind, type JournalEntry } from '../../ports/journal.js'

/** What is known of a segment's entries without reading them. */
export interface Tally {
  entries: number
  lastSeq: number
  firstArrivalMs: number
  lastArrivalMs: number
  /** Of any entry; -Infinity without one. */
  latestArrivalMs: number
  /** Hour of arrival → device → entries of the kinds that the books count. */
  readonly received: Map<number, Map<string, number>>
  readonly newest: Map<EntryKind, number>
}

export function emptyTally(): Tally {
  return {
    entries: 0,
    lastSeq: 0,
    firstArrivalMs: 0,
    lastArrivalMs: 0,
    latestArrivalMs: -Infinity,
    received: new Map(),
    newest: new Map(),
  }
}

export function addToTally(tally: Tally, entry: JournalEntry): void {
  if (tally.entries === 0) tally.firstArrivalMs = entry.arrivalMs
  tally.entries += 1
  tally.lastSeq = entry.seq
  tally.lastArrivalMs = entry.arrivalMs
  tally.latestArrivalMs = Math.max(tally.latestArrivalMs, entry.arrivalMs)
  tally.newest.set(entry.kind, entry.seq)
  if (!IS_OF_A_DEVICE[entry.kind]) return
  const hourMs = hourStartMs(entry.arrivalMs)
  let devices = tally.received.get(hourMs)
  if (devices === undefined) {
    devices = new Map()
    tally.received.set(hourMs, devices)
  }
  devices.set(entry.device, (devices.get(entry.device) ?? 0) + 1)
}
