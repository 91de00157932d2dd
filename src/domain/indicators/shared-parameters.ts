import type { ParameterRule } from './indicator.js'

/** Parameters that several indicators share, each with its default and where that comes from. */

export const INTER_EVENT: ParameterRule = {
  name: 'interEventH',
  type: 'number',
  unit: 'h',
  default: 6,
  range: [0.25, 72],
  description: {
    zh: '最小降雨间隔；达到或超过即分为两场(standards.md §7.1、§11,推荐)',
    en: 'Inter-event time; a dry spell at least this long separates two events (standards.md §7.1 and §11, recommended)',
  },
}

export const MIN_DEPTH: ParameterRule = {
  name: 'minDepthMm',
  type: 'number',
  unit: 'mm',
  default: 2,
  range: [0, 100],
  description: {
    zh: '只计降雨量大于此值的场次(standards.md §3.4.5、§7.1,推荐)',
    en: 'Events with more than this depth count (standards.md §3.4.5 and §7.1, recommended)',
  },
}

export const COVERAGE_MIN: ParameterRule = {
  name: 'coverageMin',
  type: 'number',
  unit: '1',
  default: 0.9,
  range: [0, 1],
  description: {
    zh: '有效覆盖下限,低于此值不评价(standards.md §8.3,推荐)',
    en: 'Least coverage; with less the indicator is not evaluated (standards.md §8.3, recommended)',
  },
}

export const EVENT_COVERAGE_MIN: ParameterRule = {
  name: 'eventCoverageMin',
  type: 'number',
  unit: '1',
  default: 0.95,
  range: [0, 1],
  description: {
    zh: '单场降雨及退水时段的有效率下限(standards.md §8.3,推荐)',
    en: 'Least share of an event’s rain and recession with valid data (standards.md §8.3, recommended)',
  },
}

export const BRIDGE: ParameterRule = {
  name: 'bridgeMin',
  type: 'number',
  unit: 'min',
  default: 15,
  range: [0, 120],
  description: {
    zh: '流量缺测不超过此时长线性插补并放宽误差,更长视为缺测(standards.md §8.4,推荐)',
    en: 'Gaps up to this length are bridged linearly and widen the interval; longer ones are missing (standards.md §8.4, recommended)',
  },
}

export const PEAK_SHARE: ParameterRule = {
  name: 'recessionPeakShare',
  type: 'number',
  unit: '1',
  default: 0.05,
  range: [0, 0.5],
  description: {
    zh: '流量低于基流加此比例峰值时退水结束(standards.md §7.1)',
    en: 'Runoff ends when the flow is below base flow plus this share of the peak (standards.md §7.1)',
  },
}

export const MAX_RECESSION: ParameterRule = {
  name: 'maxRecessionH',
  type: 'number',
  unit: 'h',
  default: 24,
  range: [0, 240],
  description: {
    zh: '雨停后计入退水的最长时间(推荐)',
    en: 'Longest time after the rain that still counts as its runoff (recommended)',
  },
}

export const AREAL_STEP: ParameterRule = {
  name: 'rainStepMin',
  type: 'number',
  unit: 'min',
  default: 5,
  range: [1, 60],
  description: {
    zh: '多雨量计求面雨量的步长(推荐)',
    en: 'Step of the areal mean where several gauges serve (recommended)',
  },
}

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
