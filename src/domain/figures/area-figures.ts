import { z } from 'zod'
import { text } from '../indicators/indicator.js'
import { CONTIGUOUS_RULE, contiguousShare } from '../land/contiguous-area.js'
import { PERVIOUS_RULE, perviousRatio } from '../land/pervious-ratio.js'
import { eachIdOnce, figureFormula, judged, type FigureFormula } from './figure-formula.js'

const areaM2 = z.number().nonnegative().nullable().default(null)
const told = z.boolean().nullable().default(null)
const id = z.string().trim().min(1)

/** What is computed from areas alone: pervious ground, projects. */
export const AREA_FORMULAS: readonly FigureFormula[] = [
  figureFormula({
    id: 'pervious-ratio',
    unit: '1',
    inputs: z.strictObject({ perviousM2: areaM2, builtUpM2: areaM2 }),
    words: text(
      'R = perviousM2/builtUpM2（可渗透地面面积比例）；不低于 40 % 为达标（系统化全域推进海绵城市建设示范目标，未核实 (unverified)）',
      'R = perviousM2/builtUpM2 (pervious ground ratio); PASS from 40 % (target of the demonstration cities (unverified))',
    ),
    compute: ({ perviousM2, builtUpM2 }) => {
      const found = perviousRatio(perviousM2, builtUpM2)
      const steps = { ...found, minRatio: PERVIOUS_RULE.minRatio }
      return {
        ...{ value: found.ratio, unverified: found.unverified, steps },
        ...judged(found.meetsMin, found.reason, PERVIOUS_RULE.minRatio),
      }
    },
  }),
  figureFormula({
    id: 'contiguous-area',
    unit: '1',
    inputs: z.strictObject({
      constructionM2: z.number().positive(),
      projects: z
        .array(z.strictObject({ id, areaM2: z.number().positive(), accepted: told, meets: told }))
        .min(1)
        .superRefine(eachIdOnce),
    }),
    words: text(
      'R = 已验收（accepted）且达到要求（meets）的项目面积/constructionM2；未知的按不计与计入各算一次，两者一致才判定；不低于 60 % 为达标（635 附件指标 18，未核实 (unverified)）',
      'R = area of the projects that are accepted and meet what is asked/constructionM2; what is not known is once left out and once counted, and the verdict stands when both agree; PASS from 60 % (635 annex, indicator 18 (unverified))',
    ),
    compute: ({ constructionM2, projects }) => {
      const found = contiguousShare(projects, constructionM2)
      const open = found.open.join(', ')
      const why = found.reason === null ? null : `${found.reason}${open === '' ? '' : `: ${open}`}`
      const { minShare } = CONTIGUOUS_RULE
      return {
        value: found.share,
        ...judged(found.meetsMin, why, minShare),
        ...{ unverified: found.unverified, steps: { ...found, minShare } },
      }
    },
  }),
]
