import { faultText } from '../domain/fault.js'
import type { Ingest } from '../ingest/index.js'
import type { FileJournal } from '../adapters/journal/index.js'
import type { SeriesStore } from '../ports/series-store.js'
import type { OpenSource } from './open-source.js'
import type { ReadinessCheck, ServiceStatus } from '../ports/service-counts.js'

interface StatusParts {
  readonly journal: FileJournal
  readonly ingest: Ingest
  readonly source: Pick<OpenSource, 'counts' | 'trouble'>
  readonly store: SeriesStore
  readonly journalTrouble: () => string | null
}

/** What the service counts, and which of its parts stand still. */
export function serviceStatus(parts: StatusParts): ServiceStatus {
  const { journal, ingest, source, store } = parts
  return {
    counts() {
      const counts = ingest.counts()
      const connections = source.counts()
      return {
        messagesReceived: counts.received,
        messagesDropped: connections.messagesDropped,
        observationsInserted: counts.inserted,
        observationsDuplicate: counts.duplicate,
        observationsRevised: counts.revised,
        refusalsByCode: counts.refusals,
        connectedClients: connections.connectedClients,
        connectionsRefused: connections.connectionsRefused,
        connectionsLimited: connections.connectionsLimited,
        readPauses: connections.readPauses,
        connectionsHeld: connections.connectionsHeld,
        journalHead: journal.head(),
        journalBytes: journal.bytes(),
        journalMaxBytes: journal.maxBytes,
        projectionPosition: counts.position,
        clockInDoubt: counts.clockInDoubt,
      }
    },
    async readiness() {
      return [
        checkOf('broker', source.trouble()),
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
