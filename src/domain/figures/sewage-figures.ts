import { z } from 'zod'
import { text } from '../indicators/indicator.js'
import { eachIdOnce, figureFormula } from './figure-formula.js'
import { accreditedOutcome } from './lab-samples.js'
import { dryWeatherPart, surveyedOutfall, treatment, treatmentPart } from './outfall-parts.js'
import { classPart } from './water-body-parts.js'
import {
  waterBody,
  fromMonth,
  idleSamples,
  labSamples,
  labSamplesOf,
  surveyFaults,
  twelveMonths,
} from './water-survey.js'

/** 635 indicator 6: sewage, dry-weather discharge, and what stormwater leaves of the receiving water. */
export const SEWAGE_AND_OVERFLOW = figureFormula({
  id: 'sewage-and-overflow',
  unit: '1',
  inputs: z
    .strictObject({
      outfalls: z.array(surveyedOutfall.extend({ treatment })).min(1).superRefine(eachIdOnce),
      fromMonth,
      bodies: z.array(waterBody).min(1).superRefine(eachIdOnce).meta({
        description: 'the inner waters that receive',
      }),
      samples: labSamples,
    })
    .superRefine(surveyFaults),
  words: text(
    '每个排口：雨水口任何时候不得排污水，合流口旱天（此前 48 h 无大于 0.2 mm 的降雨 (recommended)）无任何出流，入河雨水及溢流经治理；受纳水体自 fromMonth 起 12 个月各点各月均值按 GB 3838 表 1 单因子评价不低于 IV 类。该 12 个月内无旱天检查记录或无 CMA 编号样品的不作判定；value 为均符合的排口所占比例（635 附件指标 6，未核实 (unverified)；每年溢流次数无限值，不判定）',
    'every outfall: no sewage from a storm sewer at any time, no flow at all from a combined one in dry weather (48 h without more than 0.2 mm of rain (recommended)), stormwater and overflow treated on the way; every point of the receiving waters, over 12 months from fromMonth, by the means of every month not below class IV of GB 3838 table 1 by its worst item. What was not inspected in dry weather within the 12 months, or sampled without a CMA number, decides nothing; value: share of the outfalls that meet every part (635 annex, indicator 6 (unverified); no limit is known for the number of overflows a year)',
  ),
  compute: ({ outfalls, bodies, samples, ...from }) => {
    const months = twelveMonths(from.fromMonth)
    const read = labSamplesOf(samples)
    const outcome = accreditedOutcome(read, (some) => [
      ...outfalls.map((outfall) => ({
        id: outfall.id,
        weight: 1,
        parts: [
          dryWeatherPart(outfall, 'mohurd-635-2015', months),
          treatmentPart(outfall.treatment),
        ],
      })),
      ...bodies.map((body) => ({
        id: body.id,
        weight: 0,
        parts: [classPart(body, some, months, 'IV')],
      })),
    ])
    const steps = { ...outcome.steps, idleSamples: idleSamples(read, months, null) }
    return { ...outcome, unverified: true, steps }
  },
})
