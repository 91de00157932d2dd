import type { Influxd } from '../../setup/influxd.js'
import type { Mosquitto } from '../../setup/mosquitto.js'

/** What takes messages from the broker and writes them to InfluxDB. */
export interface Peer {
  readonly name: string
  /** Measurement its points go to. */
  readonly measurement: string
  /** Starts it, or starts it again in the same folder after it ended; resolves when it is subscribed. */
  start(place: PeerPlace): Promise<RunningPeer>
}

/** One trial's own broker, database and folder. */
export interface PeerPlace {
  readonly mosquitto: Mosquitto
  readonly influxd: Influxd
  readonly database: string
  readonly folder: string
}

export interface RunningPeer {
  readonly pid: number
  /** SIGTERM: it may write what it holds. */
  stop(): Promise<void>
  /** SIGKILL. */
  kill(): Promise<void>
}

/** Topics of the load, for peers that subscribe by themselves. */
export const FILTER = 'rl/v1/small/+/up'

/** An InfluxDB answers a write that takes its time, and a backlog is written on SIGTERM. */
export const STOP_WITHIN_MS = 60_000
