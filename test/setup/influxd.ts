import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { ServerProcess } from './server-process.js'
import { startServer } from './server-process.js'
import { temporaryFolder } from './temp-folder.js'

const START_MS = 20_000

export interface InfluxdOptions {
  /** With authentication the first user must be made by a CREATE USER … WITH ALL PRIVILEGES query. */
  readonly authentication?: 'off' | 'on'
}

/** A real InfluxDB 1.x server in a folder of its own. */
export interface Influxd {
  /** e.g. http://127.0.0.1:40123; the same after a restart. */
  readonly url: string
  /** Ends it and removes its folder. Safe to call twice. */
  stop(): Promise<void>
  /** SIGKILL; its folder stays. */
  kill(): Promise<void>
  /** Starts it again on the same folder and port; a running one is ended first. */
  restart(): Promise<void>
  /** SIGSTOP: connections are held, nothing is answered. */
  pause(): void
  /** SIGCONT. */
  resume(): void
}

/** Starts influxd (Debian's 1.6.7) with telemetry off, on ports the system chooses, and waits for /ping. */
export async function startInfluxd(options: InfluxdOptions = {}): Promise<Influxd> {
  const folder = await temporaryFolder('influxd')
  const authentication = options.authentication ?? 'off'
  const file = join(folder.path, 'influxd.conf')

  const start = async (port: number): Promise<{ server: ServerProcess; port: number }> => {
    await writeFile(file, configuration(folder.path, port, authentication))
    const server = startServer('influxd', ['-config', file])
    const listening = await server.printed(
      /msg="Listening on HTTP".*? addr=127\.0\.0\.1:(\d+)/,
      START_MS,
    )
    const chosen = Number(listening[1])
    await answering(`http://127.0.0.1:${chosen}/ping`)
    return { server, port: chosen }
  }

  let running = await start(0)
  const { port } = running
  return {
    url: `http://127.0.0.1:${port}`,
    stop: async () => {
      await running.server.stop()
      await folder.remove()
    },
    kill: async () => {
      await running.server.kill()
    },
    restart: async () => {
      await running.server.stop()
      running = await start(port)
    },
    pause: () => {
      running.server.pause()
    },
    resume: () => {
      running.server.resume()
    },
  }
}

function configuration(folder: string, port: number, authentication: 'off' | 'on'): string {
  return `
reporting-disabled = true
bind-address = "127.0.0.1:0"
[meta]
  dir = "${folder}/meta"
  logging-enabled = false
[data]
  dir = "${folder}/data"
  wal-dir = "${folder}/wal"
  query-log-enabled = false
[monitor]
  store-enabled = false
[subscriber]
  enabled = false
[continuous_queries]
  enabled = false
[http]
  bind-address = "127.0.0.1:${port}"
  auth-enabled = ${authentication === 'on' ? 'true' : 'false'}
  log-enabled = false
[logging]
  format = "logfmt"
`
}

/** Asks until the server answers; it already listens when this is called, so once is the rule. */
async function answering(url: string): Promise<void> {
  const deadlineMs = Date.now() + START_MS
  for (;;) {
    const answer = await fetch(url).catch((error: unknown) => error)
    if (answer instanceof Response && answer.ok) return
    if (Date.now() > deadlineMs) throw new Error(`${url} does not answer`, { cause: answer })
    await new Promise((resolve) => {
      setTimeout(resolve, 20)
    })
  }
}
