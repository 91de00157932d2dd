import type { Registry } from '../domain/city/registry.js'
import { OUTCOME } from '../domain/observation.js'
import { asError, StandingFault, TransientFault, type RefusalCode } from '../domain/fault.js'
import type { Books } from '../ports/books.js'
import type { CityRegistry, RegistryChange, RegistryReading } from '../ports/city-registry.js'
import type { Clock } from '../ports/clock.js'
import type { KeptAssessments } from '../ports/kept-assessments.js'
import type { Judgements } from '../ports/judgements.js'
import type { Intake } from '../ports/intake.js'
import type { Journal, JournalEntry } from '../ports/journal.js'
import type { Ledger } from '../ports/ledger.js'
import type { LiveFeed } from '../ports/live-feed.js'
import type { Logger } from '../ports/logger.js'
import type { Accept } from '../ports/message-source.js'
import type { ShownLedger } from '../ports/shown-ledger.js'
import type { ProjectionBatch, SeriesStore } from '../ports/series-store.js'
import { acceptInto } from './accept.js'
import { openBooks } from './books.js'
import { clocklessCopies, noteStretch } from './clockless-copies.js'
import type { ModelLookup } from './decode.js'
import { openImports } from './imports.js'
import { openJudgements } from './judgements.js'
import { openKeptAssessments } from './kept-assessments.js'
import { openLaboratory } from './laboratory.js'
import { openLive } from './live.js'
import { project } from './projection.js'
import { openRegistry } from './registry-in-force.js'
import { rulesInForce } from './rules-in-force.js'
import { serverClock } from './server-clock.js'
import { shownLedger } from './shown-ledger.js'

export { affectedDays, type AffectedDays } from './affected-days.js'
export {
  chosenEntries,
  openPartProjection,
  surveyJournal,
  widen,
  type Extents,
} from './journal-survey.js'
export { projectAgain, type ProjectedAgain } from './project-again.js'
export { NoRegistryError, openRegistry } from './registry-in-force.js'

export interface IngestParts {
  readonly journal: Journal
  readonly store: SeriesStore
  readonly ledger: Ledger
  readonly models: ModelLookup
  readonly readRegistry: (text: string) => RegistryReading
  readonly registrySha256: (registry: Registry) => string
  /** Put in force when the journal holds no registry yet. */
  readonly initialRegistry: RegistryChange | null
  readonly clock: Clock
  readonly logger: Logger
  /** How far a device's stamp may stand after the arrival before it counts as future, ms. */
  readonly futureToleranceMs: number
}

/** Counts since this process started. */
export interface IngestCounts {
  readonly received: number
  readonly inserted: number
  readonly duplicate: number
  readonly revised: number
  readonly refusals: ReadonlyMap<RefusalCode, number>
  /** Last journal entry that has taken effect. */
  readonly position: number
  /** Whether the server's clock stands before the journal's latest entry, now. */
  readonly clockInDoubt: boolean
  /** Why the projection stands still: null while it works. */
  readonly trouble: string | null
}

export interface Ingest {
  readonly accept: Accept
  readonly intake: Intake
  readonly judgements: Judgements
  readonly keptAssessments: KeptAssessments
  readonly registry: CityRegistry
  readonly books: Books
  readonly shown: ShownLedger
  readonly live: LiveFeed
  counts(): IngestCounts
  /** Resolves when the projection has reached `seq`; rejects when it has stopped before. */
  reached(seq: number): Promise<void>
  /** Lets the running batch end, then stands still. The journal stays open. Safe to call twice. */
  stop(): Promise<void>
}

/** Entries taken from the journal at once, and rows after which a batch is handed to the store. */
const ENTRIES_PER_BATCH = 4_000
const ROWS_PER_BATCH = 100_000

/**
 * A batch costs the store some milliseconds whatever it holds, so messages that follow closely are
 * gathered; one that comes after a silence is projected at once.
 */
const GATHER_MS = 50

const FIRST_RETRY_MS = 200
const LONGEST_RETRY_MS = 10_000
/** A store may ask to be left alone (Retry-After), but not for ever. */
const LONGEST_ASKED_MS = 300_000

/**
 * Starts the way from message to series: `accept` makes messages durable, and a projection follows
 * the journal into the store, one batch after another, exactly once each.
 *
 * A store that is away (TransientFault) or turns us away (StandingFault) is tried again without end,
 * with back-off; messages go on being accepted meanwhile. Any other fault of the store stops the
 * projection, loudly; accepting goes on, so nothing is lost.
 */
export async function startIngest(parts: IngestParts): Promise<Ingest> {
  const { journal, store, ledger, clock, logger } = parts
  const registry = await openRegistry(
    { journal, clock, read: parts.readRegistry, sha256: parts.registrySha256 },
    parts.initialRegistry,
  )
  let position = await ledger.position()
  const live = openLive(position)
  let marks = await ledger.marks()
  const copies = clocklessCopies()
  const rules = rulesInForce(parts, copies)
  const arrivals = serverClock(journal, clock, logger)
  const stopping = new AbortController()
  const waiting = new Set<() => void>()
  const refusals = new Map<RefusalCode, number>()
  const outcomes = { inserted: 0, duplicate: 0, revised: 0 }
  let received = 0
  let trouble: string | null = null
  let failure: Error | null = null

  async function follow(): Promise<void> {
    await noteStretch(copies, journal, position, rules.projecting(registry.current()).table)
    while (!stopping.signal.aborted) {
      await journal.waitBeyond(position, stopping.signal)
      for await (const entries of journal.read(position + 1, ENTRIES_PER_BATCH)) {
        copies.note(entries, rules.projecting(registry.current()).table)
        await projectAll(entries)
        if (stopping.signal.aborted) return
      }
      copies.forget(rules.projecting(registry.current()).table)
      await pause(GATHER_MS, stopping.signal)
    }
  }

  async function projectAll(entries: readonly JournalEntry[]): Promise<void> {
    let rest = entries
    while (rest.length > 0) {
      const version = registry.current()
      const { batch, taken } = project(rest, rules.projecting(version), ROWS_PER_BATCH)
      const marked = batch.marks.length === 0 ? marks : [...marks, ...batch.marks]
      const judges = rules.judging(version, marked)
      const rowOutcomes = await appendUntilItWorks({ ...batch, judges })
      if (rowOutcomes === null) return
      marks = marked
      position = batch.entries.at(-1)?.seq ?? position
      count(batch, rowOutcomes)
      live.publish(batch, rowOutcomes)
      for (const wake of waiting) wake()
      rest = rest.slice(taken)
    }
  }

  /** null when stopped before it worked. */
  async function appendUntilItWorks(batch: ProjectionBatch): Promise<Uint8Array | null> {
    for (let retryMs = FIRST_RETRY_MS; ; retryMs = Math.min(retryMs * 2, LONGEST_RETRY_MS)) {
      try {
        const rowOutcomes = await store.append(batch)
        if (trouble !== null) logger.info({ position }, 'the store takes batches again')
        trouble = null
        return rowOutcomes
      } catch (error) {
        const isStanding = error instanceof StandingFault
        if (!isStanding && !(error instanceof TransientFault)) throw error
        // Said again when it becomes another one: a store that was away may come back and turn us away.
        if (isStanding && trouble !== error.message) {
          logger.error({ error }, 'the store turns us away; messages are kept until it is mended')
        } else if (trouble === null) logger.warn({ error }, 'the store is away; messages are kept')
        trouble = error.message
        const askedMs = isStanding ? 0 : Math.min(error.retryAfterMs, LONGEST_ASKED_MS)
        await pause(Math.max(retryMs, askedMs), stopping.signal)
        if (stopping.signal.aborted) return null
      }
    }
  }

  function count(batch: ProjectionBatch, rowOutcomes: Uint8Array): void {
    for (const outcome of rowOutcomes) {
      if (outcome === OUTCOME.inserted) outcomes.inserted++
      else if (outcome === OUTCOME.duplicate) outcomes.duplicate++
      else if (outcome === OUTCOME.revised) outcomes.revised++
      else refusals.set('store_rejected', (refusals.get('store_rejected') ?? 0) + 1)
    }
    for (const { code } of batch.refusals) refusals.set(code, (refusals.get(code) ?? 0) + 1)
  }

  const following = follow().catch((error: unknown) => {
    failure = asError(error)
    trouble = failure.message
    logger.error({ error }, 'the projection has stopped; messages are kept, restart to go on')
    for (const wake of waiting) wake()
  })

  function reached(seq: number): Promise<void> {
    return new Promise((resolve, reject) => {
      function look(): void {
        if (position < seq && failure === null && !stopping.signal.aborted) return
        waiting.delete(look)
        if (position >= seq) resolve()
        else reject(failure ?? new Error(`stopped at journal entry ${position}, before ${seq}`))
      }
      waiting.add(look)
      look()
    })
  }

  return {
    accept: acceptInto(journal, arrivals, () => received++),
    intake: {
      ...openImports(journal, registry, arrivals),
      ...openLaboratory(journal, arrivals),
    },
    judgements: openJudgements(journal, registry, arrivals),
    keptAssessments: openKeptAssessments(journal, ledger, arrivals, reached),
    registry,
    books: openBooks(journal, ledger),
    shown: shownLedger(ledger),
    live,
    counts: () => ({
      ...outcomes,
      received,
      refusals,
      position,
      clockInDoubt: arrivals.isInDoubt(),
      trouble,
    }),
    reached,
    async stop() {
      stopping.abort()
      await following
      for (const wake of waiting) wake()
    },
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve()
  return new Promise((resolve) => {
    function end(): void {
      clearTimeout(timer)
      signal.removeEventListener('abort', end)
      resolve()
    }
    const timer = setTimeout(end, ms)
    signal.addEventListener('abort', end)
  })
}
