import { labMean, type LabValue } from './lab-value.js'
import type { SectionValues } from './section-class.js'
import { SURFACE_WATER_ITEMS } from './surface-water-limits.js'

/** The middle of the pH that GB 3838-2002 allows (6 to 9). */
const PH_MIDDLE = 7.5

/**
 * The values of a section over a period: the mean of each item, of pH the value farthest from the
 * middle of what is allowed, because acid and alkaline samples must not make up for each other.
 * An item that no sample has is left out.
 */
export function sectionMeans(samples: readonly SectionValues[]): SectionValues {
  const means: Record<string, LabValue> = {}
  for (const item of SURFACE_WATER_ITEMS) {
    const measured = samples.map((values) => values[item] ?? null).filter((one) => one !== null)
    const statistic = item === 'ph' ? farthest(measured) : labMean(measured)
    if (statistic !== null) means[item] = statistic
  }
  return means
}

function farthest(values: readonly LabValue[]): LabValue | null {
  const distance = ({ value }: LabValue): number => Math.abs(value - PH_MIDDLE)
  let found: LabValue | null = null
  for (const one of values) {
    if (found === null || distance(one) > distance(found)) found = one
  }
  return found
}
