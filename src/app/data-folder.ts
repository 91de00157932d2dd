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
    checkLabel(path, labelFile, label, store)
  }
  const runFile = join(path, 'running.json')
  return {
    path,
    journal: join(path, 'journal'),
    database: join(path, store === 'duckdb' ? 'store.duckdb' : 'index.duckdb'),
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

/** The service that runs on a data folder; null when none has announced itself or it is gone. */
export async function runningService(path: string): Promise<Running | null> {
  const found = runningSchema.safeParse(await readJson(join(path, 'running.json')))
  if (!found.success || !isAlive(found.data.pid)) return null
  return found.data
}

function checkLabel(path: string, labelFile: string, label: unknown, store: StoreKind): void {
  const read = labelSchema.safeParse(label)
  if (!read.success) {
    throw new CommandError(EXIT.badInput, `${labelFile} is damaged: ${z.prettifyError(read.error)}`)
  }
  if (read.data.format > FORMAT) {
    throw new CommandError(
      EXIT.badInput,
      `${path} has data format ${read.data.format}; this release reads up to ${FORMAT}: install a newer release`,
    )
  }
  if (read.data.store !== store) {
    throw new CommandError(
      EXIT.badInput,
      `${path} was made with --store ${read.data.store}, not ${store}; start with that store or give --data another folder`,
    )
  }
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
