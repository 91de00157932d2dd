import { groundElevationM } from '../city/elevations.js'
import type { HeatIslandSection } from '../city/registry.js'
import { dailyMeans } from '../daily-means.js'
import type { HeatSite, HeatYears, SeasonCount } from '../heat-island/heat-difference.js'
import { HEAT_RULE, type HeatRule } from '../heat-island/heat-rule.js'
import { heatChange, heatLevel, type HeatChange } from '../heat-island/heat-tests.js'
import { localTime } from '../local-time.js'
import type { Selection } from '../selection.js'
import {
  periodOf,
  spansOf,
  wantsOfYears,
  withoutSection,
  yearNotes,
  yearsOver,
  type Months,
} from './compared-years.js'
import { heatUncertainty } from './compared-uncertainty.js'
import { HEAT_DESCRIPTION } from './heat-description.js'
import { heatNotes, heatVerdict, type HeatFindings } from './heat-verdict.js'
import { weatherOf, weatherSeries } from './heat-weather.js'
import {
  columnsOf,
  numberOf,
  text,
  type Computation,
  type Indicator,
  type Loaded,
  type Scope,
} from './indicator.js'
import type { IndicatorResult, Part } from './result.js'

const SEASON: Months = HEAT_RULE.season

/** Summer air temperature of the area less that of the suburbs after construction, held against before. */
export const heatIslandIndicator: Indicator = {
  id: 'heat-island',
  version: 2,
  ...HEAT_DESCRIPTION,
  admissible: [-Number.MAX_VALUE, Number.MAX_VALUE],
  subjectKinds: ['city'],
  wants(scope) {
    const { heatIsland } = scope.registry
    if (heatIsland === undefined) return []
    const { inside, outside, weather } = heatIsland
    const asked = [
      ...inside.map((series) => ({ role: 'inside', series })),
      ...outside.map((series) => ({ role: 'outside', series })),
      ...(weather === undefined ? [] : weatherSeries(weather)),
    ]
    return wantsOfYears(scope, heatIsland, SEASON, asked)
  },
  counts(scope) {
    const { heatIsland } = scope.registry
    if (heatIsland === undefined) return []
    return spansOf(scope, comparedYears(scope, heatIsland), SEASON)
  },
  compute,
}

function compute(scope: Scope, loaded: Loaded, selection: Selection): Computation {
  const { heatIsland } = scope.registry
  if (heatIsland === undefined) return withoutSection('heatIsland', SECTION)
  const rule = ruleOf(scope)
  const time = localTime(scope.registry.city.timeZone)
  const years = comparedYears(scope, heatIsland)
  const weather = weatherOf(scope, heatIsland, years, { loaded, selection, time, rule })
  const siteOf = (id: string): HeatSite => ({
    id,
    altitudeM: groundElevationM(scope.registry, id),
    days: dailyMeans(columnsOf(loaded, id), selection, time, rule.practice.hoursMin).filter(
      ({ day }) => !weather.unknown.has(day),
    ),
  })
  const inside = heatIsland.inside.map(siteOf)
  const outside = heatIsland.outside.map(siteOf)
  const last = years.at(-1) ?? 0
  const before = closed(heatIsland.before, last)
  const after = closed(heatIsland.after, last)
  const level = heatLevel(inside, outside, after, weather.disturbed, rule)
  const change = heatChange(inside, outside, { before, after }, weather.disturbed, rule)
  const found: HeatFindings = { rule, level, change, weather }
  const uncertain = heatUncertainty(heatIslandIndicator, scope, heatIsland, level.after)
  return {
    value: level.after.differenceC,
    ...heatVerdict(scope, found, [...inside, ...outside]),
    coverage: coverageOf(change),
    uncertainty: uncertain.uncertainty,
    table: [
      ...inside.flatMap((site) => tableRows(heatIsland, 'inside', site, found)),
      ...outside.flatMap((site) => tableRows(heatIsland, 'outside', site, found)),
    ],
    parts: partsOf(heatIsland, change),
    notes: [...yearNotes(scope, heatIsland, SEASON), ...heatNotes(found), ...uncertain.notes],
  }
}

/** Years of both periods whose season is over. */
function comparedYears(scope: Scope, section: HeatIslandSection): readonly number[] {
  return yearsOver(scope, section, SEASON).filter((year) => periodOf(year, section) !== null)
}

const SECTION = text(
  '区内外气温测点、建设前后的年份',
  'sites of air temperature inside and outside, years before and after construction',
)

function ruleOf(scope: Scope): HeatRule {
  const practice = {
    ...HEAT_RULE.practice,
    hoursMin: numberOf(scope, 'hoursMin'),
    seasonShareMin: numberOf(scope, 'seasonShareMin'),
    rainMaxMm: numberOf(scope, 'rainMaxMm'),
    windMaxMs: numberOf(scope, 'windMaxMs'),
  }
  return { ...HEAT_RULE, practice }
}

/** A period without the years that are not over; of none of them it ends before it begins. */
function closed({ fromYear, toYear }: HeatIslandSection['before'], last: number): HeatYears {
  return { from: fromYear, to: Math.min(toYear, last) }
}

function coverageOf({ before, after }: HeatChange): IndicatorResult['coverage'] {
  const seasons = [...before.seasons, ...after.seasons]
  const days = seasons.reduce((sum, season) => sum + season.days, 0)
  if (days === 0) return null
  return {
    share: seasons.reduce((sum, season) => sum + season.pairedDays, 0) / days,
    basis: text(
      '所有测点均有日均的日数占各年 6–9 月日数之比',
      'days on which every site has a mean, as a share of the June to September days of all years',
    ),
  }
}

/** One row per season of a site; its mean is over the days that count, as measured. */
function tableRows(
  section: HeatIslandSection,
  group: 'inside' | 'outside',
  site: HeatSite,
  { change, weather }: HeatFindings,
): IndicatorResult['table'] {
  const seasons: readonly SeasonCount[] = [...change.before.seasons, ...change.after.seasons]
  const counted = new Set([...change.before.days, ...change.after.days])
  return seasons.map(({ year, days, pairedDays, counts }) => {
    const own = site.days.filter(
      ({ day, value }) => value !== null && isInSeason(day, year) && !weather.disturbed.has(day),
    )
    const values = own.flatMap(({ day, value }) =>
      counted.has(day) && value !== null ? [value] : [],
    )
    const sum = values.reduce((total, value) => total + value, 0)
    return {
      site: site.id,
      group,
      altitudeM: site.altitudeM,
      year,
      period: periodOf(year, section),
      days,
      validDays: own.length,
      pairedDays,
      counts,
      meanC: values.length === 0 ? null : sum / values.length,
    }
  })
}

function isInSeason(day: string, year: number): boolean {
  const month = Number(day.slice(5, 7))
  return Number(day.slice(0, 4)) === year && month >= SEASON.fromMonth && month <= SEASON.toMonth
}

function partsOf({ inside, outside }: HeatIslandSection, { before, after, changeC }: HeatChange) {
  const all = [...inside, ...outside]
  const part = (name: string, value: number | null, members: readonly string[], unit = 'Cel') => ({
    name,
    value,
    unit,
    members: [...members],
  })
  const parts: Part[] = [
    part('inside-before', before.firstC, inside),
    part('outside-before', before.secondC, outside),
    part('inside-after', after.firstC, inside),
    part('outside-after', after.secondC, outside),
    part('difference-before', before.differenceC, all, 'K'),
    part('difference-after', after.differenceC, all, 'K'),
    part('difference-in-differences', changeC, all, 'K'),
  ]
  return parts
}
