import { mean, sum } from 'simple-statistics'

/** How well a simulated hydrograph follows the observed one. */
export interface ModelSkill {
  /** Nash–Sutcliffe efficiency `1 − Σ(O − S)²/Σ(O − Ō)²`; null for an observed series without change. */
  readonly nse: number | null
  /** (ΣS − ΣO)/ΣO; null without observed volume. */
  readonly volumeError: number | null
  /** (max S − max O)/max O; null without observed peak. */
  readonly peakError: number | null
}

/**
 * Skill over one event (Nash & Sutcliffe, J. Hydrology 10, 1970; volume and peak error after
 * standards sheet 7.5, recommended).
 *
 * @param observed at equal steps, at least one value
 * @param simulated at the same steps
 * @throws RangeError when the two have different lengths, or none
 */
export function modelSkill(observed: readonly number[], simulated: readonly number[]): ModelSkill {
  if (observed.length === 0 || observed.length !== simulated.length) {
    throw new RangeError(`${observed.length} observed and ${simulated.length} simulated values`)
  }
  const level = mean([...observed])
  const missed = sum(observed.map((o, i) => (o - (simulated[i] ?? 0)) ** 2))
  const varied = sum(observed.map((o) => (o - level) ** 2))
  const volume = sum([...observed])
  const peak = Math.max(...observed)
  return {
    nse: varied === 0 ? null : 1 - missed / varied,
    volumeError: volume === 0 ? null : (sum([...simulated]) - volume) / volume,
    peakError: peak === 0 ? null : (Math.max(...simulated) - peak) / peak,
  }
}
