import { createHash } from 'node:crypto'
import type { FileHandle } from 'node:fs/promises'
import { open } from 'node:fs/promises'
import { setImmediate } from 'node:timers/promises'

const CHUNK_BYTES = 1024 * 1024

/** `ENOENT`, `EEXIST`…; empty for errors that have none. */
export function errorCode(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : ''
}

/** Writes all of it at an offset: a disk that is nearly full may take a part at a time. */
export async function writeAll(handle: FileHandle, bytes: Uint8Array, at: number): Promise<void> {
  let done = 0
  while (done < bytes.length) {
    const { bytesWritten } = await handle.write(bytes, done, bytes.length - done, at + done)
    done += bytesWritten
  }
}

/** Reads [from, to) of a file; shorter when the file is. */
export async function readRange(path: string, from: number, to: number): Promise<Buffer> {
  const handle = await open(path, 'r')
  try {
    return await readHandle(handle, from, to)
  } finally {
    await handle.close()
  }
}

export async function readHandle(handle: FileHandle, from: number, to: number): Promise<Buffer> {
  const bytes = Buffer.allocUnsafe(to - from)
  let done = 0
  while (done < bytes.length) {
    const { bytesRead } = await handle.read(bytes, done, bytes.length - done, from + done)
    if (bytesRead === 0) break
    done += bytesRead
  }
  return bytes.subarray(0, done)
}

/** Makes names that were created, renamed or removed in a folder survive a power loss. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/** Hex SHA-256 of a file, read in pieces with the event loop free between them. */
export async function fileSha256(path: string): Promise<string> {
  const handle = await open(path, 'r')
  try {
    const hash = createHash('sha256')
    for (let at = 0; ; at += CHUNK_BYTES) {
      const chunk = await readHandle(handle, at, at + CHUNK_BYTES)
      hash.update(chunk)
      if (chunk.length < CHUNK_BYTES) return hash.digest('hex')
      await setImmediate()
    }
  } finally {
    await handle.close()
  }
}
