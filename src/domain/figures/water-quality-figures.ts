import { z } from 'zod'
import { text } from '../indicators/indicator.js'
import { eachIdOnce, figureFormula } from './figure-formula.js'
import { accreditedOutcome, day } from './lab-samples.js'
import { blackOdourPart, classPart } from './water-body-parts.js'
import { beforePart, inflowPart } from './water-change-parts.js'
import {
  waterBody,
  fromMonth,
  idleSamples,
  labSamples,
  labSamplesOf,
  surveyFaults,
  twelveMonths,
} from './water-survey.js'

/** 635 indicator 5: the three parts of it that are binding for surface water. */
export const WATER_QUALITY = figureFormula({
  id: 'water-quality',
  unit: '1',
  inputs: z
    .strictObject({
      builtFrom: day.meta({
        description: 'first day of construction; samples before are the baseline',
      }),
      fromMonth,
      bodies: z.array(waterBody).min(1).superRefine(eachIdOnce),
      samples: labSamples,
    })
    .superRefine(surveyFaults),
  words: text(
    '自 fromMonth 起 12 个月，每个水体：① 各月均不黑臭（各点按《城市黑臭水体的检测与评价》分级，每点每月不少于 3 次、间隔 1–7 天，每水体不少于 3 点）；② 各点各月均值按 GB 3838 表 1 单因子评价不低于 IV 类（河流不计总氮），COD、氨氮、总磷均值均不高于且至少一项低于建设前（每点每项建设前、后各不少于 3 个值）；③ 有来水时，每项每月至少一日同日采样，COD、氨氮、总磷下游不高于来水。低于检出限的值不折算；无 CMA 编号的样品不作判定。value 为各部分均符合的水体所占比例（635 附件指标 5，据转录文本 S2；限值与月均、建设前比较方法未核实 (unverified)，值数、每月同日采样为 (recommended)）',
    'over 12 months from fromMonth, each water body: (1) in no month black-odorous (points graded by the guide 城市黑臭水体的检测与评价: at least 3 tests a month 1 to 7 days apart, at least 3 points a body); (2) every point by the means of every month not below class IV of GB 3838 table 1 by its worst item (total nitrogen left out in rivers), and the means of COD, ammonia and phosphorus none higher and one at least lower than before construction (at least 3 values of an item before and after); (3) with inflow, COD, ammonia and phosphorus downstream not above the inflow of the same day, with such a day of every item in every month. Values below a detection limit stay so; samples without a CMA number decide nothing. value: share of the bodies that meet every part (635 annex, indicator 5, as read in a transcript, S2; limits, monthly means and the comparison with before (unverified), the number of values and of common days (recommended))',
  ),
  compute: ({ builtFrom, bodies, samples, ...from }) => {
    const months = twelveMonths(from.fromMonth)
    const read = labSamplesOf(samples)
    const outcome = accreditedOutcome(read, (some) =>
      bodies.map((body) => ({
        id: body.id,
        weight: 1,
        parts: [
          blackOdourPart(body, some, months),
          classPart(body, some, months, 'IV'),
          beforePart(body, some, months, builtFrom, 'better'),
          inflowPart(body, some, months, 'must'),
        ],
      })),
    )
    const steps = { ...outcome.steps, idleSamples: idleSamples(read, months, builtFrom) }
    return { ...outcome, unverified: true, steps }
  },
})

/** Black-odour alone, for sheets that ask nothing else of a water body. */
export const BLACK_ODOUR = figureFormula({
  id: 'black-odour',
  unit: '1',
  inputs: z
    .strictObject({
      fromMonth,
      bodies: z.array(waterBody).min(1).superRefine(eachIdOnce),
      samples: labSamples,
    })
    .superRefine(surveyFaults),
  words: text(
    '自 fromMonth 起 12 个月，各水体各月均不黑臭：各点按《城市黑臭水体的检测与评价》分级（每点每月不少于 3 次、间隔 1–7 天，每水体不少于 3 点；氨氮重度限值、浅水规则与月均未核实 (unverified)）；无 CMA 编号的样品不作判定；value 为不黑臭水体所占比例',
    'over 12 months from fromMonth no body is black-odorous in any month: points graded by the guide 城市黑臭水体的检测与评价 (at least 3 tests a month 1 to 7 days apart, at least 3 points a body; the heavy limit of ammonia, the shallow-water rule and the monthly mean (unverified)); samples without a CMA number decide nothing; value: share of the bodies that are not black-odorous',
  ),
  compute: ({ bodies, samples, ...from }) => {
    const months = twelveMonths(from.fromMonth)
    const read = labSamplesOf(samples)
    const outcome = accreditedOutcome(read, (some) =>
      bodies.map((body) => ({
        id: body.id,
        weight: 1,
        parts: [blackOdourPart(body, some, months)],
      })),
    )
    const steps = { ...outcome.steps, idleSamples: idleSamples(read, months, null) }
    return { ...outcome, unverified: true, steps }
  },
})
