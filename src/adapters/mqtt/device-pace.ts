import type { Pace } from './packet-gate.js'
import { bucketPerKey } from './token-bucket.js'

/** How much a device may send, all its connections together; 0: as much as it likes. */
export interface DeviceRates {
  readonly messagesPerS: number
  /** 0, or at least the largest packet, so that no packet waits for more than a second. */
  readonly bytesPerS: number
}

/**
 * The pace of each device: two token buckets that hold a second's worth. The size of a packet is
 * known only when it passes, so the bytes are owed and the next packet waits for them.
 *
 * @param nowMs a clock that does not run backwards
 */
export function devicePaces(rates: DeviceRates, nowMs: () => number): (device: string) => Pace {
  const messagesOf = perSecond(rates.messagesPerS)
  const bytesOf = perSecond(rates.bytesPerS)
  return (device) => ({
    next() {
      const now = nowMs()
      const waitMs = bytesOf?.(device, now).waitMs(0, now) ?? 0
      if (waitMs > 0) return waitMs
      const messages = messagesOf?.(device, now)
      if (messages === undefined || messages.take(1, now)) return 0
      return messages.waitMs(1, now)
    },
    weigh(bytes) {
      const now = nowMs()
      bytesOf?.(device, now).owe(bytes, now)
    },
  })
}

function perSecond(rate: number): ReturnType<typeof bucketPerKey> | undefined {
  return rate === 0 ? undefined : bucketPerKey({ perSecond: rate, burst: rate })
}
