import { chmod, link, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { memberLabel, type Member } from '../domain/city/member.js'
import { CommandError, EXIT, systemCode } from './exit.js'

/**
 * Raised when the folder's layout changes so that an older release would misread it. Format 2 is
 * a member's folder: a release that knows format 1 would take all devices into it. Others stay at 1.
 */
const FORMAT = 2

/** Says what the folder is. */
const LABEL = 'rainledger.json'

const storeKind = z.enum(['duckdb', 'influx'])
export type StoreKind = z.output<typeof storeKind>

const labelSchema = z.object({
  format: z.int().positive(),
  store: storeKind,
  /** k/N of the member whose folder it is; absent for a service that takes all devices. */
  member: z.string().optional(),
})
type Label = z.output<typeof labelSchema>

const runningSchema = z.strictObject({
  pid: z.int(),
  http: z.url(),
  mqtt: z.url(),
  ws: z.url(),
  mqtts: z.url().nullable(),
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
 * Throws CommandError when the folder is of a newer format, of another store or member, or holds
 * other things.
 *
 * @param member null: for a service that takes all devices
 */
export async function openDataFolder(
  path: string,
  store: StoreKind,
  member: Member | null,
): Promise<DataFolder> {
  await mkdir(path, { recursive: true })
  const labelFile = join(path, LABEL)
  const wanted: Label = {
    format: member === null ? 1 : FORMAT,
    store,
    ...(member === null ? {} : { member: memberLabel(member) }),
  }
  const label = await readJson(labelFile)
  if (label === undefined) {
    // What another service is just making the label of.
    const present = (await readdir(path)).filter((name) => !name.startsWith(LABEL))
    if (present.length > 0) {
      throw new CommandError(
        EXIT.badInput,
        `${path} is not empty and not a data folder (no rainledger.json); give --data another folder`,
      )
    }
    await createDurably(labelFile, `${JSON.stringify(wanted)}\n`)
  }
  // Read again where it was made: of two services that begin on one folder, one has made it.
  checkLabel(path, readLabel(path, label ?? (await readJson(labelFile))), wanted)
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
  const label = await readJson(join(path, LABEL))
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

function readLabel(path: string, label: unknown): Label {
  const read = labelSchema.safeParse(label)
  if (!read.success) {
    const file = join(path, LABEL)
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

function checkLabel(path: string, made: Label, wanted: Label): void {
  if (made.store !== wanted.store) {
    throw new CommandError(
      EXIT.badInput,
      `${path} was made with --store ${made.store}, not ${wanted.store}; start with that store or give --data another folder`,
    )
  }
  if (made.member !== wanted.member) {
    throw new CommandError(EXIT.badInput, memberFault(path, made.member, wanted.member))
  }
}

/**
 * Another share means that devices change their owner, and the new owner's index does not know
 * what the old one has stored: it would write over it.
 */
function memberFault(path: string, of: string | undefined, wanted: string | undefined): string {
  if (of === undefined) {
    return `${path} is the data folder of a service that takes all devices, not of member ${wanted}; give --data another folder`
  }
  const start = `start it with: rainledger ingest --member ${of} --data ${path}`
  const limit = 'members are not rebuilt yet, which other shares would need'
  if (wanted === undefined) return `${path} is the data folder of member ${of}; ${start} (${limit})`
  return `${path} is the data folder of member ${of}, not ${wanted}; ${start} (${limit})`
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

/** Makes the file, whole or not at all; one that is there already stays. */
async function createDurably(file: string, text: string): Promise<void> {
  const temporary = `${file}.${process.pid}.new`
  await writeFile(temporary, text, { flush: true })
  try {
    await link(temporary, file)
  } catch (error) {
    if (systemCode(error) !== 'EEXIST') throw error
  } finally {
    await rm(temporary, { force: true })
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return systemCode(error) === 'EPERM'
  }
}
