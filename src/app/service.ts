import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { readRegistry, registrySha256, toWgs84 } from '../adapters/city-file/index.js'
import { openJournal } from '../adapters/journal/index.js'
import { openDeviceSecrets } from '../adapters/secrets/index.js'
import { startApi } from '../api/index.js'
import { openAssess, openComputeThread } from '../assess/index.js'
import { startIngest, type Ingest } from '../ingest/index.js'
import type { RegistryChange, RegistryVersion } from '../ports/city-registry.js'
import type { Clock } from '../ports/clock.js'
import type { DeviceSecrets } from '../ports/device-secrets.js'
import type { Journal } from '../ports/journal.js'
import type { Ledger } from '../ports/ledger.js'
import type { Logger } from '../ports/logger.js'
import type { SeriesStore } from '../ports/series-store.js'
import { knownSchemes } from './schemes.js'
import type { ServiceConfig } from './config.js'
import { openDataFolder, type DataFolder } from './data-folder.js'
import { openClosings } from './closings.js'
import { READ_OPTIONS } from './read-options.js'
import { CommandError, EXIT } from './exit.js'
import { refuseForeignValues } from './foreign-values.js'
import { packageRoot } from './package-root.js'
import { journalState, logAlarm } from './journal-alarms.js'
import { refuseNetworkDisk } from './network-disk.js'
import { openSource } from './open-source.js'
import { brokerTls } from './pem-file.js'
import { openStore } from './open-store.js'
import { projectionSettings } from './projection-settings.js'
import { serviceStatus } from './service-status.js'
import { openStandby } from './standby.js'
import { startFault } from './start-fault.js'
import { tightHeap } from './tight-heap.js'
import { usablePort } from './usable-port.js'

export interface ServiceOptions {
  readonly config: ServiceConfig
  readonly initialRegistry: RegistryChange | null
  /** Whether a taken port is replaced by the next free one (the demo) or ends the start. */
  readonly ports: 'exact' | 'step-over'
  readonly pages: 'served' | 'left out'
  /**
   * When another process owns the data folder: null, the start fails; else it waits until the owner
   * ends, and meanwhile says so at this address.
   */
  readonly onWait: ((url: string) => void) | null
  readonly clock: Clock
  readonly logger: Logger
}

export interface Service {
  readonly http: string
  /** Where devices publish to: the embedded broker, or the external one. */
  readonly mqtt: string
  readonly ws: string
  /** The embedded broker over TLS; null without. */
  readonly mqtts: string | null
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
  { config, initialRegistry, ports, pages, onWait, clock, logger }: ServiceOptions,
  onClose: (close: () => Promise<void>) => void,
): Promise<Omit<Service, 'stop'>> {
  const { member } = config
  if (onWait !== null) await refuseNetworkDisk(config.data)
  if (config.store === 'influx') tightHeap()
  const tls = await brokerTls(config)
  const folder = await openDataFolder(config.data, config.store, member)
  const state = journalState()
  const standby =
    onWait === null || member === null ? null : openStandby(config, member, onWait, logger)
  // First of all, because it locks the folder: nothing else in it is touched before it is ours.
  const journal = await openJournal({
    folder: folder.journal,
    ...(standby === null ? {} : { onWait: standby.wait }),
    maxBytes: config.journalMaxMb * 1024 * 1024,
    clock,
    onAlarm(alarm) {
      logAlarm(alarm, logger)
      state.hear(alarm)
    },
  })
  onClose(() => journal.close())
  // A standby is found at the same address afterwards, also when the system has chosen it.
  const httpPort = (await standby?.end()) ?? config.httpPort
  const secrets = await openDeviceSecrets(folder.secrets)
  const storage = await openStore(config, folder.database, logger)
  const { store, ledger } = storage
  onClose(() => storage.close())
  await refuseOtherJournal(journal, ledger, folder)
  if (member !== null && journal.head() === 0 && initialRegistry !== null) {
    const reading = readRegistry(initialRegistry.text, READ_OPTIONS)
    if (reading.ok) {
      await refuseForeignValues(store, reading.registry, member, config.influxDatabase)
    }
  }
  const ingest = await startIngest({
    journal,
    store,
    ledger,
    ...projectionSettings(config),
    initialRegistry,
    clock,
    logger,
  })
  onClose(() => ingest.stop())
  if (config.city !== undefined && initialRegistry !== null) {
    tellOfOtherRegistry(config.city, initialRegistry.text, ingest.registry.current(), logger)
  }

  const source = await openSource({
    config,
    tls,
    ports,
    registry: () => ingest.registry.current(),
    isKnownSession: member !== null && (await journal.newest('message')) !== null,
    secrets,
    accept: ingest.accept,
    logger,
  })
  onClose(() => source.stop())

  const token = randomBytes(24).toString('base64url')
  const schemes = await knownSchemes(config.schemes)
  const computing = openComputeThread()
  onClose(() => computing.close())
  const api = await startApi({
    host: config.host,
    port: await usablePort('HTTP', config.host, httpPort, ports, logger),
    parts: {
      registry: ingest.registry,
      member,
      store,
      ledger: ingest.shown,
      books: ingest.books,
      assess: openAssess({
        store,
        registry: ingest.registry,
        schemes,
        compute: computing.compute,
        labResults: async (window) => (await ingest.shown.labResults(window)).items,
      }),
      live: ingest.live,
      intake: ingest.intake,
      judgements: ingest.judgements,
      keptAssessments: ingest.keptAssessments,
      secrets,
      status: serviceStatus({
        journal,
        journalTrouble: () => state.trouble(),
        ingest,
        source,
        store,
      }),
      clock,
      toWgs84,
    },
    writeToken: token,
    dashboardFolder: pages === 'served' ? join(packageRoot(), 'dist', 'dashboards') : null,
    logger,
  })
  onClose(() => api.stop())

  const { mqtt, ws, mqtts } = source
  const addresses = { http: api.url, mqtt, ws, mqtts, token }
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
