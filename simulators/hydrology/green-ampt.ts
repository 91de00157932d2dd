import type { Infiltration } from './infiltration.js'

/** Soil of Green and Ampt, in SI. */
export interface GreenAmptMakeup {
  /** ψ, suction head at the wetting front, m. */
  readonly suctionM: number
  /** Ks, m/s. */
  readonly conductivityMS: number
  /** Moisture that the dry soil can still take, a volume share. */
  readonly deficit: number
  /**
   * Whether weak rain wets the upper zone without starting a new wetting front: the modified method
   * of SWMM. The original one also renews the front after a long spell of rain below Ks.
   */
  readonly modified: boolean
}

const M_PER_INCH = 0.0254
const S_PER_HOUR = 3600
const NEWTON_ROUNDS = 60

/**
 * Green-Ampt infiltration after Mein and Larson (SWMM Reference Manual, vol. I, EPA/600/R-15/162A,
 * section 4.4): all is taken until `Fs = Ks·(ψ + d)·Δθ/(i − Ks)`; then F follows
 * `F − (ψ + d)·Δθ·ln(1 + F/((ψ + d)·Δθ)) = Ks·t`. The upper zone, `4·√Ks` inches deep with Ks in in/h,
 * empties by `√Ks/75` of its capacity an hour while the surface is dry; after `4.5/√Ks` hours
 * without rain above Ks the next rain meets a new wetting front.
 */
export function greenAmpt(makeup: GreenAmptMakeup): Infiltration {
  const { suctionM, conductivityMS: ks, modified } = makeup
  const rootInH = Math.sqrt((ks * S_PER_HOUR) / M_PER_INCH)
  const zoneM = 4 * rootInH * M_PER_INCH
  const zoneCapacityM = zoneM * makeup.deficit
  const recoveryPerS = rootInH / 75 / S_PER_HOUR
  const separationS = (4.5 / rootInH) * S_PER_HOUR

  let deficit = makeup.deficit
  let frontM = 0
  let zoneFilledM = 0
  let saturated = false
  let untilNewFrontS = 0

  function wet(depthM: number): void {
    frontM += depthM
    zoneFilledM = Math.min(zoneFilledM + depthM, zoneCapacityM)
  }

  function renewFront(): void {
    deficit = zoneM > 0 ? Math.max(0, (zoneCapacityM - zoneFilledM) / zoneM) : 0
    frontM = 0
  }

  /** What the front takes in a time while the surface is saturated, m. */
  function saturatedDepth(headM: number, timeS: number): number {
    const c = headM * deficit
    const target = ks * timeS
    if (c <= 0) return target
    // g(x) = x − c·ln(1 + x/(c + F)) − Ks·t is convex and grows, so that Newton from above comes down to it.
    let x = 2 * target + Math.sqrt(2 * target * (c + frontM))
    for (let round = 0; round < NEWTON_ROUNDS; round++) {
      const g = x - c * Math.log1p(x / (c + frontM)) - target
      const slope = (frontM + x) / (c + frontM + x)
      const better = Math.max(x - g / slope, target)
      if (Math.abs(better - x) < 1e-13) return better
      x = better
    }
    return x
  }

  function dry(stepS: number): void {
    saturated = false
    if (zoneFilledM <= 0) return
    const emptiedM = recoveryPerS * zoneCapacityM * stepS
    zoneFilledM = Math.max(0, zoneFilledM - emptiedM)
    frontM = Math.max(0, frontM - emptiedM)
    if (zoneFilledM === 0) {
      deficit = makeup.deficit
      frontM = 0
    } else if (untilNewFrontS <= 0) renewFront()
  }

  /** Depth taken in a step in which the surface is or becomes saturated, m. */
  function heavy(offeredMS: number, headM: number, stepS: number): number {
    untilNewFrontS = separationS
    if (saturated) {
      const takenM = saturatedDepth(headM, stepS)
      if (takenM <= offeredMS * stepS) return takenM
      saturated = false
      return offeredMS * stepS
    }
    const saturationM = (ks * headM * deficit) / (offeredMS - ks)
    const leftM = Math.max(0, saturationM - frontM)
    if (leftM >= offeredMS * stepS) return offeredMS * stepS
    saturated = true
    const afterS = stepS - leftM / offeredMS
    const before = frontM
    frontM += leftM
    const takenM = leftM + Math.min(saturatedDepth(headM, afterS), offeredMS * afterS)
    frontM = before
    return takenM
  }

  return {
    take(supplyMS, pondedM, stepS) {
      const offeredMS = supplyMS + pondedM / stepS
      untilNewFrontS -= stepS
      if (offeredMS <= 0) {
        dry(stepS)
        return 0
      }
      if (ks <= 0) return 0
      if (offeredMS <= ks) {
        saturated = false
        wet(offeredMS * stepS)
        if (!modified && untilNewFrontS <= 0) renewFront()
        return offeredMS
      }
      const takenM = heavy(offeredMS, suctionM + pondedM, stepS)
      wet(takenM)
      return takenM / stepS
    },
  }
}
