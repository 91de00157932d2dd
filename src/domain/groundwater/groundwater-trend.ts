import { rounded } from '../rounding.js'
import { isUnverified } from '../standard-fact.js'
import { GROUNDWATER_GBT_51345, type GroundwaterRule } from './groundwater-rule.js'

/** Annual mean level of a well or an area, m above the datum; null where not told. */
export interface YearLevel {
  readonly year: number
  readonly levelM: number | null
}

/** Calendar years, both included. */
export interface Years {
  readonly from: number
  readonly to: number
}

export interface GroundwaterTrend {
  readonly outcome: 'met' | 'not-met' | 'exempt' | null
  /** A: two years or more after construction; B: one, against the year before it. */
  readonly test: 'A' | 'B' | null
  /** Δh1, m per year, positive = drop; null with too few years. */
  readonly dropBeforeM: number | null
  /** Δh2 of test A or Δh3 of test B, m per year, positive = drop. */
  readonly dropAfterM: number | null
  readonly reason:
    'mean_rain_unknown' | 'before_too_short' | 'after_too_short' | 'previous_year_missing' | null
  /** Years with a mean. */
  readonly beforeYears: readonly number[]
  readonly afterYears: readonly number[]
  readonly unverified: boolean
}

/**
 * Trend of the phreatic level (standards sheet 3.9, 7.10): the mean drop per year after construction
 * is smaller than before, or the level rises.
 *
 * A drop per year is (first − last) divided by the years from the first to the last annual mean.
 * With one year after, its change against the year before it stands for the drop after. A level that
 * rises is in order whatever the years before tell.
 *
 * @param levels each year at most once, any order
 * @param meanAnnualRainMm over 30 years or more, mm; asked only by a rule with an exemption
 */
export function groundwaterTrend(
  levels: readonly YearLevel[],
  before: Years,
  after: Years,
  meanAnnualRainMm: number | null,
  rule: GroundwaterRule = GROUNDWATER_GBT_51345,
): GroundwaterTrend {
  const told = toldLevels(levels)
  const earlier = within(told, before)
  const later = within(told, after)
  const dropBeforeM = earlier.length >= rule.trend.beforeYearsMin ? dropPerYear(earlier) : null
  const test = later.length >= 2 ? 'A' : later.length === 1 ? 'B' : null
  const previous = told.filter(({ year }) => year + 1 === later[0]?.year)
  const dropAfterM = dropPerYear(test === 'B' ? [...previous, ...later] : later)
  const common = {
    test,
    dropBeforeM,
    dropAfterM,
    beforeYears: earlier.map(({ year }) => year),
    afterYears: later.map(({ year }) => year),
    unverified: isUnverified([
      rule.trend,
      rule.completeness,
      ...(rule.exempt === null ? [] : [rule.exempt]),
    ]),
  } as const
  if (rule.exempt !== null) {
    if (meanAnnualRainMm === null) return { outcome: null, reason: 'mean_rain_unknown', ...common }
    if (meanAnnualRainMm > rule.exempt.overMm) {
      return { outcome: 'exempt', reason: null, ...common }
    }
  }
  if (test === null) return { outcome: null, reason: 'after_too_short', ...common }
  if (dropAfterM === null) return { outcome: null, reason: 'previous_year_missing', ...common }
  const inOrder = rule.trend.steady === 'met' ? dropAfterM <= 0 : dropAfterM < 0
  if (inOrder) return { outcome: 'met', reason: null, ...common }
  if (dropBeforeM === null) return { outcome: null, reason: 'before_too_short', ...common }
  return { outcome: dropAfterM < dropBeforeM ? 'met' : 'not-met', reason: null, ...common }
}

interface ToldLevel {
  readonly year: number
  readonly levelM: number
}

function toldLevels(levels: readonly YearLevel[]): ToldLevel[] {
  const told: ToldLevel[] = []
  for (const { year, levelM } of levels) {
    if (levelM !== null) told.push({ year, levelM })
  }
  return told.sort((a, b) => a.year - b.year)
}

function within(told: readonly ToldLevel[], { from, to }: Years): ToldLevel[] {
  return told.filter(({ year }) => year >= from && year <= to)
}

const PER_NANOMETRE = 1e9

/**
 * m per year, positive = drop; null for one year. To whole nanometres: what a difference of equal means
 * leaves in its last bits is neither a rise nor a drop, and equal slopes compare as equal.
 */
function dropPerYear(ascending: readonly ToldLevel[]): number | null {
  const first = ascending[0]
  const last = ascending.at(-1)
  if (first === undefined || last === undefined || first.year === last.year) return null
  const dropM = (first.levelM - last.levelM) / (last.year - first.year)
  return rounded(Math.round(dropM * PER_NANOMETRE) / PER_NANOMETRE)
}
