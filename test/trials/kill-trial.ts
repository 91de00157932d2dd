import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { freePort } from '../setup/free-port.js'
import { startInfluxd } from '../setup/influxd.js'
import { startMosquitto } from '../setup/mosquitto.js'
import { startProgram } from '../setup/program.js'
import { randomFrom } from '../setup/random.js'
import { levelCity } from '../setup/small-city.js'
import { temporaryFolder } from '../setup/temp-folder.js'
import { startAckedPublisher } from './acked-publisher.js'
import { numberedMessage } from './numbered-messages.js'
import { reckoned, type Reckoning } from './reckoning.js'

export interface KillTrialOptions {
  readonly kills: number
  readonly store: 'duckdb' | 'influx'
  /** Who acknowledges the devices: the service itself, or a Mosquitto that hands on to it. */
  readonly broker: 'embedded' | 'external'
  /** Decides when the kills come. */
  readonly seed: number
  readonly onKill?: (kill: number, acked: number) => void
}

export interface KillTrialResult extends Reckoning {
  readonly kills: number
}

const DEVICES = ['W-1', 'W-2', 'W-3', 'W-4'] as const
/** Mosquitto acknowledges faster than one service takes; devices that wait a little keep its queue short. */
const EXTERNAL_PAUSE_MS = 60
/** What the promise needs of Mosquitto. */
const MOSQUITTO = ['max_queued_messages 0', 'max_queued_bytes 0']

/**
 * Publishes from four devices, each of which writes every PUBACK to a file of its own, kills the service with SIGKILL at random moments with
 * publishes in flight, starts it again on the same folder, and at last compares what the devices
 * saw acknowledged with what the service has stored or lists as refused.
 */
export async function killTrial(options: KillTrialOptions): Promise<KillTrialResult> {
  const folder = await temporaryFolder('kill-trial')
  const influxd = options.store === 'influx' ? await startInfluxd() : null
  const city = join(folder.path, 'city.yaml')
  await writeFile(city, levelCity(DEVICES))
  const mosquitto =
    options.broker === 'external' ? await startMosquitto({ settings: MOSQUITTO }) : null
  const mqttPort = await freePort()
  const args = [
    ...['--data', join(folder.path, 'data'), '--city', city, '--log-level', 'error'],
    ...['--http-port', '0', '--mqtt-port', String(mqttPort), '--ws-port', '0'],
    ...(mosquitto === null ? [] : ['--broker', 'external', '--broker-url', mosquitto.url]),
    ...(influxd === null ? [] : ['--store', 'influx', '--influx-url', influxd.url]),
  ]
  let program = await startProgram(args)
  const publishers = await Promise.all(
    DEVICES.map(async (device) =>
      startAckedPublisher({
        url: program.mqtt,
        device,
        secret: await program.secretOf(device),
        topic: `rl/v1/small/${device}/up`,
        message: (number) => numberedMessage(device, number),
        pauseMs: mosquitto === null ? 0 : EXTERNAL_PAUSE_MS,
        log: join(folder.path, `${device}.acked`),
      }),
    ),
  )
  try {
    const random = randomFrom(options.seed)
    let kills = 0
    while (kills < options.kills) {
      const waitMs = 200 + random() * 2800
      await new Promise((resolve) => setTimeout(resolve, waitMs))
      const inFlight = publishers.reduce((sum, publisher) => sum + publisher.inFlight(), 0)
      const fresh = publishers.some((publisher) => publisher.ackedSince() > 0)
      // A kill with nothing under way proves nothing.
      if (inFlight === 0 || !fresh) continue
      await program.process.kill()
      kills++
      program = await startProgram(args)
      options.onKill?.(
        kills,
        publishers.reduce((sum, publisher) => sum + publisher.acked(), 0),
      )
    }
    const acked = await Promise.all(publishers.map((publisher) => publisher.stop()))
    return { kills, ...(await reckoned(program, acked)) }
  } finally {
    await program.process.stop()
    await mosquitto?.stop()
    await influxd?.stop()
    await folder.remove()
  }
}
