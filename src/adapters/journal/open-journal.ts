import { randomBytes } from 'node:crypto'
import { mkdir, readdir } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import type { Clock } from '../../ports/clock.js'
import { syncFolder } from './files.js'
import type { FileJournal } from './file-journal.js'
import { fileJournal } from './file-journal.js'
import { lockFolder, lockFolderInTurn } from './folder-lock.js'
import type { JournalAlarm } from './journal-fault.js'
import { JournalDamaged } from './journal-fault.js'
import type { Manifest } from './manifest.js'
import { createManifest, MANIFEST_FILE, openManifest } from './manifest.js'
import { recover } from './recovery.js'
import { logFirstSeq } from './segment-log.js'

export interface JournalOptions {
  /** Is created when it does not exist; holds nothing else. On a local disk. */
  readonly folder: string
  readonly clock: Clock
  /** A segment is closed when it would grow beyond this; 64 MiB. */
  readonly segmentBytes?: number
  /** All files together; appends beyond are rejected with a TransientFault. 16 GiB. */
  readonly maxBytes?: number
  /** Newest entries kept in memory for those who follow closely; 32 MiB. */
  readonly recentBytes?: number
  /** Sealed files whose hash is checked on opening, newest first, up to this; 256 MiB. */
  readonly hashedBytes?: number
  /**
   * When another owns the folder: absent, JournalLocked is thrown; given, it is called and the
   * owner's end is waited for; when it rejects, so does the opening.
   */
  readonly onWait?: () => Promise<void>
  /** Hears what somebody should hear of. Must not throw. */
  readonly onAlarm?: (alarm: JournalAlarm) => void
}

const MIB = 1024 * 1024

/**
 * Opens the journal in a folder; makes it when there is none.
 *
 * @throws JournalLocked when another owns the folder and is not to be waited for
 * @throws JournalDamaged when what had been synced is not there as it was written
 */
export async function openJournal(options: JournalOptions): Promise<FileJournal> {
  const { folder, clock } = options
  const alarm = options.onAlarm ?? ((): void => undefined)
  await makeFolder(folder)
  const { onWait } = options
  const lock =
    onWait === undefined ? await lockFolder(folder) : await lockFolderInTurn(folder, onWait)
  try {
    const manifest = await manifestOf(folder, clock.nowMs())
    try {
      const hashedBytes = options.hashedBytes ?? 256 * MIB
      const { logs, cuts } = await recover(folder, manifest, clock.nowMs(), hashedBytes)
      if (manifest.cut !== null) await manifest.trim()
      for (const cut of cuts) alarm({ kind: 'cut', ...cut })
      if (manifest.cut !== null) alarm({ kind: 'cut', ...manifest.cut })
      return fileJournal({
        folder,
        clock,
        alarm,
        segmentBytes: options.segmentBytes ?? 64 * MIB,
        maxBytes: options.maxBytes ?? 16 * 1024 * MIB,
        recentBytes: options.recentBytes ?? 32 * MIB,
        manifest,
        logs: [...logs],
        release: async () => await lock.release(),
      })
    } catch (error) {
      await manifest.close()
      throw error
    }
  } catch (error) {
    await lock.release()
    throw error
  }
}

/** Makes the folder, and its parents, so that they survive a power loss. */
async function makeFolder(folder: string): Promise<void> {
  const first = await mkdir(folder, { recursive: true })
  if (first === undefined) return
  for (let made = resolve(folder); ; made = dirname(made)) {
    await syncFolder(dirname(made))
    if (made === resolve(first)) return
  }
}

async function manifestOf(folder: string, nowMs: number): Promise<Manifest> {
  const existing = await openManifest(folder)
  if (existing !== null) return existing
  const names = await readdir(folder)
  if (names.some((name) => logFirstSeq(name) !== null || name.endsWith('.gz'))) {
    throw new JournalDamaged(MANIFEST_FILE, 0, 0, 'the file is missing, but there are segments')
  }
  await createManifest(folder, randomBytes(16).toString('hex'), nowMs)
  const made = await openManifest(folder)
  if (made === null) throw new Error(`${folder} does not keep what is written into it`)
  return made
}
