import { constants } from 'node:fs'
import { copyFile, link, mkdir, open, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { errorCode, fileSha256, readHandle, syncFolder, writeAll } from './files.js'
import { holdLogs, letGo, type HeldLog } from './held-logs.js'
import { MANIFEST_FILE, readManifest } from './manifest.js'
import { indexName, sealedName } from './seal.js'
import { logName } from './segment-log.js'

export interface CopyOptions {
  /** Made by the copy; its parent exists. */
  readonly to: string
  /** An earlier copy of the same journal on the same file system: its sealed files are linked instead of copied. */
  readonly earlier?: string
  readonly onProgress?: (doneBytes: number, ofBytes: number) => void
}

export interface JournalCopy {
  readonly bytes: number
  /** Of them, bytes that stand in the earlier copy too. */
  readonly linkedBytes: number
}

/**
 * Copies a journal that may be in use. The copy is a journal, with every entry that was durable when
 * the call was made, and perhaps some that came meanwhile; it is synced. A write that was under way
 * ends as an unfinished one, which opening cuts off.
 *
 * It does not look whether the journal is as it was written: `verifyJournal` does, of the copy.
 *
 * @throws JournalDamaged when the manifest is not as it was written
 */
export async function copyJournal(from: string, options: CopyOptions): Promise<JournalCopy> {
  for (;;) {
    // The logs before the manifest, and held: what is sealed meanwhile is copied as sealed.
    const logs = await holdLogs(from)
    try {
      const text = await readFile(join(from, MANIFEST_FILE))
      const { segments, bytes } = readManifest(text)
      const sealedTo = segments.at(-1)?.lastSeq ?? 0
      const open = logs.filter(({ firstSeq }) => firstSeq > sealedTo)
      // All of them have been sealed since they were listed: the next open one stands there by now.
      if (open.length === 0) continue
      return await copied(from, options, text.subarray(0, bytes), segments, open)
    } finally {
      await letGo(logs)
    }
  }
}

async function copied(
  from: string,
  { to, earlier, onProgress = () => undefined }: CopyOptions,
  manifest: Buffer,
  segments: ReturnType<typeof readManifest>['segments'],
  logs: readonly HeldLog[],
): Promise<JournalCopy> {
  await mkdir(to)
  const sealed = segments.flatMap(({ sha256, bytes, indexBytes, indexSha256 }) => [
    { name: sealedName(sha256), bytes, sha256 },
    { name: indexName(sha256), bytes: indexBytes, sha256: indexSha256 },
  ])
  const ofBytes = [...sealed, ...logs].reduce((sum, { bytes }) => sum + bytes, manifest.length)
  const done = { bytes: manifest.length, linkedBytes: 0 }
  await writeFileSynced(join(to, MANIFEST_FILE), manifest)
  for (const { name, bytes, sha256 } of sealed) {
    const isLinked =
      earlier !== undefined && (await linked(join(earlier, name), join(to, name), sha256))
    if (isLinked) done.linkedBytes += bytes
    else await copyFileSynced(join(from, name), join(to, name))
    done.bytes += bytes
    onProgress(done.bytes, ofBytes)
  }
  for (const { firstSeq, handle, bytes } of logs) {
    await copyHandleSynced(handle, bytes, join(to, logName(firstSeq)))
    done.bytes += bytes
    onProgress(done.bytes, ofBytes)
  }
  await syncFolder(to)
  return done
}

const PIECE_BYTES = 4 * 1024 * 1024

async function copyHandleSynced(
  source: HeldLog['handle'],
  bytes: number,
  file: string,
): Promise<void> {
  const target = await open(file, 'wx', 0o600)
  try {
    for (let at = 0; at < bytes; at += PIECE_BYTES) {
      await writeAll(target, await readHandle(source, at, Math.min(bytes, at + PIECE_BYTES)), at)
    }
    await target.sync()
  } finally {
    await target.close()
  }
}

async function copyFileSynced(from: string, file: string): Promise<void> {
  await copyFile(from, file, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE)
  const target = await open(file, 'r+')
  try {
    await target.sync()
  } finally {
    await target.close()
  }
}

async function writeFileSynced(file: string, content: Buffer): Promise<void> {
  const target = await open(file, 'wx', 0o600)
  try {
    await writeAll(target, content, 0)
    await target.sync()
  } finally {
    await target.close()
  }
}

/** false when there is no such file, with another content, or on another file system. */
async function linked(from: string, file: string, sha256: string): Promise<boolean> {
  try {
    // A file that has been damaged since must not spread from one backup to the next.
    if ((await fileSha256(from)) !== sha256) return false
    await link(from, file)
    return true
  } catch (error) {
    if (['ENOENT', 'EXDEV', 'EPERM', 'EMLINK'].includes(errorCode(error))) return false
    throw error
  }
}
