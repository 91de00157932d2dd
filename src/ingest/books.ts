import type { Books, BooksRow } from '../ports/books.js'
import type { Journal } from '../ports/journal.js'
import type { BookRow, Ledger } from '../ports/ledger.js'
import { hourKey, openInFlight, type HourCount } from './in-flight.js'

/** Puts the journal's count and the projection's counts side by side, per device and hour. */
export function openBooks(journal: Journal, ledger: Ledger): Books {
  const beyond = openInFlight(journal)
  return {
    async rows(window, device) {
      const snapshot = await ledger.books(window, device)
      // Head and count belong together: no entry can arrive between these two lines.
      const head = journal.head()
      const received = await journal.received(window)
      const inFlight = await beyond.counts(snapshot.position, head)
      return { rows: sideBySide(received, snapshot.rows, inFlight, device), missing: [] }
    },
  }
}

function sideBySide(
  received: Awaited<ReturnType<Journal['received']>>,
  projected: readonly BookRow[],
  inFlight: ReadonlyMap<string, HourCount>,
  device: string | undefined,
): BooksRow[] {
  const byHour = new Map(projected.map((row) => [hourKey(row.device, row.hourMs), row]))
  const receivedByHour = new Map(
    received
      .filter((row) => device === undefined || row.device === device)
      .map((row) => [hourKey(row.device, row.hourMs), row]),
  )
  const rows: BooksRow[] = []
  for (const key of new Set([...receivedByHour.keys(), ...byHour.keys()])) {
    const seen = receivedByHour.get(key)
    const row = byHour.get(key) ?? emptyRow(seen?.device ?? '', seen?.hourMs ?? 0)
    const flying = inFlight.get(key)?.count ?? 0
    const count = seen?.received ?? 0
    rows.push({
      ...row,
      received: count,
      inFlight: flying,
      messageDifference: count - row.projected - row.refused - flying,
      observationDifference:
        row.decoded - row.inserted - row.duplicate - row.revised - row.observationsRefused,
    })
  }
  return rows.sort((a, b) => a.hourMs - b.hourMs || (a.device < b.device ? -1 : 1))
}

function emptyRow(device: string, hourMs: number): BookRow {
  return {
    device,
    hourMs,
    projected: 0,
    refused: 0,
    decoded: 0,
    inserted: 0,
    duplicate: 0,
    revised: 0,
    observationsRefused: 0,
  }
}
