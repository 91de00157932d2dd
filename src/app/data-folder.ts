import { chmod, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { CommandError, EXIT, systemCode } from './exit.js'

/** Raised when the folder's layout changes so that an older release would misread it. */
const FORMAT = 1

const storeKind = z.enum(['duckdb', 'influx'])
export type StoreKind = z.output<typeof storeKind>

const labelSchema = z.object({ format: z.int().positive(), store: storeKind })

const runningSchema = z.strictObject({
  pid: z.int(),
  http: z.url(),
  mqtt: z.url(),
  ws: z.url(),
  token: z.string(),
})

/** Where a running service can be reached, for commands on the same machine. */
export type Running = z.output<typeof runningSchema>

/** Everything a service keeps, in one folder. */
export interface DataFolder {
  readonly path: string
  readonly journal: string
  readonly database: string
  /** Where a new database grows until it takes the place of `database`. */
  readonly rebuilding: string
  readonly secrets: string
  /** Announces the running service to other commands; the file is readable by its owner only. */
  announce(running: Running): Promise<void>
  withdraw(): Promise<void>
}

/**
 * Opens or makes the data folder.
 * Throws CommandError when the folder is of a newer format, of another store, or holds other things.
 */
export async function openDataFolder(path: string, store: StoreKind): Promise<DataFolder> {
  await mkdir(path, { recursive: true })
  const labelFile = join(path, 'rainledger.json')
  const label = await readJson(labelFile)
  if (label === undefined) {
    const present = await readdir(path)
    if (present.length > 0) {
      throw new CommandError(
        EXIT.badInput,
        `${path} is not empty and not a data folder (no rainledger.json); give --data another folder`,
      )
    }
    await writeDurably(labelFile, `${JSON.stringify({ format: FORMAT, store })}\n`)
  } else {
    checkStore(path, readLabel(path, label).store, store)
  }
  const runFile = join(path, 'running.json')
  return {
    path,
    journal: join(path, 'journal'),
    database: join(path, store === 'duckdb' ? 'store.duckdb' : 'index.duckdb'),
    rebuilding: join(path, 'rebuilding.duckdb'),
    secrets: join(path, 'secrets.json'),
    async announce(running) {
      await writeFile(runFile, `${JSON.stringify(running)}\n`, { mode: 0o600 })
      await chmod(runFile, 0o600)
    },
    async withdraw() {
      await rm(runFile, { force: true })
    },
  }
}

/** Which store an existing data folder was made for. Throws CommandError when the path is no data folder. */
export async function storeOfFolder(path: string): Promise<StoreKind> {
  const label = await readJson(join(path, 'rainledger.json'))
  if (label === undefined) {
    throw new CommandError(
      EXIT.badInput,
      `${path} is no data folder (no rainledger.json); give the folder of a service with --data`,
    )
  }
  return readLabel(path, label).store
}

/** The service that runs on a data folder; null when none has announced itself or it is gone. */
export async function runningService(path: string): Promise<Running | null> {
  const found = runningSchema.safeParse(await readJson(join(path, 'running.json')))
  if (!found.success || !isAlive(found.data.pid)) return null
  return found.data
}

function readLabel(path: string, label: unknown): z.output<typeof labelSchema> {
  const read = labelSchema.safeParse(label)
  if (!read.success) {
    const file = join(path, 'rainledger.json')
    throw new CommandError(EXIT.badInput, `${file} is damaged: ${z.prettifyError(read.error)}`)
  }
  if (read.data.format > FORMAT) {
    throw new CommandError(
      EXIT.badInput,
      `${path} has data format ${read.data.format}; this release reads up to ${FORMAT}: install a newer release`,
    )
  }
  return read.data
}

function checkStore(path: string, made: StoreKind, wanted: StoreKind): void {
  if (made === wanted) return
  throw new CommandError(
    EXIT.badInput,
    `${path} was made with --store ${made}, not ${wanted}; start with that store or give --data another folder`,
  )
}

async function readJson(file: string): Promise<unknown> {
  let text: string
  try {
    text = await readFile(file, 'utf8')
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined
    throw error
  }
  try {
    return JSON.parse(text) as unknown
  } catch {
    // Unreadable is as wrong as mistyped: the schema names it.
    return null
  }
}

async function writeDurably(file: string, text: string): Promise<void> {
  await writeFile(`${file}.new`, text, { flush: true })
  await rename(`${file}.new`, file)
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return systemCode(error) === 'EPERM'
  }
}
