import type { DuckDBConnection } from '@duckdb/node-api'
import { MARK_FLAGS, type Mark } from '../../domain/qc/mark.js'
import { appendColumns } from './columns.js'
import { columnNames, MARK } from './schema.js'

export async function appendMarks(writer: DuckDBConnection, marks: readonly Mark[]): Promise<void> {
  await appendColumns(writer, MARK, [
    marks.map(({ seq }) => BigInt(seq)),
    marks.map(({ series }) => series),
    marks.map(({ fromMs }) => BigInt(fromMs)),
    marks.map(({ toMs }) => BigInt(toMs)),
    marks.map(({ flag }) => flag),
    marks.map(({ markedMs }) => BigInt(markedMs)),
    marks.map(({ person }) => person),
    marks.map(({ reason }) => reason),
  ])
}

/** Ascending by entry. */
export async function storedMarks(connection: DuckDBConnection): Promise<readonly Mark[]> {
  const found = await connection.runAndReadAll(
    `SELECT ${columnNames(MARK).join(', ')} FROM mark ORDER BY seq`,
  )
  return found.getRows().map(([seq, series, from, to, flag, marked, person, reason]) => ({
    seq: Number(seq),
    series: String(series),
    fromMs: Number(from),
    toMs: Number(to),
    flag: MARK_FLAGS.find((known) => known === flag) ?? null,
    markedMs: Number(marked),
    person: String(person),
    reason: String(reason),
  }))
}
