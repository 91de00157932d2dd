import { eventually } from '../setup/eventually.js'
import { ANY_PORTS, startProgram, type Program } from '../setup/program.js'
import { runCommand } from '../setup/server-process.js'
import { temporaryFolder } from '../setup/temp-folder.js'
import { MINUTE_MS } from '../../src/domain/time.js'

/** The demo fills three weeks of history before it is live. */
const CATCH_UP_MS = 100_000

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
  const open = async (ports: readonly string[]): Promise<Program> =>
    await startProgram(['--demo', '--data', folder.path, ...ports])
  let running = await open(ANY_PORTS)
  let isStopped = false
  const { http, mqtt, ws } = running
  await caughtUp(running)

  return {
    http,
    get token() {
      return running.token
    },
    publish: async (payload) => {
      const line = running.publish ?? 'false'
      const command = payload === undefined ? line : line.replace(/-m .*$/, `-m '${payload}'`)
      const { code, stderr } = await runCommand('sh', ['-c', command])
      if (code !== 0) throw new Error(`${command} ended with ${code}: ${stderr}`)
    },
    stop: async () => {
      isStopped = true
      await running.process.stop()
    },
    restart: async () => {
      await running.process.stop()
      const ports = [http, mqtt, ws].map((url) => new URL(url).port)
      running = await open(portFlags(ports[0] ?? '0', ports[1] ?? '0', ports[2] ?? '0'))
      isStopped = false
    },
    remove: async () => {
      const endedByItself = !isStopped && !running.process.isRunning()
      await running.process.stop()
      await folder.remove()
      if (endedByItself)
        throw new Error(`the service ended by itself:\n${running.process.output()}`)
    },
  }
}

function portFlags(http: string, mqtt: string, ws: string): readonly string[] {
  return ['--http-port', http, '--mqtt-port', mqtt, '--ws-port', ws]
}

/** Waits until rain and flow of the demo are minutes old, not days. */
async function caughtUp(program: Program): Promise<void> {
  await eventually(async () => {
    const fresh = (await program.latest()).filter(({ atMs }) => atMs > Date.now() - 3 * MINUTE_MS)
    const series = new Set(fresh.map((item) => item.series))
    return series.has('RG-01.rain') && series.has('FM-01.flow') ? true : undefined
  }, CATCH_UP_MS)
}
