import { openEmbeddedBroker, registryAccess, type BrokerCounts } from '../adapters/mqtt/index.js'
import { openExternalSource } from '../adapters/mqtt-client/index.js'
import { memberLabel, type Member } from '../domain/city/member.js'
import type { RegistryVersion } from '../ports/city-registry.js'
import type { DeviceSecrets } from '../ports/device-secrets.js'
import type { Logger } from '../ports/logger.js'
import type { Accept, MessageSource } from '../ports/message-source.js'
import type { ServiceConfig } from './config.js'
import { pemFile, type BrokerTls } from './pem-file.js'
import { usablePort } from './usable-port.js'

interface SourceParts {
  readonly config: ServiceConfig
  /** Of the embedded broker; null without. */
  readonly tls: BrokerTls | null
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
  /** Where devices publish to: in clear if they may, else over TLS. */
  readonly mqtt: string
  /** The same over WebSocket; the address of `mqtt` when there is none. */
  readonly ws: string
  /** The embedded broker over TLS; null without. */
  readonly mqtts: string | null
  counts(): BrokerCounts
  /** Why no messages come; null while they can. */
  trouble(): string | null
}

/** Opens the broker that the configuration names: the one in this process, or a session at another. */
export async function openSource(parts: SourceParts): Promise<OpenSource> {
  return parts.config.broker === 'embedded' ? await embedded(parts) : await external(parts)
}

async function embedded(parts: SourceParts): Promise<OpenSource> {
  const { config, ports, logger } = parts
  const { mqttHost, mqttTlsHost } = config
  const usable = (what: string, host: string, port: number): Promise<number> =>
    usablePort(what, host, port, ports, logger)
  const broker = await openEmbeddedBroker({
    plain:
      config.mqttPlain === 'off'
        ? null
        : {
            tcp: { host: mqttHost, port: await usable('MQTT', mqttHost, config.mqttPort) },
            ws: {
              host: mqttHost,
              port: await usable('MQTT over WebSocket', mqttHost, config.wsPort),
            },
          },
    tls:
      parts.tls === null || config.mqttTlsPort === undefined
        ? null
        : {
            ...parts.tls,
            host: mqttTlsHost,
            port: await usable('MQTT over TLS', mqttTlsHost, config.mqttTlsPort),
          },
    maxPacketBytes: config.maxPacketBytes,
    limits: {
      maxConnections: config.mqttMaxConnections,
      deviceConnectsPerMinute: config.mqttDeviceConnectsPerMinute,
      addressConnectsPerMinute: config.mqttAddressConnectsPerMinute,
      messagesPerS: config.mqttDeviceMessagesPerS,
      bytesPerS: config.mqttDeviceBytesPerS,
    },
    access: registryAccess(parts.registry),
    secrets: parts.secrets,
    accept: parts.accept,
    logger,
  })
  const mqtts = address('mqtts', mqttTlsHost, broker.tlsPort)
  const mqtt = address('mqtt', mqttHost, broker.tcpPort) ?? mqtts ?? ''
  return {
    mqtt,
    ws: address('ws', mqttHost, broker.wsPort) ?? mqtt,
    mqtts,
    counts: () => broker.counts(),
    trouble: () => null,
    stop: () => broker.stop(),
  }
}

async function external(parts: SourceParts): Promise<OpenSource> {
  const { config, registry, accept, logger } = parts
  const url = config.brokerUrl ?? ''
  const { brokerUsername: username, brokerPassword: password } = config
  const ca = await pemFile('--broker-ca', config.brokerCa)
  const cert = await pemFile('--broker-cert', config.brokerCert)
  const key = await pemFile('--broker-key', config.brokerKey)
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
  return {
    ...source,
    mqtt: url,
    ws: url,
    mqtts: null,
    // How fast and how often devices may come is the affair of their broker.
    counts: () => ({
      ...source.counts(),
      connectionsLimited: 0,
      readPauses: 0,
      connectionsHeld: 0,
    }),
  }
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

function address(scheme: string, host: string, port: number | null): string | null {
  return port === null ? null : `${scheme}://${reachableHost(host)}:${port}`
}

/** What a client on this machine writes for the address a server listens on. */
function reachableHost(host: string): string {
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1'
  return host.includes(':') ? `[${host}]` : host
}
