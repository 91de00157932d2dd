import type { IClientOptions } from 'mqtt'
import type { Member } from '../../domain/city/member.js'
import type { Registry } from '../../domain/city/registry.js'
import type { Logger } from '../../ports/logger.js'
import type { Accept } from '../../ports/message-source.js'

export interface ExternalBrokerOptions {
  /** mqtt://, mqtts://, ws:// or wss:// */
  readonly url: string
  /** Names the persistent session at the broker; the same at every start, used by nobody else. */
  readonly clientId: string
  readonly protocolVersion: 4 | 5
  /** Whose share of the devices is taken; null: this process alone takes all. */
  readonly member: Member | null
  /** Messages have come by this session before: a broker that does not know it has lost some. */
  readonly isKnownSession: boolean
  /** Messages the broker may have under way unacknowledged (MQTT 5), 1 to 65,535. */
  readonly receiveMaximum: number
  /** How often a silent connection is probed, s; > 0. */
  readonly keepaliveS: number
  readonly username?: string
  readonly password?: string
  /** PEM texts: whom to trust, and who we are. */
  readonly tls?: { readonly ca?: string; readonly cert?: string; readonly key?: string }
  /** The registry in force now; its topics are subscribed to, also when it changes. */
  readonly registry: () => { readonly registry: Registry; readonly sha256: string }
  readonly accept: Accept
  readonly logger: Logger
}

export const FIRST_RECONNECT_MS = 250
/** MQTT 5: the session outlives any outage of ours. */
export const NEVER_EXPIRES = 0xffff_ffff

/** Where the broker tells others whether we are there; retained. */
export function stateTopic(clientId: string): string {
  return `rainledger/${clientId}/state`
}

/** What MQTT.js is told. */
export function clientOptions(options: ExternalBrokerOptions): IClientOptions {
  const { protocolVersion, clientId, username, password, tls, keepaliveS } = options
  return {
    clientId,
    protocolVersion,
    keepalive: keepaliveS,
    clean: false,
    // Subscribed here, where the answers are looked at.
    resubscribe: false,
    reconnectPeriod: FIRST_RECONNECT_MS,
    reconnectOnConnackError: true,
    // Received messages count as a sign of life for the client, not for the broker.
    reschedulePings: false,
    will: { topic: stateTopic(clientId), payload: Buffer.from('offline'), qos: 1, retain: true },
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password }),
    ...tls,
    ...(protocolVersion === 5
      ? {
          properties: {
            sessionExpiryInterval: NEVER_EXPIRES,
            receiveMaximum: options.receiveMaximum,
          },
        }
      : {}),
  }
}
