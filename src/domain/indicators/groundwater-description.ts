import { GROUNDWATER_635 } from '../groundwater/groundwater-rule.js'
import { text, type Indicator } from './indicator.js'
import { COVERAGE_MIN, recommendedNumber } from './shared-parameters.js'
import {
  GROUNDWATER_INDICATOR,
  GROUNDWATER_ITEM,
  joined,
  lines,
  RECOMMENDED,
  UNVERIFIED,
} from './sources.js'

/** What the groundwater trend says of itself. */
export const GROUNDWATER_DESCRIPTION = {
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
} satisfies Partial<Indicator>
