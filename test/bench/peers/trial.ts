import { setTimeout as pause } from 'node:timers/promises'
import { startInfluxd } from '../../setup/influxd.js'
import { startMosquitto } from '../../setup/mosquitto.js'
import { publishFromOutside } from '../../setup/publisher-process.js'
import { temporaryFolder } from '../../setup/temp-folder.js'
import { CLIENTS, KEEPS_ALL, loadOn } from '../load-city.js'
import { processUse } from '../machine.js'
import { rowsInInflux } from '../stored-rows.js'
import type { Peer, PeerPlace, RunningPeer } from './peer.js'

const NOBODY = new Map(CLIENTS.map((device) => [device, '']))
const LOOK_EVERY_MS = 1_000
/** Rows that do not grow for so long grow no more: longer than the first retries of any peer. */
const QUIET_MS = 15_000
const DATABASE = 'peers'

export interface TrialOptions {
  readonly peer: Peer
  readonly seconds: number
  /** Messages a second; null: as fast as Mosquitto acknowledges. */
  readonly ratePerSecond: number | null
  /** Longest wait for rows after the load, s. */
  readonly settleSeconds: number
  /** What goes wrong under the load; returns the peer as it runs then. */
  readonly disturb: (
    peer: RunningPeer,
    place: PeerPlace,
    restart: () => Promise<RunningPeer>,
  ) => Promise<RunningPeer>
}

export interface Trial {
  readonly acked: number
  /** Points in the database at the end. */
  readonly rows: number
  /** Points when the wait was over, before the peer was ended, by the time until the last came. */
  readonly messagesPerSecond: number
  /** The rows still grew when the wait was over: `acked - rows` are then late, not lost. */
  readonly isSettled: boolean
  readonly rssMaxMb: number
}

/**
 * One peer on a Mosquitto and an influxd of its own, under load. All that Mosquitto acknowledged to
 * the devices should be in the database at the end; the peer is ended by SIGTERM before the last
 * count, so that what it only held back is not counted as lost.
 */
export async function trial(options: TrialOptions): Promise<Trial> {
  const { peer, seconds, ratePerSecond, settleSeconds, disturb } = options
  const folder = await temporaryFolder(`peers-${peer.name}`)
  const mosquitto = await startMosquitto({ settings: KEEPS_ALL })
  const influxd = await startInfluxd()
  const place = { mosquitto, influxd, database: DATABASE, folder: folder.path }
  const rows = async (): Promise<number> =>
    await rowsInInflux(influxd.url, DATABASE, peer.measurement)
  let running: RunningPeer | null = null
  try {
    await makeDatabase(influxd.url)
    running = await peer.start(place)
    const beganMs = Date.now()
    const publishing = publishFromOutside(loadOn(mosquitto.url, NOBODY, seconds, ratePerSecond))
    running = await disturb(running, place, async () => await peer.start(place))
    const { acked } = await publishing
    const settled = await settle(rows, acked, settleSeconds)
    const { rssMaxMb } = await processUse(running.pid)
    await running.stop()
    return {
      acked,
      rows: await rows(),
      messagesPerSecond: Math.round((settled.rows / (settled.lastGrowthMs - beganMs)) * 1000),
      isSettled: settled.isQuiet,
      rssMaxMb,
    }
  } finally {
    await running?.kill()
    await mosquitto.stop()
    await influxd.stop()
    await folder.remove()
  }
}

async function makeDatabase(url: string): Promise<void> {
  const body = new URLSearchParams({ q: `CREATE DATABASE ${DATABASE}` })
  const answer = await fetch(`${url}/query`, { method: 'POST', body })
  if (!answer.ok) throw new Error(`${url}: ${answer.status} ${await answer.text()}`)
}

/** Waits until all rows are there, or no more come, or the time is over. */
async function settle(
  rows: () => Promise<number>,
  acked: number,
  withinSeconds: number,
): Promise<{ readonly rows: number; readonly lastGrowthMs: number; readonly isQuiet: boolean }> {
  const untilMs = Date.now() + withinSeconds * 1000
  let known = -1
  let lastGrowthMs = Date.now()
  while (Date.now() < untilMs) {
    const now = await rows()
    if (now > known) lastGrowthMs = Date.now()
    known = now
    if (known >= acked) return { rows: known, lastGrowthMs, isQuiet: true }
    if (Date.now() - lastGrowthMs > QUIET_MS) return { rows: known, lastGrowthMs, isQuiet: true }
    await pause(LOOK_EVERY_MS)
  }
  return { rows: known, lastGrowthMs, isQuiet: false }
}
