import { z } from 'zod'
import { text } from '../indicators/indicator.js'
import { BLACK_ODOUR_RULE, type BlackOdourRule } from '../water-quality/black-odour-limits.js'
import { eachIdOnce, figureFormula } from './figure-formula.js'
import { accreditedOutcome, day } from './lab-samples.js'
import { dryWeatherPart, surveyedOutfall } from './outfall-parts.js'
import { overflowOutlet, wetWeatherPart } from './overflow-parts.js'
import { blackOdourPart } from './water-body-parts.js'
import { beforePart, inflowPart } from './water-change-parts.js'
import { dailyPart, judgedMonths, seasonFaults, seasons } from './season-plan.js'
import {
  waterBody,
  fromMonth,
  idleSamples,
  labSamples,
  labSamplesOf,
  monthOf,
  surveyFaults,
  twelveMonths,
} from './water-survey.js'

/** A sample every one to two weeks for a year, two of a month at least (standards sheet 3.7.3). */
const SAMPLING_PLAN: BlackOdourRule = {
  ...BLACK_ODOUR_RULE,
  tests: { document: 'GB/T 51345-2018 item 4', tag: 'unverified', min: 2, daysBetween: [1, 14] },
}

/** GB/T 51345-2018 item 4: dry and wet weather at the outfalls, and the water bodies. */
export const URBAN_WATER_BODIES = figureFormula({
  id: 'urban-water-bodies',
  unit: '1',
  inputs: z
    .strictObject({
      builtFrom: day,
      fromMonth,
      seasons,
      outfalls: z.array(surveyedOutfall).min(1).superRefine(eachIdOnce),
      overflows: z.array(overflowOutlet).superRefine(eachIdOnce).nullable().default(null).meta({
        description: 'outlets of combined or wrongly connected sewers; [] for none',
      }),
      bodies: z.array(waterBody).min(1).superRefine(eachIdOnce),
      samples: labSamples,
    })
    .superRefine(surveyFaults)
    .superRefine(seasonFaults),
  words: text(
    '① 旱天（此前 48 h 无大于 0.2 mm 的降雨 (recommended)）各排口无污水直排（检查在该 12 个月内）；② 雨天：中雨及以上雨后 1 日内各水体样品不黑臭，或每个溢流口年溢流体积控制率 η = (无措施溢流量 − 未处理溢流量)/无措施溢流量 不低于 50 % 且处理后溢流 SS 月均值不大于 50 mg/L（据 S9），每次处理后排放均采样；③ 自 fromMonth 起 12 个月各水体各月均不黑臭（每 1–2 周不少于一个样品，每月不少于两个，每水体不少于 3 点）；或 seasons 给出旱季、雨季各不少于连续 40 日逐日采样，其所在各月不黑臭；④ COD、氨氮、总磷均值不高于建设前（每点每项建设前、后各不少于 3 个值 (recommended)）；⑤ 有来水时（不宜）旱天同日 COD、氨氮、总磷下游不高于来水，每项每月至少一日 (recommended)。无 CMA 编号的样品不作判定；value 为③–⑤均符合的水体所占比例（GB/T 51345-2018 第 4 项，除注明外未核实 (unverified)）',
    '(1) no sewage from any outfall in dry weather (48 h without more than 0.2 mm of rain (recommended)), as inspected within the 12 months; (2) in wet weather the bodies not black-odorous within a day after rain of moderate grade or more, or at every overflow outlet an annual overflow volume control ratio η = (V without measures − V untreated)/V without measures of at least 50 % and treated overflow with a monthly mean of at most 50 mg/L of solids (as read in S9), every treated discharge sampled; (3) no body black-odorous in any of 12 months from fromMonth (a sample every 1 to 2 weeks, two a month at least, at least 3 points a body), or with seasons in none of the months of at least 40 days running in the dry and in the wet season with a sample a day; (4) the means of COD, ammonia and phosphorus not above those before construction (at least 3 values of an item before and after (recommended)); (5) with inflow, preferably (不宜), COD, ammonia and phosphorus downstream not above the inflow on the same dry day, one of every item in every month (recommended). Samples without a CMA number decide nothing; value: share of the bodies that meet (3) to (5) (GB/T 51345-2018, item 4, (unverified) unless noted)',
  ),
  compute: ({ builtFrom, outfalls, overflows, bodies, samples, ...time }) => {
    const months = judgedMonths(time.fromMonth, time.seasons)
    const read = labSamplesOf(samples)
    const outcome = accreditedOutcome(read, (some) => {
      const dry = some.filter(({ weather }) => weather === 'dry')
      const afterRain = some.filter(
        (one) => one.weather === 'after-rain' && months.includes(monthOf(one)),
      )
      return [
        ...outfalls.map((outfall) => ({
          id: outfall.id,
          weight: 0,
          parts: [dryWeatherPart(outfall, 'gbt-51345-2018', twelveMonths(time.fromMonth))],
        })),
        { id: 'overflow', weight: 0, parts: [wetWeatherPart(overflows, bodies, afterRain)] },
        ...bodies.map((body) => ({
          id: body.id,
          weight: 1,
          parts: [
            blackOdourPart(body, some, months, SAMPLING_PLAN),
            beforePart(body, some, months, builtFrom, 'not-worse'),
            ...(time.seasons === null ? [] : [dailyPart(body, some, time.seasons)]),
            inflowPart(body, dry, months, 'preferably'),
          ],
        })),
      ]
    })
    const steps = { ...outcome.steps, idleSamples: idleSamples(read, months, builtFrom) }
    return { ...outcome, unverified: true, steps }
  },
})
