import { DuckDBInstance } from '@duckdb/node-api'
import { z } from 'zod'

/** Rows of a closed embedded store, by a query of its own on the file. */
export async function rowsInDuckdb(file: string): Promise<number> {
  const instance = await DuckDBInstance.create(file, { access_mode: 'READ_ONLY' })
  const connection = await instance.connect()
  const found = await connection.runAndReadAll('SELECT count(*) FROM observation')
  connection.closeSync()
  instance.closeSync()
  return Number(found.value(0, 0))
}

const answerSchema = z.object({
  results: z.array(
    z.object({
      error: z.string().optional(),
      series: z.array(z.object({ values: z.array(z.tuple([z.unknown(), z.number()])) })).optional(),
    }),
  ),
})

/** Points of a measurement that have a value, as an InfluxDB 1.x counts them; 0 when there is none. */
export async function rowsInInflux(
  url: string,
  database: string,
  measurement: string,
): Promise<number> {
  const query = new URLSearchParams({
    db: database,
    q: `SELECT count("value") FROM "${measurement}"`,
  })
  const answer = await fetch(`${url}/query?${query.toString()}`)
  const [result] = answerSchema.parse(await answer.json()).results
  if (result?.error !== undefined) throw new Error(`${url}: ${result.error}`)
  return result?.series?.[0]?.values[0]?.[1] ?? 0
}
