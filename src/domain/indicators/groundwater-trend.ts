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
  NO_INTERVAL,
  periodOf,
  spansOf,
  wantsOfYears,
  WHOLE_YEAR,
  withoutSection,
  yearNotes,
  yearsOver,
} from './compared-years.js'
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
import { COVERAGE_MIN, recommendedNumber } from './shared-parameters.js'
import {
  GROUNDWATER_INDICATOR,
  GROUNDWATER_ITEM,
  joined,
  lines,
  RECOMMENDED,
  UNVERIFIED,
} from './sources.js'

/** Drop of the mean annual phreatic level after construction, held against that before it. */
export const groundwaterTrendIndicator: Indicator = {
  id: 'groundwater-trend',
  version: 1,
  title: text('地下水位变化趋势', 'Groundwater trend'),
  clause: [
    GROUNDWATER_INDICATOR,
    joined(GROUNDWATER_ITEM, UNVERIFIED),
    joined(
      text(
        '日均、月均、年均水位与泰森多边形面积加权的算法，全年有效日数下限',
        'How days make months, months a year, wells an area by their Thiessen polygons; least share of a year’s days',
      ),
      RECOMMENDED,
    ),
  ],
  formula: lines(
    text(
      '值为建设后年均潜水位的平均年降幅（m/a），下降为正。',
      'The value is the mean drop per year of the annual phreatic level after construction, m/a, positive = drop.',
    ),
    text(
      '【年份】取自名录的建设前、建设后年份，按城市当地日历整年计；时间窗结束时未过完的年份按缺测处理，不以不足一年代替。',
      'Years: those before and after construction in the registry, whole by the city’s own calendar; one that is not over when the window ends is missing, a part of it does not stand for it.',
    ),
    text(
      '【水位】埋深自地面向下为正，水位 = 地面高程 − 埋深；水位计读数加其零点高程。高程不明则不评价。',
      'Level: the ground less a depth, positive downwards, or a level plus the elevation of its zero; without the elevation nothing is evaluated.',
    ),
    text(
      '【年均】小时均值平均为日（至少 1 h），日平均为月，12 个月平均为年；全年有效日数不少于 daysShareMin 且每月均有水位，否则该年缺测。',
      'Annual mean: hours (one or more) to days, days to months, the twelve months to the year; at least daysShareMin of the days and one in every month, else the year is missing.',
    ),
    text(
      '【面均】井按泰森多边形面积加权；仅计各年齐全的井，受抽水影响的井不计；各井均缺的年份不计。计入井的有效日数（按面积加权）低于 coverageMin 则不评价。',
      'Area: wells weighted by their Thiessen polygons; only wells with every year count, wells under pumping do not, and a year that every well misses is none. With less than coverageMin of the days of all wells, weighted by area, nothing is evaluated.',
    ),
    text(
      '【降幅】（首年 − 末年）÷ 两者相隔年数。建设前至少 5 年为 Δh1；建设后 2 年及以上为 Δh2（检验 A），仅 1 年时取该年与前一年之差 Δh3（检验 B）。',
      'Drop: (first − last) divided by the years between them; Δh1 of at least five years before; after construction Δh2 of two years or more (test A), or with one year only its change against the year before it, Δh3 (test B).',
    ),
    text(
      '【判定】rule 为 635：水位稳定或上升，或降幅小于 Δh1 为达标；多年平均降雨量大于 1000 mm 不适用，其值不明不评价。rule 为 gbt-51345：水位上升，或降幅小于 Δh1 为达标。',
      'Verdict, rule 635: PASS when the level is steady or rises, or drops less than Δh1; not applicable with more than 1000 mm of mean annual rain, not evaluated while that is unknown. Rule gbt-51345: PASS when it rises or drops less than Δh1.',
    ),
  ),
  unit: 'm/a',
  admissible: [-Number.MAX_VALUE, Number.MAX_VALUE],
  subjectKinds: ['city'],
  parameters: [
    {
      name: 'rule',
      type: 'string',
      unit: '',
      default: '635',
      words: ['635', 'gbt-51345'],
      description: joined(
        text('按何文件判定：', 'Whose rule decides:'),
        GROUNDWATER_INDICATOR,
        text('（635）；', '(635);'),
        GROUNDWATER_ITEM,
        text('（gbt-51345）', '(gbt-51345)'),
        UNVERIFIED,
      ),
    },
    recommendedNumber(
      'daysShareMin',
      '1',
      GROUNDWATER_635.completeness.daysShareMin,
      [0, 1],
      '一年中有水位的日数占比下限',
      'Least share of a year’s days with a level',
    ),
    COVERAGE_MIN,
  ],
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
  if (groundwater === undefined) return withoutSection('groundwater')
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
  return {
    ...decided,
    coverage,
    uncertainty: null,
    table: wells.flatMap((well) => tableRows(groundwater, well, years, area)),
    parts: partsOf(found),
    notes: [...yearNotes(scope, groundwater, WHOLE_YEAR), ...groundwaterNotes(found), NO_INTERVAL],
  }
}

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
