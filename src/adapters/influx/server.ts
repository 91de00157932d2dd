import { z } from 'zod'
import { StandingFault, TransientFault } from '../../domain/fault.js'
import type { Logger } from '../../ports/logger.js'
import { quotedName } from './influxql.js'

export type InfluxCredentials =
  { readonly username: string; readonly password: string } | { readonly token: string }

export interface ServerOptions {
  /** e.g. http://127.0.0.1:8086; a path before the endpoints is kept. */
  readonly url: string
  /** The database (1.x, 3.x) or bucket (2.x). */
  readonly database: string
  /** 2.x only. */
  readonly organisation?: string
  /** User and password for 1.x, token for 2.x and 3.x; none for a server without authentication. */
  readonly credentials?: InfluxCredentials
  /** Longest one query may take until its last row, ms. */
  readonly queryMs: number
  readonly logger: Logger
}

/** What is read of an answer of /query: results of statements, each with the rows of series. */
const Answer = z.object({
  error: z.string().optional(),
  results: z
    .array(
      z.object({
        statement_id: z.number().default(0),
        error: z.string().optional(),
        series: z
          .array(
            z.object({
              tags: z.record(z.string(), z.string()).default({}),
              columns: z.array(z.string()),
              values: z.array(z.array(z.union([z.number(), z.string(), z.boolean(), z.null()]))),
            }),
          )
          .default([]),
      }),
    )
    .default([]),
})

/** Rows of one series, as one statement selected them. */
export interface ResultRows {
  /** Position of the statement in the request, from 0. */
  readonly statement: number
  readonly tags: Readonly<Record<string, string>>
  readonly columns: readonly string[]
  readonly values: readonly (readonly (number | string | boolean | null)[])[]
}

export interface InfluxServer {
  /** As the server says it, e.g. `1.6.7~rc0`. */
  readonly version: string
  /** Where lines are written to, with database and precision. */
  readonly writePath: string
  readonly headers: Readonly<Record<string, string>>
  /** Runs InfluxQL statements in one request; times come as epoch ms. */
  query(statements: readonly string[]): AsyncIterable<ResultRows>
}

/**
 * Finds out which InfluxDB answers, says so in the log, and makes the database on 1.x.
 * Throws TransientFault when nobody answers, Error when the credentials or the database are wrong.
 */
export async function reachServer(options: ServerOptions): Promise<InfluxServer> {
  const base = options.url.replace(/\/+$/, '')
  const headers = authorization(options.credentials)
  const version = await serverVersion(base, headers, options.queryMs)
  const generation = version.startsWith('1.') ? '1.x' : '2.x or later'
  options.logger.info({ url: base, version, database: options.database }, 'InfluxDB found')
  const server: InfluxServer = {
    version,
    headers,
    writePath: writePath(generation, options),
    query: (statements) => query(base, headers, options, statements),
  }
  if (generation === '1.x') await makeDatabase(server, base, headers, options)
  return server
}

/** 1.x authentication is Basic; a token would be ignored there without a word. */
function authorization(credentials: InfluxCredentials | undefined): Record<string, string> {
  if (credentials === undefined) return {}
  if ('token' in credentials) return { authorization: `Token ${credentials.token}` }
  const pair = Buffer.from(`${credentials.username}:${credentials.password}`).toString('base64')
  return { authorization: `Basic ${pair}` }
}

/** The precision is said out loud: a missing one silently means nanoseconds. */
function writePath(generation: '1.x' | '2.x or later', options: ServerOptions): string {
  const database = encodeURIComponent(options.database)
  if (generation === '1.x') return `/write?db=${database}&precision=ms`
  const organisation = encodeURIComponent(options.organisation ?? '')
  return `/api/v2/write?org=${organisation}&bucket=${database}&precision=ms`
}

async function serverVersion(
  base: string,
  headers: Readonly<Record<string, string>>,
  limitMs: number,
): Promise<string> {
  const ping = await request(`${base}/ping`, { headers }, limitMs)
  await ping.body?.cancel()
  const named = ping.headers.get('x-influxdb-version')
  if (ping.ok && named !== null) return named.replace(/^v/, '')
  const health = await request(`${base}/health`, { headers }, limitMs)
  const body = z.object({ version: z.string() }).safeParse(parsed(await health.text()))
  if (body.success) return body.data.version.replace(/^v/, '')
  throw statusFault(ping.status, `${base}/ping`, 'does not answer as InfluxDB does')
}

/** Makes the database; somebody who may not can still use one that is there. */
async function makeDatabase(
  server: InfluxServer,
  base: string,
  headers: Readonly<Record<string, string>>,
  options: ServerOptions,
): Promise<void> {
  const name = quotedName(options.database)
  const body = new URLSearchParams({ q: `CREATE DATABASE ${name}` })
  const made = await request(`${base}/query`, { method: 'POST', headers, body }, options.queryMs)
  const text = await made.text()
  if (made.ok) return
  if (made.status !== 403) throw statusFault(made.status, `${base}/query`, text)
  for await (const rows of server.query(['SHOW MEASUREMENTS LIMIT 1'])) void rows
}

/**
 * Streams the answer: it comes in chunks, one JSON document per line, so that a year of minutes is
 * never one string.
 */
async function* query(
  base: string,
  headers: Readonly<Record<string, string>>,
  options: ServerOptions,
  statements: readonly string[],
): AsyncGenerator<ResultRows> {
  const body = new URLSearchParams({
    db: options.database,
    q: statements.join('; '),
    epoch: 'ms',
    chunked: 'true',
    chunk_size: '10000',
  })
  const url = `${base}/query`
  const init = { method: 'POST', headers: { ...headers, accept: 'application/json' }, body }
  const response = await request(url, init, options.queryMs)
  if (!response.ok) throw statusFault(response.status, url, await response.text())
  for await (const line of lines(response, url)) {
    const answer = Answer.safeParse(parsed(line))
    if (!answer.success) {
      throw new Error(`${url} answered with something else than InfluxQL results`, {
        cause: answer.error,
      })
    }
    if (answer.data.error !== undefined) throw queryFault(answer.data.error)
    for (const result of answer.data.results) {
      if (result.error !== undefined) throw queryFault(result.error)
      for (const series of result.series) yield { statement: result.statement_id, ...series }
    }
  }
}

async function* lines(response: Response, url: string): AsyncGenerator<string> {
  const decoder = new TextDecoder()
  let rest = ''
  try {
    for await (const chunk of response.body ?? []) {
      const parts = (rest + decoder.decode(chunk as Uint8Array, { stream: true })).split('\n')
      rest = parts.pop() ?? ''
      for (const part of parts) if (part !== '') yield part
    }
  } catch (error) {
    throw new TransientFault(`${url} broke off its answer`, { cause: error })
  }
  if (rest.trim() !== '') yield rest
}

/** Whatever `fetch` rejects with is the network or our time limit: the address is checked before. */
async function request(url: string, init: RequestInit, limitMs: number): Promise<Response> {
  try {
    return await fetch(url, { ...init, signal: AbortSignal.timeout(limitMs) })
  } catch (error) {
    throw new TransientFault(`${url} cannot be reached`, { cause: error })
  }
}

/** 408, 425, 429 and 5xx go by themselves; what is left is ours to mend. */
function isTransientStatus(status: number): boolean {
  return status === 408 || status === 425 || status === 429 || status >= 500
}

/** How an unwanted HTTP status is to be explained. */
interface StatusContext {
  readonly cause?: unknown
  /** What the server asked for by Retry-After, ms. */
  readonly retryAfterMs?: number
}

/** The error that an unwanted HTTP status is; says what to look at. */
export function statusFault(
  status: number,
  url: string,
  text: string,
  { cause, retryAfterMs = 0 }: StatusContext = {},
): Error {
  const said = `${url} answered ${status}: ${spoken(text)}`
  if (isTransientStatus(status)) return new TransientFault(said, { cause, retryAfterMs })
  if (status === 401 || status === 403)
    return new StandingFault(`${said}; check the credentials`, { cause })
  if (status === 404) return new StandingFault(`${said}; check address and database`, { cause })
  return new StandingFault(said, { cause })
}

/** Limits and shutting down pass, a database can come back; anything else is wrong with the statement. */
function queryFault(message: string): Error {
  const passes = /timeout|limit exceeded|engine is closed|shard is disabled|interrupted/i
  const said = `InfluxDB could not answer: ${message}`
  if (/database not found|not authorized/i.test(message)) return new StandingFault(said)
  return passes.test(message) ? new TransientFault(said) : new Error(said)
}

/** How much of a server's own words is kept in a reason, characters. */
const REASON_LENGTH = 300

const Words = z.object({
  error: z.string().optional(),
  message: z.string().optional(),
  /** 3.x says here what it had against each line. */
  data: z.array(z.object({ error_message: z.string() })).optional(),
})

/** The server's own words in any of the three dialects, without the JSON around them. */
export function spoken(text: string): string {
  const words = Words.safeParse(parsed(text))
  const said = words.success
    ? (words.data.data?.[0]?.error_message ?? words.data.error ?? words.data.message)
    : undefined
  return (said ?? text).trim().slice(0, REASON_LENGTH)
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // Not JSON: the caller finds nothing of what it wants in it.
    return null
  }
}
