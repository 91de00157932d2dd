import type { DuckDBConnection } from '@duckdb/node-api'
import { verdictSchema } from '../../domain/indicators/result.js'
import type { KeptAssessment } from '../../domain/scheme/kept-assessment.js'
import type { KeptDocument } from '../../ports/series-store.js'
import { appendColumns } from './columns.js'
import { ASSESSMENT } from './schema.js'

export async function appendAssessments(
  writer: DuckDBConnection,
  documents: readonly KeptDocument[],
): Promise<void> {
  const kept = documents.map((one) => one.kept)
  await appendColumns(writer, ASSESSMENT, [
    kept.map(({ id }) => BigInt(id)),
    kept.map(({ sha256 }) => sha256),
    kept.map(({ keptMs }) => BigInt(keptMs)),
    kept.map(({ person }) => person),
    kept.map(({ reason }) => reason),
    kept.map(({ scheme }) => scheme),
    kept.map(({ edition }) => edition),
    kept.map(({ fromMs }) => BigInt(fromMs)),
    kept.map(({ toMs }) => BigInt(toMs)),
    kept.map(({ verdict }) => verdict),
    kept.map(({ score }) => score),
    documents.map(({ document }) => document),
  ])
}

/** Ascending by entry, without their documents. */
export async function storedAssessments(
  connection: DuckDBConnection,
): Promise<readonly KeptAssessment[]> {
  const found = await connection.runAndReadAll(
    `SELECT seq, sha256, kept_ms, person, reason, scheme, edition, from_ms, to_ms, verdict, score
     FROM assessment ORDER BY seq`,
  )
  return found.getRows().map((row) => {
    const [seq, sha256, keptMs, person, reason, scheme, edition, from, to, verdict, score] = row
    return {
      ...{ id: Number(seq), sha256: String(sha256), keptMs: Number(keptMs) },
      ...{ person: String(person), reason: String(reason) },
      ...{ scheme: String(scheme), edition: String(edition) },
      ...{ fromMs: Number(from), toMs: Number(to) },
      verdict: verdictSchema.parse(verdict),
      score: score === null ? null : Number(score),
    }
  })
}

/** The document of an entry as it was journaled; null when there is none. */
export async function storedDocument(
  connection: DuckDBConnection,
  seq: number,
): Promise<string | null> {
  const found = await connection.runAndReadAll('SELECT document FROM assessment WHERE seq = $1', [
    BigInt(seq),
  ])
  const [row] = found.getRows()
  return row === undefined ? null : String(row[0])
}
