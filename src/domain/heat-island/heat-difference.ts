import type { DailyMean } from '../daily-means.js'
import { rounded } from '../rounding.js'
import { DAY_MS } from '../time.js'
import { HEAT_RULE, type HeatRule } from './heat-rule.js'

export interface HeatSite {
  readonly id: string
  /** m above the datum; null where not known. */
  readonly altitudeM: number | null
  /** Daily mean air temperatures, °C, each day at most once. */
  readonly days: readonly DailyMean[]
}

/** Calendar years, both included. */
export interface HeatYears {
  readonly from: number
  readonly to: number
}

export interface SeasonCount {
  readonly year: number
  /** Days of the season that are not left out, and those of them on which every site has a mean. */
  readonly days: number
  readonly pairedDays: number
  /** Whether the season counts. */
  readonly counts: boolean
}

export interface HeatDifference {
  /** Mean of the first sites less the mean of the second, °C. */
  readonly differenceC: number | null
  readonly reason: 'no_site' | 'altitude_missing' | 'too_few_years' | null
  /** Means over the days that count, at the mean altitude of all sites. */
  readonly firstC: number | null
  readonly secondC: number | null
  readonly seasons: readonly SeasonCount[]
  /** The days that count, ascending. */
  readonly days: readonly string[]
}

/**
 * Difference of air temperature between two groups of sites in June to September, over the same days.
 *
 * A day counts when every site of both groups has a mean: with sites that come and go the difference
 * would follow the sites. A season counts with 90 % of its days, and every day of the seasons that
 * count weighs the same. Temperatures are brought to one altitude by 0.6 °C per 100 m.
 *
 * @param yearsMin fewest seasons that count
 * @param leftOut local dates that are no days of their season, e.g. disturbed ones
 */
export function heatDifference(
  first: readonly HeatSite[],
  second: readonly HeatSite[],
  years: HeatYears,
  yearsMin: number,
  leftOut: ReadonlySet<string>,
  rule: HeatRule = HEAT_RULE,
): HeatDifference {
  const untold = { differenceC: null, firstC: null, secondC: null, seasons: [], days: [] }
  if (first.length === 0 || second.length === 0) return { ...untold, reason: 'no_site' }
  const levelM = meanAltitudeM([...first, ...second])
  if (levelM === null) return { ...untold, reason: 'altitude_missing' }
  const a = groupMeans(first, levelM, rule)
  const b = groupMeans(second, levelM, rule)
  const seasons: SeasonCount[] = []
  const counted: string[] = []
  for (let year = years.from; year <= years.to; year++) {
    const days = seasonDays(year, rule).filter((day) => !leftOut.has(day))
    const paired = days.filter((day) => a.has(day) && b.has(day))
    const counts = paired.length > 0 && paired.length / days.length >= rule.practice.seasonShareMin
    seasons.push({ year, days: days.length, pairedDays: paired.length, counts })
    if (counts) counted.push(...paired)
  }
  if (seasons.filter(({ counts }) => counts).length < yearsMin) {
    return { ...untold, seasons, days: counted, reason: 'too_few_years' }
  }
  const firstC = meanOver(counted, a)
  const secondC = meanOver(counted, b)
  const differenceC = rounded(firstC - secondC)
  return { differenceC, reason: null, firstC, secondC, seasons, days: counted }
}

function meanAltitudeM(sites: readonly HeatSite[]): number | null {
  let sum = 0
  for (const { altitudeM } of sites) {
    if (altitudeM === null) return null
    sum += altitudeM
  }
  return sum / sites.length
}

/** Mean of the sites on every day that each of them has one, at one altitude. */
function groupMeans(
  sites: readonly HeatSite[],
  levelM: number,
  { practice }: HeatRule,
): Map<string, number> {
  const sums = new Map<string, { sum: number; sites: number }>()
  for (const { altitudeM, days } of sites) {
    const correctionC = ((altitudeM ?? levelM) - levelM) * practice.lapseCPerM
    for (const { day, value } of days) {
      if (value === null) continue
      const known = sums.get(day) ?? { sum: 0, sites: 0 }
      sums.set(day, { sum: known.sum + value + correctionC, sites: known.sites + 1 })
    }
  }
  const full = [...sums].filter(([, of]) => of.sites === sites.length)
  return new Map(full.map(([day, { sum }]) => [day, sum / sites.length]))
}

function seasonDays(year: number, { season }: HeatRule): string[] {
  const days: string[] = []
  const toMs = Date.UTC(year, season.toMonth, 1)
  for (let atMs = Date.UTC(year, season.fromMonth - 1, 1); atMs < toMs; atMs += DAY_MS) {
    days.push(new Date(atMs).toISOString().slice(0, 10))
  }
  return days
}

function meanOver(days: readonly string[], means: ReadonlyMap<string, number>): number {
  const sum = days.reduce((total, day) => total + (means.get(day) ?? Number.NaN), 0)
  return rounded(sum / days.length)
}
