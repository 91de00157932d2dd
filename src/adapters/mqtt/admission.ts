import type { AuthenticateError } from 'aedes'
import type { DeviceSecrets } from '../../ports/device-secrets.js'
import type { ClientCertificate } from './client-certificate.js'
import type { ConnectionLimits } from './connection-limits.js'
import type { DeviceAccess } from './device-access.js'

/** CONNACK return codes of MQTT 3.1.1, table 3.1. */
const IDENTIFIER_REJECTED = 2
const SERVER_UNAVAILABLE = 3
const BAD_USER_NAME_OR_PASSWORD = 4
const NOT_AUTHORIZED = 5

/** Who asks for a connection, with what. */
export interface Applicant {
  readonly address: string
  readonly certificate: ClientCertificate
  readonly username: string | undefined
  readonly password: Uint8Array
  readonly clientId: string
  /** The CONNECT named no client id, and `clientId` was made for it. */
  readonly isUnnamed: boolean
  readonly clean: boolean
  /** The device that now uses the client id. */
  readonly holder: string | undefined
  /** Connections that have been admitted and have not ended. */
  readonly open: number
}

export interface AdmissionRules {
  readonly access: DeviceAccess
  readonly secrets: DeviceSecrets
  readonly limits: ConnectionLimits
}

export interface Admitted {
  readonly device: string
}

export interface Rejected {
  /** Who it said, or proved, to be. */
  readonly device?: string
  readonly returnCode: AuthenticateError['returnCode']
  readonly reason: string
  /** A limit refused it, not a rule: the same may be admitted later. */
  readonly isLimit: boolean
}

/** Whether a CONNECT is accepted, and as which device. */
export function admission(applicant: Applicant, rules: AdmissionRules): Admitted | Rejected {
  const { access, limits } = rules
  const flood = limits.fromAddress(applicant.address)
  if (flood !== null) return limited(flood)

  const identity = identityOf(applicant, rules)
  if ('returnCode' in identity) return identity
  const { device } = identity

  const often = limits.ofDevice(device)
  if (often !== null) return { ...limited(often), device }
  if (applicant.isUnnamed && !applicant.clean) {
    const reason = 'empty client id with a persistent session [MQTT-3.1.3-8]'
    return { ...refused(IDENTIFIER_REJECTED, reason), device }
  }
  const denial = access.clientId(device, applicant.clientId, applicant.holder)
  if (denial !== null) return { ...refused(IDENTIFIER_REJECTED, denial.reason), device }
  // A device that takes its own client id over ends a connection for the one it opens.
  const full = limits.overall(applicant.open - (applicant.holder === undefined ? 0 : 1))
  return full === null ? { device } : { ...limited(full), device }
}

/** A verified certificate names the device and needs no password; without one the secret counts. */
function identityOf(
  { certificate, username, password }: Applicant,
  { access, secrets }: AdmissionRules,
): Admitted | Rejected {
  if (certificate.kind === 'faulty') return refused(NOT_AUTHORIZED, certificate.reason)
  if (certificate.kind === 'verified') {
    const device = certificate.commonName
    if (username !== undefined && username !== device) {
      return refused(NOT_AUTHORIZED, `user name ${username} with the certificate of ${device}`)
    }
    if (!access.isKnown(device)) {
      return refused(NOT_AUTHORIZED, `the certificate names ${device}, which is no device`)
    }
    return { device }
  }
  const device = username ?? ''
  if (secrets.matches(device, password)) return { device }
  return { ...refused(BAD_USER_NAME_OR_PASSWORD, 'unknown device or wrong secret'), device }
}

function refused(returnCode: Rejected['returnCode'], reason: string): Rejected {
  return { returnCode, reason, isLimit: false }
}

function limited(reason: string): Rejected {
  return { returnCode: SERVER_UNAVAILABLE, reason, isLimit: true }
}
