import { rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { DatabaseUnusable, openDuckdb } from '../adapters/duckdb/index.js'
import { openJournal } from '../adapters/journal/index.js'
import type { RefusalCode } from '../domain/fault.js'
import { startIngest, type Ingest } from '../ingest/index.js'
import type { Journal } from '../ports/journal.js'
import type { Ledger } from '../ports/ledger.js'
import type { Logger } from '../ports/logger.js'
import type { UpConfig } from './config.js'
import { openDataFolder, type DataFolder } from './data-folder.js'
import { logAlarm } from './journal-alarms.js'
import { isThere, syncPath } from './disk.js'
import { openStore } from './open-store.js'
import { projectionSettings } from './projection-settings.js'
import type { RebuildOptions } from './rebuild-options.js'
import { projectWindow, type RebuiltPart, type WindowResult } from './rebuild-window.js'

export interface RebuildResult {
  readonly journalId: string
  /** Journal entries projected: all of them. */
  readonly entries: number
  readonly registrySha256: string
  readonly inserted: number
  readonly duplicate: number
  readonly revised: number
  readonly refusals: ReadonlyMap<RefusalCode, number>
  /** Of the store that was replaced; null when there was none, or it could not be read. */
  readonly refusalsBefore: ReadonlyMap<RefusalCode, number> | null
}

/** How often progress is told, ms. */
const PROGRESS_MS = 200

/**
 * Projects the whole journal into a new store with the registry in force, this release's decoders
 * and today's quality tests, and puts it in the place of the old one.
 *
 * The new store grows in a file beside the old one and takes its name in one rename: interrupted at
 * any moment, the old store is whole and in force, or the new one. The service must not run.
 *
 * @throws JournalLocked while a service owns the folder
 */
export async function rebuild(options: RebuildOptions): Promise<RebuildResult> {
  return await inPlaceOfTheOld(options, async (folder, journal) => {
    const refusalsBefore = await refusalsOfOldStore(options.config, folder, options.logger)
    const result = await projectWhole(options, folder, journal)
    return { ...result, journalId: journal.id, refusalsBefore }
  })
}

/** As `rebuild`, of a window of observations; embedded store only. */
export async function rebuildWindow(
  options: RebuildOptions,
  part: RebuiltPart,
): Promise<WindowResult & { readonly journalId: string }> {
  return await inPlaceOfTheOld(options, async (folder, journal) => {
    const result = await projectWindow(options, folder, journal, part)
    return { ...result, journalId: journal.id }
  })
}

/** @param make makes `folder.rebuilding`, which is put in the place of the old store */
async function inPlaceOfTheOld<Result>(
  { config, clock, logger }: RebuildOptions,
  make: (folder: DataFolder, journal: Journal) => Promise<Result>,
): Promise<Result> {
  const folder = await openDataFolder(config.data, config.store, null)
  const onAlarm = (alarm: Parameters<typeof logAlarm>[0]): void => logAlarm(alarm, logger)
  // Nothing is appended: the bound is the running service's affair.
  const maxBytes = Number.POSITIVE_INFINITY
  const journal = await openJournal({ folder: folder.journal, maxBytes, clock, onAlarm })
  try {
    await removeDatabase(folder.rebuilding)
    const result = await make(folder, journal)
    await putInPlace(folder)
    return result
  } finally {
    await journal.close()
  }
}

async function projectWhole(
  { config, clock, logger, onProgress }: RebuildOptions,
  folder: DataFolder,
  journal: Journal,
): Promise<Omit<RebuildResult, 'journalId' | 'refusalsBefore'>> {
  const storage = await openStore(config, folder.rebuilding, logger, 'empty')
  try {
    await storage.ledger.follow(journal.id)
    const ingest = await startIngest({
      journal,
      store: storage.store,
      ledger: storage.ledger,
      ...projectionSettings(config),
      initialRegistry: null,
      clock,
      logger,
    })
    try {
      await reachedHead(ingest, journal.head(), onProgress)
    } finally {
      await ingest.stop()
    }
    const { inserted, duplicate, revised, refusals, position } = ingest.counts()
    const { sha256 } = ingest.registry.current()
    return { entries: position, registrySha256: sha256, inserted, duplicate, revised, refusals }
  } finally {
    await storage.close()
  }
}

async function reachedHead(
  ingest: Ingest,
  head: number,
  onProgress: RebuildOptions['onProgress'],
): Promise<void> {
  const telling = setInterval(() => onProgress(ingest.counts().position, head), PROGRESS_MS)
  try {
    await ingest.reached(head)
    onProgress(head, head)
  } finally {
    clearInterval(telling)
  }
}

/** Also closes the old store in good order, should a kill have left it with a write-ahead log. */
async function refusalsOfOldStore(
  config: UpConfig,
  folder: DataFolder,
  logger: Logger,
): Promise<RebuildResult['refusalsBefore']> {
  const file = folder.database
  if (!(await isThere(file))) return null
  try {
    const { ledger, close } = await openOld(config, file)
    const counts = await ledger.refusalCounts()
    await close()
    return counts
  } catch (error) {
    // A store that cannot be read is the best of reasons to make it again.
    if (!(error instanceof DatabaseUnusable)) throw error
    logger.warn({ error }, 'the old store cannot be read; it is replaced')
    return null
  }
}

/** The file alone: where the values stand elsewhere, nothing is asked of the server. */
async function openOld(
  { store: kind }: UpConfig,
  file: string,
): Promise<{ readonly ledger: Ledger; readonly close: () => Promise<void> }> {
  if (kind === 'influx') {
    const local = await openDuckdb({ file, values: 'elsewhere' })
    return { ledger: local.ledger, close: () => local.close() }
  }
  const { store, ledger } = await openDuckdb({ file, values: 'here' })
  return { ledger, close: () => store.close() }
}

/**
 * The old write-ahead log goes first: the new file must never be opened with it. Should we be killed
 * between, the old store stands where it last checkpointed, and the journal brings the rest.
 */
async function putInPlace({ database, rebuilding }: DataFolder): Promise<void> {
  if (await isThere(`${rebuilding}.wal`)) throw new Error(`${rebuilding} was not closed whole`)
  await syncPath(rebuilding)
  await rm(`${database}.wal`, { force: true })
  await rename(rebuilding, database)
  await syncPath(dirname(database))
}

/** What a rebuild that was interrupted has left. */
async function removeDatabase(file: string): Promise<void> {
  await rm(file, { force: true })
  await rm(`${file}.wal`, { force: true })
  await rm(`${file}.tmp`, { force: true, recursive: true })
}
