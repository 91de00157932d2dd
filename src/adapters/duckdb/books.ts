import type { DuckDBConnection } from '@duckdb/node-api'
import { OUTCOME } from '../../domain/observation.js'
import type { Window } from '../../domain/time.js'
import { hourStartMs } from '../../domain/time.js'
import type { BookRow, BooksSnapshot } from '../../ports/ledger.js'
import type { ProjectionBatch } from '../../ports/series-store.js'
import { fetchColumns, restage } from './columns.js'
import { BOOK, BOOK_ADDITION, columnNames } from './schema.js'

type Counts = { -readonly [Count in keyof BookRow]: BookRow[Count] }

/** What a batch adds to the books: per device and UTC hour of arrival, entries of no kind left out. */
export function bookAdditions(batch: ProjectionBatch, outcomes: Uint8Array): readonly BookRow[] {
  const additions = new Map<number, Map<string, Counts>>()
  const ofEntry = batch.entries.map((entry): Counts | null => {
    if (entry.outcome === 'none') return null
    const counts = countsOf(additions, hourStartMs(entry.arrivalMs), entry.device)
    counts[entry.outcome]++
    counts.decoded += entry.decoded
    return counts
  })
  const { entryIndex } = batch.observations
  for (let row = 0; row < entryIndex.length; row++) {
    const counts = ofEntry[entryIndex[row] ?? 0]
    if (counts === undefined || counts === null) continue
    counts[outcomeCount(outcomes[row] ?? OUTCOME.refused)]++
  }
  const ofRecords = batch.refusals.filter((refusal) => refusal.index !== null)
  if (ofRecords.length === 0) return allOf(additions)
  const entryOf = new Map(batch.entries.map((entry, index) => [entry.seq, index]))
  for (const refusal of ofRecords) {
    const counts = ofEntry[entryOf.get(refusal.seq) ?? -1]
    if (counts !== undefined && counts !== null) counts.observationsRefused++
  }
  return allOf(additions)
}

/** Hour, then device: a key of both would be a new text for every message. */
function countsOf(
  additions: Map<number, Map<string, Counts>>,
  hourMs: number,
  device: string,
): Counts {
  let devices = additions.get(hourMs)
  if (devices === undefined) {
    devices = new Map()
    additions.set(hourMs, devices)
  }
  let counts = devices.get(device)
  if (counts === undefined) {
    counts = noCounts(device, hourMs)
    devices.set(device, counts)
  }
  return counts
}

function allOf(additions: ReadonlyMap<number, ReadonlyMap<string, Counts>>): readonly BookRow[] {
  return [...additions.values()].flatMap((devices) => [...devices.values()])
}

function noCounts(device: string, hourMs: number): Counts {
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

function outcomeCount(
  outcome: number,
): 'inserted' | 'duplicate' | 'revised' | 'observationsRefused' {
  switch (outcome) {
    case OUTCOME.inserted:
      return 'inserted'
    case OUTCOME.duplicate:
      return 'duplicate'
    case OUTCOME.revised:
      return 'revised'
    default:
      return 'observationsRefused'
  }
}

export async function stageBooks(
  writer: DuckDBConnection,
  rows: readonly BookRow[],
): Promise<void> {
  const whole = (count: keyof Omit<BookRow, 'device'>): bigint[] =>
    rows.map((row) => BigInt(row[count]))
  await restage(writer, BOOK_ADDITION, [
    rows.map(({ device }) => device),
    whole('hourMs'),
    whole('projected'),
    whole('refused'),
    whole('decoded'),
    whole('inserted'),
    whole('duplicate'),
    whole('revised'),
    whole('observationsRefused'),
  ])
}

export async function mergeBooks(writer: DuckDBConnection): Promise<void> {
  const counts = columnNames(BOOK).filter((name) => name !== 'device' && name !== 'hour_ms')
  await writer.run(
    `MERGE INTO book USING book_addition AS addition
       ON book.hour_ms = addition.hour_ms AND book.device = addition.device
     WHEN MATCHED THEN UPDATE SET ${counts.map((name) => `${name} = book.${name} + addition.${name}`).join(', ')}
     WHEN NOT MATCHED THEN INSERT VALUES (${columnNames(BOOK)
       .map((name) => `addition.${name}`)
       .join(', ')})`,
  )
}

/** Books and position in one snapshot: a single statement cannot see two states. */
export async function books(
  connection: DuckDBConnection,
  window: Window,
  device: string | undefined,
): Promise<BooksSnapshot> {
  const counts = columnNames(BOOK).filter((name) => name !== 'device')
  const columns = await fetchColumns(
    await connection.run(
      `SELECT "position"::DOUBLE, device, ${counts.map((name) => `${name}::DOUBLE`).join(', ')}
       FROM store LEFT JOIN book
         ON hour_ms >= $1 AND hour_ms < $2 AND ($3 IS NULL OR device = $3)
       ORDER BY hour_ms, device`,
      [window.fromMs, window.toMs, device ?? null],
    ),
  )
  const devices = columns.values(1)
  const numbers = counts.map((_, index) => columns.doubles(2 + index))
  const rows: BookRow[] = []
  for (const [row, name] of devices.entries()) {
    // The left join gives one row of NULLs when the window holds no books.
    if (name === null) continue
    const count = (index: number): number => numbers[index]?.[row] ?? 0
    rows.push({
      device: String(name),
      hourMs: count(0),
      projected: count(1),
      refused: count(2),
      decoded: count(3),
      inserted: count(4),
      duplicate: count(5),
      revised: count(6),
      observationsRefused: count(7),
    })
  }
  return { position: columns.doubles(0)[0] ?? 0, rows }
}
