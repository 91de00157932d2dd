import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { copyFile, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join, relative, resolve } from 'node:path'
import {
  copyJournal,
  verifyJournal,
  type JournalCopy,
  type JournalReport,
} from '../adapters/journal/index.js'
import { storeOfFolder, type StoreKind } from './data-folder.js'
import { isThere, syncPath } from './disk.js'
import { CommandError, EXIT, systemCode } from './exit.js'

/** What a backup holds beside the journal; the secrets may not be there yet. */
const LABEL_FILE = 'rainledger.json'
const SECRETS_FILE = 'secrets.json'
const SUMS_FILE = 'SHA256SUMS'

export interface CopyProgress {
  readonly onCopied?: (doneBytes: number, ofBytes: number) => void
  readonly onVerified?: (done: number, of: number) => void
}

export interface BackupResult {
  readonly folder: string
  readonly store: StoreKind
  readonly journalId: string
  readonly entries: number
  readonly chainHead: string | null
  readonly bytes: number
  /** Of them, bytes that are shared with the earlier backup. */
  readonly linkedBytes: number
}

/**
 * Copies what cannot be made again, the journal, the folder's label and the devices' secrets, while
 * the service may run. The store is left out: it follows from the journal.
 *
 * Everything acknowledged before the call is in it. It is verified, synced, and has its name only
 * when it is whole.
 *
 * @param to must not exist, or be empty
 * @param earlier an earlier backup of the same folder on the same file system, to share sealed files with
 */
export async function backUp(
  data: string,
  to: string,
  earlier: string | undefined,
  progress: CopyProgress,
): Promise<BackupResult> {
  return await intoNewFolder(to, async (parts) => {
    const store = await storeOfFolder(data)
    const { copy, report } = await copied(data, parts, { earlier, progress })
    await writeFile(join(parts, SUMS_FILE), await sums(parts))
    const { journalId, entries, chainHead } = report
    return { folder: to, store, journalId, entries, chainHead, ...copy }
  })
}

export interface RestoreResult {
  readonly folder: string
  readonly store: StoreKind
  readonly journalId: string
  readonly entries: number
}

/**
 * Makes a data folder of a backup, after every file was compared with its hash and the journal was
 * verified. The store is made from the journal when the service starts.
 *
 * @param to must not exist, or be empty
 */
export async function restore(
  backup: string,
  to: string,
  progress: CopyProgress,
): Promise<RestoreResult> {
  return await intoNewFolder(to, async (parts) => {
    await compareSums(backup)
    const store = await storeOfFolder(backup)
    const { report } = await copied(backup, parts, { earlier: undefined, progress })
    return { folder: to, store, journalId: report.journalId, entries: report.entries }
  })
}

/**
 * Makes a folder under another name, so that nobody takes half of one for a whole; nothing is left
 * of one that could not be made.
 */
async function intoNewFolder<Result>(
  to: string,
  make: (parts: string) => Promise<Result>,
): Promise<Result> {
  await refuseUsed(to)
  const parts = `${resolve(to)}.partial`
  await rm(parts, { recursive: true, force: true })
  await mkdir(dirname(parts), { recursive: true })
  await mkdir(parts, { mode: 0o700 })
  try {
    const result = await make(parts)
    for (const file of [LABEL_FILE, SECRETS_FILE, SUMS_FILE].map((name) => join(parts, name))) {
      if (await isThere(file)) await syncPath(file)
    }
    await syncPath(parts)
    await rename(parts, to)
    await syncPath(dirname(parts))
    return result
  } catch (error) {
    await rm(parts, { recursive: true, force: true })
    throw error
  }
}

/** What a data folder and a backup have in common. */
async function copied(
  from: string,
  to: string,
  { earlier, progress }: { readonly earlier: string | undefined; readonly progress: CopyProgress },
): Promise<{ readonly copy: JournalCopy; readonly report: JournalReport }> {
  const copy = await copyJournal(join(from, 'journal'), {
    to: join(to, 'journal'),
    ...(earlier === undefined ? {} : { earlier: join(earlier, 'journal') }),
    ...(progress.onCopied === undefined ? {} : { onProgress: progress.onCopied }),
  })
  await copyFile(join(from, LABEL_FILE), join(to, LABEL_FILE))
  const secrets = join(from, SECRETS_FILE)
  if (await isThere(secrets)) await copyFile(secrets, join(to, SECRETS_FILE))
  return { copy, report: await verified(join(to, 'journal'), progress) }
}

async function refuseUsed(to: string): Promise<void> {
  const present = await readdir(to).catch((error: unknown) => {
    if (systemCode(error) === 'ENOENT') return []
    throw error
  })
  if (present.length > 0) {
    throw new CommandError(EXIT.badInput, `${to} is there already and not empty; give a new folder`)
  }
}

async function verified(journal: string, progress: CopyProgress): Promise<JournalReport> {
  const report = await verifyJournal(journal, progress.onVerified)
  const [first] = report.findings
  if (first === undefined) return report
  throw new CommandError(
    EXIT.foundWrong,
    `the journal is not as it was written: ${first.file}, segment from ${first.segment}, offset ${first.offset}: ${first.what}; nothing was made. rainledger journal verify lists all of it`,
  )
}

/** As `sha256sum` writes and checks them. */
async function sums(folder: string): Promise<string> {
  const lines: string[] = []
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  for (const entry of entries.filter((file) => file.isFile())) {
    const path = join(entry.parentPath, entry.name)
    lines.push(`${await sha256(path)}  ${relative(folder, path)}\n`)
  }
  return lines.sort().join('')
}

async function compareSums(backup: string): Promise<void> {
  const text = await readFile(join(backup, SUMS_FILE), 'utf8').catch((error: unknown) => {
    throw new CommandError(
      EXIT.badInput,
      `${backup} is no whole backup: ${SUMS_FILE} cannot be read (${systemCode(error) ?? 'fault'}); give a folder that rainledger backup made`,
    )
  })
  if (text === (await sumsBut(backup, SUMS_FILE))) return
  throw new CommandError(
    EXIT.foundWrong,
    `${backup} is not as it was made; its files differ from ${SUMS_FILE}: run sha256sum -c ${SUMS_FILE} in it, and restore another backup`,
  )
}

async function sumsBut(folder: string, name: string): Promise<string> {
  const lines = (await sums(folder)).split('\n')
  return lines.filter((line) => !line.endsWith(`  ${name}`)).join('\n')
}

async function sha256(path: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer)
  return hash.digest('hex')
}
