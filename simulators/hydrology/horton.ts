import type { Infiltration } from './infiltration.js'

/** Horton's curve and its recovery, in SI. */
export interface HortonMakeup {
  /** f0, m/s. */
  readonly initialMS: number
  /** fmin, m/s, not above `initialMS`. */
  readonly finalMS: number
  /** kd, 1/s, ≥ 0. */
  readonly decayPerS: number
  /** kr, 1/s, of the recovery curve while the surface is dry, ≥ 0. */
  readonly recoveryPerS: number
  /** Most that the soil takes, m; Infinity when there is no bound. */
  readonly capacityM: number
}

const NEWTON_ROUNDS = 50

/**
 * Horton infiltration in its integrated form (SWMM Reference Manual, vol. I, EPA/600/R-15/162A,
 * section 4.2): `F(t) = fmin·t + (f0 − fmin)/kd·(1 − exp(−kd·t))`, where t is the time on the curve.
 * While supply falls short of capacity, t advances only as far as the water taken allows; while the
 * surface is dry, t goes back along the recovery curve.
 */
export function horton(makeup: HortonMakeup): Infiltration {
  const { initialMS, finalMS, decayPerS, recoveryPerS, capacityM } = makeup
  const excessMS = initialMS - finalMS
  let curveS = 0
  let takenM = 0

  function cumulativeM(t: number): number {
    if (decayPerS === 0) return initialMS * t
    return finalMS * t - (excessMS / decayPerS) * Math.expm1(-decayPerS * t)
  }
  function capacityMS(t: number): number {
    return finalMS + excessMS * Math.exp(-decayPerS * t)
  }

  /** Time on the curve at which so much has been taken, by Newton's method from below. */
  function timeOf(depthM: number): number {
    let t = curveS
    for (let round = 0; round < NEWTON_ROUNDS; round++) {
      const missing = depthM - cumulativeM(t)
      const slope = capacityMS(t)
      if (slope <= 0 || Math.abs(missing) < 1e-12) break
      t += missing / slope
    }
    return Math.max(t, curveS)
  }

  function recover(stepS: number): void {
    if (decayPerS === 0) return
    const gone = -Math.expm1(-decayPerS * curveS) * Math.exp(-recoveryPerS * stepS)
    // A curve that has run to its end recovers from the last time that a double tells from it.
    curveS = -Math.log1p(-Math.min(gone, 1 - Number.EPSILON)) / decayPerS
    takenM = cumulativeM(curveS)
  }

  return {
    take(supplyMS, pondedM, stepS) {
      const offeredM = supplyMS * stepS + pondedM
      if (offeredM <= 0) {
        recover(stepS)
        return 0
      }
      if (initialMS <= 0) return 0
      const before = cumulativeM(curveS)
      const mostM = Math.min(cumulativeM(curveS + stepS) - before, Math.max(0, capacityM - takenM))
      const depthM = Math.min(offeredM, mostM)
      curveS = depthM < offeredM ? curveS + stepS : timeOf(before + depthM)
      takenM += depthM
      return depthM / stepS
    },
  }
}
