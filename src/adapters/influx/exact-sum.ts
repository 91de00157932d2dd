/** A billionth: the last decimal that sums keep. */
const PER_UNIT = 1e9

/** Beyond this a value is no quantity of ours and its sum is NaN (ports/series-store.ts). */
const SUMMABLE = 1e20

/**
 * A value in whole billionths, half away from zero; NaN at 1e20 and beyond. The scaling is done in
 * double precision, as the embedded store does it, so that both round the same value the same way.
 */
export function billionths(value: number): number {
  if (Math.abs(value) >= SUMMABLE) return Number.NaN
  const scaled = value * PER_UNIT
  const nearest = Math.round(Math.abs(scaled))
  return scaled < 0 && nearest !== 0 ? -nearest : nearest
}

/** A sum of whole billionths that is exact whatever the order; NaN once it has met a NaN. */
export interface ExactSum {
  add(billionths: number): void
  /** In units: the sum as a double, over 1e9, as the embedded store gives it. */
  value(): number
}

export function exactSum(): ExactSum {
  // Doubles add integers exactly as long as nothing leaves ±2^53; what would, moves to the big one.
  let small = 0
  let big = 0n
  let spoilt = false
  return {
    add: (amount) => {
      if (Number.isNaN(amount)) {
        spoilt = true
        return
      }
      const next = small + amount
      if (Number.isSafeInteger(next) && Number.isSafeInteger(amount)) {
        small = next
        return
      }
      big += BigInt(small) + BigInt(amount)
      small = 0
    },
    value: () => {
      if (spoilt) return Number.NaN
      return (big === 0n ? small : Number(big + BigInt(small))) / PER_UNIT
    },
  }
}
