import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { faultText } from '../domain/fault.js'
import { deviceModel } from '../../devices/index.js'
import { readRegistry, registrySha256, toWgs84 } from '../adapters/city-file/index.js'
import { DatabaseUnusable, openDuckdb } from '../adapters/duckdb/index.js'
import { openInflux, type InfluxCredentials } from '../adapters/influx/index.js'
import {
  JournalDamaged,
  JournalLocked,
  openJournal,
  type JournalAlarm,
} from '../adapters/journal/index.js'
import { openEmbeddedBroker, type EmbeddedBroker } from '../adapters/mqtt/index.js'
import { openDeviceSecrets, SecretsFileError } from '../adapters/secrets/index.js'
import { startApi } from '../api/index.js'
import { openAssess } from '../assess/index.js'
import { NoRegistryError, startIngest, type Ingest } from '../ingest/index.js'
import type { RegistryChange, RegistryVersion } from '../ports/city-registry.js'
import type { Clock } from '../ports/clock.js'
import type { DeviceSecrets } from '../ports/device-secrets.js'
import type { Journal } from '../ports/journal.js'
import type { Ledger } from '../ports/ledger.js'
import type { Logger } from '../ports/logger.js'
import type { SeriesStore } from '../ports/series-store.js'
import type { ReadinessCheck, ServiceStatus } from '../ports/service-counts.js'
import type { UpConfig } from './config.js'
import { openDataFolder, type DataFolder } from './data-folder.js'
import { openClosings } from './closings.js'
import { READ_OPTIONS } from './read-options.js'
import { CommandError, EXIT, systemCode } from './exit.js'
import { packageRoot } from './package-root.js'
import { usablePort } from './usable-port.js'

export interface ServiceOptions {
  readonly config: UpConfig
  readonly initialRegistry: RegistryChange | null
  /** Whether a taken port is replaced by the next free one (the demo) or ends the start. */
  readonly ports: 'exact' | 'step-over'
  readonly clock: Clock
  readonly logger: Logger
}

export interface Service {
  readonly http: string
  readonly mqtt: string
  readonly ws: string
  /** Allows writing through the API; new at every start. */
  readonly token: string
  readonly secrets: DeviceSecrets
  readonly store: SeriesStore
  readonly ingest: Ingest
  /** Stops in the order of the data's way: takes no more, flushes, closes. Safe to call twice. */
  stop(): Promise<void>
}

/**
 * Opens everything in the order of the data's way; what was opened is closed again when a later
 * part cannot start. Throws CommandError with what the user can do.
 */
export async function startService(options: ServiceOptions): Promise<Service> {
  const opened = openClosings()
  try {
    const service = await openParts(options, (close) => opened.add(close))
    return { ...service, stop: () => opened.closeAll() }
  } catch (error) {
    await opened.closeAll().catch((fault: unknown) => {
      options.logger.error({ error: fault }, 'what was opened before the fault did not close')
    })
    throw startFault(error)
  }
}

async function openParts(
  { config, initialRegistry, ports, clock, logger }: ServiceOptions,
  onClose: (close: () => Promise<void>) => void,
): Promise<Omit<Service, 'stop'>> {
  const folder = await openDataFolder(config.data, config.store)
  const secrets = await openDeviceSecrets(folder.secrets)
  let journalTrouble: string | null = null
  const journal = await openJournal({
    folder: folder.journal,
    maxBytes: config.journalMaxMb * 1024 * 1024,
    clock,
    onAlarm(alarm) {
      logAlarm(alarm, logger)
      if (alarm.kind === 'failed' || alarm.kind === 'full') journalTrouble = ALARM_TEXT[alarm.kind]
    },
  })
  onClose(() => journal.close())
  const storage = await openStore(config, folder, logger)
  const { store, ledger } = storage
  onClose(() => storage.close())
  await refuseOtherJournal(journal, ledger, folder)
  const ingest = await startIngest({
    journal,
    store,
    ledger,
    models: deviceModel,
    readRegistry: (text) => readRegistry(text, READ_OPTIONS),
    registrySha256,
    initialRegistry,
    clock,
    logger,
    futureToleranceMs: config.futureToleranceS * 1000,
  })
  onClose(() => ingest.stop())
  if (config.city !== undefined && initialRegistry !== null) {
    tellOfOtherRegistry(config.city, initialRegistry.text, ingest.registry.current(), logger)
  }

  const mqttPort = await usablePort('MQTT', config.mqttHost, config.mqttPort, ports, logger)
  const wsPort = await usablePort(
    'MQTT over WebSocket',
    config.mqttHost,
    config.wsPort,
    ports,
    logger,
  )
  const broker = await openEmbeddedBroker({
    host: config.mqttHost,
    tcpPort: mqttPort,
    wsPort,
    maxPacketBytes: config.maxPacketBytes,
    registry: () => ingest.registry.current(),
    secrets,
    accept: ingest.accept,
    logger,
  })
  onClose(() => broker.stop())

  const token = randomBytes(24).toString('base64url')
  const api = await startApi({
    host: config.host,
    port: await usablePort('HTTP', config.host, config.httpPort, ports, logger),
    parts: {
      registry: ingest.registry,
      store,
      ledger,
      books: ingest.books,
      assess: openAssess({ store, registry: ingest.registry }),
      live: ingest.live,
      intake: ingest.intake,
      secrets,
      status: serviceStatus({
        journal,
        ingest,
        broker,
        store,
        journalTrouble: () => journalTrouble,
      }),
      clock,
      toWgs84,
    },
    writeToken: token,
    dashboardFolder: join(packageRoot(), 'dist', 'dashboards'),
    logger,
  })
  onClose(() => api.stop())

  const host = reachableHost(config.mqttHost)
  const addresses = {
    http: api.url,
    mqtt: `mqtt://${host}:${broker.tcpPort}`,
    ws: `ws://${host}:${broker.wsPort}`,
    token,
  }
  await folder.announce({ pid: process.pid, ...addresses })
  onClose(() => folder.withdraw())
  return { ...addresses, secrets, store, ingest }
}

/**
 * A store that has seen entries which the journal does not hold would pass over as many new ones
 * in silence: the journal has lost entries, or the two are of different origin.
 */
async function refuseOtherJournal(
  journal: Journal,
  ledger: Ledger,
  folder: DataFolder,
): Promise<void> {
  const position = await ledger.position()
  const head = journal.head()
  const remedy = `restore ${folder.journal} from a backup; or move ${folder.database} away, and it is made again from the entries that are left`
  if (position > head) {
    throw new CommandError(
      EXIT.badInput,
      `${folder.database} has taken entries up to ${position}, but the journal ends at ${head}: ${remedy}`,
    )
  }
  const followed = await ledger.follow(journal.id)
  if (followed !== journal.id) {
    throw new CommandError(
      EXIT.badInput,
      `${folder.database} follows journal ${followed}, but ${folder.journal} is journal ${journal.id}: ${remedy}`,
    )
  }
}

/** The registry that the journal holds wins; a file given at start that says otherwise must not be thought in force. */
function tellOfOtherRegistry(
  file: string,
  text: string,
  inForce: RegistryVersion,
  logger: Logger,
): void {
  const reading = readRegistry(text, READ_OPTIONS)
  if (!reading.ok || registrySha256(reading.registry) === inForce.sha256) return
  const appliedAt = new Date(inForce.arrivalMs).toISOString()
  logger.warn(
    { city: inForce.registry.city.id, appliedAt, person: inForce.person, reason: inForce.reason },
    `--city ${file} is not in force: this data folder has a registry of its own, and the two differ; to change it: rainledger city apply ${file} --reason "…"`,
  )
}

interface OpenStore {
  readonly store: SeriesStore
  readonly ledger: Ledger
  close(): Promise<void>
}

async function openStore(config: UpConfig, folder: DataFolder, logger: Logger): Promise<OpenStore> {
  if (config.store === 'duckdb') {
    const { store, ledger } = await openDuckdb({ file: folder.database, values: 'here' })
    return { store, ledger, close: () => store.close() }
  }
  const local = await openDuckdb({ file: folder.database, values: 'elsewhere' })
  const credentials = influxCredentials(config)
  const { influxUrl: url = '', influxDatabase: database, influxOrganisation } = config
  const store = await openInflux({
    url,
    database,
    index: local.index,
    logger,
    ...(influxOrganisation === undefined ? {} : { organisation: influxOrganisation }),
    ...(credentials === undefined ? {} : { credentials }),
  })
  async function close(): Promise<void> {
    await store.close()
    await local.close()
  }
  return { store, ledger: local.ledger, close }
}

function influxCredentials(config: UpConfig): InfluxCredentials | undefined {
  if (config.influxToken !== undefined) return { token: config.influxToken }
  if (config.influxUsername === undefined) return undefined
  return { username: config.influxUsername, password: config.influxPassword ?? '' }
}

interface StatusParts {
  readonly journal: Journal
  readonly ingest: Ingest
  readonly broker: EmbeddedBroker
  readonly store: SeriesStore
  readonly journalTrouble: () => string | null
}

function serviceStatus(parts: StatusParts): ServiceStatus {
  const { journal, ingest, broker, store } = parts
  return {
    counts() {
      const counts = ingest.counts()
      const connections = broker.counts()
      return {
        messagesReceived: counts.received,
        messagesDropped: connections.messagesDropped,
        observationsInserted: counts.inserted,
        observationsDuplicate: counts.duplicate,
        observationsRevised: counts.revised,
        refusalsByCode: counts.refusals,
        connectedClients: connections.connectedClients,
        connectionsRefused: connections.connectionsRefused,
        journalHead: journal.head(),
        projectionPosition: counts.position,
      }
    },
    async readiness() {
      return [
        checkOf('journal', parts.journalTrouble()),
        checkOf('projection', ingest.counts().trouble),
        checkOf('store', await storeTrouble(store, ingest)),
      ]
    },
  }
}

function checkOf(part: string, trouble: string | null): ReadinessCheck {
  return { part, ok: trouble === null, detail: trouble ?? '' }
}

/** Asks the store for something small: a server that is away says so even while no message comes. */
async function storeTrouble(store: SeriesStore, ingest: Ingest): Promise<string | null> {
  const [sensor] = ingest.registry.current().index.sensors.keys()
  try {
    await store.latest(sensor === undefined ? [] : [sensor])
    return null
  } catch (error) {
    return faultText(error)
  }
}

const ALARM_TEXT = {
  filling: 'the journal fills its disk bound; make room or raise --journal-max-mb',
  full: 'the journal is full: nothing is acknowledged; make room or raise --journal-max-mb',
  failed: 'the disk failed: nothing is acknowledged; restart to go on',
  unsealed: 'a journal segment could not be sealed; it stays readable',
  cut: 'an unfinished write at the journal’s end was cut off',
} as const satisfies Record<JournalAlarm['kind'], string>

function logAlarm(alarm: JournalAlarm, logger: Logger): void {
  const { kind, ...fields } = alarm
  switch (kind) {
    case 'full':
    case 'failed':
    case 'unsealed':
      return logger.error(fields, ALARM_TEXT[kind])
    case 'filling':
      return logger.warn(fields, ALARM_TEXT[kind])
    case 'cut':
      return logger.info(fields, ALARM_TEXT[kind])
  }
}

/** What a client on this machine writes for the address a server listens on. */
function reachableHost(host: string): string {
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1'
  return host.includes(':') ? `[${host}]` : host
}

/** What the system says when an address, a right or room is missing. */
const MACHINE_FAULTS: ReadonlySet<string> = new Set([
  ...['EACCES', 'EPERM', 'EROFS', 'ENOSPC', 'EDQUOT', 'EIO', 'EMFILE', 'ENFILE'],
  ...['EADDRNOTAVAIL', 'ENOTFOUND', 'EAI_AGAIN', 'EEXIST', 'ENOTDIR', 'EISDIR'],
])

/** Faults of the machine become an end that the user can do something about; others stay as they are. */
function startFault(error: unknown): unknown {
  const cause = { cause: error }
  const ofTheFolder =
    error instanceof NoRegistryError ||
    error instanceof SecretsFileError ||
    error instanceof JournalDamaged ||
    error instanceof DatabaseUnusable
  if (ofTheFolder) return new CommandError(EXIT.badInput, error.message, cause)
  if (error instanceof JournalLocked) {
    return new CommandError(EXIT.unreachable, error.message, cause)
  }
  const code = systemCode(error)
  if (code === 'EADDRINUSE') {
    return new CommandError(
      EXIT.unreachable,
      `${faultText(error)}; give another port, see --help`,
      cause,
    )
  }
  const ofTheMachine = code !== undefined && MACHINE_FAULTS.has(code)
  return ofTheMachine ? new CommandError(EXIT.unreachable, faultText(error), cause) : error
}
