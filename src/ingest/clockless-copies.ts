import type { Journal, JournalEntry } from '../ports/journal.js'
import type { DeviceTable } from './device-table.js'

const READ_ENTRIES = 4_000
/** How far back from the position one look goes for copies that an earlier process has projected. */
const LOOK_BACK_ENTRIES = 10_000

/**
 * Tells copies of a clockless device's message from new ones.
 *
 * Such a message takes its time from its arrival, so one that is delivered twice would become two
 * observations. The same bytes from the same device within the device's copy window after the last
 * copy are the same message: every copy is stamped with the arrival of the first, and the store
 * finds the rest to be duplicates.
 *
 * Which arrival is the first depends on the set of arrivals only, so all entries of a stretch are
 * noted before the first of them is projected, and their order does not matter.
 */
export interface ClocklessCopies {
  note(entries: readonly JournalEntry[], table: DeviceTable): void
  /** The arrival that the entry's times rest on, UTC epoch ms: its own, or that of its first copy. */
  arrivalMs(entry: JournalEntry, table: DeviceTable): number
  /** Forgets what is too old to be a copy of anything that arrives from now on. */
  forget(table: DeviceTable): void
}

export function clocklessCopies(): ClocklessCopies {
  /** By device and payload: arrivals, ascending, each once. */
  const arrivals = new Map<string, number[]>()
  let newestMs = -Infinity

  return {
    note(entries, table) {
      for (const entry of entries) {
        if (copyWindowMs(entry, table) === 0) continue
        newestMs = Math.max(newestMs, entry.arrivalMs)
        const key = copyKey(entry)
        const known = arrivals.get(key)
        if (known === undefined) arrivals.set(key, [entry.arrivalMs])
        else insert(known, entry.arrivalMs)
      }
    },
    arrivalMs(entry, table) {
      const windowMs = copyWindowMs(entry, table)
      if (windowMs === 0) return entry.arrivalMs
      const known = arrivals.get(copyKey(entry)) ?? []
      let at = known.indexOf(entry.arrivalMs)
      while (at > 0 && (known[at] ?? 0) - (known[at - 1] ?? 0) <= windowMs) at--
      return known[at] ?? entry.arrivalMs
    },
    forget(table) {
      let longestMs = 0
      for (const { copyWindowMs } of table.values()) longestMs = Math.max(longestMs, copyWindowMs)
      for (const [key, known] of arrivals) {
        if ((known.at(-1) ?? 0) < newestMs - longestMs) arrivals.delete(key)
      }
    },
  }
}

/**
 * Notes what the projection will meet, and what it met shortly before the position. Reads the
 * backlog once more than projecting does, and only in cities with clockless devices.
 *
 * @param position the last entry projected
 */
export async function noteStretch(
  copies: ClocklessCopies,
  journal: Journal,
  position: number,
  table: DeviceTable,
): Promise<void> {
  const isNeeded = [...table.values()].some(({ copyWindowMs }) => copyWindowMs > 0)
  if (!isNeeded) return
  const fromSeq = Math.max(1, position + 1 - LOOK_BACK_ENTRIES)
  for await (const entries of journal.read(fromSeq, READ_ENTRIES)) copies.note(entries, table)
}

function copyWindowMs(entry: JournalEntry, table: DeviceTable): number {
  if (entry.kind !== 'message') return 0
  return table.get(entry.device)?.copyWindowMs ?? 0
}

/** The bytes themselves: exact, and short for devices without a clock. */
function copyKey(entry: JournalEntry): string {
  return `${entry.device}/${Buffer.from(entry.payload).toString('latin1')}`
}

function insert(ascending: number[], atMs: number): void {
  let at = ascending.length
  while (at > 0 && (ascending[at - 1] ?? 0) > atMs) at--
  if (ascending[at - 1] !== atMs) ascending.splice(at, 0, atMs)
}
