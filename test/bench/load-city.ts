import type { Load } from '../../simulators/publisher/index.js'
import { smallCity } from '../setup/small-city.js'

/** The load of design §9: 20 clients, QoS 1, a window of 50, one SenML record of 100–130 bytes each. */
export const CLIENTS = Array.from(
  { length: 20 },
  (_, index) => `staff-gauge-${String(index + 1).padStart(2, '0')}`,
)

/** What Mosquitto must be told: nothing dropped from a queue, as much under way as the consumer allows. */
export const KEEPS_ALL = [
  'max_queued_messages 0',
  'max_queued_bytes 0',
  'max_inflight_messages 0',
] as const

const FIELD = 'level'
const FIRST_AT_MS = Date.UTC(2024, 0, 1)

/** A city with one level sensor per client. */
export function loadCity(): string {
  return smallCity({
    sensors: CLIENTS.map((device) => ({
      device,
      field: FIELD,
      quantity: 'level',
      unit: 'm',
      kind: '{ type: instant }',
      reporting: '{ type: periodic, intervalS: 60 }',
    })),
  })
}

/**
 * The load on a broker of that city.
 *
 * @param secrets by device
 * @param ratePerSecond null: as fast as acknowledged
 */
export function loadOn(
  url: string,
  secrets: ReadonlyMap<string, string>,
  seconds: number,
  ratePerSecond: number | null,
): Load {
  return {
    url,
    cityId: 'small',
    clients: CLIENTS.map((device) => ({ device, secret: secrets.get(device) ?? '' })),
    qos: 1,
    window: 50,
    field: FIELD,
    unit: 'm',
    payloadBytes: 110,
    firstAtMs: FIRST_AT_MS,
    seconds,
    ratePerSecond,
  }
}
