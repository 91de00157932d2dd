import {
  chmod,
  mkdir,
  mkdtemp,
  readFile,
  readdir,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openDeviceSecrets, SecretsFileError } from '../../src/adapters/secrets/index.js'

let folder = ''
let path = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rainledger-secrets-'))
  path = join(folder, 'secrets.json')
})
afterEach(async () => {
  await rm(folder, { recursive: true })
})

const bytes = (text: string): Uint8Array => Buffer.from(text)

/** The message of the one error that opening the file ends with. */
async function refusal(): Promise<string> {
  const error: unknown = await openDeviceSecrets(path).catch((caught: unknown) => caught)
  expect(error).toBeInstanceOf(SecretsFileError)
  return error instanceof Error ? error.message : ''
}

describe('issuing', () => {
  test('an issued secret opens its device and no other', async () => {
    const secrets = await openDeviceSecrets(path)
    const one = await secrets.issue('RG-01')
    const two = await secrets.issue('RG-02')
    expect(secrets.matches('RG-01', bytes(one))).toBe(true)
    expect(secrets.matches('RG-02', bytes(two))).toBe(true)
    expect(secrets.matches('RG-01', bytes(two))).toBe(false)
    expect(secrets.matches('RG-03', bytes(one))).toBe(false)
    expect(secrets.matches('RG-01', bytes(''))).toBe(false)
    expect(secrets.matches('RG-01', bytes(`${one} `))).toBe(false)
    expect(secrets.devices()).toEqual(['RG-01', 'RG-02'])
  })

  test('names that every object has are devices without a secret', async () => {
    const secrets = await openDeviceSecrets(path)
    for (const name of ['__proto__', 'constructor', 'toString', '']) {
      expect(secrets.matches(name, bytes('x'))).toBe(false)
    }
  })

  test('a secret holds at least 128 bit and never comes twice', async () => {
    const secrets = await openDeviceSecrets(path)
    const issued = await Promise.all(Array.from({ length: 50 }, () => secrets.issue('RG-01')))
    expect(new Set(issued).size).toBe(50)
    for (const secret of issued) {
      expect(secret).toMatch(/^[\w-]+$/)
      expect(Buffer.from(secret, 'base64url').length * 8).toBeGreaterThanOrEqual(128)
    }
  })

  test('a new secret ends the old one', async () => {
    const secrets = await openDeviceSecrets(path)
    const old = await secrets.issue('RG-01')
    const current = await secrets.issue('RG-01')
    expect(secrets.matches('RG-01', bytes(old))).toBe(false)
    expect(secrets.matches('RG-01', bytes(current))).toBe(true)
  })

  test('secrets issued at the same time are all kept', async () => {
    const secrets = await openDeviceSecrets(path)
    const ids = Array.from({ length: 20 }, (_, index) => `D-${index}`)
    const issued = await Promise.all(ids.map(async (id) => [id, await secrets.issue(id)] as const))
    const again = await openDeviceSecrets(path)
    for (const [id, secret] of issued) expect(again.matches(id, bytes(secret))).toBe(true)
  })

  test('a secret that could not be written is not in force, and the next one is written', async () => {
    const secrets = await openDeviceSecrets(path)
    const old = await secrets.issue('RG-01')
    // A folder in the file's place can be replaced by no file; this holds for root too.
    await rm(path)
    const blocked = join(folder, 'secrets.json')
    await mkdir(blocked)
    await expect(secrets.issue('RG-01')).rejects.toThrow()
    expect(secrets.matches('RG-01', bytes(old))).toBe(true)
    expect(await readdir(folder)).toEqual(['secrets.json'])
    await rm(blocked, { recursive: true })
    const next = await secrets.issue('RG-01')
    expect(secrets.matches('RG-01', bytes(next))).toBe(true)
  })
})

describe('the file', () => {
  test('it has mode 0600 from the first moment and after every write', async () => {
    const secrets = await openDeviceSecrets(path)
    expect((await stat(path)).mode & 0o777).toBe(0o600)
    await secrets.issue('RG-01')
    expect((await stat(path)).mode & 0o777).toBe(0o600)
    expect(await readdir(folder)).toEqual(['secrets.json'])
  })

  test('it holds no secret, and equal salts never', async () => {
    const secrets = await openDeviceSecrets(path)
    const issued = [await secrets.issue('RG-01'), await secrets.issue('RG-02')]
    const text = await readFile(path, 'utf8')
    for (const secret of issued) {
      expect(text).not.toContain(secret)
      expect(text).not.toContain(Buffer.from(secret, 'base64url').toString('hex'))
    }
    const salts = [...text.matchAll(/"salt": "([\w-]+)"/g)].map(([, salt]) => salt)
    expect(new Set(salts).size).toBe(2)
  })

  test('it says the same after a restart', async () => {
    const secret = await (await openDeviceSecrets(path)).issue('RG-01')
    const again = await openDeviceSecrets(path)
    expect(again.devices()).toEqual(['RG-01'])
    expect(again.matches('RG-01', bytes(secret))).toBe(true)
  })

  test.each([0o640, 0o604, 0o660, 0o610, 0o644])(
    'mode %i is refused with the command that helps',
    async (mode) => {
      await openDeviceSecrets(path)
      await chmod(path, mode)
      expect(await refusal()).toContain(`chmod 600 '${path}'`)
    },
  )

  test('mode 0400 is narrow enough', async () => {
    const secret = await (await openDeviceSecrets(path)).issue('RG-01')
    await chmod(path, 0o400)
    expect((await openDeviceSecrets(path)).matches('RG-01', bytes(secret))).toBe(true)
  })

  test.each([
    ['cut off', '{"format":1,"devices":{"RG-01":{"salt":"s3cr3t'],
    ['empty', ''],
    ['of a newer format', '{"format":2,"devices":{}}'],
    ['with a short hash', '{"format":1,"devices":{"RG-01":{"salt":"s3cr3t","sha256":"s3cr3t"}}}'],
    ['without devices', '{"format":1}'],
  ])('a file %s is refused without showing what it holds', async (_, text) => {
    await writeFile(path, text, { mode: 0o600 })
    const message = await refusal()
    expect(message).toContain(path)
    expect(message).not.toContain('s3cr3t')
    expect(await readFile(path, 'utf8')).toBe(text)
  })

  test('behind a link the target is replaced and the link stays', async () => {
    const target = join(folder, 'elsewhere.json')
    await openDeviceSecrets(target)
    await symlink(target, path)
    await (await openDeviceSecrets(path)).issue('RG-01')
    expect((await openDeviceSecrets(target)).devices()).toEqual(['RG-01'])
  })
})
