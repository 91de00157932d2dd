/** A broad-crested weir as it was surveyed. */
export interface Weir {
  /** Elevation of the crest, m. */
  readonly crestM: number
  /** Length of the crest across the flow, m. */
  readonly widthM: number
  /** Discharge coefficient m; 0.32 to 0.385 for a broad crest (recommended: calibrate on site). */
  readonly coefficient: number
}

export interface WeirFlow {
  readonly flowM3s: number
  /** `submerged`: the tailwater stands so high that the formula does not hold, and the flow is an upper bound. */
  readonly state: 'dry' | 'free' | 'submerged'
}

/** Standard gravity, m/s². */
const GRAVITY = 9.80665

/** Tailwater above the crest beyond this share of the head slows the flow: the modular limit of a broad crest (recommended). */
const MODULAR_LIMIT = 0.67

/**
 * Flow over a weir from levels: `Q = m·b·√(2g)·h^1.5` (standards sheet 7.14).
 *
 * @param upstreamM level before the weir, m, same datum as the crest
 * @param tailwaterM level behind it; null when nobody measures it, and submergence cannot be told
 */
export function weirFlow(weir: Weir, upstreamM: number, tailwaterM: number | null): WeirFlow {
  const headM = upstreamM - weir.crestM
  if (headM <= 0) return { flowM3s: 0, state: 'dry' }
  const flowM3s = weir.coefficient * weir.widthM * Math.sqrt(2 * GRAVITY) * headM ** 1.5
  const isSubmerged = tailwaterM !== null && tailwaterM - weir.crestM > MODULAR_LIMIT * headM
  return { flowM3s, state: isSubmerged ? 'submerged' : 'free' }
}
