import type { DuckDBConnection, DuckDBValue } from '@duckdb/node-api'
import { blobValue, DuckDBBlobValue } from '@duckdb/node-api'
import type { RefusalCode } from '../../domain/fault.js'
import type { RefusalQuery, RefusalRow } from '../../ports/ledger.js'
import type { ProjectionBatch, RefusedItem } from '../../ports/series-store.js'
import { appendColumns } from './columns.js'
import { REFUSAL, REFUSED_PAYLOAD } from './schema.js'

/**
 * The rows a values' store would not take, as refusals. The index counts the observations of the
 * message that came that far; bytes and topic are the entry's, where the projection gave them.
 *
 * @param refused reason by row
 */
export function storeRefusals(
  batch: ProjectionBatch,
  refused: ReadonlyMap<number, string>,
): readonly RefusedItem[] {
  if (refused.size === 0) return []
  const { entryIndex } = batch.observations
  const items: RefusedItem[] = []
  let entryBefore = -1
  let index = 0
  for (let row = 0; row < entryIndex.length; row++) {
    index = entryIndex[row] === entryBefore ? index + 1 : 0
    entryBefore = entryIndex[row] ?? 0
    const reason = refused.get(row)
    const entry = batch.entries[entryBefore]
    if (reason === undefined || entry === undefined) continue
    items.push({
      seq: entry.seq,
      index,
      device: entry.device,
      topic: entry.topic ?? '',
      arrivalMs: entry.arrivalMs,
      code: 'store_rejected',
      reason,
      payload: entry.payload ?? new Uint8Array(),
    })
  }
  return items
}

export async function appendRefusals(
  writer: DuckDBConnection,
  items: readonly RefusedItem[],
  firstId: number,
): Promise<void> {
  await appendColumns(writer, REFUSAL, [
    items.map((_, index) => BigInt(firstId + index)),
    items.map(({ seq }) => BigInt(seq)),
    items.map(({ index }) => index),
    items.map(({ device }) => device),
    items.map(({ topic }) => topic),
    items.map(({ arrivalMs }) => BigInt(arrivalMs)),
    items.map(({ code }) => code),
    items.map(({ reason }) => reason),
  ])
  const payloads = [...new Map(items.map(({ seq, payload }) => [seq, payload]))]
  await appendColumns(writer, REFUSED_PAYLOAD, [
    payloads.map(([seq]) => BigInt(seq)),
    payloads.map(([, payload]) => blobValue(payload)),
  ])
}

export async function nextRefusalId(connection: DuckDBConnection): Promise<number> {
  const found = await connection.runAndReadAll('SELECT coalesce(max(id), 0) + 1 FROM refusal')
  return Number(found.value(0, 0))
}

export async function refusalPage(
  connection: DuckDBConnection,
  query: RefusalQuery,
): Promise<readonly RefusalRow[]> {
  return await selected(
    connection,
    `WHERE ($1 IS NULL OR id < $1) AND ($2 IS NULL OR code = $2) AND ($3 IS NULL OR device = $3)
     ORDER BY id DESC LIMIT $4`,
    [query.beforeId ?? null, query.code ?? null, query.device ?? null, query.limit],
    query.shownBytes,
  )
}

export async function refusalById(
  connection: DuckDBConnection,
  id: number,
): Promise<RefusalRow | null> {
  return (await selected(connection, 'WHERE id = $1', [id]))[0] ?? null
}

export async function refusalCounts(
  connection: DuckDBConnection,
): Promise<ReadonlyMap<RefusalCode, number>> {
  const found = await connection.runAndReadAll('SELECT code, count(*) FROM refusal GROUP BY code')
  return new Map(found.getRows().map(([code, count]) => [code as RefusalCode, Number(count)]))
}

/**
 * The page is chosen first, so that only its payloads are fetched; and they are cut before they are
 * joined to its rows, because one message may stand in all of them.
 */
async function selected(
  connection: DuckDBConnection,
  page: string,
  parameters: DuckDBValue[],
  shownBytes?: number,
): Promise<readonly RefusalRow[]> {
  const shown = shownBytes === undefined ? 'payload' : `array_slice(payload, 1, ${shownBytes})`
  const found = await connection.runAndReadAll(
    `WITH page AS MATERIALIZED (SELECT * FROM refusal ${page}),
       held AS MATERIALIZED (
         SELECT seq, octet_length(payload) AS payload_bytes, ${shown} AS shown
         FROM refused_payload WHERE seq IN (SELECT seq FROM page))
     SELECT id, seq, item_index, device, topic, arrival_ms, code, reason, payload_bytes, shown
     FROM page JOIN held USING (seq) ORDER BY id DESC`,
    parameters,
  )
  return found
    .getRows()
    .map(([id, seq, index, device, topic, arrivalMs, code, reason, payloadBytes, payload]) => ({
      id: Number(id),
      seq: Number(seq),
      index: index === null ? null : Number(index),
      device: String(device),
      topic: String(topic),
      arrivalMs: Number(arrivalMs),
      code: code as RefusalCode,
      reason: String(reason),
      payloadBytes: Number(payloadBytes),
      payload:
        payload instanceof DuckDBBlobValue ? Uint8Array.from(payload.bytes) : new Uint8Array(),
    }))
}
