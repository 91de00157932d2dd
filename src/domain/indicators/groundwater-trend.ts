import { wellZeroM } from '../city/elevations.js'
import type { GroundwaterSection, Registry } from '../city/registry.js'
import { dailyMeans } from '../daily-means.js'
import { annualLevel, levelFromDepthM, type DailyLevel } from '../groundwater/annual-level.js'
import { areaLevels, type AreaLevels, type Well } from '../groundwater/area-level.js'
import {
  GROUNDWATER_635,
  GROUNDWATER_GBT_51345,
  type GroundwaterRule,
} from '../groundwater/groundwater-rule.js'
import { groundwaterTrend, type Years } from '../groundwater/groundwater-trend.js'
import { localTime, type LocalTime } from '../local-time.js'
import type { SeriesColumns } from '../observation.js'
import type { Selection } from '../selection.js'
import { sensorOf } from './city-lookup.js'
import {
  periodOf,
  spansOf,
  wantsOfYears,
  WHOLE_YEAR,
  withoutSection,
  yearNotes,
  yearsOver,
} from './compared-years.js'
import { groundwaterUncertainty } from './compared-uncertainty.js'
import { GROUNDWATER_DESCRIPTION } from './groundwater-description.js'
import {
  groundwaterNotes,
  groundwaterVerdict,
  type GroundwaterFindings,
} from './groundwater-verdict.js'
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

/** Drop of the mean annual phreatic level after construction, held against that before it. */
export const groundwaterTrendIndicator: Indicator = {
  id: 'groundwater-trend',
  version: 2,
  ...GROUNDWATER_DESCRIPTION,
  admissible: [-Number.MAX_VALUE, Number.MAX_VALUE],
  subjectKinds: ['city'],
  wants(scope) {
    const { groundwater } = scope.registry
    if (groundwater === undefined) return []
    const asked = judgedWells(groundwater).map(({ sensor }) => ({
      role: 'groundwater',
      series: sensor,
    }))
    return wantsOfYears(scope, groundwater, WHOLE_YEAR, asked)
  },
  counts(scope) {
    const { groundwater } = scope.registry
    if (groundwater === undefined) return []
    // The year before construction ended may be the one that test B compares with.
    const previous = groundwater.after.fromYear - 1
    const years = yearsOver(scope, groundwater, WHOLE_YEAR).filter(
      (year) => periodOf(year, groundwater) !== null || year === previous,
    )
    return spansOf(scope, years, WHOLE_YEAR)
  },
  compute,
}

function compute(scope: Scope, loaded: Loaded, selection: Selection): Computation {
  const { groundwater } = scope.registry
  if (groundwater === undefined) return withoutSection('groundwater', SECTION)
  const rule = ruleOf(scope)
  const over = yearsOver(scope, groundwater, WHOLE_YEAR)
  const time = localTime(scope.registry.city.timeZone)
  const wells = judgedWells(groundwater).map(({ sensor, areaM2 }): Well => {
    const columns = columnsOf(loaded, sensor)
    const days = levelDays(scope.registry, sensor, columns, selection, time)
    const years = over.map((year) => annualLevel(year, days, rule))
    return { id: sensor, weight: areaM2, years }
  })
  const years = countedYears(groundwater, wells, over)
  const area = areaLevels(wells, years)
  const trend = groundwaterTrend(
    area.years,
    closed(groundwater.before),
    closed(groundwater.after),
    groundwater.meanAnnualRainMm?.mm ?? null,
    rule,
  )
  const coverage = coverageOf(wells, area, years.length > 0 ? years : over)
  const found: GroundwaterFindings = { section: groundwater, rule, wells, years, area, trend }
  const decided = groundwaterVerdict(scope, found, coverage?.share ?? 0)
  const uncertain = groundwaterUncertainty(
    groundwaterTrendIndicator,
    scope,
    wells,
    area.leftOut,
    trend,
  )
  return {
    ...decided,
    coverage,
    uncertainty: decided.value === null ? null : uncertain.uncertainty,
    table: wells.flatMap((well) => tableRows(groundwater, well, years, area)),
    parts: partsOf(found),
    notes: [
      ...yearNotes(scope, groundwater, WHOLE_YEAR),
      ...groundwaterNotes(found),
      ...uncertain.notes,
    ],
  }
}

const SECTION = text('井、建设前后的年份', 'wells, years before and after construction')

function ruleOf(scope: Scope): GroundwaterRule {
  const rule = scope.parameters['rule'] === '635' ? GROUNDWATER_635 : GROUNDWATER_GBT_51345
  const daysShareMin = numberOf(scope, 'daysShareMin')
  return { ...rule, completeness: { ...rule.completeness, daysShareMin } }
}

function judgedWells({ wells }: GroundwaterSection): GroundwaterSection['wells'] {
  return wells.filter(({ underPumping }) => !underPumping)
}

function closed({ fromYear, toYear }: GroundwaterSection['before']): Years {
  return { from: fromYear, to: toYear }
}

/** Daily levels of a well, m above the datum; none where its elevation is not known. */
function levelDays(
  registry: Registry,
  id: string,
  columns: SeriesColumns,
  selection: Selection,
  time: LocalTime,
): DailyLevel[] {
  const sensor = sensorOf(registry, id)
  const zeroM = wellZeroM(registry, sensor)
  if (zeroM === null) return []
  const isDepth = sensor.quantity === 'groundwater_depth'
  return dailyMeans(columns, selection, time, 1).map(({ day, value }) => {
    if (value === null) return { day, levelM: null }
    return { day, levelM: isDepth ? levelFromDepthM(zeroM, value) : zeroM + value }
  })
}

/**
 * The years that wells must have: those of both periods that one of them has, and, when that leaves
 * one year after construction, the year before it, which test B compares it with.
 */
function countedYears(
  section: GroundwaterSection,
  wells: readonly Well[],
  over: readonly number[],
): readonly number[] {
  const isTold = (year: number) =>
    wells.some(({ years }) => years.some((one) => one.year === year && one.levelM !== null))
  const told = over.filter(isTold)
  const later = told.filter((year) => periodOf(year, section) === 'after')
  const previous = later.length === 1 ? (later[0] ?? 0) - 1 : null
  return told.filter((year) => periodOf(year, section) !== null || year === previous)
}

/** Valid days of the wells that count, of all days of all wells, by their areas. */
function coverageOf(
  wells: readonly Well[],
  area: AreaLevels,
  years: readonly number[],
): IndicatorResult['coverage'] {
  let needed = 0
  let valid = 0
  for (const well of wells) {
    const counts = !area.leftOut.includes(well.id)
    for (const year of well.years) {
      if (!years.includes(year.year)) continue
      needed += well.weight * year.daysOfYear
      if (counts) valid += well.weight * year.validDays
    }
  }
  if (needed === 0) return null
  return {
    share: valid / needed,
    basis: text(
      '计入井的有效日数占全部井各年日数之比，按泰森多边形面积加权',
      'days with a level of the wells that count, as a share of the days of all wells in the years that count, weighted by Thiessen polygons',
    ),
  }
}

function tableRows(
  section: GroundwaterSection,
  well: Well,
  counted: readonly number[],
  area: AreaLevels,
): IndicatorResult['table'] {
  const isOut = area.leftOut.includes(well.id)
  return well.years
    .filter(({ year }) => periodOf(year, section) !== null || counted.includes(year))
    .map(({ year, levelM, reason, validDays, daysOfYear }) => ({
      well: well.id,
      areaM2: well.weight,
      year,
      period: periodOf(year, section) ?? 'year-before',
      levelM,
      validDays,
      days: daysOfYear,
      state: reason ?? 'complete',
      counts: !isOut && counted.includes(year),
    }))
}

function partsOf({ area, wells, trend }: GroundwaterFindings): Part[] {
  const members = wells.map(({ id }) => id).filter((id) => !area.leftOut.includes(id))
  return [
    { name: 'drop-before', value: trend.dropBeforeM, unit: 'm/a', members },
    { name: 'drop-after', value: trend.dropAfterM, unit: 'm/a', members },
    ...area.years.map(({ year, levelM }) => ({
      name: `area-level-${year}`,
      value: levelM,
      unit: 'm',
      members,
    })),
  ]
}
