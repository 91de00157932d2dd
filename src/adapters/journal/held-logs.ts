import type { FileHandle } from 'node:fs/promises'
import { open, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { errorCode } from './files.js'
import { logFirstSeq, logName } from './segment-log.js'

/** A log held open: it can be read even if it is sealed and removed meanwhile. */
export interface HeldLog {
  readonly firstSeq: number
  readonly handle: FileHandle
  /** When it was opened; it may have grown since. */
  readonly bytes: number
}

/**
 * Opens the logs of a journal that may be in use, for reading, ascending. To be called before the
 * manifest is read: a log that is missing here is listed there as sealed.
 */
export async function holdLogs(folder: string): Promise<readonly HeldLog[]> {
  const firstSeqs = (await readdir(folder)).map(logFirstSeq).filter((seq) => seq !== null)
  const logs: HeldLog[] = []
  try {
    for (const firstSeq of firstSeqs.sort((a, b) => a - b)) {
      const handle = await openedUnlessGone(join(folder, logName(firstSeq)))
      if (handle !== null) logs.push({ firstSeq, handle, bytes: (await handle.stat()).size })
    }
  } catch (error) {
    await letGo(logs)
    throw error
  }
  return logs
}

export async function letGo(logs: readonly HeldLog[]): Promise<void> {
  for (const { handle } of logs) await handle.close()
}

async function openedUnlessGone(file: string): Promise<FileHandle | null> {
  try {
    return await open(file, 'r')
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return null
    throw error
  }
}
