import { writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { z } from 'zod'
import { isBuilt } from '../setup/is-built.js'
import { ANY_PORTS, startProgram, type Program } from '../setup/program.js'
import { runCommand } from '../setup/server-process.js'
import { CLIENTS, loadCity } from './load-city.js'

/** The service on a new data folder, with the city and the credentials of the load. */
export interface LoadService {
  readonly program: Program
  readonly secrets: ReadonlyMap<string, string>
  /** Journal entries that are durable, and the last that has taken effect. */
  standing(): Promise<Standing>
  /** Stops it and counts the rows in its database, by a query of its own on the closed file. */
  stopAndCount(): Promise<number>
}

export interface Standing {
  readonly head: number
  readonly position: number
}

/**
 * Builds the program when it is older than its sources and starts it as a user would.
 *
 * @param profile folder for a V8 CPU profile of the service; null: none
 * @param settings further flags of `rainledger up`
 */
export async function startLoadService(
  folder: string,
  { profile, settings }: { readonly profile: string | null; readonly settings: readonly string[] },
): Promise<LoadService> {
  await build()
  const city = await writeLoadCity(folder)
  const data = join(folder, 'data')
  const program = await startProgram(
    ['--data', data, '--city', city, '--log-level', 'warn', ...ANY_PORTS, ...settings],
    profile === null ? [] : ['--cpu-prof', `--cpu-prof-dir=${profile}`],
  )
  return {
    program,
    secrets: await issued(program),
    standing: () => standing(program),
    async stopAndCount() {
      await program.process.stop(30_000)
      return await storedRows(join(data, 'store.duckdb'))
    },
  }
}

/** Writes the registry of the load's city; returns where. */
export async function writeLoadCity(folder: string): Promise<string> {
  const file = join(folder, 'city.yaml')
  await writeFile(file, loadCity())
  return file
}

async function build(): Promise<void> {
  if (await isBuilt(resolve(import.meta.dirname, '../..'))) return
  process.stderr.write('building\n')
  const { code, stdout, stderr } = await runCommand('npm', ['run', 'build'])
  if (code !== 0) throw new Error(`the build failed\n${stdout}${stderr}`)
}

async function issued(program: Program): Promise<Map<string, string>> {
  const secrets = new Map<string, string>()
  for (const device of CLIENTS) {
    const answer = await program.api(`/devices/${device}/secret`, { method: 'POST' })
    secrets.set(device, z.object({ secret: z.string() }).parse(await answer.json()).secret)
  }
  return secrets
}

async function standing({ http }: Program): Promise<Standing> {
  const text = await (await fetch(`${http}/metrics`)).text()
  const gauge = (name: string): number => {
    const match = new RegExp(`^rainledger_${name} (\\S+)$`, 'm').exec(text)
    if (match === null) throw new Error(`no ${name} among the metrics`)
    return Number(match[1])
  }
  return { head: gauge('journal_head'), position: gauge('projection_position') }
}

async function storedRows(file: string): Promise<number> {
  const instance = await DuckDBInstance.create(file, { access_mode: 'READ_ONLY' })
  const connection = await instance.connect()
  const found = await connection.runAndReadAll('SELECT count(*) FROM observation')
  connection.closeSync()
  instance.closeSync()
  return Number(found.value(0, 0))
}
