import { text, type ParameterRule } from './indicator.js'
import { joined, RECOMMENDED } from './sources.js'

/** Parameters that several indicators share, each with its default and where that comes from. */

export const INTER_EVENT = recommendedNumber(
  'interEventH',
  'h',
  6,
  [0.25, 72],
  '最小降雨间隔：无雨时间达到或超过即分为两场；文献所用自 2 h（管网响应）至 24 h（设施排空）不等',
  'Inter-event time: a dry spell at least this long separates two events; published choices run from 2 h (response of sewers) to 24 h (emptying of facilities)',
)

export const MIN_DEPTH = recommendedNumber(
  'minDepthMm',
  'mm',
  2,
  [0, 100],
  '只计降雨量大于此值的场次',
  'Events with more than this depth count',
)

export const COVERAGE_MIN = recommendedNumber(
  'coverageMin',
  '1',
  0.9,
  [0, 1],
  '有效覆盖下限，低于此值不评价',
  'Least coverage; with less the indicator is not evaluated',
)

export const EVENT_COVERAGE_MIN = recommendedNumber(
  'eventCoverageMin',
  '1',
  0.95,
  [0, 1],
  '单场降雨及退水时段的有效率下限，低于此值该场不计',
  'Least share of an event’s rain and recession with valid data; with less the event does not count',
)

export const BRIDGE = recommendedNumber(
  'bridgeMin',
  'min',
  15,
  [0, 120],
  '流量缺测不超过此时长按直线插补并放宽误差区间，更长视为缺测',
  'Gaps of the flow up to this length are bridged by a straight line and widen the interval; longer ones are missing',
)

export const PEAK_SHARE = recommendedNumber(
  'recessionPeakShare',
  '1',
  0.05,
  [0, 0.5],
  '流量低于基流加此比例峰值时径流结束',
  'Runoff ends when the flow is below base flow plus this share of the peak',
)

export const MAX_RECESSION = recommendedNumber(
  'maxRecessionH',
  'h',
  24,
  [0, 240],
  '雨停后计入径流的最长时间',
  'Longest time after the rain that still counts as its runoff',
)

export const AREAL_STEP = recommendedNumber(
  'rainStepMin',
  'min',
  5,
  [1, 60],
  '多个雨量计求面雨量的步长',
  'Step of the areal mean where several gauges serve',
)

/** What every indicator over storms and outfalls takes. */
export const STORM_PARAMETERS: readonly ParameterRule[] = [
  INTER_EVENT,
  MIN_DEPTH,
  COVERAGE_MIN,
  EVENT_COVERAGE_MIN,
  BRIDGE,
  PEAK_SHARE,
  MAX_RECESSION,
  AREAL_STEP,
]

/** A number with a default of ours, which its description says. */
export function recommendedNumber(
  name: string,
  unit: string,
  value: number,
  range: readonly [low: number, high: number],
  zh: string,
  en: string,
): ParameterRule {
  return {
    name,
    type: 'number',
    unit,
    default: value,
    range,
    description: joined(text(zh, en), RECOMMENDED),
  }
}
