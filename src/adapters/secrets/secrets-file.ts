import { constants } from 'node:fs'
import { open, realpath, rename, rm, type FileHandle } from 'node:fs/promises'
import { randomBytes } from 'node:crypto'
import { dirname, join } from 'node:path'
import { z } from 'zod'

/** Bytes as base64url, of an exact number. */
const bytes = (count: number) =>
  z.base64url().refine((text) => Buffer.from(text, 'base64url').length === count, {
    error: `not ${count} bytes as base64url`,
  })

/** A device's secret as it is kept: SHA-256 over salt and secret, never the secret. */
const keptSecret = z.strictObject({ salt: bytes(16), sha256: bytes(32) })

const secretsFile = z.strictObject({
  format: z.literal(1),
  devices: z.record(z.string().min(1), keptSecret),
})

export type KeptSecret = z.output<typeof keptSecret>

/** The secrets file cannot be used as it is; the message says what to do. The service does not start. */
export class SecretsFileError extends Error {
  override readonly name = 'SecretsFileError'
}

/** Reads the file; makes an empty one where there is none. Throws SecretsFileError. */
export async function readSecretsFile(path: string): Promise<Map<string, KeptSecret>> {
  let handle: FileHandle
  try {
    handle = await open(path, constants.O_RDONLY)
  } catch (error) {
    if (!hasCode(error, 'ENOENT')) {
      throw new SecretsFileError(`${path}: the secrets file cannot be opened`, { cause: error })
    }
    await writeSecretsFile(path, new Map())
    return new Map()
  }

  try {
    // Mode and content of the one open file: nobody can exchange it in between.
    const { mode } = await handle.stat()
    refuseWideMode(path, mode)
    return parsed(path, await handle.readFile('utf8'))
  } finally {
    await handle.close()
  }
}

/**
 * Replaces the file whole. When this resolves, the new content survives a power loss; when it is
 * cut off anywhere, the old content is there, whole.
 */
export async function writeSecretsFile(
  path: string,
  devices: ReadonlyMap<string, KeptSecret>,
): Promise<void> {
  // A link stays a link: its target is replaced.
  const target = await realpath(path).catch(() => path) // not there yet
  const folder = dirname(target)
  const temporary = join(folder, `.secrets-${randomBytes(6).toString('hex')}.tmp`)
  const content = { format: 1, devices: Object.fromEntries(devices) }
  try {
    const handle = await open(temporary, 'wx', 0o600)
    try {
      await handle.writeFile(`${JSON.stringify(content, null, 2)}\n`)
      await handle.sync()
    } finally {
      await handle.close()
    }
    await rename(temporary, target)
  } catch (error) {
    await rm(temporary, { force: true })
    throw error
  }
  await syncFolder(folder)
}

/** A rename is durable once its folder is. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, constants.O_RDONLY)
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

function refuseWideMode(path: string, mode: number): void {
  const rights = mode & 0o777
  if ((rights & 0o077) === 0) return
  throw new SecretsFileError(
    `${path} has mode ${rights.toString(8).padStart(4, '0')}: others than its owner may use the device secrets; run: chmod 600 '${path}'`,
  )
}

function parsed(path: string, text: string): Map<string, KeptSecret> {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    // The parser's message would quote the file; it must not reach a log.
    throw new SecretsFileError(
      `${path} is no JSON; restore it from a backup, or delete it and issue the device secrets anew`,
    )
  }
  const result = secretsFile.safeParse(value)
  if (result.success) return new Map(Object.entries(result.data.devices))
  const places = result.error.issues.map(({ path: at }) => at.join('.') || 'the whole').join(', ')
  throw new SecretsFileError(
    `${path} is no secrets file of format 1 (at ${places}); restore it from a backup, or delete it and issue the device secrets anew`,
  )
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code
}
