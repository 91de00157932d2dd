import type { Window } from '../../domain/time.js'
import type { JournalCount } from '../../ports/journal.js'
import type { SegmentReader, SegmentShelf } from './reader.js'

type Counts = Map<number, Map<string, number>>

/** Adds up what segments and logs have counted; ascending by hour, then device. */
export async function receivedCounts(
  shelf: SegmentShelf,
  reader: SegmentReader,
  window: Window,
): Promise<JournalCount[]> {
  const counts: Counts = new Map()
  // Logs first and at once: one that is sealed meanwhile must not be counted twice.
  const openFrom = shelf.logs[0]?.firstSeq ?? Infinity
  const sealed = shelf.sealed.filter(({ firstSeq }) => firstSeq < openFrom)
  for (const log of shelf.logs) addCounts(counts, log.tally.received, window)
  for (const segment of sealed) {
    const { hours } = segment
    if (hours === null || hours.lastMs < window.fromMs || hours.firstMs >= window.toMs) continue
    addCounts(counts, (await reader.index(segment)).received, window)
  }
  return [...counts]
    .sort(([a], [b]) => a - b)
    .flatMap(([hourMs, devices]) =>
      [...devices]
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([device, received]) => ({ device, hourMs, received })),
    )
}

function addCounts(
  counts: Counts,
  more: ReadonlyMap<number, ReadonlyMap<string, number>>,
  window: Window,
): void {
  for (const [hourMs, devices] of more) {
    if (hourMs < window.fromMs || hourMs >= window.toMs) continue
    const sums = counts.get(hourMs) ?? new Map<string, number>()
    counts.set(hourMs, sums)
    for (const [device, received] of devices) {
      sums.set(device, (sums.get(device) ?? 0) + received)
    }
  }
}
