import { isUnverified, type StandardFact } from '../standard-fact.js'
import { comparedValues, type LabValue } from './lab-value.js'
import type { SectionValues } from './section-class.js'
import type { SurfaceWaterItem } from './surface-water-limits.js'

export interface InflowRule extends StandardFact {
  readonly items: readonly SurfaceWaterItem[]
}

/** Downstream is no worse than the inflow, per main item and sampling day (standards sheet 7.13). */
export const INFLOW_RULE: InflowRule = {
  document: '建办城函〔2015〕635号 indicator 5; GB/T 51345-2018 item 4',
  tag: 'unverified',
  items: ['cod', 'ammoniaNitrogen', 'totalPhosphorus'],
}

export interface SectionSample {
  /** Local date of sampling, YYYY-MM-DD. */
  readonly day: string
  readonly values: SectionValues
}

export type InflowReason =
  'no_common_day' | 'several_samples_of_a_day' | 'items_missing' | 'detection_limit_too_high'

export interface InflowRow {
  readonly day: string
  readonly item: SurfaceWaterItem
  /** As sampled; null where the item was not measured, or more than once that day. */
  readonly upstream: LabValue | null
  readonly downstream: LabValue | null
  readonly standing: 'not-worse' | 'worse' | null
  readonly reason: InflowReason | null
}

export interface InflowComparison {
  /** `worse` when one row is; null when none is but one cannot be told. */
  readonly standing: 'not-worse' | 'worse' | null
  readonly reason: InflowReason | null
  /** A row per common day and item, days ascending. */
  readonly rows: readonly InflowRow[]
  /** Days sampled at one of the sections only; they say nothing. */
  readonly unpairedDays: readonly string[]
  readonly unverified: boolean
}

/**
 * Compares a downstream section with the inflow, same sampling day against same sampling day, item
 * by item: downstream ≤ upstream. Two values below their detection limits cannot be told apart.
 *
 * GB/T 51345-2018 compares dry weather only: hand in the dry days.
 *
 * @param upstream samples of the inflow, any order
 * @param downstream samples of the section, any order
 */
export function inflowComparison(
  upstream: readonly SectionSample[],
  downstream: readonly SectionSample[],
  rule: InflowRule = INFLOW_RULE,
): InflowComparison {
  const above = byDay(upstream)
  const below = byDay(downstream)
  const days = [...new Set([...above.keys(), ...below.keys()])].sort()
  const common = days.filter((day) => above.has(day) && below.has(day))
  const rows = common.flatMap((day) =>
    rule.items.map((item) => comparedRow(day, item, above.get(day) ?? [], below.get(day) ?? [])),
  )
  return {
    ...overall(rows),
    rows,
    unpairedDays: days.filter((day) => !common.includes(day)),
    unverified: isUnverified([rule]),
  }
}

function byDay(samples: readonly SectionSample[]): Map<string, SectionValues[]> {
  const days = new Map<string, SectionValues[]>()
  for (const { day, values } of samples) {
    days.set(day, [...(days.get(day) ?? []), values])
  }
  return days
}

function comparedRow(
  day: string,
  item: SurfaceWaterItem,
  above: readonly SectionValues[],
  below: readonly SectionValues[],
): InflowRow {
  // Which of several samples belongs to which is not known, and the better pairing is a choice.
  if (above.length > 1 || below.length > 1) {
    const reason = 'several_samples_of_a_day'
    return { day, item, upstream: null, downstream: null, standing: null, reason }
  }
  const upstream = above[0]?.[item] ?? null
  const downstream = below[0]?.[item] ?? null
  if (upstream === null || downstream === null) {
    return { day, item, upstream, downstream, standing: null, reason: 'items_missing' }
  }
  const standing = comparedValues(upstream, downstream)
  const reason = standing === null ? 'detection_limit_too_high' : null
  return { day, item, upstream, downstream, standing, reason }
}

function overall(rows: readonly InflowRow[]): Pick<InflowComparison, 'standing' | 'reason'> {
  if (rows.length === 0) return { standing: null, reason: 'no_common_day' }
  if (rows.some(({ standing }) => standing === 'worse')) return { standing: 'worse', reason: null }
  const open = rows.find(({ standing }) => standing === null)
  if (open !== undefined) return { standing: null, reason: open.reason }
  return { standing: 'not-worse', reason: null }
}
