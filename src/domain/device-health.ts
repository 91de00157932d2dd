/**
 * How a device is doing, told from what arrived.
 * `online`: heard of within 2 expected intervals; `late`: within 10; `silent`: not for longer;
 * `never`: nothing has arrived yet; `removed`: it no longer stands in the field.
 */
export const DEVICE_HEALTH = ['online', 'late', 'silent', 'never', 'removed'] as const

export type DeviceHealth = (typeof DEVICE_HEALTH)[number]

/** One lost message is no news; two in a row are. Our own choice, as is the bound below. */
const ONLINE_INTERVALS = 2
const LATE_INTERVALS = 10

export interface DeviceSilence {
  /** Arrival of its newest message, UTC epoch ms; null when none has arrived. */
  readonly lastArrivalMs: number | null
  /** Longest time between two messages of a working device, ms; > 0. */
  readonly expectedEveryMs: number
  /** When it was removed, UTC epoch ms; null while it stands. */
  readonly removedMs: number | null
}

/**
 * The health of a device at an instant. Silence of exactly 2 intervals is still online, of exactly
 * 10 still late. An arrival after `nowMs` (the server's clock went back) counts as online.
 *
 * @param nowMs UTC epoch ms
 */
export function deviceHealth(device: DeviceSilence, nowMs: number): DeviceHealth {
  if (device.removedMs !== null && device.removedMs <= nowMs) return 'removed'
  if (device.lastArrivalMs === null) return 'never'
  const intervals = (nowMs - device.lastArrivalMs) / device.expectedEveryMs
  if (intervals <= ONLINE_INTERVALS) return 'online'
  return intervals <= LATE_INTERVALS ? 'late' : 'silent'
}
