import { text, type ParameterRule } from './indicator.js'
import { COVERAGE_MIN, INTER_EVENT } from './shared-parameters.js'

/** Parameters of the ponding indicator, each with its default and where that comes from. */
export const PONDING_PARAMETERS: readonly ParameterRule[] = [
  parameter(
    'thresholdMm',
    'mm',
    30,
    [1, 500],
    '积水起止水深',
    'Depth at which water stands',
    '§7.9',
  ),
  parameter(
    'startReadings',
    '1',
    2,
    [1, 60],
    '起始所需连续读数',
    'Consecutive readings that begin it',
    '§7.9',
  ),
  parameter(
    'endBelowMin',
    'min',
    10,
    [0, 240],
    '结束所需低于阈值时长',
    'Time below that ends it',
    '§7.9',
  ),
  {
    name: 'maximum',
    type: 'string',
    unit: '',
    default: 'p95-of-5-min',
    words: ['p95-of-5-min', 'raw'],
    description: text(
      '最大水深的统计方法(standards.md §7.9,推荐)',
      'Statistic of the greatest depth (standards.md §7.9, recommended)',
    ),
  },
  parameter(
    'rainStepMin',
    'min',
    5,
    [1, 60],
    '判断雨停的步长',
    'Step in which the end of rain is told',
    '§7.9',
  ),
  parameter(
    'wetAboveMm',
    'mm',
    0.1,
    [0, 10],
    '步长内有雨的下限',
    'Depth above which a step is wet',
    '§7.9',
  ),
  parameter(
    'rainDryMin',
    'min',
    30,
    [5, 720],
    '雨停所需无雨时长',
    'Dry time after which rain has ended',
    '§7.9',
  ),
  parameter(
    'reachH',
    'h',
    6,
    [0, 23],
    '雨停至积水开始的最长间隔',
    'Longest time from the end of a rain to a ponding of its',
    '',
  ),
  parameter(
    'depthLimitMm',
    'mm',
    150,
    [0, 2000],
    '水深限值',
    'Limit of the depth',
    '§3.6.1 (unverified)',
  ),
  parameter(
    'recessionLimitMin',
    'min',
    30,
    [0, 1440],
    '退水时间限值',
    'Limit of the recession',
    '§3.6.1 (unverified)',
  ),
  {
    name: 'designDepth60Mm',
    type: 'number',
    unit: 'mm',
    default: null,
    range: [0, 500],
    description: text(
      '雨水管渠设计重现期的 1 h 降雨量;无此值不能判定达标(GB/T 51345-2018,未核实)',
      'Greatest 1-h depth at the sewer design return period; without it nothing can pass (GB/T 51345-2018, unverified)',
    ),
  },
  INTER_EVENT,
  COVERAGE_MIN,
]

function parameter(
  name: string,
  unit: string,
  value: number,
  range: readonly [number, number],
  zh: string,
  en: string,
  clause: string,
) {
  const from = clause === '' ? '' : `standards.md ${clause}, `
  const source = clause.endsWith('(unverified)') ? `standards.md ${clause}` : `${from}recommended`
  return {
    name,
    type: 'number' as const,
    unit,
    default: value,
    range,
    description: text(`${zh}(${source})`, `${en} (${source})`),
  }
}
