import { connectAsync, type MqttClient } from 'mqtt'
import { deviceTopic } from '../src/domain/city/device-topics.js'

export interface FleetDeviceOptions {
  readonly mqttUrl: string
  readonly cityId: string
  readonly device: string
  readonly secret: string
}

/** One field device on the wire: its own MQTT client with birth and last will. */
export interface FleetDevice {
  /** Resolves with the PUBACK: the broker has made the payload durable. */
  publish(payload: Uint8Array): Promise<void>
  stop(): Promise<void>
}

const RETRY_MS = 500

/**
 * Connects a device. It says `online` on its state topic and leaves `offline` as its last will.
 * Lost connections are taken up again by the client; what was not acknowledged is sent again, like
 * from the buffer of a field logger, until the device is stopped.
 */
export async function connectDevice(options: FleetDeviceOptions): Promise<FleetDevice> {
  const { cityId, device } = options
  const state = deviceTopic(cityId, device, 'state')
  const up = deviceTopic(cityId, device, 'up')
  const client: MqttClient = await connectAsync(options.mqttUrl, {
    clientId: device,
    username: device,
    password: options.secret,
    clean: false,
    reconnectPeriod: 2_000,
    will: { topic: state, payload: Buffer.from('offline'), qos: 1, retain: false },
  })
  await client.publishAsync(state, 'online', { qos: 1 })
  let stopping = false
  return {
    async publish(payload) {
      for (;;) {
        try {
          await client.publishAsync(up, Buffer.from(payload), { qos: 1 })
          return
        } catch (error) {
          // The client gives a publish up that is queued while it resends and loses the connection again.
          if (stopping) throw error
          await new Promise((resolve) => setTimeout(resolve, RETRY_MS))
        }
      }
    },
    async stop() {
      stopping = true
      await client.endAsync()
    },
  }
}
