import { join } from 'node:path'
import { readRegistry, registrySha256, toWgs84 } from '../adapters/city-file/index.js'
import { openMembers } from '../adapters/members/index.js'
import { startApi } from '../api/index.js'
import { openAssess, openComputeThread } from '../assess/index.js'
import { faultText, TransientFault } from '../domain/fault.js'
import type { CityRegistry } from '../ports/city-registry.js'
import type { Clock } from '../ports/clock.js'
import type { DeviceSecrets } from '../ports/device-secrets.js'
import type { Intake } from '../ports/intake.js'
import type { Judgements } from '../ports/judgements.js'
import type { Logger } from '../ports/logger.js'
import type { SeriesReads } from '../ports/series-store.js'
import type { ServiceStatus } from '../ports/service-counts.js'
import { knownSchemes } from './schemes.js'
import { openClosings } from './closings.js'
import type { ServeConfig } from './config.js'
import { openNewestFeed } from './newest-feed.js'
import { openSharedStore } from './open-store.js'
import { packageRoot } from './package-root.js'
import { READ_OPTIONS } from './read-options.js'
import { startFault } from './start-fault.js'

/**
 * Opens API and pages over what members store and count; nothing is kept here, so any number of
 * these may run. Throws CommandError with what the user can do.
 */
export async function startSharedService(
  config: ServeConfig,
  clock: Clock,
  logger: Logger,
): Promise<{ readonly http: string; stop(): Promise<void> }> {
  const opened = openClosings()
  try {
    const store = await openSharedStore(config, logger)
    opened.add(() => store.close())
    const members = await openMembers({
      addresses: config.member,
      read: (text) => readRegistry(text, READ_OPTIONS),
      sha256: registrySha256,
      logger,
    })
    opened.add(() => Promise.resolve(members.stop()))
    const registry: CityRegistry = { current: () => members.registry(), apply: elsewhere }
    const live = openNewestFeed(
      store.reads,
      () => [...registry.current().index.sensors.keys()],
      logger,
    )
    opened.add(() => Promise.resolve(live.stop()))
    const schemes = await knownSchemes(config.schemes)
    const computing = openComputeThread()
    opened.add(() => computing.close())
    const api = await startApi({
      host: config.host,
      port: config.httpPort,
      parts: {
        registry,
        member: null,
        store: store.reads,
        ledger: members.ledger,
        books: members.books,
        assess: openAssess({
          store: store.reads,
          registry,
          schemes,
          compute: computing.compute,
          labResults: async (window) => {
            const { items, missing } = await members.ledger.labResults(window)
            if (missing.length === 0) return items
            throw new TransientFault(missing.map(({ detail }) => detail).join('; '))
          },
        }),
        live,
        intake: INTAKE,
        judgements: JUDGEMENTS,
        keptAssessments: { keep: elsewhere },
        secrets: SECRETS,
        status: status(store.reads, registry),
        clock,
        toWgs84,
      },
      writeToken: null,
      dashboardFolder: join(packageRoot(), 'dist', 'dashboards'),
      logger,
    })
    opened.add(() => api.stop())
    return { http: api.url, stop: () => opened.closeAll() }
  } catch (error) {
    await opened.closeAll().catch((fault: unknown) => {
      logger.error({ error: fault }, 'what was opened before the fault did not close')
    })
    throw startFault(error)
  }
}

/** No route leads here: without a write token the API offers none that writes. */
function elsewhere(): Promise<never> {
  return Promise.reject(new Error('this process only reads'))
}

const INTAKE: Intake = {
  importChunk: elsewhere,
  importedChunks: elsewhere,
  importLaboratory: elsewhere,
}

const JUDGEMENTS: Judgements = { mark: elsewhere, correct: elsewhere }

/** Devices log in at the broker. */
const SECRETS: DeviceSecrets = {
  matches: () => false,
  issue: elsewhere,
  onReplaced: () => () => undefined,
  devices: () => [],
}

/** Ready while the store answers: a silent member is told with the books, and takes no page away. */
function status(store: SeriesReads, registry: CityRegistry): ServiceStatus {
  return {
    counts: null,
    async readiness() {
      const [sensor] = registry.current().index.sensors.keys()
      try {
        await store.latest(sensor === undefined ? [] : [sensor])
        return [{ part: 'store', ok: true, detail: '' }]
      } catch (error) {
        return [{ part: 'store', ok: false, detail: faultText(error) }]
      }
    },
  }
}
