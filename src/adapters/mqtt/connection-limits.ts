import { bucketPerKey } from './token-bucket.js'

/** How many connections there may be and how often one may be asked for; 0: no limit. */
export interface ConnectionRates {
  readonly maxConnections: number
  /** Of a device that has proven who it is; a stranger cannot use up another's. */
  readonly deviceConnectsPerMinute: number
  /** Of all that connect from one address, whoever they say they are. */
  readonly addressConnectsPerMinute: number
}

/** Each answers why a connection has to wait; null when it may be. */
export interface ConnectionLimits {
  fromAddress(address: string): string | null
  ofDevice(device: string): string | null
  /** @param open connections that have been admitted and have not ended */
  overall(open: number): string | null
}

/**
 * Attempts are counted by token buckets that hold a minute's worth. A refused attempt takes none,
 * so that what keeps trying comes in at the rate that is allowed.
 *
 * @param nowMs a clock that does not run backwards
 */
export function connectionLimits(rates: ConnectionRates, nowMs: () => number): ConnectionLimits {
  const ofAddress = perMinute(rates.addressConnectsPerMinute)
  const ofDevice = perMinute(rates.deviceConnectsPerMinute)
  function tooOften(bucketOf: typeof ofAddress, key: string): boolean {
    const now = nowMs()
    return bucketOf !== undefined && !bucketOf(key, now).take(1, now)
  }
  return {
    fromAddress: (address) =>
      tooOften(ofAddress, address)
        ? `more than ${rates.addressConnectsPerMinute} connections a minute from this address`
        : null,
    ofDevice: (device) =>
      tooOften(ofDevice, device)
        ? `more than ${rates.deviceConnectsPerMinute} connections a minute by this device`
        : null,
    overall: (open) =>
      rates.maxConnections > 0 && open >= rates.maxConnections
        ? `${open} connections are open, as many as may be`
        : null,
  }
}

function perMinute(rate: number): ReturnType<typeof bucketPerKey> | undefined {
  return rate === 0 ? undefined : bucketPerKey({ perSecond: rate / 60, burst: rate })
}
