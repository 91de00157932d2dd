import { sum } from 'simple-statistics'

/** Flow and concentration at the same instants, ascending. */
export interface SampledLoad {
  readonly atMs: readonly number[]
  /** L/s, >= 0 */
  readonly flowLs: readonly number[]
  /** mg/L, >= 0 */
  readonly concMgL: readonly number[]
}

/** Volume, mass and event mean concentration of a stretch. */
export interface PollutantLoad {
  readonly volumeM3: number
  readonly massKg: number
  /** Event mean concentration `∫Q·c dt / ∫Q dt`, mg/L; null without flow. */
  readonly emcMgL: number | null
}

/**
 * Load by trapezoid over flow times concentration (DB11/T 1673-2019 as read in standards sheet S16;
 * trapezoid recommended): `M = Σ (Qk·Ck + Qk+1·Ck+1)/2·dt`.
 *
 * @throws RangeError when the columns have different lengths
 */
export function pollutantLoad({ atMs, flowLs, concMgL }: SampledLoad): PollutantLoad {
  if (atMs.length !== flowLs.length || atMs.length !== concMgL.length) {
    throw new RangeError('times, flows and concentrations are of different number')
  }
  const masses: number[] = []
  const volumes: number[] = []
  for (let k = 0; k + 1 < atMs.length; k++) {
    const seconds = ((atMs[k + 1] ?? 0) - (atMs[k] ?? 0)) / 1000
    const [q0, q1] = [flowLs[k] ?? 0, flowLs[k + 1] ?? 0]
    masses.push(((q0 * (concMgL[k] ?? 0) + q1 * (concMgL[k + 1] ?? 0)) / 2) * seconds)
    volumes.push(((q0 + q1) / 2) * seconds)
  }
  const litres = sum(volumes)
  const milligrams = sum(masses)
  return {
    volumeM3: litres / 1000,
    massKg: milligrams / 1e6,
    emcMgL: litres === 0 ? null : milligrams / litres,
  }
}
