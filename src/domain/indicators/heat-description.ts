import { HEAT_RULE } from '../heat-island/heat-rule.js'
import { text, type Indicator } from './indicator.js'
import { recommendedNumber } from './shared-parameters.js'
import { HEAT_INDICATOR, HEAT_ITEM, joined, lines, RECOMMENDED, UNVERIFIED } from './sources.js'

/** What the heat island says of itself. */
export const HEAT_DESCRIPTION = {
  title: text('城市热岛效应', 'Urban heat island'),
  clause: [
    HEAT_INDICATOR,
    joined(HEAT_ITEM, UNVERIFIED),
    joined(
      text(
        '日均所需小时数、季节所需日数、降雨大风日的限值、海拔订正 0.6 °C/100 m',
        'Hours that make a day, days that make a season, limits of rain and wind, correction for altitude by 0.6 °C per 100 m',
      ),
      RECOMMENDED,
    ),
  ],
  formula: lines(
    text(
      '值为建设后 6–9 月区内与区外日均气温之差 ΔT2（K），区内较高为正。',
      'The value is ΔT2, the daily mean air temperature inside less that outside in June to September after construction, K; positive = warmer inside.',
    ),
    text(
      '【年份】取自名录的建设前、建设后年份，6–9 月按城市当地日历；时间窗结束时 9 月未过完的年份按缺测处理，不以不足一季代替。',
      'Years: those before and after construction in the registry, June to September by the city’s own calendar; a year whose September is not over when the window ends is missing, a part of it does not stand for it.',
    ),
    text(
      '【日均】小时均值之平均，至少 hoursMin 个小时；跨度大于 1 h 的均值计入其所跨各小时。',
      'Daily mean: the mean of the hours, at least hoursMin of them; a mean over more than an hour stands for each hour it covers.',
    ),
    text(
      '【配对】仅计所有测点均有日均的日；此类日数不少于当季 seasonShareMin 的年份计入，计入各日等权。',
      'Pairing: only days on which every site has a mean; a year counts with at least seasonShareMin of its season, and every day that counts weighs the same.',
    ),
    text(
      '【海拔】按 0.6 °C/100 m 订正到全部测点的平均海拔；海拔取自测站地面高程，不明则不评价。',
      'Altitude: brought to the mean altitude of all sites by 0.6 °C per 100 m; that of a site is its station’s ground, without it nothing is evaluated.',
    ),
    text(
      '【天气】名录给出雨量计与风速计时，日雨量大于 rainMaxMm 或日均风速大于 windMaxMs 的日不属当季；两者不明而不能排除的日按缺测处理。未给出时不剔除任何日。',
      'Weather: where the registry names gauge and wind, days with more than rainMaxMm of rain or windMaxMs of mean wind are no days of the season, and days of which that is not known are missing in it; where it names none, no day is left out.',
    ),
    text(
      '【判定】检验 A：ΔT2 不大于 0（至少 1 年）。检验 B：ΔT2 小于建设前之差 ΔT1（至少 5 年），即双重差分 ΔT2 − ΔT1 小于 0，区外代表自然变化。rule 为 635：A 或 B 满足为达标；rule 为 gbt-51345：B 满足为达标。',
      'Verdict: test A, ΔT2 is not above 0 (one year or more); test B, ΔT2 is below ΔT1 of the years before (five or more), so the difference in differences ΔT2 − ΔT1 is below 0, the outside carrying what varies by nature. Rule 635: PASS by A or B; rule gbt-51345: PASS by B.',
    ),
  ),
  unit: 'K',
  parameters: [
    {
      name: 'rule',
      type: 'string',
      unit: '',
      default: '635',
      words: ['635', 'gbt-51345'],
      description: joined(
        text('按何文件判定：', 'Whose rule decides:'),
        HEAT_INDICATOR,
        text('（635）；', '(635);'),
        HEAT_ITEM,
        text('（gbt-51345）', '(gbt-51345)'),
        UNVERIFIED,
      ),
    },
    recommendedNumber(
      'hoursMin',
      'h',
      HEAT_RULE.practice.hoursMin,
      [1, 24],
      '日均所需的最少小时数',
      'Fewest hours with a value that make a day',
    ),
    recommendedNumber(
      'seasonShareMin',
      '1',
      HEAT_RULE.practice.seasonShareMin,
      [0, 1],
      '6–9 月中所有测点均有日均的日数占比下限',
      'Least share of the days of June to September on which every site has a mean',
    ),
    recommendedNumber(
      'rainMaxMm',
      'mm',
      HEAT_RULE.practice.rainMaxMm,
      [0, 1000],
      '日雨量大于此值的日剔除（名录给出雨量计与风速计时）',
      'Days with more rain are left out, where the registry names gauge and wind',
    ),
    recommendedNumber(
      'windMaxMs',
      'm/s',
      HEAT_RULE.practice.windMaxMs,
      [0, 100],
      '日均风速大于此值的日剔除（名录给出雨量计与风速计时）',
      'Days with more mean wind are left out, where the registry names gauge and wind',
    ),
  ],
} satisfies Partial<Indicator>
