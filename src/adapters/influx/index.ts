import { TransientFault } from '../../domain/fault.js'
import type { SeriesColumns } from '../../domain/observation.js'
import type { KeyIndex, RowRefusal } from '../../ports/ledger.js'
import type { Logger } from '../../ports/logger.js'
import type { ProjectionBatch, SeriesReads, SeriesStore } from '../../ports/series-store.js'
import { batchLines, type BatchLines } from './batch-lines.js'
import { dayCoverage } from './coverage.js'
import { MEASUREMENT } from './line.js'
import { latestObservations, seriesColumns, seriesRevisions } from './series-reads.js'
import type { InfluxCredentials, InfluxServer } from './server.js'
import { reachServer } from './server.js'
import { stepColumns } from './steps.js'
import type { LineWriter } from './write.js'
import { openLineWriter } from './write.js'

export type { InfluxCredentials } from './server.js'

/** Where the server is and who asks. */
export interface InfluxAddress {
  /** e.g. http://127.0.0.1:8086 */
  readonly url: string
  /** The database (1.x, 3.x) or bucket (2.x); made on 1.x when it is not there. */
  readonly database: string
  /** 2.x only. */
  readonly organisation?: string
  /** User and password for 1.x, token for 2.x and 3.x; left out for a server without authentication. */
  readonly credentials?: InfluxCredentials
  /** Longest one write may take, ms; default 30,000. */
  readonly writeMs?: number
  /** Longest one query may take until its last row, ms; default 120,000. */
  readonly queryMs?: number
  readonly logger: Logger
}

export interface InfluxOptions extends InfluxAddress {
  /** Knows every key and value, and commits them with the books. Closed by whoever opened it. */
  readonly index: KeyIndex
  /** `empty`: opening fails unless the server answers and holds no observation; default `any`. */
  readonly contents?: 'any' | 'empty'
}

/** The database holds observations where an empty one was asked for. */
export class DatabaseNotEmpty extends Error {
  override readonly name = 'DatabaseNotEmpty'
}

/**
 * Opens the store whose values are kept by an InfluxDB server.
 *
 * A server that is away is no reason not to start: messages are journaled meanwhile, and every
 * call throws TransientFault until it answers. Throws Error on an address that is none and on
 * credentials or a database that the server turns down.
 */
export async function openInflux(options: InfluxOptions): Promise<SeriesStore> {
  const { logger, index } = options
  const connection = await openConnection(options)
  const { reached } = connection
  /** Ends when every append before has ended. */
  let queue: Promise<unknown> = Promise.resolve()

  async function append(batch: ProjectionBatch): Promise<Uint8Array> {
    const { writer } = await reached()
    let staged = await index.stage(batch)
    let standing: ReadonlySet<string> = new Set()
    try {
      // What stands beside a refused row is judged again, so lines may follow that were not needed before.
      for (;;) {
        const all = batchLines(batch, staged)
        const refused = await writeLines(writer, all, standing)
        if (refused.length === 0) break
        standing = new Set(all.lines)
        logger.warn({ rows: refused.length, reason: refused[0]?.reason }, 'InfluxDB refused rows')
        staged = await staged.without(refused)
      }
    } catch (error) {
      await staged.rollback()
      throw error
    }
    return await staged.commit()
  }

  if (options.contents === 'empty') {
    try {
      await refuseObservations((await reached()).server, options.database)
    } catch (error) {
      await connection.close()
      throw error
    }
  }

  return {
    ...readsOf(reached),
    append: async (batch) => {
      const turn = queue.then(async () => await append(batch))
      queue = turn.catch(() => undefined)
      return await turn
    },
    close: async () => {
      await queue
      await connection.close()
    },
  }
}

/**
 * What others have stored, to be read only: the values alone say which of them is current, so it
 * needs no index. Starts and fails as openInflux.
 */
export async function openInfluxReads(
  options: InfluxAddress,
): Promise<{ readonly reads: SeriesReads; close(): Promise<void> }> {
  const { reached, close } = await openConnection(options)
  return { reads: readsOf(reached), close }
}

function readsOf(reached: () => Promise<Connected>): SeriesReads {
  return {
    read: async (series, window) => await seriesColumns((await reached()).server, series, window),
    readMany: async (windows) => {
      const { server } = await reached()
      const columns: SeriesColumns[] = []
      // One after another: a year of many series at once would stand in memory as text, too.
      for (const { series, ...window } of windows) {
        columns.push(await seriesColumns(server, series, window))
      }
      return columns
    },
    aggregate: async (series, window, stepMs) =>
      await stepColumns((await reached()).server, series, window, stepMs),
    latest: async (series) => await latestObservations((await reached()).server, series),
    coverage: async (series, window, dayOffsetMs) =>
      await dayCoverage((await reached()).server, series, window, dayOffsetMs),
    revisions: async (series, window) =>
      await seriesRevisions((await reached()).server, series, window),
  }
}

interface Connected {
  readonly server: InfluxServer
  readonly writer: LineWriter
}

interface Connection {
  /** The connection, made at the first call that finds the server. */
  readonly reached: () => Promise<Connected>
  readonly close: () => Promise<void>
}

async function openConnection(options: InfluxAddress): Promise<Connection> {
  const url = checkedAddress(options.url)
  const { writeMs = 30_000, queryMs = 120_000, logger } = options
  let connecting: Promise<Connected> | undefined
  let closed = false

  async function connect(): Promise<Connected> {
    const server = await reachServer({ ...options, url, queryMs })
    return { server, writer: openLineWriter(url, server, writeMs) }
  }

  async function reached(): Promise<Connected> {
    if (closed) throw new Error('the store is closed')
    connecting ??= connect()
    try {
      return await connecting
    } catch (error) {
      connecting = undefined
      throw error
    }
  }

  try {
    await reached()
  } catch (error) {
    if (!(error instanceof TransientFault)) throw error
    logger.warn({ error, url }, 'InfluxDB is away; it is tried again at every call')
  }

  return {
    reached,
    close: async () => {
      closed = true
      const { writer } = (await connecting?.catch(() => undefined)) ?? {}
      writer?.close()
    },
  }
}

/**
 * Writes the lines of a batch but those that stand already, and resolves with the rows that cannot
 * be kept. A stored point whose flag the server would not take is beyond its retention: gone.
 */
async function writeLines(
  writer: LineWriter,
  { lines, rows, unwritable }: BatchLines,
  standing: ReadonlySet<string>,
): Promise<readonly RowRefusal[]> {
  const places = [...lines.keys()].filter((place) => !standing.has(lines[place] ?? ''))
  const refused = [...unwritable]
  for (const { line, reason } of await writer.write(places.map((place) => lines[place] ?? ''))) {
    const row = rows[places[line] ?? 0] ?? null
    if (row !== null) refused.push({ row, reason: `InfluxDB: ${reason}` })
  }
  return refused
}

async function refuseObservations(server: InfluxServer, database: string): Promise<void> {
  for await (const { values } of server.query([`SELECT * FROM ${MEASUREMENT} LIMIT 1`])) {
    if (values.length === 0) continue
    throw new DatabaseNotEmpty(
      `the InfluxDB database ${database} holds observations already; give the name of an empty one, or drop it there first`,
    )
  }
}

/** The address without a trailing slash; throws on what is none. */
function checkedAddress(text: string): string {
  const { protocol } = new URL(text)
  if (protocol !== 'http:' && protocol !== 'https:') {
    throw new Error(`${text} is no address of an InfluxDB; it begins with http:// or https://`)
  }
  return text.replace(/\/+$/, '')
}
