import { readFile } from 'node:fs/promises'
import { deviceModel } from '../../devices/index.js'
import type { DecodedRecord } from '../../src/ports/device-model.js'
import { HOUR_MS, MINUTE_MS } from '../../src/domain/time.js'
import { connectDevice, type FleetDevice } from '../fleet-device.js'
import { simulatedDevices, type SimulatedDevice } from './devices.js'
import { townMinutes } from './town.js'

/** The device of the demo city that a person may publish for. */
export const HAND_DEVICE = 'HAND-01'

export const DEMO_CITY_ID = 'demo'

/** The demo city's registry, YAML. `root` is the folder of package.json. */
export async function demoCityText(root: string): Promise<string> {
  return readFile(`${root}/simulators/demo-city/city.yaml`, 'utf8')
}

export interface DemoFleetOptions {
  readonly mqttUrl: string
  /** Gives a device its secret. */
  readonly secretOf: (device: string) => Promise<string>
  /** Newest time that is already stored for a device, UTC epoch ms; null when nothing is. */
  readonly storedUntilMs: (device: string) => number | null
  readonly nowMs: () => number
  /** How far back a fresh start begins, and how much of an absence is filled, ms. */
  readonly historyMs: number
  readonly onHistory: (doneMs: number, totalMs: number) => void
}

export interface DemoFleet {
  /** Resolves when the fleet has caught up with the present. */
  readonly caughtUp: Promise<void>
  stop(): Promise<void>
}

/** Time between two devices that speak after the same minute. */
const TURN_MS = 1_500
/**
 * Starts the demo city's sensors: one MQTT client each, first what is missing up to now in packs of
 * an hour as fast as the broker acknowledges, then every minute as it passes.
 */
export async function startDemoFleet(options: DemoFleetOptions): Promise<DemoFleet> {
  const devices = simulatedDevices()
  const clients = new Map<string, FleetDevice>()
  for (const device of devices) {
    const secret = await options.secretOf(device.id)
    const { mqttUrl } = options
    clients.set(
      device.id,
      await connectDevice({ mqttUrl, cityId: DEMO_CITY_ID, device: device.id, secret }),
    )
  }
  const stopping = new AbortController()

  async function send(device: SimulatedDevice, records: readonly DecodedRecord[]): Promise<void> {
    if (records.length === 0) return
    const model = deviceModel(device.model)
    if (model === undefined) throw new Error(`no device model ${device.model}`)
    try {
      await clients.get(device.id)?.publish(model.encode(records))
    } catch (error) {
      // Only a stop ends a publish: until then it is tried again.
      if (!stopping.signal.aborted) throw error
    }
  }

  const nowMs = options.nowMs()
  const beginMs = Math.max(
    nowMs - options.historyMs,
    Math.min(...devices.map((device) => options.storedUntilMs(device.id) ?? 0)),
  )
  // Started early enough for RG-02's counter to have seen its last reset.
  const minutes = townMinutes(Math.floor((beginMs - 24 * HOUR_MS) / HOUR_MS) * HOUR_MS)

  async function sendHistory(): Promise<void> {
    const packs = new Map(devices.map((device) => [device.id, [] as DecodedRecord[]]))
    for (;;) {
      const { value: minute } = minutes.next()
      for (const device of devices) {
        const records = device.records(minute)
        const storedMs = options.storedUntilMs(device.id) ?? -Infinity
        if (minute.atMs > Math.max(beginMs, storedMs)) packs.get(device.id)?.push(...records)
      }
      const isLast = minute.atMs + MINUTE_MS > options.nowMs()
      if (minute.atMs % HOUR_MS === 0 || isLast) {
        await Promise.all(devices.map((device) => send(device, packs.get(device.id) ?? [])))
        for (const pack of packs.values()) pack.length = 0
        if (minute.atMs > beginMs) options.onHistory(minute.atMs - beginMs, nowMs - beginMs)
      }
      if (isLast || stopping.signal.aborted) return
    }
  }

  async function sendLive(): Promise<void> {
    while (!stopping.signal.aborted) {
      const { value: minute } = minutes.next()
      // Devices do not speak in chorus: each has its moment after the minute.
      for (const [position, device] of devices.entries()) {
        const dueMs = minute.atMs + (position + 1) * TURN_MS
        await until(dueMs, options.nowMs, stopping.signal)
        if (stopping.signal.aborted) return
        await send(device, device.records(minute))
      }
    }
  }

  const caughtUp = sendHistory()
  const running = caughtUp.then(sendLive)
  // The caller of `caughtUp` sees a fault of the history; after one of the present the fleet falls
  // silent, which the device states show.
  running.catch(() => stopping.abort())

  return {
    caughtUp,
    async stop() {
      stopping.abort()
      await Promise.all([...clients.values()].map((client) => client.stop()))
    },
  }
}

function until(dueMs: number, nowMs: () => number, signal: AbortSignal): Promise<void> {
  const waitMs = dueMs - nowMs()
  if (waitMs <= 0 || signal.aborted) return Promise.resolve()
  return new Promise((resolve) => {
    function end(): void {
      clearTimeout(timer)
      signal.removeEventListener('abort', end)
      resolve()
    }
    const timer = setTimeout(end, waitMs)
    signal.addEventListener('abort', end)
  })
}
