import { text } from './indicator.js'
import type { Text } from './result.js'

/**
 * Where rules and numbers come from, so that an evaluator can look them up. What could not be read
 * at its issuer says where it was read; (unverified) was not read at all, (recommended) is fixed by
 * no rule. Both words stand in both languages.
 */

/** A default of ours. */
export const RECOMMENDED = text(
  '（推荐 recommended：Rainledger 自定默认，无规范规定）',
  '(recommended: Rainledger’s own default, no rule fixes it)',
)

/** Known to the profession; the official wording was not read. */
export const UNVERIFIED = text(
  '（未核实 unverified：未查阅官方文本，条号待核）',
  '(unverified: the official text was not read, its clause number is open)',
)

/** Notice of 2015-07-10; its annex, indicator 1. */
export const CAPTURE_RATIO_INDICATOR = text(
  '建办城函〔2015〕635号（2015-07-10）附件《绩效评价与考核指标（试行）》指标 1 年径流总量控制率：地块排口、管网关键节点流量及雨量连续监测不少于 1 年，间隔不大于 15 min（据转录本，未见发布单位原件）',
  '建办城函〔2015〕635号 (2015-07-10), annex 绩效评价与考核指标（试行）, indicator 1, volume capture ratio of annual rainfall: flow at plot outlets and key network nodes and rain measured without a break for not less than a year, not less often than every 15 min (read in a transcript, not at its issuer)',
)

/** Item 3 of the standard, roads. */
export const ROAD_PONDING = text(
  'GB/T 51345-2018《海绵城市建设评价标准》路面积水控制：最大 1 h 雨量不小于雨水管渠设计重现期雨量的降雨，路边及低洼处水深不大于 15 cm 且雨停后退水不超过 30 min',
  'GB/T 51345-2018《海绵城市建设评价标准》, control of road ponding: in rain whose greatest hour reaches the design return period of the storm sewer, water at gutters and low points not deeper than 15 cm and gone within 30 min after the rain',
)

/** How long typical projects, sewers and water bodies are watched. */
export const YEAR_WATCHED = text(
  'GB/T 51345-2018《海绵城市建设评价标准》基本规定：连续监测不少于 1 年',
  'GB/T 51345-2018《海绵城市建设评价标准》, basic rules: watched without a break for at least a year',
)

/** The same depth from the design standard. */
export const LANE_DEPTH = text(
  'GB 50014《室外排水设计规范》2014 年修订：道路一条车道积水深度不超过 15 cm（据新闻报道，未见原件）',
  'GB 50014 code for outdoor drainage, revision of 2014: water in one traffic lane not deeper than 15 cm (read in press notes, not in the code)',
)

/** Indicator 3 of the annex. */
export const GROUNDWATER_INDICATOR = text(
  '建办城函〔2015〕635号（2015-07-10）附件指标 3 地下水位：年均潜水位保持稳定，或下降趋势得到明显遏制、平均降幅低于历史同期；多年平均降雨量超过 1000 mm 的地区不评价（据转录本，未见发布单位原件）',
  '建办城函〔2015〕635号 (2015-07-10), annex, indicator 3, groundwater level: the mean annual phreatic level stable, or its decline clearly curbed with a mean drop smaller than historically; not evaluated where the mean annual rain is more than 1000 mm (read in a transcript, not at its issuer)',
)

/** Item 6 of the standard. */
export const GROUNDWATER_ITEM = text(
  'GB/T 51345-2018《海绵城市建设评价标准》第 6 项 地下水埋深变化趋势：建设前近 5 年以上、建设后 1 年以上',
  'GB/T 51345-2018《海绵城市建设评价标准》, item 6, trend of the groundwater: at least five recent years before, one year after',
)

/** Indicator 4 of the annex. */
export const HEAT_INDICATOR = text(
  '建办城函〔2015〕635号（2015-07-10）附件指标 4 城市热岛效应：夏季（6–9 月）日均气温不高于同期其他区域，或与区域历史同期（扣除自然变化）相比呈下降趋势（据转录本，未见发布单位原件）',
  '建办城函〔2015〕635号 (2015-07-10), annex, indicator 4, urban heat island: daily mean air temperatures of summer (June to September) not above those of other areas in the same time, or falling against the area’s own history with natural variation removed (read in a transcript, not at its issuer)',
)

/** Item 7 of the standard. */
export const HEAT_ITEM = text(
  'GB/T 51345-2018《海绵城市建设评价标准》第 7 项 城市热岛效应缓解：建设前近 5 年以上、建设后 1 年以上的 6–9 月城郊日均气温差下降',
  'GB/T 51345-2018《海绵城市建设评价标准》, item 7, relief of the heat island: the June to September difference of daily means to the suburbs falls, at least five recent years before, one year after',
)

/** Texts one after another in each language. */
export function joined(...texts: readonly Text[]): Text {
  return text(texts.map(({ zh }) => zh).join(''), texts.map(({ en }) => en).join(' '))
}

/** Texts one below another in each language. */
export function lines(...texts: readonly Text[]): Text {
  return text(texts.map(({ zh }) => zh).join('\n'), texts.map(({ en }) => en).join('\n'))
}
