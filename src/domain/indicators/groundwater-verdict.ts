import { wellZeroM } from '../city/elevations.js'
import type { GroundwaterSection } from '../city/registry.js'
import type { AreaLevels, Well } from '../groundwater/area-level.js'
import type { GroundwaterRule } from '../groundwater/groundwater-rule.js'
import type { GroundwaterTrend } from '../groundwater/groundwater-trend.js'
import { sensorOf } from './city-lookup.js'
import { periodOf, together, unreadRule } from './compared-years.js'
import { note, numberOf, text, type Scope } from './indicator.js'
import { provenanceText } from './provenance-text.js'
import type { Note, Text, Verdict } from './result.js'
import { percent } from './storm-sums.js'

/** What the wells of a city came to. */
export interface GroundwaterFindings {
  readonly section: GroundwaterSection
  readonly rule: GroundwaterRule
  /** Those not under pumping, with every year that is over. */
  readonly wells: readonly Well[]
  /** Years that count. */
  readonly years: readonly number[]
  readonly area: AreaLevels
  readonly trend: GroundwaterTrend
}

interface Decision {
  readonly value: number | null
  readonly verdict: Verdict
  readonly reason: Text
}

/** An exempt place is not judged; where wells, elevations or days are missing nobody can judge. */
export function groundwaterVerdict(
  scope: Scope,
  found: GroundwaterFindings,
  coverage: number,
): Decision {
  const { trend, rule } = found
  const open = whatIsMissing(scope, found, coverage)
  const value = open.length === 0 ? trend.dropAfterM : null
  if (trend.outcome === 'exempt') {
    const rainMm = found.section.meanAnnualRainMm?.mm
    return {
      value,
      verdict: 'NOT_APPLICABLE',
      reason: text(
        `多年平均降雨量 ${rainMm} mm 大于 ${rule.exempt?.overMm} mm，不评价`,
        `the mean annual rain of ${rainMm} mm is more than ${rule.exempt?.overMm} mm: not asked of this place`,
      ),
    }
  }
  const reasons = [...open]
  if (trend.reason === 'mean_rain_unknown') reasons.push(RAIN_UNKNOWN)
  else if (open.length === 0 && trend.reason !== null) reasons.push(untold(found, trend.reason))
  if (reasons.length > 0 || trend.outcome === null) {
    return { value, verdict: 'NOT_EVALUATED', reason: together(reasons) }
  }
  return { value, ...compared(trend, trend.outcome) }
}

function compared(
  { test, dropBeforeM, dropAfterM }: GroundwaterTrend,
  outcome: 'met' | 'not-met',
): { readonly verdict: Verdict; readonly reason: Text } {
  const before = text(
    dropBeforeM === null ? '建设前不明' : `建设前 ${metres(dropBeforeM)}`,
    dropBeforeM === null ? 'before construction not known' : `before it ${metres(dropBeforeM)}`,
  )
  return {
    verdict: outcome === 'met' ? 'PASS' : 'FAIL',
    reason: text(
      `检验 ${test}：建设后年均水位年降幅 ${metres(dropAfterM)}，${before.zh}（下降为正）；${outcome === 'met' ? '趋势得到遏制' : '趋势未得到遏制'}`,
      `test ${test}: the annual level drops by ${metres(dropAfterM)} after construction, ${before.en} (positive = drop); the decline is ${outcome === 'met' ? '' : 'not '}curbed`,
    ),
  }
}

const RAIN_UNKNOWN = text(
  '名录 groundwater 一节未给出多年平均降雨量，是否适用不明',
  'the section groundwater of the registry gives no mean annual rain, so whether the place is exempt is open',
)

/** Wells, elevations and days without which no level of the area can be told. */
function whatIsMissing(scope: Scope, found: GroundwaterFindings, coverage: number): Text[] {
  const { wells, area } = found
  if (wells.length === 0) {
    return [text('名录中的井均受抽水影响', 'every well of the registry is under pumping')]
  }
  const unplaced = wells
    .filter(({ id }) => wellZeroM(scope.registry, sensorOf(scope.registry, id)) === null)
    .map(({ id }) => id)
    .join(', ')
  if (unplaced !== '') {
    return [
      text(
        `井的高程不明（传感器 datumM 或测站 groundElevationM）：${unplaced}`,
        `the elevation of wells is not known (datumM of the sensor or groundElevationM of the station): ${unplaced}`,
      ),
    ]
  }
  if (found.years.length === 0) {
    return [
      text(
        '没有一口井在所列年份中有年均水位',
        'no well has an annual level in one of the years that are over',
      ),
    ]
  }
  if (area.reason !== null) {
    return [
      text(
        `没有一口井各年齐全：${area.leftOut.join(', ')}；缺测年份见表，年份或井须由人选定`,
        `no well has every year: ${area.leftOut.join(', ')}; the table shows which are missing, years or wells must be chosen by a person`,
      ),
    ]
  }
  const least = numberOf(scope, 'coverageMin')
  if (coverage >= least) return []
  return [
    text(
      `井的有效日数占 ${percent(coverage)}，低于 ${percent(least)}`,
      `the wells that count have ${percent(coverage)} of the days, less than ${percent(least)}`,
    ),
  ]
}

function untold(
  { trend, rule }: GroundwaterFindings,
  reason: NonNullable<GroundwaterTrend['reason']>,
): Text {
  const least = rule.trend.beforeYearsMin
  const { length: before } = trend.beforeYears
  switch (reason) {
    case 'mean_rain_unknown':
      return RAIN_UNKNOWN
    case 'before_too_short':
      return text(
        `水位下降，而建设前有年均水位的年份 ${before} 个，少于 ${least} 个，无从比较`,
        `the level drops, and with ${before} years before construction, fewer than ${least}, there is nothing to hold it against`,
      )
    case 'after_too_short':
      return text('建设后没有一年有年均水位', 'no year after construction has an annual level')
    case 'previous_year_missing':
      return text(
        '建设后仅一年，而其前一年没有年均水位',
        'there is one year after construction, and none just before it to compare it with',
      )
    default:
      return reason satisfies never
  }
}

/** What was left out and what the rule rests on. */
export function groundwaterNotes(found: GroundwaterFindings): Note[] {
  const { section, rule, wells, area, trend } = found
  const notes: Note[] = []
  const pumped = section.wells.filter(({ underPumping }) => underPumping)
  if (pumped.length > 0) {
    const named = pumped.map(({ sensor }) => sensor).join(', ')
    notes.push(
      note(
        'wells_under_pumping',
        `受抽水影响、未计入的井：${named}`,
        `wells that are left out because of pumping: ${named}`,
      ),
    )
  }
  if (area.leftOut.length > 0) {
    const named = area.leftOut.join(', ')
    notes.push(
      note(
        'wells_left_out',
        `缺年均水位、未计入的井（${wells.length} 口中 ${area.leftOut.length} 口）：${named}`,
        `wells that are left out because a year is missing, ${area.leftOut.length} of ${wells.length}: ${named}`,
      ),
    )
  }
  const unseen = (wells[0]?.years ?? [])
    .map(({ year }) => year)
    .filter((year) => periodOf(year, section) !== null && !found.years.includes(year))
    .join(', ')
  if (unseen !== '') {
    notes.push(
      note(
        'years_without_level',
        `各井均无年均水位、未计入的年份：${unseen}`,
        `years that do not count because no well has an annual level: ${unseen}`,
      ),
    )
  }
  if (trend.test === 'B') {
    notes.push(
      note(
        'one_year_after',
        '建设后仅一年有年均水位，与其前一年比较（检验 B）',
        'one year after construction has an annual level; it is held against the year before it (test B)',
      ),
    )
  }
  const rain = section.meanAnnualRainMm
  if (rule.exempt !== null && rain !== undefined) {
    const named = provenanceText(rain.provenance)
    notes.push(
      note(
        'mean_annual_rain',
        `多年平均降雨量 ${rain.mm} mm：${named.zh}`,
        `mean annual rain ${rain.mm} mm: ${named.en}`,
      ),
    )
  }
  if (trend.unverified) notes.push(UNREAD)
  return notes
}

const UNREAD = unreadRule(
  text(
    'GB/T 51345-2018 第 6 项的年数与检验 A、B',
    'the years and the tests A and B of GB/T 51345-2018 item 6',
  ),
)

function metres(perYear: number | null): string {
  return perYear === null ? '—' : `${Number(perYear.toPrecision(6))} m/a`
}
