import { readFile } from 'node:fs/promises'
import { openEmbeddedBroker } from '../adapters/mqtt/index.js'
import { openExternalSource } from '../adapters/mqtt-client/index.js'
import { memberLabel, type Member } from '../domain/city/member.js'
import type { RegistryVersion } from '../ports/city-registry.js'
import type { DeviceSecrets } from '../ports/device-secrets.js'
import type { Logger } from '../ports/logger.js'
import type { Accept, MessageSource } from '../ports/message-source.js'
import type { ServiceConfig } from './config.js'
import { CommandError, EXIT, systemCode } from './exit.js'
import { usablePort } from './usable-port.js'

interface SourceParts {
  readonly config: ServiceConfig
  readonly ports: 'exact' | 'step-over'
  readonly registry: () => RegistryVersion
  /** Messages have come by our session at the external broker before. */
  readonly isKnownSession: boolean
  readonly secrets: DeviceSecrets
  readonly accept: Accept
  readonly logger: Logger
}

/** Where messages come from, with what the status tells of it. */
export interface OpenSource extends MessageSource {
  /** Where devices publish to. */
  readonly mqtt: string
  readonly ws: string
  counts(): {
    readonly connectedClients: number
    readonly connectionsRefused: number
    readonly messagesDropped: number
  }
  /** Why no messages come; null while they can. */
  trouble(): string | null
}

/** Opens the broker that the configuration names: the one in this process, or a session at another. */
export async function openSource(parts: SourceParts): Promise<OpenSource> {
  return parts.config.broker === 'embedded' ? await embedded(parts) : await external(parts)
}

async function embedded(parts: SourceParts): Promise<OpenSource> {
  const { config, ports, logger } = parts
  const { mqttHost, maxPacketBytes } = config
  const broker = await openEmbeddedBroker({
    host: mqttHost,
    tcpPort: await usablePort('MQTT', mqttHost, config.mqttPort, ports, logger),
    wsPort: await usablePort('MQTT over WebSocket', mqttHost, config.wsPort, ports, logger),
    maxPacketBytes,
    registry: parts.registry,
    secrets: parts.secrets,
    accept: parts.accept,
    logger,
  })
  const host = reachableHost(mqttHost)
  return {
    mqtt: `mqtt://${host}:${broker.tcpPort}`,
    ws: `ws://${host}:${broker.wsPort}`,
    counts: () => broker.counts(),
    trouble: () => null,
    stop: () => broker.stop(),
  }
}

async function external(parts: SourceParts): Promise<OpenSource> {
  const { config, registry, accept, logger } = parts
  const url = config.brokerUrl ?? ''
  const { brokerUsername: username, brokerPassword: password } = config
  const ca = await pem('--broker-ca', config.brokerCa)
  const cert = await pem('--broker-cert', config.brokerCert)
  const key = await pem('--broker-key', config.brokerKey)
  const source = await openExternalSource({
    url,
    clientId: config.brokerClientId ?? clientId(registry().registry.city.id, config.member),
    member: config.member,
    isKnownSession: parts.isKnownSession,
    protocolVersion: config.brokerVersion === '5' ? 5 : 4,
    receiveMaximum: config.brokerReceiveMaximum,
    keepaliveS: config.brokerKeepaliveS,
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password }),
    tls: {
      ...(ca === undefined ? {} : { ca }),
      ...(cert === undefined ? {} : { cert }),
      ...(key === undefined ? {} : { key }),
    },
    registry,
    accept,
    logger,
  })
  return { mqtt: url, ws: url, ...source }
}

/**
 * The same at every start, so that the broker keeps one session per share, whoever takes it; and
 * another for other shares, so that no session holds topics of two.
 */
function clientId(city: string, member: Member | null): string {
  return member === null
    ? 'rainledger'
    : `rainledger-${city}-${memberLabel(member).replace('/', '-of-')}`
}

async function pem(flag: string, file: string | undefined): Promise<string | undefined> {
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

/** What a client on this machine writes for the address a server listens on. */
function reachableHost(host: string): string {
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1'
  return host.includes(':') ? `[${host}]` : host
}
