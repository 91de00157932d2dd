import type { JournalEntry } from '../../ports/journal.js'

/** The newest entries, in memory, so that whoever follows closely does not read the disk. */
export interface RecentEntries {
  /** Takes the entry that follows the one before. */
  add(entry: JournalEntry): void
  /** At most `limit` entries from `fromSeq` to `toSeq`; none when `fromSeq` has been forgotten already. */
  from(fromSeq: number, toSeq: number, limit: number): JournalEntry[]
}

const MOST_ENTRIES = 65_536
/** What an entry takes beside its strings and payload. A rough figure, on the high side. */
const ENTRY_OVERHEAD_BYTES = 400

/**
 * @param firstSeq sequence of the first entry that will be added
 * @param mostBytes entries beyond this are forgotten, oldest first
 */
export function recentEntries(firstSeq: number, mostBytes: number): RecentEntries {
  const slots = Array.from<JournalEntry | undefined>({ length: MOST_ENTRIES })
  const kept = { oldest: firstSeq, next: firstSeq, bytes: 0 }
  const forgetOldest = (): void => {
    const slot = kept.oldest % MOST_ENTRIES
    kept.bytes -= weight(slots[slot])
    slots[slot] = undefined
    kept.oldest += 1
  }
  return {
    add: (entry) => {
      if (kept.next - kept.oldest === MOST_ENTRIES) forgetOldest()
      slots[entry.seq % MOST_ENTRIES] = entry
      kept.next += 1
      kept.bytes += weight(entry)
      while (kept.bytes > mostBytes) forgetOldest()
    },
    from: (fromSeq, toSeq, limit) => {
      if (fromSeq < kept.oldest) return []
      const found: JournalEntry[] = []
      const end = Math.min(toSeq + 1, kept.next, fromSeq + limit)
      for (let seq = fromSeq; seq < end; seq += 1) {
        const entry = slots[seq % MOST_ENTRIES]
        if (entry !== undefined) found.push(entry)
      }
      return found
    },
  }
}

function weight(entry: JournalEntry | undefined): number {
  if (entry === undefined) return 0
  const strings = entry.device.length + entry.client.length + entry.topic.length
  return ENTRY_OVERHEAD_BYTES + strings + entry.payload.length
}
