import { setMaxListeners } from 'node:events'
import type { FaultEntry } from '../sensors/readings.js'
import { liveDevice, type World } from './device-life.js'
import type { FleetPlan } from './fleet-plan.js'
import { meeting, pause, ramp, type Meeting } from './pacing.js'
import { fleetSummary, type FleetSummary } from './summary.js'
import { deviceTally, latencies, type DeviceTally } from './tally.js'

export interface FleetOptions {
  readonly plan: FleetPlan
  readonly url: URL
  readonly secrets: ReadonlyMap<string, string>
  /** Aborted by whoever wants the run to end before its time. */
  readonly signal?: AbortSignal
  /** Told once a second. */
  readonly onProgress?: (progress: FleetProgress) => void
  /** Told of every fault of every sensor. */
  readonly onFault?: (fault: FaultEntry) => void
}

export interface FleetProgress {
  readonly connected: number
  readonly devices: number
  readonly acked: number
  readonly made: number
  /** Messages that the scenario makes, about. */
  readonly messages: number
}

const PROGRESS_EVERY_MS = 1_000

/**
 * Runs a scenario: every device is an MQTT client of its own. Resolves when all that was made is
 * acknowledged or dropped, or the time of the scenario's limits is up; devices that are left then say
 * how much they still hold.
 */
export async function runFleet(options: FleetOptions): Promise<FleetSummary> {
  const { plan, url, secrets } = options
  const { connection, limits, time } = plan.scenario
  const ending = new AbortController()
  setMaxListeners(0, ending.signal)
  const limit = setTimeout(() => ending.abort(), limits.seconds * 1000)
  options.signal?.addEventListener('abort', () => ending.abort(), { once: true })

  const cpuBefore = process.cpuUsage()
  const begunMs = performance.now()
  const tallies = plan.devices.map(({ device }) => deviceTally(device.id))
  const seen = latencies()
  const firstConnects = { left: tallies.length, allMs: null as number | null }
  const world: World = {
    url,
    fleet: plan,
    signal: ending.signal,
    latencies: seen,
    meetings: meetingsOf(plan),
    onFault: options.onFault ?? (() => undefined),
    turn: ramp(connection.rampPerS, ending.signal),
    async due(atMs, signal) {
      if (time.pace === 'asFastAsAcked') return
      const dueMs = begunMs + (atMs - plan.startMs) / time.pace.realTimeFactor
      await pause(dueMs - performance.now(), signal)
    },
    onFirstConnected() {
      if (--firstConnects.left === 0) firstConnects.allMs = performance.now() - begunMs
    },
  }
  const progress = setInterval(
    () => options.onProgress?.(progressOf(plan, tallies)),
    PROGRESS_EVERY_MS,
  )
  try {
    await Promise.all(
      plan.devices.map(async (device, index) => {
        const tally = tallies[index]
        if (tally === undefined) return
        const secret = secrets.get(device.device.id)
        if (secret === undefined) throw new Error(`no secret for ${device.device.id}`)
        await liveDevice(device, secret, tally, world)
      }),
    )
  } finally {
    ending.abort()
    clearTimeout(limit)
    clearInterval(progress)
  }
  const { user, system } = process.cpuUsage(cpuBefore)
  return fleetSummary(plan, tallies, {
    latencyMs: seen.summary(),
    connectMs: firstConnects.allMs,
    tookMs: performance.now() - begunMs,
    simulator: {
      cpuMs: Math.round((user + system) / 1000),
      rssMaxMb: Math.round(process.resourceUsage().maxRSS / 1024),
    },
  })
}

/** One for every instant at which devices come back together. */
function meetingsOf(plan: FleetPlan): Map<number, Meeting> {
  const members = new Map<number, number>()
  for (const { events } of plan.devices) {
    for (const { atMs, does } of events) {
      if (does === 'is-cut-with-all') members.set(atMs, (members.get(atMs) ?? 0) + 1)
    }
  }
  return new Map([...members].map(([atMs, count]) => [atMs, meeting(count)]))
}

function progressOf(plan: FleetPlan, tallies: readonly DeviceTally[]): FleetProgress {
  const sum = (of: (tally: DeviceTally) => number): number =>
    tallies.reduce((total, tally) => total + of(tally), 0)
  return {
    connected: sum(({ connects }) => Math.min(1, connects)),
    devices: tallies.length,
    acked: sum(({ acked }) => acked),
    made: sum(({ made }) => made),
    messages: plan.messages,
  }
}
