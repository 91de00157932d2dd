import { hourStartMs } from '../domain/time.js'
import { IS_OF_A_DEVICE, type Journal, type JournalEntry } from '../ports/journal.js'

/** Entries counted together; the unit that is read again at either end of the stretch. */
const STRETCH_ENTRIES = 4_000

export interface HourCount {
  readonly device: string
  /** Start of the UTC hour of arrival, epoch ms. */
  readonly hourMs: number
  readonly count: number
}

/** Counts by device and hour of arrival; the key is made by `hourKey`. */
type HourCounts = Map<string, HourCount>

export interface InFlight {
  /** What entries after `position` up to `head`, both durable, count by device and hour. */
  counts(position: number, head: number): Promise<ReadonlyMap<string, HourCount>>
}

export function hourKey(device: string, hourMs: number): string {
  return `${hourMs}/${device}`
}

/**
 * Counts what the journal holds beyond the projection.
 *
 * A backlog may be millions of entries and the books are asked for every few seconds, so whole
 * stretches, which never change, are read once and remembered until the projection has passed them.
 */
export function openInFlight(journal: Pick<Journal, 'read'>): InFlight {
  const remembered = new Map<number, HourCounts>()

  async function ofStretch(index: number): Promise<HourCounts> {
    const known = remembered.get(index)
    if (known !== undefined) return known
    const counts: HourCounts = new Map()
    const firstSeq = index * STRETCH_ENTRIES + 1
    await countRange(journal, firstSeq, firstSeq + STRETCH_ENTRIES - 1, counts)
    remembered.set(index, counts)
    return counts
  }

  return {
    async counts(position, head) {
      const passed = Math.floor(position / STRETCH_ENTRIES)
      for (const index of remembered.keys()) if (index < passed) remembered.delete(index)
      const total: HourCounts = new Map()
      for (let seq = position + 1; seq <= head;) {
        const index = Math.floor((seq - 1) / STRETCH_ENTRIES)
        const lastSeq = (index + 1) * STRETCH_ENTRIES
        const isWhole = seq === index * STRETCH_ENTRIES + 1 && lastSeq <= head
        if (isWhole) {
          for (const { device, hourMs, count } of (await ofStretch(index)).values()) {
            add(total, device, hourMs, count)
          }
        } else {
          await countRange(journal, seq, Math.min(lastSeq, head), total)
        }
        seq = lastSeq + 1
      }
      return total
    },
  }
}

async function countRange(
  journal: Pick<Journal, 'read'>,
  firstSeq: number,
  lastSeq: number,
  counts: HourCounts,
): Promise<void> {
  for await (const entries of journal.read(firstSeq, lastSeq - firstSeq + 1)) {
    for (const entry of entries) {
      countEntry(entry, counts)
      if (entry.seq === lastSeq) return
    }
  }
}

function countEntry({ kind, device, arrivalMs }: JournalEntry, counts: HourCounts): void {
  if (IS_OF_A_DEVICE[kind]) add(counts, device, hourStartMs(arrivalMs), 1)
}

function add(counts: HourCounts, device: string, hourMs: number, more: number): void {
  const key = hourKey(device, hourMs)
  counts.set(key, { device, hourMs, count: (counts.get(key)?.count ?? 0) + more })
}
