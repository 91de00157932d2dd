import { text, type ParameterRule } from './indicator.js'
import { COVERAGE_MIN, INTER_EVENT, recommendedNumber } from './shared-parameters.js'
import {
  joined,
  LANE_DEPTH,
  RECOMMENDED,
  ROAD_PONDING,
  UNVERIFIED,
  YEAR_WATCHED,
} from './sources.js'

/** Parameters of the ponding indicator, each with its default and where that comes from. */
export const PONDING_PARAMETERS: readonly ParameterRule[] = [
  recommendedNumber(
    'thresholdMm',
    'mm',
    30,
    [1, 500],
    '达到此水深即为积水',
    'Depth at which water stands',
  ),
  recommendedNumber(
    'startReadings',
    '1',
    2,
    [1, 60],
    '积水开始所需的连续读数个数',
    'Consecutive readings that begin a ponding',
  ),
  recommendedNumber(
    'endBelowMin',
    'min',
    10,
    [0, 240],
    '积水结束所需的低于阈值时长',
    'Time below the threshold that ends a ponding',
  ),
  {
    name: 'maximum',
    type: 'string',
    unit: '',
    default: 'p95-of-5-min',
    words: ['p95-of-5-min', 'raw'],
    description: joined(
      text(
        '最大水深的统计方法：峰值 5 min 内读数的第 95 百分位（p95-of-5-min），或最高读数（raw）',
        'Statistic of the greatest depth: 95th percentile of the readings in the peak five minutes (p95-of-5-min), or the highest reading (raw)',
      ),
      RECOMMENDED,
    ),
  },
  recommendedNumber(
    'rainStepMin',
    'min',
    5,
    [1, 60],
    '判断雨停的步长',
    'Step in which the end of rain is told',
  ),
  recommendedNumber(
    'wetAboveMm',
    'mm',
    0.1,
    [0, 10],
    '步长内雨量大于此值为有雨',
    'Depth above which a step is wet',
  ),
  recommendedNumber(
    'rainDryMin',
    'min',
    30,
    [5, 720],
    '判定雨停所需的无雨时长',
    'Dry time after which rain has ended',
  ),
  recommendedNumber(
    'reachH',
    'h',
    6,
    [0, 23],
    '雨停至积水开始的最长间隔，更长视为无雨积水',
    'Longest time from the end of a rain to a ponding of its; after more it is ponding without rain',
  ),
  {
    name: 'depthLimitMm',
    type: 'number',
    unit: 'mm',
    default: 150,
    range: [0, 2000],
    description: joined(
      text('水深限值，大于即超限。', 'Limit of the depth; more breaks it.'),
      ROAD_PONDING,
      UNVERIFIED,
      text('；', 'and'),
      LANE_DEPTH,
    ),
  },
  {
    name: 'recessionLimitMin',
    type: 'number',
    unit: 'min',
    default: 30,
    range: [0, 1440],
    description: joined(
      text('退水时间限值，大于即超限。', 'Limit of the recession; more breaks it.'),
      ROAD_PONDING,
      UNVERIFIED,
    ),
  },
  {
    name: 'designDepth60Mm',
    type: 'number',
    unit: 'mm',
    default: null,
    range: [0, 500],
    description: joined(
      text(
        '雨水管渠设计重现期的 1 h 降雨量；未给出时取名录中该积水点的值，两者皆无则不能判定达标。',
        'Depth of an hour at the storm sewer’s design return period; unless given that of the point in the registry; with neither nothing can pass.',
      ),
      ROAD_PONDING,
      UNVERIFIED,
    ),
  },
  {
    name: 'minWindowDays',
    type: 'number',
    unit: 'd',
    default: 365,
    range: [0, 3660],
    description: joined(
      text(
        '判定达标所需时间窗的最短长度，较短且未超限的不评价。',
        'Least length of the window to pass; a shorter one in which no limit is broken is not evaluated.',
      ),
      YEAR_WATCHED,
      UNVERIFIED,
    ),
  },
  INTER_EVENT,
  COVERAGE_MIN,
]
