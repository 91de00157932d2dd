import { z } from 'zod'
import { startServer, type ServerProcess } from './server-process.js'

const readySchema = z.object({
  event: z.literal('ready'),
  http: z.url(),
  mqtt: z.url(),
  ws: z.url(),
  mqtts: z.url().nullable(),
  token: z.string(),
  publish: z.string().nullable(),
})

const secretSchema = z.object({ secret: z.string() })

const latestSchema = z.object({
  items: z.array(z.object({ series: z.string(), atMs: z.int(), value: z.number().nullable() })),
})

export type LatestReading = z.output<typeof latestSchema>['items'][number]

/** The built program, running. */
export interface Program extends z.output<typeof readySchema> {
  readonly process: ServerProcess
  /** Milliseconds from the start of the process to its ready line. */
  readonly readyAfterMs: number
  api(path: string, init?: Pick<RequestInit, 'method' | 'body'>): Promise<Response>
  json(path: string): Promise<unknown>
  /** Gives a device a new secret. */
  secretOf(device: string): Promise<string>
  /** The newest reading of every series. */
  latest(): Promise<readonly LatestReading[]>
}

/**
 * Starts `rainledger up` as a user would and waits for its ready line.
 *
 * @param nodeArgs options of Node itself, e.g. `--cpu-prof`
 * @param under a program that runs it, with its arguments, e.g. strace
 */
export async function startProgram(
  args: readonly string[],
  nodeArgs: readonly string[] = [],
  under: readonly string[] = [],
): Promise<Program> {
  const begunMs = performance.now()
  return await readyProgram(started('up', args, nodeArgs, under), begunMs)
}

/** Starts `rainledger ingest` and waits for its ready line. */
export async function startMember(args: readonly string[]): Promise<Program> {
  const begunMs = performance.now()
  return await readyProgram(started('ingest', args, [], []), begunMs)
}

/** `rainledger serve`, running. */
export type ServeProgram = Pick<Program, 'process' | 'http' | 'api' | 'json'>

/** Starts `rainledger serve` and waits for its ready line. */
export async function startServe(args: readonly string[]): Promise<ServeProgram> {
  const server = started('serve', args, [], [])
  const [line] = await server.printed(/\{"event":"ready".*\}/, 30_000)
  const { http } = z.object({ http: z.url() }).parse(JSON.parse(line))
  const api: ServeProgram['api'] = (path, init = {}) => fetch(`${http}/api/v1${path}`, init)
  return {
    process: server,
    http,
    api,
    async json(path) {
      const answer = await api(path)
      if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`)
      return answer.json()
    },
  }
}

/** `rainledger ingest --standby`, waiting. */
export interface StandbyProgram {
  readonly process: ServerProcess
  readonly http: string
  /** Resolves when it has taken over. */
  ready(): Promise<Program>
}

/** Starts `rainledger ingest --standby` on a folder that another process owns. */
export async function startStandby(args: readonly string[]): Promise<StandbyProgram> {
  const server = started('ingest', ['--standby', ...args], [], [])
  const [line] = await server.printed(/\{"event":"standby".*\}/, 30_000)
  const { http } = z.object({ http: z.url() }).parse(JSON.parse(line))
  return {
    process: server,
    http,
    ready: async () => await readyProgram(server, performance.now()),
  }
}

function started(
  command: string,
  args: readonly string[],
  nodeArgs: readonly string[],
  under: readonly string[],
): ServerProcess {
  const service = [process.execPath, ...nodeArgs, 'dist/src/app/main.js', command, '--json']
  const [file = '', ...rest] = [...under, ...service, ...args]
  return startServer(file, rest)
}

async function readyProgram(server: ServerProcess, begunMs: number): Promise<Program> {
  const [line] = await server.printed(/\{"event":"ready".*\}/, 30_000)
  const ready = readySchema.parse(JSON.parse(line))
  async function api(
    path: string,
    init: Pick<RequestInit, 'method' | 'body'> = {},
  ): Promise<Response> {
    return fetch(`${ready.http}/api/v1${path}`, {
      ...init,
      headers: { authorization: `Bearer ${ready.token}` },
    })
  }
  async function json(path: string, method = 'GET'): Promise<unknown> {
    const answer = await api(path, { method })
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`)
    return answer.json()
  }
  return {
    ...ready,
    process: server,
    readyAfterMs: performance.now() - begunMs,
    api,
    json: (path) => json(path),
    async secretOf(device) {
      return secretSchema.parse(await json(`/devices/${device}/secret`, 'POST')).secret
    },
    async latest() {
      return latestSchema.parse(await json('/series/latest')).items
    },
  }
}

/** All ports chosen by the system. */
export const ANY_PORTS = ['--http-port', '0', '--mqtt-port', '0', '--ws-port', '0'] as const
