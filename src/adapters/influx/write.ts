import type { Transport, WriteApi } from '@influxdata/influxdb-client'
import { HttpError, InfluxDB } from '@influxdata/influxdb-client'
import { TransientFault } from '../../domain/fault.js'
import { SECOND_MS } from '../../domain/time.js'
import type { InfluxServer } from './server.js'
import { spoken, statusFault } from './server.js'

/** Lines in one request: what InfluxData recommends, and far below any server's body limit. */
const LINES_PER_REQUEST = 5_000

/** A line the server would not take, by its position among those given. */
export interface RefusedLine {
  readonly line: number
  /** The server's own words. */
  readonly reason: string
}

export interface LineWriter {
  /**
   * Resolves once all lines but the refused ones are durable. Throws TransientFault when the server
   * is away or overloaded; lines may then have been written, and writing them again changes nothing.
   */
  write(lines: readonly string[]): Promise<readonly RefusedLine[]>
  /** Lets go of the client. */
  close(): void
}

/**
 * Opens the client's WriteApi without its retries, its timer and its buffer: the journal is the
 * buffer, and the client's would drop lines.
 */
export function openLineWriter(url: string, server: InfluxServer, requestMs: number): LineWriter {
  const connection = { url, headers: { ...server.headers }, timeout: requestMs }
  const { transport } = new InfluxDB(connection)
  const client = new InfluxDB({ ...connection, transport: watched(transport, requestMs) })
  const api = client.getWriteApi('', '', 'ms', {
    // One more than we ever give: a full buffer would be flushed behind our back.
    batchSize: LINES_PER_REQUEST + 1,
    maxBatchBytes: Infinity,
    flushInterval: 0,
    maxRetries: 0,
    // zlib runs in the thread pool that serves the journal's fsync.
    gzipThreshold: Infinity,
    // With an answer of ours the client neither retries nor writes to the console.
    // oxlint-disable-next-line promise/no-promise-in-callback
    writeFailed: (error) => Promise.reject(error),
  })
  api.path = server.writePath

  const target = `${url}${server.writePath}`
  return {
    write: async (lines) => {
      const refused: RefusedLine[] = []
      for (let from = 0; from < lines.length; from += LINES_PER_REQUEST) {
        const to = Math.min(lines.length, from + LINES_PER_REQUEST)
        await writeRange(api, target, lines, from, to, refused)
      }
      return refused
    },
    close: () => {
      api.dispose()
    },
  }
}

/**
 * Writes lines [from, to). When the server has something against some of them, each half is
 * written by itself until a single line is left to blame; points it has taken already are only
 * written again.
 */
async function writeRange(
  api: WriteApi,
  target: string,
  lines: readonly string[],
  from: number,
  to: number,
  refused: RefusedLine[],
): Promise<void> {
  const reason = await objection(api, target, lines.slice(from, to))
  if (reason === null) return
  if (to - from === 1) {
    refused.push({ line: from, reason })
    return
  }
  const middle = (from + to) >> 1
  await writeRange(api, target, lines, from, middle, refused)
  await writeRange(api, target, lines, middle, to, refused)
}

/** What the server has against the lines; null when it took all. Throws what is not about lines. */
async function objection(api: WriteApi, target: string, lines: string[]): Promise<string | null> {
  try {
    api.writeRecords(lines)
    await api.flush()
    return null
  } catch (error) {
    if (!(error instanceof HttpError)) {
      throw new TransientFault(`${target} cannot be reached`, { cause: error })
    }
    const said = error.body ?? error.message
    if (blamesLines(error.statusCode)) return spoken(said)
    throw statusFault(error.statusCode, target, said, {
      cause: error,
      retryAfterMs: error.retryAfter() * SECOND_MS,
    })
  }
}

/**
 * Whether the answer is about what was written: 400 (unreadable, type conflict, beyond retention,
 * and 1.x "partial write"), 413 (too much at once), 422 (2.x), 201 (3.x: some were taken).
 */
function blamesLines(status: number): boolean {
  return status === 400 || status === 413 || status === 422 || status === 201
}

/**
 * The client takes 201 for success although 3.x says "some lines were rejected" with it, and its
 * time-out leaves the request open. Here 201 with words is an error, and a request that takes too
 * long is ended.
 */
function watched(transport: Transport, requestMs: number): Transport {
  return {
    chunkCombiner: transport.chunkCombiner,
    request: transport.request.bind(transport),
    iterate: transport.iterate.bind(transport),
    send: (path, body, options, callbacks) => {
      const decoder = new TextDecoder()
      let status = 0
      let answer = ''
      // Not AbortSignal.timeout: it holds on to the request, lines and all, until its time has passed.
      const ending = new AbortController()
      const timer = setTimeout(() => {
        ending.abort(new Error(`no answer within ${requestMs} ms`))
      }, requestMs)
      const { signal } = ending
      transport.send(
        path,
        body,
        { ...options, signal },
        {
          ...callbacks,
          responseStarted: (headers, code) => {
            status = code ?? 0
            callbacks?.responseStarted?.(headers, code)
          },
          next: (chunk: Uint8Array) => {
            answer += decoder.decode(chunk, { stream: true })
          },
          error: (error) => {
            clearTimeout(timer)
            callbacks?.error?.(error)
          },
          complete: () => {
            clearTimeout(timer)
            if (status === 201 && answer.trim() !== '')
              callbacks?.error?.(new HttpError(status, 'Created', answer))
            else callbacks?.complete?.()
          },
        },
      )
    },
  }
}
