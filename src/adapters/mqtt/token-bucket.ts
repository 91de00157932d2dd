/** What a bucket gives back over time, and how much it holds. */
export interface Rate {
  /** > 0 */
  readonly perSecond: number
  /** What may be taken at once after a rest; > 0. */
  readonly burst: number
}

/** A full bucket at first; the time is handed in and must not run backwards. */
export interface TokenBucket {
  /** Takes them when they are there. */
  take(tokens: number, nowMs: number): boolean
  /** Takes them in any case; what was not there is owed. */
  owe(tokens: number, nowMs: number): void
  /** How long until so many are there, ms; 0 when they are. More than the burst never are. */
  waitMs(tokens: number, nowMs: number): number
}

export function tokenBucket({ perSecond, burst }: Rate, openedMs: number): TokenBucket {
  let tokens = burst
  let filledMs = openedMs
  function fill(nowMs: number): void {
    tokens = Math.min(burst, tokens + ((nowMs - filledMs) / 1000) * perSecond)
    filledMs = nowMs
  }
  return {
    take(wanted, nowMs) {
      fill(nowMs)
      if (tokens < wanted) return false
      tokens -= wanted
      return true
    },
    owe(taken, nowMs) {
      fill(nowMs)
      tokens -= taken
    },
    waitMs(wanted, nowMs) {
      fill(nowMs)
      return Math.max(0, ((wanted - tokens) / perSecond) * 1000)
    },
  }
}

/** So many buckets are kept before full ones are looked for. */
const SWEEP_FROM = 1_024

/**
 * One bucket per key. Keys come from the network, so that full buckets, which say nothing, are
 * dropped whenever the number has doubled.
 */
export function bucketPerKey(rate: Rate): (key: string, nowMs: number) => TokenBucket {
  const buckets = new Map<string, TokenBucket>()
  let sweepAt = SWEEP_FROM
  return (key, nowMs) => {
    const known = buckets.get(key)
    if (known !== undefined) return known
    if (buckets.size >= sweepAt) {
      for (const [other, bucket] of buckets) {
        if (bucket.waitMs(rate.burst, nowMs) === 0) buckets.delete(other)
      }
      sweepAt = Math.max(SWEEP_FROM, buckets.size * 2)
    }
    const made = tokenBucket(rate, nowMs)
    buckets.set(key, made)
    return made
  }
}
