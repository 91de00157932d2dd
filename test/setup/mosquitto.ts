import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { freePort } from './free-port.js'
import type { ServerProcess } from './server-process.js'
import { runCommand, startServer } from './server-process.js'
import { temporaryFolder } from './temp-folder.js'

const START_MS = 20_000
const ATTEMPTS = 5

export interface MosquittoOptions {
  /** User names and passwords; without them anybody may connect. */
  readonly users?: Readonly<Record<string, string>>
  /** Lines for mosquitto.conf, e.g. `max_queued_messages 0`. */
  readonly settings?: readonly string[]
}

/** A real Mosquitto broker in a folder of its own, with persistence on. */
export interface Mosquitto {
  readonly port: number
  /** e.g. mqtt://127.0.0.1:40123; the same after a restart. */
  readonly url: string
  /** Ends it and removes its folder. Safe to call twice. */
  stop(): Promise<void>
  /** SIGKILL; its folder stays. What it had not written to it is lost, as in a power cut. */
  kill(): Promise<void>
  /** Starts it again on the same folder and port; a running one is ended cleanly first. */
  restart(): Promise<void>
  /** SIGSTOP: connections are held, nothing is answered. */
  pause(): void
  /** SIGCONT. */
  resume(): void
}

/** Starts mosquitto on a port nobody uses and waits until it runs. */
export async function startMosquitto(options: MosquittoOptions = {}): Promise<Mosquitto> {
  const folder = await temporaryFolder('mosquitto')
  const file = join(folder.path, 'mosquitto.conf')
  const passwords = await passwordFile(folder.path, options.users ?? {})

  const start = async (port: number): Promise<ServerProcess> => {
    const lines = [
      `listener ${port} 127.0.0.1`,
      passwords === null ? 'allow_anonymous true' : `password_file ${passwords}`,
      'persistence true',
      `persistence_location ${folder.path}/`,
      'log_dest stderr',
      // Run as root it would drop to the user `mosquitto`, who may not write our folder.
      ...(process.getuid?.() === 0 ? ['user root'] : []),
      ...(options.settings ?? []),
    ]
    await writeFile(file, `${lines.join('\n')}\n`)
    const server = startServer('mosquitto', ['-c', file])
    try {
      await server.printed(/mosquitto version \S+ running/, START_MS)
      return server
    } catch (error) {
      await server.kill()
      throw error
    }
  }

  // Mosquitto cannot choose its port itself, and another process may take a free one first.
  const first = async (attempt: number): Promise<{ server: ServerProcess; port: number }> => {
    const port = await freePort()
    try {
      return { server: await start(port), port }
    } catch (error) {
      if (attempt === ATTEMPTS || !String(error).includes('Address already in use')) throw error
      return await first(attempt + 1)
    }
  }

  const { server, port } = await first(1)
  let running = server
  return {
    port,
    url: `mqtt://127.0.0.1:${port}`,
    stop: async () => {
      await running.stop()
      await folder.remove()
    },
    kill: async () => {
      await running.kill()
    },
    restart: async () => {
      await running.stop()
      running = await start(port)
    },
    pause: () => {
      running.pause()
    },
    resume: () => {
      running.resume()
    },
  }
}

async function passwordFile(
  folder: string,
  users: Readonly<Record<string, string>>,
): Promise<string | null> {
  const names = Object.keys(users)
  if (names.length === 0) return null
  const file = join(folder, 'passwords')
  await writeFile(file, names.map((name) => `${name}:${users[name]}\n`).join(''), { mode: 0o600 })
  const hashed = await runCommand('mosquitto_passwd', ['-U', file])
  if (hashed.code !== 0) throw new Error(`mosquitto_passwd failed: ${hashed.stderr}`)
  return file
}
