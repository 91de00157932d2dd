import type { FleetPlan } from './fleet-plan.js'
import type { DeviceTally, ExpectedBooks, Latencies } from './tally.js'

/** What a run did, and what must be in the books afterwards. */
export interface FleetSummary {
  readonly scenario: string
  readonly seed: number
  /** Time of the readings. */
  readonly from: string
  readonly to: string
  readonly devices: {
    readonly all: number
    /** Turned away for good, and why the first was. */
    readonly refused: number
    readonly firstRefusal: string | null
    /** Still had something to make or to send when the time was up. */
    readonly unfinished: number
  }
  readonly messages: {
    readonly made: number
    /** PUBLISH packets on data topics. */
    readonly published: number
    readonly acked: number
    readonly resent: number
    readonly droppedByBuffers: number
    /** Made, not dropped, and not acknowledged in time. */
    readonly unacknowledged: number
  }
  readonly duplicates: { readonly copies: number; readonly lostAcks: number }
  /** Acknowledged ones, by kind. */
  readonly malformed: Readonly<Record<string, number>>
  /** From a message's first way out to its PUBACK, cuts of the line included. */
  readonly latencyMs: ReturnType<Latencies['summary']>
  readonly connections: {
    readonly made: number
    readonly again: number
    readonly failed: number
    readonly cuts: number
    readonly births: number
    /** Until every device had been connected once; null: one never was. */
    readonly connectMs: number | null
  }
  readonly bytes: { readonly payload: number; readonly wire: number }
  readonly tookMs: number
  /** What the simulator itself used. */
  readonly simulator: { readonly cpuMs: number; readonly rssMaxMb: number }
  /** As far as PUBACKs tell; what is uncertain was sent again without one. */
  readonly books: ExpectedBooks
  readonly perDevice: readonly (ExpectedBooks & { readonly device: string })[]
}

export interface RunTimes {
  readonly latencyMs: FleetSummary['latencyMs']
  readonly connectMs: number | null
  readonly tookMs: number
  readonly simulator: FleetSummary['simulator']
}

export function fleetSummary(
  plan: FleetPlan,
  tallies: readonly DeviceTally[],
  { latencyMs, connectMs, tookMs, simulator }: RunTimes,
): FleetSummary {
  const sum = (of: (tally: DeviceTally) => number): number =>
    tallies.reduce((total, tally) => total + of(tally), 0)
  const made = sum(({ connects }) => connects)
  return {
    scenario: plan.scenario.name,
    seed: plan.scenario.seed,
    from: new Date(plan.startMs).toISOString(),
    to: new Date(plan.endMs).toISOString(),
    devices: {
      all: tallies.length,
      refused: sum(({ refused }) => (refused === null ? 0 : 1)),
      firstRefusal: tallies.find(({ refused }) => refused !== null)?.refused ?? null,
      unfinished: sum(({ isFinished }) => (isFinished ? 0 : 1)),
    },
    messages: {
      made: sum((tally) => tally.made),
      published: sum(({ published }) => published),
      acked: sum(({ acked }) => acked),
      resent: sum(({ resent }) => resent),
      droppedByBuffers: sum(({ dropped }) => dropped),
      unacknowledged: sum(({ unacknowledged }) => unacknowledged),
    },
    duplicates: { copies: sum(({ copies }) => copies), lostAcks: sum(({ lostAcks }) => lostAcks) },
    malformed: byKind(tallies),
    latencyMs,
    connections: {
      made,
      again: made - sum(({ connects }) => Math.min(1, connects)),
      failed: sum(({ failedConnects }) => failedConnects),
      cuts: sum(({ cuts }) => cuts),
      births: sum(({ births }) => births),
      connectMs,
    },
    bytes: {
      payload: sum(({ payloadBytes }) => payloadBytes),
      wire: sum(({ wireBytes }) => wireBytes),
    },
    tookMs,
    simulator,
    books: booksOf(tallies),
    perDevice: tallies.map(({ device, books }) => ({ device, ...books })),
  }
}

/** Whether the whole scenario was made, and acknowledged or dropped as the devices' buffers say. */
export function isAllAcknowledged({ devices }: FleetSummary): boolean {
  return devices.unfinished === 0
}

function byKind(tallies: readonly DeviceTally[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const { malformed } of tallies) {
    for (const [kind, count] of Object.entries(malformed)) {
      counts[kind] = (counts[kind] ?? 0) + count
    }
  }
  return counts
}

function booksOf(tallies: readonly DeviceTally[]): ExpectedBooks {
  const sum = (of: (books: ExpectedBooks) => number): number =>
    tallies.reduce((total, { books }) => total + of(books), 0)
  return {
    messages: sum(({ messages }) => messages),
    refusedMessages: sum(({ refusedMessages }) => refusedMessages),
    inserted: sum(({ inserted }) => inserted),
    duplicate: sum(({ duplicate }) => duplicate),
    refusedObservations: sum(({ refusedObservations }) => refusedObservations),
    uncertain: {
      messages: sum(({ uncertain }) => uncertain.messages),
      inserted: sum(({ uncertain }) => uncertain.inserted),
      duplicate: sum(({ uncertain }) => uncertain.duplicate),
      refusedMessages: sum(({ uncertain }) => uncertain.refusedMessages),
      refusedObservations: sum(({ uncertain }) => uncertain.refusedObservations),
    },
  }
}

/** The summary for people. */
export function summaryText(summary: FleetSummary): string {
  const { devices, messages, duplicates, malformed, latencyMs, connections, bytes, books } = summary
  const ms = (value: number): string => `${value.toFixed(1)} ms`
  const kinds = Object.entries(malformed).map(([kind, count]) => `${kind} ${count}`)
  const { uncertain } = books
  const lines: readonly (readonly [string, string])[] = [
    ['scenario', `${summary.scenario}, seed ${summary.seed}, ${summary.from} to ${summary.to}`],
    [
      'devices',
      `${devices.all}; ${devices.refused} turned away${devices.firstRefusal === null ? '' : ` (${devices.firstRefusal})`}, ${devices.unfinished} not finished`,
    ],
    [
      'messages',
      `${messages.made} made, ${messages.acked} acknowledged, ${messages.droppedByBuffers} dropped by full buffers, ${messages.unacknowledged} not acknowledged`,
    ],
    [
      'sent again',
      `${messages.resent} with DUP (${duplicates.lostAcks} of them after a lost PUBACK), ${duplicates.copies} copies`,
    ],
    ['malformed', kinds.length === 0 ? 'none' : kinds.join(', ')],
    [
      'PUBACK',
      `p50 ${ms(latencyMs.p50)}, p95 ${ms(latencyMs.p95)}, p99 ${ms(latencyMs.p99)}, longest ${ms(latencyMs.max)}`,
    ],
    [
      'connections',
      `${connections.made} (${connections.again} again), ${connections.failed} failed, ${connections.cuts} cut; all connected after ${connections.connectMs === null ? 'never' : ms(connections.connectMs)}`,
    ],
    ['bytes', `${bytes.payload} of payload, ${bytes.wire} written`],
    [
      'took',
      `${(summary.tookMs / 1000).toFixed(1)} s; the simulator ${(summary.simulator.cpuMs / 1000).toFixed(1)} s of processor, ${summary.simulator.rssMaxMb} MB`,
    ],
    [
      'the books',
      `inserted ${books.inserted}, duplicate ${books.duplicate}, refused ${books.refusedMessages} messages and ${books.refusedObservations} observations`,
    ],
    [
      '',
      uncertain.messages === 0
        ? 'exactly'
        : `and at most ${uncertain.messages} messages more (${uncertain.inserted} inserted, ${uncertain.duplicate} duplicate, ${uncertain.refusedMessages} refused messages and ${uncertain.refusedObservations} refused observations)`,
    ],
  ]
  return `${lines.map(([name, what]) => `  ${name.padEnd(12)} ${what}`).join('\n')}\n`
}
