import { readFile } from 'node:fs/promises'
import { z } from 'zod'
import { BadFile } from './yaml-faults.js'

const secretsSchema = z.record(z.string(), z.string().min(1))
const issuedSchema = z.object({ secret: z.string().min(1) })

/** What the API answered is not what was asked for; or it does not answer. */
export class ApiFault extends Error {
  override readonly name = 'ApiFault'
}

/**
 * Secrets from a JSON file, `{"device": "secret", …}`.
 *
 * @throws BadFile when it cannot be read, or a device has none; never quotes a secret
 */
export async function secretsOfFile(
  file: string,
  devices: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  let value: unknown
  try {
    value = JSON.parse(await readFile(file, 'utf8'))
  } catch (error) {
    // A parser's message would quote the file.
    const isMissing = error instanceof Error && 'code' in error
    throw new BadFile(`${file} ${isMissing ? 'cannot be read' : 'is no JSON'}`, { cause: error })
  }
  const read = secretsSchema.safeParse(value)
  if (!read.success) throw new BadFile(`${file}: an object of device ids and their secrets`)
  const secrets = new Map(Object.entries(read.data))
  const without = devices.filter((device) => !secrets.has(device))
  if (without.length > 0) {
    throw new BadFile(`${file}: no secret for ${without.length} devices, first ${without[0]}`)
  }
  return secrets
}

/** Requests under way at once: each rewrites the service's secrets file. */
const AT_ONCE = 4

/**
 * Has new secrets issued by a running service; the devices' old ones are void at once.
 *
 * @param api address of the service, e.g. http://127.0.0.1:8080
 * @throws ApiFault
 */
export async function issuedSecrets(
  api: string,
  token: string,
  devices: readonly string[],
  onIssued: (count: number) => void,
): Promise<ReadonlyMap<string, string>> {
  const secrets = new Map<string, string>()
  const waiting = [...devices]
  async function issue(): Promise<void> {
    for (let device = waiting.shift(); device !== undefined; device = waiting.shift()) {
      secrets.set(device, await issuedSecret(api, token, device))
      onIssued(secrets.size)
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, issue))
  return secrets
}

async function issuedSecret(api: string, token: string, device: string): Promise<string> {
  const address = `${api.replace(/\/$/, '')}/api/v1/devices/${encodeURIComponent(device)}/secret`
  let answer: Response
  try {
    answer = await fetch(address, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}` },
    })
  } catch (error) {
    throw new ApiFault(`${api} does not answer`, { cause: error })
  }
  if (!answer.ok) {
    const advice =
      answer.status === 404 ? '; let the service use the city of the scenario (--write-city)' : ''
    throw new ApiFault(`no secret for ${device}: ${answer.status}${advice}`)
  }
  return issuedSchema.parse(await answer.json()).secret
}
