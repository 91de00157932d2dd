import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { memberOfDevice } from '../../src/domain/city/member.js'
import { freePort } from '../setup/free-port.js'
import { startInfluxd } from '../setup/influxd.js'
import { startMosquitto } from '../setup/mosquitto.js'
import {
  startMember,
  startServe,
  startStandby,
  type Program,
  type StandbyProgram,
} from '../setup/program.js'
import { randomFrom } from '../setup/random.js'
import { levelCity } from '../setup/small-city.js'
import { temporaryFolder } from '../setup/temp-folder.js'
import { startAckedPublisher } from './acked-publisher.js'
import { numberedMessage } from './numbered-messages.js'
import { reckoned, type Reckoning } from './reckoning.js'

export interface ClusterTrialOptions {
  /** Members killed, each taken over by its standby; the members take turns. */
  readonly kills: number
  /** Decides when the kills come. */
  readonly seed: number
  readonly onKill?: (kill: number, acked: number) => void
}

export interface ClusterTrialResult extends Reckoning {
  readonly kills: number
  /** Longest time from a kill until the standby was ready, ms. */
  readonly takeoverMs: number
  /** Points in the database, counted there; `inserted` when each is there once. */
  readonly points: number
}

const DEVICES = ['W-1', 'W-2', 'W-3', 'W-4'] as const
const MEMBERS = [1, 2] as const
/** Mosquitto acknowledges faster than a member takes; devices that wait a little keep its queue short. */
const PAUSE_MS = 60
/** What the promise needs of Mosquitto. */
const MOSQUITTO = ['max_queued_messages 0', 'max_queued_bytes 0']
const DATABASE = 'cluster'

/** A member and who takes over from it; they change places at every kill. */
interface Pair {
  readonly number: number
  owner: Program
  standby: StandbyProgram
  ownerPort: number
  standbyPort: number
}

/**
 * Two members, each with a standby on its data folder, and `serve`, on one Mosquitto and one
 * InfluxDB. Devices of both shares publish and write every PUBACK to a file of their own; members are
 * killed with SIGKILL while publishes are in flight, in turn, and their standbys take over. At last
 * what was acknowledged is compared with what `serve` shows, and its books with the database.
 */
export async function clusterTrial(options: ClusterTrialOptions): Promise<ClusterTrialResult> {
  const folder = await temporaryFolder('cluster-trial')
  const [mosquitto, influxd] = await Promise.all([
    startMosquitto({ settings: MOSQUITTO }),
    startInfluxd(),
  ])
  const city = join(folder.path, 'city.yaml')
  await writeFile(city, levelCity(DEVICES))

  function settings(number: number, httpPort: number): string[] {
    return [
      ...['--member', `${number}/${MEMBERS.length}`, '--data', join(folder.path, `m${number}`)],
      ...['--city', city, '--http-port', String(httpPort), '--log-level', 'error'],
      ...['--broker-url', mosquitto.url],
      ...['--influx-url', influxd.url, '--influx-database', DATABASE],
    ]
  }
  const pairs: Pair[] = []
  async function startPair(number: number): Promise<void> {
    const [ownerPort, standbyPort] = [await freePort(), await freePort()]
    const owner = await startMember(settings(number, ownerPort))
    try {
      const standby = await startStandby(settings(number, standbyPort))
      pairs.push({ number, owner, standby, ownerPort, standbyPort })
    } catch (error) {
      await owner.process.kill()
      throw error
    }
  }
  /** Kills the owner, and has its standby take over with a new standby behind it; ms that took. */
  async function killOwner(pair: Pair): Promise<number> {
    await pair.owner.process.kill()
    const killedMs = performance.now()
    pair.owner = await pair.standby.ready()
    const takeoverMs = performance.now() - killedMs
    const { ownerPort, standbyPort } = pair
    pair.standby = await startStandby(settings(pair.number, ownerPort))
    pair.ownerPort = standbyPort
    pair.standbyPort = ownerPort
    return takeoverMs
  }

  try {
    for (const number of MEMBERS) await startPair(number)
    const serve = await startServe([
      ...['--influx-url', influxd.url, '--influx-database', DATABASE, '--http-port', '0'],
      ...pairs.flatMap(({ ownerPort, standbyPort }) =>
        [ownerPort, standbyPort].flatMap((port) => ['--member', `http://127.0.0.1:${port}`]),
      ),
      ...['--log-level', 'error'],
    ])
    try {
      const publishers = await Promise.all(
        DEVICES.map((device) =>
          startAckedPublisher({
            url: mosquitto.url,
            device,
            secret: '',
            topic: `rl/v1/small/${device}/up`,
            message: (number) => numberedMessage(device, number),
            pauseMs: PAUSE_MS,
            log: join(folder.path, `${device}.acked`),
          }),
        ),
      )
      const ofShare = (number: number): typeof publishers =>
        publishers.filter((_, index) => {
          return memberOfDevice(DEVICES[index] ?? '', MEMBERS.length) === number
        })
      const random = randomFrom(options.seed)
      let kills = 0
      let takeoverMs = 0
      while (kills < options.kills) {
        await new Promise((resolve) => setTimeout(resolve, 200 + random() * 1_800))
        const pair = pairs[kills % pairs.length]
        if (pair === undefined) throw new Error('no member to kill')
        const share = ofShare(pair.number)
        const inFlight = share.reduce((sum, publisher) => sum + publisher.inFlight(), 0)
        const fresh = share.some((publisher) => publisher.ackedSince() > 0)
        // A kill with nothing under way proves nothing.
        if (inFlight === 0 || !fresh) continue
        takeoverMs = Math.max(takeoverMs, await killOwner(pair))
        kills++
        options.onKill?.(
          kills,
          publishers.reduce((sum, publisher) => sum + publisher.acked(), 0),
        )
      }
      const acked = await Promise.all(publishers.map((publisher) => publisher.stop()))
      const reckoning = await reckoned(serve, acked)
      const points = await storedPoints(influxd.url)
      return { kills, ...reckoning, points, takeoverMs: Math.round(takeoverMs) }
    } finally {
      await serve.process.stop()
    }
  } finally {
    // The standbys first, or they would take over from the owners that stop.
    for (const { standby } of pairs) await standby.process.kill()
    for (const { owner } of pairs) await owner.process.kill()
    await mosquitto.stop()
    await influxd.stop()
    await folder.remove()
  }
}

const countSchema = z.object({
  results: z.tuple([
    z.object({
      series: z.tuple([z.object({ values: z.tuple([z.tuple([z.unknown(), z.int()])]) })]),
    }),
  ]),
})

/** Every point has a flag. Asked of the database itself, past everything of ours. */
async function storedPoints(url: string): Promise<number> {
  const query = new URLSearchParams({ db: DATABASE, q: 'SELECT count("flag") FROM "observation"' })
  const answer = await fetch(`${url}/query?${query.toString()}`)
  const { results } = countSchema.parse(await answer.json())
  return results[0].series[0].values[0][1]
}
