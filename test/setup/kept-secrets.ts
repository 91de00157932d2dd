import { createHash, randomBytes } from 'node:crypto'

/**
 * A secrets file of format 1, as the service keeps it. Issuing thousands one by one writes it as
 * often, each time whole.
 *
 * @param secrets by device
 */
export function keptSecrets(secrets: ReadonlyMap<string, string>): string {
  const kept: Record<string, { readonly salt: string; readonly sha256: string }> = {}
  for (const [device, secret] of secrets) {
    const salt = randomBytes(16)
    const sha256 = createHash('sha256').update(salt).update(secret).digest('base64url')
    kept[device] = { salt: salt.toString('base64url'), sha256 }
  }
  return JSON.stringify({ format: 1, devices: kept })
}
