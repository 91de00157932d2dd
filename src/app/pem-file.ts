import { createPrivateKey, X509Certificate } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { faultText } from '../domain/fault.js'
import type { UpConfig } from './config.js'
import { CommandError, EXIT, systemCode } from './exit.js'

/** Reads what a flag names; undefined when the flag is not given. Throws CommandError (2). */
export async function pemFile(flag: string, file: string | undefined): Promise<string | undefined> {
  if (file === undefined) return undefined
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    throw new CommandError(
      EXIT.badInput,
      `${flag} ${file} cannot be read (${systemCode(error) ?? 'no file'}); give a PEM file`,
      { cause: error },
    )
  }
}

/** PEM texts of the embedded broker's own TLS, each looked into. */
export interface BrokerTls {
  readonly cert: string
  readonly key: string
  readonly ca?: string
}

/**
 * The certificate, key and authority of the embedded broker; null without TLS. Throws CommandError
 * (2) with the flag and the file that is missing, is not PEM, or does not go with the others.
 */
export async function brokerTls(config: UpConfig): Promise<BrokerTls | null> {
  const cert = await pemFile('--mqtt-tls-cert', config.mqttTlsCert)
  const key = await pemFile('--mqtt-tls-key', config.mqttTlsKey)
  const ca = await pemFile('--mqtt-tls-ca', config.mqttTlsCa)
  if (cert === undefined || key === undefined) return null
  const certificate = parsed(`--mqtt-tls-cert ${config.mqttTlsCert}`, 'certificate', () => {
    return new X509Certificate(cert)
  })
  const privateKey = parsed(`--mqtt-tls-key ${config.mqttTlsKey}`, 'private key', () => {
    return createPrivateKey(key)
  })
  if (!certificate.checkPrivateKey(privateKey)) {
    throw new CommandError(
      EXIT.badInput,
      `--mqtt-tls-key ${config.mqttTlsKey} is not the key of --mqtt-tls-cert ${config.mqttTlsCert}; give the key the certificate was made with`,
    )
  }
  if (ca === undefined) return { cert, key }
  parsed(`--mqtt-tls-ca ${config.mqttTlsCa}`, 'certificate', () => new X509Certificate(ca))
  return { cert, key, ca }
}

function parsed<T>(given: string, what: string, parse: () => T): T {
  try {
    return parse()
  } catch (error) {
    throw new CommandError(
      EXIT.badInput,
      `${given} holds no ${what} (${faultText(error)}); give a PEM file without a passphrase`,
      { cause: error },
    )
  }
}
