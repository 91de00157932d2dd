import type { DuckDBConnection } from '@duckdb/node-api'
import { LAB_WEATHER, type ImportedLabResult } from '../../domain/laboratory/lab-result.js'
import { appendColumns } from './columns.js'
import { columnNames, LAB_RESULT } from './schema.js'

export async function appendLabResults(
  writer: DuckDBConnection,
  results: readonly ImportedLabResult[],
): Promise<void> {
  await appendColumns(writer, LAB_RESULT, [
    results.map(({ seq }) => BigInt(seq)),
    results.map(({ sample }) => sample),
    results.map(({ section }) => section),
    results.map(({ sampledMs }) => BigInt(sampledMs)),
    results.map(({ parameter }) => parameter),
    results.map(({ value }) => value),
    results.map(({ unit }) => unit),
    results.map(({ detectionLimit }) => detectionLimit),
    results.map(({ weather }) => weather),
    results.map(({ laboratory }) => laboratory),
    results.map(({ cma }) => cma),
    results.map(({ reportSha256 }) => reportSha256),
    results.map(({ fileSha256 }) => fileSha256),
    results.map(({ fileName }) => fileName),
    results.map(({ revision }) => revision),
    results.map(({ person }) => person),
  ])
}

/** Of samples taken in the window, ascending by entry. */
export async function storedLabResults(
  connection: DuckDBConnection,
  window: { readonly fromMs: number; readonly toMs: number },
): Promise<readonly ImportedLabResult[]> {
  const found = await connection.runAndReadAll(
    `SELECT ${columnNames(LAB_RESULT).join(', ')} FROM lab_result
     WHERE sampled_ms >= $1 AND sampled_ms < $2 ORDER BY seq, sample, section, parameter`,
    [BigInt(window.fromMs), BigInt(window.toMs)],
  )
  return found.getRows().map((row) => {
    const [seq, sample, section, sampled, parameter, value, unit, limit, ...about] = row
    const [weather, laboratory, cma, reportSha256, fileSha256, fileName, revision, person] = about
    return {
      seq: Number(seq),
      sample: String(sample),
      section: String(section),
      sampledMs: Number(sampled),
      parameter: String(parameter),
      value: value === null ? null : Number(value),
      unit: String(unit),
      detectionLimit: limit === null ? null : Number(limit),
      weather: LAB_WEATHER.find((known) => known === weather) ?? null,
      laboratory: String(laboratory),
      cma: cma === null ? null : String(cma),
      reportSha256: reportSha256 === null ? null : String(reportSha256),
      fileSha256: String(fileSha256),
      fileName: String(fileName),
      revision: Number(revision),
      person: String(person),
    }
  })
}
