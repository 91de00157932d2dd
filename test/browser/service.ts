import { resolve } from 'node:path'
import { z } from 'zod'
import type { ServerProcess } from '../setup/server-process.js'
import { runCommand, startServer } from '../setup/server-process.js'
import { temporaryFolder } from '../setup/temp-folder.js'
import { MINUTE_MS } from '../../src/domain/time.js'

const root = resolve(import.meta.dirname, '../..')
const START_MS = 30_000
/** The demo fills three weeks of history before it is live. */
const CATCH_UP_MS = 100_000

/** The one line that `up --json` prints. */
const readySchema = z.object({
  event: z.literal('ready'),
  http: z.url(),
  mqtt: z.string(),
  ws: z.string(),
  token: z.string(),
  /** A complete mosquitto_pub command for the demo's staff gauge. */
  publish: z.string(),
})

export interface DemoService {
  /** e.g. http://127.0.0.1:40123 */
  readonly http: string
  readonly token: string
  /** Runs the printed mosquitto_pub line, with another payload when one is given. */
  publish(payload?: string): Promise<void>
  /** Ends it, as Ctrl-C does; its data stay. */
  stop(): Promise<void>
  /** Starts it again on the same data and ports. */
  restart(): Promise<void>
  /** Ends it and removes its data; throws with what it said when it had ended by itself. */
  remove(): Promise<void>
}

/** Starts the demo on ports the system chooses, in a folder of its own, and waits until its sensors are live. */
export async function startDemo(): Promise<DemoService> {
  const folder = await temporaryFolder('browser')
  const open = async (
    ports: readonly string[],
  ): Promise<{ server: ServerProcess; ready: z.output<typeof readySchema> }> => {
    const main = resolve(root, 'dist/src/app/main.js')
    const flags = ['up', '--demo', '--json', '--data', folder.path, ...ports]
    const server = startServer(process.execPath, [main, ...flags])
    const line = await server.printed(/^\{"event":"ready".*\}$/m, START_MS)
    return { server, ready: readySchema.parse(JSON.parse(line[0])) }
  }
  let running = await open(portFlags('0', '0', '0'))
  let isStopped = false
  const { http, mqtt, ws } = running.ready
  await caughtUp(http)

  return {
    http,
    get token() {
      return running.ready.token
    },
    publish: async (payload) => {
      const line = running.ready.publish
      const command = payload === undefined ? line : line.replace(/-m .*$/, `-m '${payload}'`)
      const { code, stderr } = await runCommand('sh', ['-c', command])
      if (code !== 0) throw new Error(`${command} ended with ${code}: ${stderr}`)
    },
    stop: async () => {
      isStopped = true
      await running.server.stop()
    },
    restart: async () => {
      await running.server.stop()
      const ports = [http, mqtt, ws].map((url) => new URL(url).port)
      running = await open(portFlags(ports[0] ?? '0', ports[1] ?? '0', ports[2] ?? '0'))
      isStopped = false
    },
    remove: async () => {
      const endedByItself = !isStopped && !running.server.isRunning()
      await running.server.stop()
      await folder.remove()
      if (endedByItself) throw new Error(`the service ended by itself:\n${running.server.output()}`)
    },
  }
}

function portFlags(http: string, mqtt: string, ws: string): readonly string[] {
  return ['--http-port', http, '--mqtt-port', mqtt, '--ws-port', ws]
}

const latestSchema = z.object({ items: z.array(z.object({ series: z.string(), atMs: z.int() })) })

/** Waits until rain and flow of the demo are minutes old, not days. */
async function caughtUp(http: string): Promise<void> {
  const deadlineMs = Date.now() + CATCH_UP_MS
  for (;;) {
    const response = await fetch(`${http}/api/v1/series/latest`)
    const text = await response.text()
    if (response.ok) {
      const { items } = latestSchema.parse(JSON.parse(text))
      const fresh = items.filter(({ atMs }) => atMs > Date.now() - 3 * MINUTE_MS)
      const series = new Set(fresh.map((item) => item.series))
      if (series.has('RG-01.rain') && series.has('FM-01.flow')) return
    }
    if (Date.now() > deadlineMs) throw new Error(`the demo did not catch up; last answer: ${text}`)
    await new Promise((settle) => {
      setTimeout(settle, 250)
    })
  }
}
