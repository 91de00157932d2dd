import { writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { z } from 'zod'
import type { Influxd } from '../setup/influxd.js'
import { isBuilt } from '../setup/is-built.js'
import { ANY_PORTS, startProgram, type Program } from '../setup/program.js'
import { runCommand } from '../setup/server-process.js'
import { CLIENTS, loadCity } from './load-city.js'
import { rowsInDuckdb, rowsInInflux } from './stored-rows.js'

/** The service on a data folder, with the city and the credentials of the load. */
export interface LoadService {
  readonly program: Program
  readonly secrets: ReadonlyMap<string, string>
  /** Journal entries that are durable, and the last that has taken effect. */
  standing(): Promise<Standing>
  /** Stops it and counts the rows in its database, by a query of its own. */
  stopAndCount(): Promise<number>
}

export interface Standing {
  readonly head: number
  readonly position: number
}

export interface LoadServiceOptions {
  /** Folder for a V8 CPU profile of the service; null: none. */
  readonly profile: string | null
  /** Where values are kept; null: in the embedded store. */
  readonly influxd: Influxd | null
  /** Further flags of `rainledger up`. */
  readonly settings: readonly string[]
}

/**
 * Builds the program when it is older than its sources and starts it as a user would.
 *
 * @param folder new, or that of an earlier start, whose data it goes on with
 */
export async function startLoadService(
  folder: string,
  { profile, influxd, settings }: LoadServiceOptions,
): Promise<LoadService> {
  await buildWhenOld()
  const city = await writeLoadCity(folder)
  const data = join(folder, 'data')
  const store = influxd === null ? [] : ['--store', 'influx', '--influx-url', influxd.url]
  const program = await startProgram(
    ['--data', data, '--city', city, '--log-level', 'warn', ...ANY_PORTS, ...store, ...settings],
    profile === null ? [] : ['--cpu-prof', `--cpu-prof-dir=${profile}`],
  )
  return {
    program,
    secrets: await issued(program),
    standing: () => standing(program),
    async stopAndCount() {
      await program.process.stop(30_000)
      if (influxd !== null) return await rowsInInflux(influxd.url, 'rainledger', 'observation')
      return await rowsInDuckdb(join(data, 'store.duckdb'))
    },
  }
}

/** Writes the registry of the load's city; returns where. */
export async function writeLoadCity(folder: string): Promise<string> {
  const file = join(folder, 'city.yaml')
  await writeFile(file, loadCity())
  return file
}

/** Builds the program when it is older than its sources. */
export async function buildWhenOld(): Promise<void> {
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

/** Where a running service stands, by its metrics. */
export async function standing({ http }: Pick<Program, 'http'>): Promise<Standing> {
  const text = await (await fetch(`${http}/metrics`)).text()
  const gauge = (name: string): number => {
    const match = new RegExp(`^rainledger_${name} (\\S+)$`, 'm').exec(text)
    if (match === null) throw new Error(`no ${name} among the metrics`)
    return Number(match[1])
  }
  return { head: gauge('journal_head'), position: gauge('projection_position') }
}
