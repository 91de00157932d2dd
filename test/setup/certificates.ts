import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { runCommand } from './server-process.js'

/**
 * Makes `ca.crt`, and `broker.crt` (for 127.0.0.1) and one for each client signed by it, each with
 * its `.key`, valid for a day.
 *
 * @param clients common names, which are the names of the files, too
 */
export async function makeCertificates(
  folder: string,
  clients: readonly string[] = ['client'],
): Promise<void> {
  const file = (name: string): string => join(folder, name)
  const key = (name: string): string[] => ['-newkey', 'rsa:2048', '-nodes', '-keyout', file(name)]
  await openssl([
    ...['req', '-x509', '-days', '1', '-subj', '/CN=test authority', ...key('ca.key')],
    ...['-out', file('ca.crt')],
  ])
  await writeFile(file('extensions'), 'subjectAltName = IP:127.0.0.1\n')
  for (const name of ['broker', ...clients]) {
    const request = file(`${name}.csr`)
    await openssl(['req', '-subj', `/CN=${name}`, ...key(`${name}.key`), '-out', request])
    await openssl([
      ...['x509', '-req', '-days', '1', '-in', request, '-CA', file('ca.crt')],
      ...['-CAkey', file('ca.key'), '-CAcreateserial', '-extfile', file('extensions')],
      ...['-out', file(`${name}.crt`)],
    ])
  }
}

async function openssl(args: readonly string[]): Promise<void> {
  const { code, stderr } = await runCommand('openssl', args)
  if (code !== 0) throw new Error(`openssl ${args[0]} failed: ${stderr}`)
}
