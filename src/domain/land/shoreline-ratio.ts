import { rounded } from '../rounding.js'
import { isUnverified, type StandardFact } from '../standard-fact.js'

export type ShorelineUse =
  'ordinary' | 'production' | 'flood-defence' | 'water-lane' | 'historic-garden'

export interface ShorelineSegment {
  readonly waterBody: string
  /** `whole` for the shore of a lake. */
  readonly bank: 'left' | 'right' | 'whole'
  /** ≥ 0. */
  readonly lengthM: number
  /** `production`: docks; `flood-defence`: banks that flood defence makes necessary. */
  readonly use: ShorelineUse
  /** Of the bank itself; null where not surveyed. */
  readonly structure: 'ecological' | 'hard' | null
  /** Of the green along it; null where not surveyed. */
  readonly waterfront: 'natural' | 'built' | null
}

export interface ShorelineRule extends StandardFact {
  readonly minRatio: number
  /** Uses whose length does not count. */
  readonly excluded: readonly ShorelineUse[]
}

/**
 * Standards sheet 3.2 (item 5) and 7.11: asked of new, rebuilt and extended water bodies. The garden
 * city indicator may also leave out traditional water lanes and historic gardens: add them for it.
 */
export const SHORELINE_RULE: ShorelineRule = {
  document: 'GB/T 51345-2018 item 5',
  tag: 'unverified',
  minRatio: 0.7,
  excluded: ['production', 'flood-defence'],
}

export interface ShorelineRatio {
  /** Share of the length that counts; null with a reason. */
  readonly ratio: number | null
  /** The share with what was not surveyed taken as hard, and as ecological. */
  readonly least: number | null
  readonly most: number | null
  readonly meetsMin: boolean | null
  readonly reason: 'bank_missing' | 'no_shoreline' | 'not_surveyed' | null
  /** Water bodies of which one bank is there and the other not. */
  readonly oneBanked: readonly string[]
  readonly countedM: number
  readonly excludedM: number
  readonly unverified: boolean
}

/**
 * Ecological shoreline ratio (生态性岸线率, standards sheet 7.11):
 * `L_eco / (L_total − L_production − L_flood-necessary)`. Both banks are measured; a bank is
 * ecological when its structure is and the green along it is natural.
 */
export function shorelineRatio(
  segments: readonly ShorelineSegment[],
  rule: ShorelineRule = SHORELINE_RULE,
): ShorelineRatio {
  let countedM = 0
  let excludedM = 0
  let ecologicalM = 0
  let openM = 0
  for (const segment of segments) {
    if (rule.excluded.includes(segment.use)) {
      excludedM += segment.lengthM
      continue
    }
    countedM += segment.lengthM
    const ecological = isEcological(segment)
    if (ecological === true) ecologicalM += segment.lengthM
    if (ecological === null) openM += segment.lengthM
  }
  const oneBanked = oneBankedBodies(segments)
  const common = { oneBanked, countedM, excludedM, unverified: isUnverified([rule]) }
  const untold = { ratio: null, least: null, most: null, meetsMin: null, ...common }
  if (oneBanked.length > 0) return { ...untold, reason: 'bank_missing' }
  if (countedM === 0) return { ...untold, reason: 'no_shoreline' }
  const least = rounded(ecologicalM / countedM)
  const most = rounded((ecologicalM + openM) / countedM)
  const meetsLeast = least >= rule.minRatio
  const meetsMost = most >= rule.minRatio
  return {
    ...common,
    ratio: openM === 0 ? least : null,
    least,
    most,
    meetsMin: meetsLeast === meetsMost ? meetsLeast : null,
    reason: openM === 0 ? null : 'not_surveyed',
  }
}

function isEcological({ structure, waterfront }: ShorelineSegment): boolean | null {
  if (structure === 'hard' || waterfront === 'built') return false
  return structure === null || waterfront === null ? null : true
}

function oneBankedBodies(segments: readonly ShorelineSegment[]): string[] {
  const banks = new Map<string, Set<string>>()
  for (const { waterBody, bank } of segments) {
    banks.set(waterBody, (banks.get(waterBody) ?? new Set()).add(bank))
  }
  const oneBanked = [...banks].filter(([, of]) => of.has('left') !== of.has('right'))
  return oneBanked.map(([waterBody]) => waterBody)
}
