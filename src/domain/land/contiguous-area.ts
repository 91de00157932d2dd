import { rounded } from '../rounding.js'
import { isUnverified, type StandardFact } from '../standard-fact.js'

export interface ContiguousRule extends StandardFact {
  readonly minShare: number
}

/** What 635 indicator 18 asks (standards sheet 2.1). */
export const CONTIGUOUS_RULE: ContiguousRule = {
  document: '建办城函〔2015〕635号 indicator 18',
  tag: 'unverified',
  minShare: 0.6,
}

export interface BuiltProject {
  readonly id: string
  /** > 0. */
  readonly areaM2: number
  /** Whether its works were accepted (验收); null where not known. */
  readonly accepted: boolean | null
  /** Whether it meets what is asked of it; null where not known. */
  readonly meets: boolean | null
}

export interface ContiguousShare {
  /** Share of the construction area; null with a reason. */
  readonly share: number | null
  /** The share with what is not known taken as not meeting, and as meeting. */
  readonly least: number | null
  readonly most: number | null
  readonly meetsMin: boolean | null
  readonly reason: 'projects_exceed_area' | 'projects_open' | null
  /** Projects of which it is not known whether they count. */
  readonly open: readonly string[]
  readonly countedM2: number
  readonly unverified: boolean
}

/**
 * Share of the sponge construction area (海绵城市建设区域) that meets the requirements (standards
 * sheet 2.1, indicator 18): the area of projects that are accepted and meet them. What no project
 * covers does not meet them.
 *
 * @param constructionM2 > 0
 */
export function contiguousShare(
  projects: readonly BuiltProject[],
  constructionM2: number,
  rule: ContiguousRule = CONTIGUOUS_RULE,
): ContiguousShare {
  const areaOf = (of: readonly BuiltProject[]) => of.reduce((sum, { areaM2 }) => sum + areaM2, 0)
  const counted = projects.filter(({ accepted, meets }) => accepted === true && meets === true)
  const out = projects.filter(({ accepted, meets }) => accepted === false || meets === false)
  const open = projects.filter((one) => !counted.includes(one) && !out.includes(one))
  const countedM2 = areaOf(counted)
  const common = {
    open: open.map(({ id }) => id),
    countedM2,
    unverified: isUnverified([rule]),
  }
  // Rounded, so that projects that make up the area exactly do not exceed it by the last bit of a sum.
  if (rounded(areaOf(projects)) > constructionM2) {
    const untold = { share: null, least: null, most: null, meetsMin: null }
    return { ...untold, ...common, reason: 'projects_exceed_area' }
  }
  const least = rounded(countedM2 / constructionM2)
  const most = rounded((countedM2 + areaOf(open)) / constructionM2)
  const meetsLeast = least >= rule.minShare
  return {
    share: open.length === 0 ? least : null,
    ...{ least, most },
    meetsMin: meetsLeast === most >= rule.minShare ? meetsLeast : null,
    reason: open.length === 0 ? null : 'projects_open',
    ...common,
  }
}
