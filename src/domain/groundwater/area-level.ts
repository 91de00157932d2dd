import type { AnnualLevel } from './annual-level.js'

export interface Well {
  readonly id: string
  /** Area of its Thiessen polygon, m²; > 0, only the proportions matter. */
  readonly weight: number
  readonly years: readonly AnnualLevel[]
}

export interface AreaLevels {
  /** One per asked year, in their order; null when no well has every year. */
  readonly years: readonly { readonly year: number; readonly levelM: number | null }[]
  /** Wells without a mean in one of the years. */
  readonly leftOut: readonly string[]
  readonly reason: 'no_well_in_every_year' | null
}

/**
 * Annual mean levels of an area, weighted by the wells' polygons.
 *
 * Only wells with a mean in every year count: a well that comes or goes would move the mean of the
 * area by the height of its ground, which is no drop. Their weights keep their proportions; polygons
 * are not drawn anew. Wells under the influence of pumping are to be left out before.
 *
 * @param years each once
 */
export function areaLevels(wells: readonly Well[], years: readonly number[]): AreaLevels {
  const leftOut: string[] = []
  const sums = years.map(() => 0)
  let weights = 0
  for (const { id, weight, years: means } of wells) {
    const byYear = new Map(means.map(({ year, levelM }) => [year, levelM]))
    const levels = years.map((year) => byYear.get(year) ?? null).filter((one) => one !== null)
    if (levels.length < years.length) {
      leftOut.push(id)
      continue
    }
    weights += weight
    for (const [i, levelM] of levels.entries()) sums[i] = (sums[i] ?? 0) + weight * levelM
  }
  const levels = sums.map((sum) => (weights > 0 ? sum / weights : null))
  return {
    years: years.map((year, i) => ({ year, levelM: levels[i] ?? null })),
    leftOut,
    reason: weights > 0 ? null : 'no_well_in_every_year',
  }
}
