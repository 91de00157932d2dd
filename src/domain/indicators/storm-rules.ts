import type { Outfall } from '../city/registry.js'
import { meteringWithin } from './city-lookup.js'
import { note, text, type Scope } from './indicator.js'
import type { Note } from './result.js'
import { lines } from './sources.js'

/**
 * How events, runoff, base flow and gaps are told, in words: every formula over storms is followed
 * by it, so that nobody has to guess which of the usual ways was taken.
 */
export const STORM_RULES = lines(
  text(
    '【场次】面雨量中无雨时间短于 interEventH 的有雨时段合为一场，计开始于时间窗内且降雨量大于 minDepthMm 的场次，整场计入；时间窗与记录结束时雨后未满 interEventH 的场次归后一时间窗。',
    'Events: wet spells of the areal rain with less than interEventH of dry time between them are one event; those deeper than minDepthMm that begin in the window count, whole; one after which interEventH has not passed when window and record end is left to a later window.',
  ),
  text(
    '【径流时段】自降雨开始，至雨停且过峰后流量低于 Qb + recessionPeakShare × 峰值流量为止；最迟至下一场开始或雨停后 maxRecessionH。',
    'Runoff time: from the start of the rain until, after both the rain and the peak, the flow is below Qb + recessionPeakShare × peak flow; at the latest until the next event begins or maxRecessionH after the rain.',
  ),
  text(
    '【基流 Qb】按名录中各排口登记的方法（见说明）：none 为 0；antecedent 为雨前 windowH 小时流量的中位数，全场取定值；dry-day-pattern 为前 30 天旱天同一钟点流量的中位数。',
    'Base flow Qb, as the registry says of each outfall (see the notes): none, 0; antecedent, the median of the flow in the windowH hours before the rain, level through the event; dry-day-pattern, the median of the same local hour on the dry days of the 30 days before.',
  ),
  text(
    '【积分】瞬时值按梯形，时段均值按矩形。',
    'Integration: instants by trapezoid, interval means by rectangle.',
  ),
  text(
    '【缺测】两次读数间不超过 bridgeMin 的缺测按直线插补，更长为缺测；雨量或流量有效率低于 eventCoverageMin、场内或前后雨量缺测长于 interEventH、或基流不明的场次整场不计。',
    'Gaps: up to bridgeMin between two readings a straight line, longer ones are missing; an event with less than eventCoverageMin of its rain or flow, with a gap of the rain longer than interEventH in or beside it, or with unknown base flow, is left out whole.',
  ),
  text(
    '【符号】倒流（Q < 0）按负值计；上游来水同法计算、提前汇流时间后扣除。',
    'Sign: reversed flow (Q < 0) counts negative; metered inflow from upstream is computed likewise, earlier by its travel time, and subtracted.',
  ),
)

/** Which base-flow rule each outfall has; nothing of one that has no meter in the window. */
export function baseFlowNotes(scope: Scope, outfalls: readonly Outfall[]): Note[] {
  return outfalls
    .filter((outfall) => isMeteredSometime(scope, outfall))
    .map(({ id, baseFlow }) => {
      switch (baseFlow.method) {
        case 'none':
          return note(
            'base_flow_rule',
            `${id} 基流：none，取 0，全部流量计为径流`,
            `base flow of ${id}: none; taken as 0, the whole flow counts as runoff`,
          )
        case 'antecedent':
          return note(
            'base_flow_rule',
            `${id} 基流：antecedent，雨前 ${baseFlow.windowH} h 实测流量的中位数，全场取定值；实测不足其一半则基流不明`,
            `base flow of ${id}: antecedent; the median of the measured flow in the ${baseFlow.windowH} h before the rain, level through the event; unknown when less than half of that time is measured`,
          )
        case 'dry-day-pattern':
          return note(
            'base_flow_rule',
            `${id} 基流：dry-day-pattern，前 30 天中雨后已过 ${baseFlow.dryAfterH} h 的旱天同一钟点流量的中位数，工作日与周末${baseFlow.weekends === 'apart' ? '分开' : '合并'}统计；某钟点旱天记录不足 1 h 则基流不明`,
            `base flow of ${id}: dry-day-pattern; the median of the same local hour in dry weather (${baseFlow.dryAfterH} h or more after rain) of the 30 days before, working days and weekends ${baseFlow.weekends}; unknown for an hour with less than 1 h of dry record`,
          )
        default:
          return baseFlow satisfies never
      }
    })
}

function isMeteredSometime(scope: Scope, outfall: Outfall): boolean {
  return meteringWithin(outfall, scope.window).some(({ metering }) => metering.state === 'metered')
}
