import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import type { DeviceSecrets } from '../../ports/device-secrets.js'
import { readSecretsFile, writeSecretsFile, type KeptSecret } from './secrets-file.js'

/** Length of a generated secret, bytes: 192 bit, 32 characters of base64url without padding. */
const SECRET_BYTES = 24

const SALT_BYTES = 16

/**
 * Opens the device secrets of a file, made with mode 0600 when it is not there.
 * Throws SecretsFileError when others than the owner may read it or it cannot be understood.
 */
export async function openDeviceSecrets(path: string): Promise<DeviceSecrets> {
  let kept: ReadonlyMap<string, KeptSecret> = await readSecretsFile(path)
  // Nobody knows a secret that hashes to it, so comparing with it takes the time and says no.
  const nobody: KeptSecret = {
    salt: randomBytes(SALT_BYTES).toString('base64url'),
    sha256: randomBytes(32).toString('base64url'),
  }
  let lastWrite: Promise<void> = Promise.resolve()
  const listeners = new Set<(device: string) => void>()

  async function replace(device: string, secret: KeptSecret): Promise<void> {
    const next = new Map(kept).set(device, secret)
    await writeSecretsFile(path, next)
    kept = next
    for (const listener of listeners) listener(device)
  }

  return {
    matches(device, secret) {
      const own = kept.get(device)
      const { salt, sha256 } = own ?? nobody
      const isEqual = timingSafeEqual(hashed(salt, secret), Buffer.from(sha256, 'base64url'))
      return isEqual && own !== undefined
    },
    async issue(device) {
      const secret = randomBytes(SECRET_BYTES).toString('base64url')
      const salt = randomBytes(SALT_BYTES).toString('base64url')
      const sha256 = hashed(salt, Buffer.from(secret)).toString('base64url')
      // One after the other: each writes the whole file from what the one before left.
      const written = lastWrite.then(() => replace(device, { salt, sha256 }))
      // A failed write is its caller's to hear of; it must not stop the next one.
      lastWrite = written.catch(() => undefined)
      await written
      return secret
    },
    onReplaced(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    devices: () => [...kept.keys()].sort(),
  }
}

/** SHA-256 over salt and secret. No slow hash: nobody guesses 192 random bits. */
function hashed(salt: string, secret: Uint8Array): Buffer {
  return createHash('sha256').update(Buffer.from(salt, 'base64url')).update(secret).digest()
}
