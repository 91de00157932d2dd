/**
 * The service beside what is used in its place, each on the same Mosquitto and InfluxDB (Debian's)
 * in turn: a plain script of MQTT.js and InfluxData's client, and Node-RED 4.1 with its InfluxDB
 * nodes, which npm installs into a temporary folder for the run.
 *
 *     npm run bench -- peers [--seconds 20] [--rate 5000] [--peers rainledger,plain-writer,node-red]
 *
 * Three trials each. Load as fast as Mosquitto acknowledges: messagesPerSecond are points in the
 * database by the time until the last came. The database stopped for 10 s, and the process killed
 * and started again, both at `trialRate`, half of what the peer sustained and at most --rate, so
 * that nothing is lost to overload: lost is what Mosquitto acknowledged and the database has not.
 * Exit 1 when the service lost anything.
 */
import { setTimeout as pause } from 'node:timers/promises'
import { z } from 'zod'
import { temporaryFolder } from '../setup/temp-folder.js'
import { benchArguments, positive, say } from './arguments.js'
import { machine } from './machine.js'
import { installNodeRed } from './peers/node-red.js'
import type { Peer } from './peers/peer.js'
import { plainWriter } from './peers/plain-writer.js'
import { rainledger } from './peers/rainledger.js'
import { trial } from './peers/trial.js'

const NAMES = ['rainledger', 'plain-writer', 'node-red'] as const
const options = benchArguments('peers', 'beside a plain script and Node-RED', {
  seconds: positive(20, 'load as fast as acknowledged, s'),
  settle: positive(60, 'longest wait for the last rows of a trial, s'),
  rate: positive(5_000, 'most messages a second of the trials that lose'),
  peers: {
    fallback: NAMES.join(','),
    describe: 'which, with commas between',
    schema: z
      .string()
      .transform((text) => text.split(','))
      .pipe(z.array(z.enum(NAMES)).min(1)),
  },
})

const AWAY_SECONDS = 10
/** Load before and after what goes wrong. */
const MARGIN_SECONDS = 10

interface PeerResult {
  readonly peer: string
  readonly messagesPerSecond: number
  /** Of the load as fast as acknowledged; null when rows still came at the end of the wait. */
  readonly lostUnderLoad: number | null
  readonly rssMaxMb: number
  readonly trialRate: number
  readonly lostDatabaseAway: number
  readonly lostKilled: number
}

async function measured(peer: Peer): Promise<PeerResult> {
  const common = { peer, settleSeconds: options.settle }
  say(`${peer.name}: full load`)
  const full = await trial({
    ...common,
    seconds: options.seconds,
    ratePerSecond: null,
    disturb: (running) => Promise.resolve(running),
  })
  const trialRate = Math.max(1, Math.min(options.rate, Math.floor(full.messagesPerSecond / 2)))
  const disturbed = { ...common, ratePerSecond: trialRate }
  say(`${peer.name}: ${full.messagesPerSecond}/s; the database stops`)
  const away = await trial({
    ...disturbed,
    seconds: AWAY_SECONDS + 2 * MARGIN_SECONDS,
    disturb: async (running, { influxd }) => {
      await pause(MARGIN_SECONDS * 1000)
      await influxd.kill()
      await pause(AWAY_SECONDS * 1000)
      await influxd.restart()
      return running
    },
  })
  say(`${peer.name}: ${away.acked - away.rows} lost; the process is killed`)
  const killed = await trial({
    ...disturbed,
    seconds: 2 * MARGIN_SECONDS,
    disturb: async (running, _place, restart) => {
      await pause(MARGIN_SECONDS * 1000)
      await running.kill()
      return await restart()
    },
  })
  say(`${peer.name}: ${killed.acked - killed.rows} lost`)
  return {
    peer: peer.name,
    messagesPerSecond: full.messagesPerSecond,
    lostUnderLoad: full.isSettled ? full.acked - full.rows : null,
    rssMaxMb: full.rssMaxMb,
    trialRate,
    lostDatabaseAway: away.acked - away.rows,
    lostKilled: killed.acked - killed.rows,
  }
}

/** The peer's figures, or why it could not be measured here. */
async function resultOf(
  name: (typeof NAMES)[number],
  folder: string,
): Promise<PeerResult | { readonly peer: string; readonly notMeasured: string }> {
  if (name === 'rainledger') return await measured(rainledger)
  if (name === 'plain-writer') return await measured(plainWriter)
  let nodeRed: Peer
  try {
    nodeRed = await installNodeRed(folder)
  } catch (error) {
    return { peer: name, notMeasured: String(error) }
  }
  return await measured(nodeRed)
}

const folder = await temporaryFolder('bench-peers')
try {
  const peers = []
  for (const name of options.peers) peers.push(await resultOf(name, folder.path))
  const ours = peers.find(({ peer }) => peer === 'rainledger')
  const lost =
    ours !== undefined && 'lostKilled' in ours
      ? (ours.lostUnderLoad ?? 0) + ours.lostDatabaseAway + ours.lostKilled
      : 0
  process.stdout.write(
    `${JSON.stringify({ bench: 'peers', seconds: options.seconds, awaySeconds: AWAY_SECONDS, peers, ...(await machine()) })}\n`,
  )
  process.exitCode = lost === 0 ? 0 : 1
} finally {
  await folder.remove()
}
