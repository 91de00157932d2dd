import type { DisturbedDays } from '../heat-island/disturbed-days.js'
import type { HeatDifference, HeatSite } from '../heat-island/heat-difference.js'
import type { HeatRule } from '../heat-island/heat-rule.js'
import { isHeatRelieved, type HeatChange, type HeatLevel } from '../heat-island/heat-tests.js'
import { together, unreadRule } from './compared-years.js'
import { note, text, type Scope } from './indicator.js'
import type { Note, Text, Verdict } from './result.js'

/** What the sites of a city came to, by either test. */
export interface HeatFindings {
  readonly rule: HeatRule
  readonly level: HeatLevel
  readonly change: HeatChange
  readonly weather: DisturbedDays
}

/** By rule 635 either test is enough to pass and both must fail; by rule gbt-51345 test B decides. */
export function heatVerdict(
  scope: Scope,
  { rule, level, change }: HeatFindings,
  sites: readonly HeatSite[],
): { readonly verdict: Verdict; readonly reason: Text } {
  const unplaced = sites.filter(({ altitudeM }) => altitudeM === null).map(({ id }) => id)
  if (unplaced.length > 0) {
    return {
      verdict: 'NOT_EVALUATED',
      reason: text(
        `测点海拔不明（测站 groundElevationM）：${unplaced.join(', ')}`,
        `the altitude of sites is not known (groundElevationM of the station): ${unplaced.join(', ')}`,
      ),
    }
  }
  const by635 = scope.parameters['rule'] === '635'
  const met = by635 ? isHeatRelieved(level, change) : change.met
  const testB = wordsOfB(change, rule)
  return {
    verdict: met === null ? 'NOT_EVALUATED' : met ? 'PASS' : 'FAIL',
    reason: by635 ? together([wordsOfA(level, rule), testB]) : testB,
  }
}

function wordsOfA({ met, after }: HeatLevel, rule: HeatRule): Text {
  if (met === null) {
    const why = tooFew(after, rule.years.afterMin, AFTER)
    return text(`检验 A 无法判定：${why.zh}`, `test A cannot be told: ${why.en}`)
  }
  const is = met ? '不高于' : '高于'
  return text(
    `检验 A ${met ? '满足' : '不满足'}：建设后区内较区外 ${kelvin(after.differenceC)}，${is}区外`,
    `test A ${met ? 'met' : 'not met'}: inside less outside after construction is ${kelvin(after.differenceC)}, ${met ? 'not ' : ''}warmer inside`,
  )
}

function wordsOfB({ met, changeC, before, after }: HeatChange, rule: HeatRule): Text {
  if (met === null) {
    const why = together([
      ...(before.differenceC === null ? [tooFew(before, rule.years.beforeMin, BEFORE)] : []),
      ...(after.differenceC === null ? [tooFew(after, rule.years.afterMin, AFTER)] : []),
    ])
    return text(`检验 B 无法判定：${why.zh}`, `test B cannot be told: ${why.en}`)
  }
  const [old, now] = [kelvin(before.differenceC), kelvin(after.differenceC)]
  return text(
    `检验 B ${met ? '满足' : '不满足'}：ΔT1 ${old}，ΔT2 ${now}，双重差分 ${kelvin(changeC)}`,
    `test B ${met ? 'met' : 'not met'}: ΔT1 ${old}, ΔT2 ${now}, difference in differences ${kelvin(changeC)}`,
  )
}

const BEFORE = text('建设前', 'before')
const AFTER = text('建设后', 'after')

function tooFew({ seasons }: HeatDifference, least: number, period: Text): Text {
  const counted = seasons.filter(({ counts }) => counts).length
  return text(
    `${period.zh}有效的年份 ${counted} 个，少于 ${least} 个`,
    `years that count ${period.en} construction: ${counted}, fewer than ${least}`,
  )
}

/** Days and seasons that do not count, and what the rule rests on. */
export function heatNotes({ change, weather }: HeatFindings): Note[] {
  const notes: Note[] = []
  const short = [...change.before.seasons, ...change.after.seasons].filter(({ counts }) => !counts)
  if (short.length > 0) {
    const named = short.map(({ year, pairedDays, days }) => `${year} (${pairedDays}/${days})`)
    notes.push(
      note(
        'seasons_left_out',
        `配对日数不足、未计入的年份：${named.join(', ')}`,
        `years that are left out because too few days are paired: ${named.join(', ')}`,
      ),
    )
  }
  const { disturbed, unknown } = weather
  if (disturbed.size + unknown.size > 0) {
    notes.push(
      note(
        'weather_days_left_out',
        `因降雨、大风剔除 ${disturbed.size} 日，天气不明、按缺测处理 ${unknown.size} 日`,
        `days left out for rain or wind: ${disturbed.size}; days of unknown weather that count as missing: ${unknown.size}`,
      ),
    )
  }
  if (change.unverified) notes.push(UNREAD)
  return notes
}

const UNREAD = unreadRule(
  text('GB/T 51345-2018 第 7 项的年数与检验 B', 'the years and test B of GB/T 51345-2018 item 7'),
)

function kelvin(difference: number | null): string {
  if (difference === null) return '—'
  return `${difference > 0 ? '+' : ''}${Number(difference.toPrecision(6))} K`
}
