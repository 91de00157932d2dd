import type { HeatIslandSection, Registry } from '../city/registry.js'
import type { GroundwaterTrend } from '../groundwater/groundwater-trend.js'
import type { Well } from '../groundwater/area-level.js'
import type { HeatDifference } from '../heat-island/heat-difference.js'
import { drawn, type ErrorTerm } from '../uncertainty/draws.js'
import { instrumentErrors, withoutAccuracy } from './instrument-errors.js'
import { sensorOf } from './city-lookup.js'
import { text, type Indicator, type Scope } from './indicator.js'
import type { IndicatorResult, Note } from './result.js'
import { lines } from './sources.js'
import {
  ACCURACY_PROPAGATED,
  accuracyNotes,
  seedOf,
  uncertaintyOf,
} from './telemetry-uncertainty.js'

type Uncertain = Pick<Indicator, 'id' | 'admissible'>

/** An interval, or the note that says why there is none. */
export interface ComparedUncertainty {
  readonly uncertainty: IndicatorResult['uncertainty']
  readonly notes: readonly Note[]
}

const EXACT = text(
  '【视为准确】测点对区域的代表性、泰森面积；缺测之日视同该年（季）其余各日。',
  'Taken as exact: that a site stands for its area, Thiessen areas; days without a value are taken to be as the others of their year or season.',
)

/**
 * Interval of a difference of temperatures: every instrument with its own zero and gain over all years, the
 * mean of a group dividing them by its number of sites.
 */
export function heatUncertainty(
  indicator: Uncertain,
  scope: Scope,
  { inside, outside }: HeatIslandSection,
  { differenceC, firstC, secondC }: HeatDifference,
): ComparedUncertainty {
  if (differenceC === null || firstC === null || secondC === null) return NONE
  const { registry } = scope
  const unknown = withoutAccuracy(registry, [...inside, ...outside])
  if (unknown.length > 0) return { uncertainty: null, notes: accuracyNotes(unknown) }
  const of = (sites: readonly string[], meanC: number, sign: 1 | -1): readonly ErrorTerm[] =>
    sites.flatMap((id) =>
      instrumentErrors(registry, id, (sign * meanC) / sites.length, sign / sites.length),
    )
  const errors = [...of(inside, firstC, 1), ...of(outside, secondC, -1)]
  const seed = seedOf(indicator, scope)
  const draws = drawn(seed, [{ value: differenceC, errors }])
  const uncertainty = uncertaintyOf(indicator, seed, differenceC, draws, ACCURACY_PROPAGATED, EXACT)
  return { uncertainty, notes: [] }
}

/**
 * Interval of a drop per year between two annual means: a zero that never changed would fall out, so each of
 * the two years has its own (drift, exchanged instruments); the gain is common to both.
 */
export function groundwaterUncertainty(
  indicator: Uncertain,
  scope: Scope,
  wells: readonly Well[],
  leftOut: readonly string[],
  { dropAfterM, afterYears }: GroundwaterTrend,
): ComparedUncertainty {
  const last = afterYears.at(-1)
  if (dropAfterM === null || last === undefined) return NONE
  // One year after construction is compared with the year before it.
  const first = afterYears.length > 1 ? (afterYears[0] ?? last) : last - 1
  const counted = wells.filter(({ id }) => !leftOut.includes(id))
  const unknown = withoutAccuracy(
    scope.registry,
    counted.map(({ id }) => id),
  )
  if (unknown.length > 0) return { uncertainty: null, notes: accuracyNotes(unknown) }
  const areaM2 = counted.reduce((sum, { weight }) => sum + weight, 0)
  const errors = counted.flatMap((well) =>
    wellErrors(scope.registry, well, well.weight / areaM2 / (last - first), first, last),
  )
  const seed = seedOf(indicator, scope)
  const draws = drawn(seed, [{ value: dropAfterM, errors }])
  const propagated = lines(
    ACCURACY_PROPAGATED,
    text(
      '零点逐年各取一误差（来源“传感器 zero 年份”），因多年间会漂移、换表；首末两年的误差决定降幅。',
      'The zero has an error of its own in each year (source “sensor zero year”), for over years it drifts and instruments are exchanged; those of the first and the last year make that of the drop.',
    ),
  )
  const uncertainty = uncertaintyOf(indicator, seed, dropAfterM, draws, propagated, EXACT)
  return { uncertainty, notes: [] }
}

/** @param factor what 1 m between the two years brings into the drop */
function wellErrors(
  registry: Registry,
  { id, years }: Well,
  factor: number,
  first: number,
  last: number,
): readonly ErrorTerm[] {
  const { accuracy } = sensorOf(registry, id)
  if (accuracy === undefined) return []
  const levelOf = (asked: number): number => years.find(({ year }) => year === asked)?.levelM ?? 0
  const zero = (year: number, sign: 1 | -1): ErrorTerm => ({
    source: `${id} zero ${year}`,
    law: 'normal',
    scale: sign * accuracy.absolute * factor,
  })
  const gain = accuracy.relative * (levelOf(first) - levelOf(last)) * factor
  return [{ source: `${id} gain`, law: 'normal', scale: gain }, zero(first, 1), zero(last, -1)]
}

const NONE: ComparedUncertainty = { uncertainty: null, notes: [] }
