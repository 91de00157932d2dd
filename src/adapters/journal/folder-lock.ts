import { randomBytes } from 'node:crypto'
import type { FileHandle } from 'node:fs/promises'
import { link, open, readdir, rm } from 'node:fs/promises'
import type { Server, Socket } from 'node:net'
import { connect, createServer } from 'node:net'
import { join } from 'node:path'
import { errorCode } from './files.js'
import { JournalLocked } from './journal-fault.js'

export interface FolderLock {
  /** Lets the next one in. Safe to call twice. */
  release(): Promise<void>
}

const LOCK = /^lock\.(\d+)$/
const WAITING = /^lock-waiting\./
/** `sun_path` holds 108 bytes with its end. */
const LONGEST_SOCKET_PATH = 100
const BETWEEN_TRIES_MS = 20

/**
 * Owns a folder for as long as the process lives, by listening on a Unix socket in it. The kernel
 * answers for a living owner and refuses for a dead one, so nothing goes stale, no process number
 * is compared, and containers that share the folder see each other.
 *
 * Locks are numbered. Whoever finds the newest one dead makes the next (`link` fails if it exists,
 * so one wins), looks again whether it is the newest, and removes the older ones. The newest is
 * never removed, or a slow rival could make a number a second time.
 */
export async function lockFolder(folder: string): Promise<FolderLock> {
  const directory = await open(folder, 'r')
  const held = new Set<Socket>()
  // A connection is held until whoever asked lets go, or we do: its end is the news of our death.
  const server = createServer((socket) => {
    held.add(socket)
    socket.unref()
    socket.on('error', () => undefined) // the other side has died: it hears nothing any more
    socket.once('close', () => held.delete(socket))
    socket.resume()
  })
  server.unref()
  async function letGo(): Promise<void> {
    const closed = shut(server)
    for (const socket of held) socket.destroy()
    await closed
  }
  const waiting = `lock-waiting.${randomBytes(8).toString('hex')}`
  try {
    await listen(server, socketPath(folder, directory, waiting))
    await takeTurn(folder, directory, waiting)
  } catch (error) {
    await letGo()
    await rm(join(folder, waiting), { force: true })
    await directory.close()
    throw error
  }
  const ending = { done: undefined as Promise<void> | undefined }
  return {
    release: async () => {
      ending.done ??= letGo().then(async () => await directory.close())
      await ending.done
    },
  }
}

/**
 * Owns a folder as soon as nobody else does: while another owns it, waits for the end of its
 * connection, which the kernel closes in the moment in which the owner ends, however it ends.
 *
 * @param onWait called once for each owner that is waited for; when it rejects, the waiting ends so
 */
export async function lockFolderInTurn(
  folder: string,
  onWait: () => Promise<void>,
): Promise<FolderLock> {
  for (;;) {
    try {
      return await lockFolder(folder)
    } catch (error) {
      if (!(error instanceof JournalLocked)) throw error
      await onWait()
      await ownerEnded(folder)
    }
  }
}

/** Resolves when the owner of now has let go of the folder or died; at once when there is none. */
async function ownerEnded(folder: string): Promise<void> {
  const directory = await open(folder, 'r')
  try {
    const newest = Math.max(0, ...(await lockNumbers(folder)))
    if (newest === 0) return
    await new Promise<void>((resolve) => {
      const socket = connect(socketPath(folder, directory, `lock.${newest}`))
      socket.on('error', () => undefined) // followed by close
      socket.once('close', () => resolve())
      socket.resume()
    })
    // In doubt an owner lives (no permission, queue full): then this must not become a busy loop.
    await new Promise((resolve) => setTimeout(resolve, BETWEEN_TRIES_MS))
  } finally {
    await directory.close()
  }
}

async function takeTurn(folder: string, directory: FileHandle, waiting: string): Promise<void> {
  for (;;) {
    const newest = Math.max(0, ...(await lockNumbers(folder)))
    if (newest > 0 && (await isAlive(socketPath(folder, directory, `lock.${newest}`)))) {
      throw new JournalLocked(`${folder} is in use by another process (lock.${newest} answers)`)
    }
    const own = `lock.${newest + 1}`
    try {
      await link(join(folder, waiting), join(folder, own))
    } catch (error) {
      if (errorCode(error) === 'EEXIST') continue
      throw error
    }
    const numbers = await lockNumbers(folder)
    if (Math.max(...numbers) !== newest + 1) {
      await rm(join(folder, own), { force: true })
      continue
    }
    for (const number of numbers) {
      if (number <= newest) await rm(join(folder, `lock.${number}`), { force: true })
    }
    await rm(join(folder, waiting), { force: true })
    await removeAbandoned(folder, directory)
    return
  }
}

/** Sockets of processes that died between listening and taking their turn. */
async function removeAbandoned(folder: string, directory: FileHandle): Promise<void> {
  for (const name of await readdir(folder)) {
    if (!WAITING.test(name) || (await isAlive(socketPath(folder, directory, name)))) continue
    await rm(join(folder, name), { force: true })
  }
}

async function lockNumbers(folder: string): Promise<number[]> {
  return (await readdir(folder)).flatMap((name) => {
    const match = LOCK.exec(name)
    return match === null ? [] : [Number(match[1])]
  })
}

/** A long path goes by way of the open folder. */
function socketPath(folder: string, directory: FileHandle, name: string): string {
  const path = join(folder, name)
  if (Buffer.byteLength(path) <= LONGEST_SOCKET_PATH) return path
  return `/proc/self/fd/${directory.fd}/${name}`
}

async function listen(server: Server, path: string): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(path, () => {
      server.off('error', reject)
      resolve()
    })
  })
}

/** In doubt (no permission, queue full) it lives. */
async function isAlive(path: string): Promise<boolean> {
  return await new Promise((resolve) => {
    const socket = connect(path)
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', (error) => {
      resolve(errorCode(error) !== 'ECONNREFUSED' && errorCode(error) !== 'ENOENT')
    })
  })
}

async function shut(server: Server): Promise<void> {
  if (!server.listening) return
  await new Promise<void>((resolve) => {
    server.close(() => resolve())
  })
}
