import { createWriteStream } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { connectAsync, type MqttClient } from 'mqtt'

/** Messages of one device unacknowledged at once. */
const WINDOW = 50

export interface AckedPublisherOptions {
  readonly url: string
  readonly device: string
  readonly secret: string
  readonly topic: string
  readonly message: (number: number) => string
  /** Between a PUBACK and the next publish of the same worker, ms. */
  readonly pauseMs: number
  /** File that gets the number of every message whose PUBACK has come, a line each. */
  readonly log: string
}

/** A device that publishes at QoS 1, many messages at once, and writes down what is acknowledged. */
export interface AckedPublisher {
  /** PUBACKs so far. */
  acked(): number
  inFlight(): number
  /** PUBACKs since the last call. */
  ackedSince(): number
  /** Waits for what is in flight, disconnects and reads the file. */
  stop(): Promise<Acked>
}

export interface Acked {
  readonly device: string
  /** Numbers of the acknowledged messages, as the file has them. */
  readonly numbers: ReadonlySet<number>
}

export async function startAckedPublisher(options: AckedPublisherOptions): Promise<AckedPublisher> {
  const { device, topic, pauseMs } = options
  const client: MqttClient = await connectAsync(options.url, {
    clientId: device,
    username: device,
    password: options.secret,
    clean: false,
    reconnectPeriod: 50,
  })
  client.on('error', () => {
    // Refused connections while the service is down; the client goes on by itself.
  })
  const log = createWriteStream(options.log)
  let acked = 0
  let next = 0
  let flying = 0
  let looked = 0
  let stopping = false

  async function worker(): Promise<void> {
    while (!stopping) {
      const number = next++
      flying++
      if (await isAcked(options.message(number))) {
        log.write(`${number}\n`)
        acked++
      }
      flying--
      if (pauseMs > 0) await new Promise((resolve) => setTimeout(resolve, pauseMs))
    }
  }
  /** A publish that meets a second loss of the connection while the client resends is given up by it. */
  async function isAcked(payload: string): Promise<boolean> {
    try {
      await client.publishAsync(topic, payload, { qos: 1 })
      return true
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 20))
      return false
    }
  }
  const workers = Array.from({ length: WINDOW }, worker)
  return {
    acked: () => acked,
    inFlight: () => flying,
    ackedSince() {
      const fresh = acked - looked
      looked = acked
      return fresh
    },
    async stop() {
      stopping = true
      await Promise.all(workers)
      await client.endAsync()
      await new Promise<void>((resolve) => log.end(resolve))
      const lines = (await readFile(options.log, 'utf8')).trimEnd().split('\n')
      return { device, numbers: new Set(lines.map(Number)) }
    },
  }
}
