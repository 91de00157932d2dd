import { z } from 'zod'
import { text } from '../indicators/indicator.js'
import { SURFACE_WATER_CLASSES } from '../water-quality/surface-water-limits.js'
import { leakage, type Leakage } from '../water-supply/leakage.js'
import { LEAKAGE_RULE } from '../water-supply/leakage-rule.js'
import { rainwaterUse } from '../water-supply/rainwater-use.js'
import { isReuseAsked, REUSE_RULE, wastewaterReuse } from '../water-supply/wastewater-reuse.js'
import { figureFormula, judged, type FigureFormula, type FormulaOutcome } from './figure-formula.js'

const volume = z.number().nonnegative()
const waterClass = z.enum(SURFACE_WATER_CLASSES)

const leakageInputs = z.strictObject({
  suppliedM3: volume,
  consumedM3: volume,
  householdMeteredShare: z.number().min(0).max(1).nullable().default(null),
  pipeKm: z.number().nonnegative().nullable().default(null),
  outletPressureMPa: z.number().nonnegative().nullable().default(null),
  frostDepthM: z.number().nonnegative().nullable().default(null),
})

const reuseInputs = z.strictObject({
  treatedM3: volume,
  reused: z.array(
    z.strictObject({
      kind: z.enum([
        ...(['municipal', 'industrial', 'agricultural'] as const),
        ...(['green-space', 'ecological', 'plant-internal'] as const),
      ]),
      volumeM3: volume,
      effluentClass: waterClass.nullable().default(null),
    }),
  ),
  resourcesM3PerPerson: volume.nullable().default(null),
  innerWaterClass: waterClass.nullable().default(null),
})

const rainwaterInputs = z.strictObject({
  used: z.array(
    z.strictObject({
      kind: z.enum([
        ...(['road-washing', 'green-space', 'municipal', 'industrial'] as const),
        ...(['agricultural', 'cooling', 'scenic-water', 'infiltration'] as const),
      ]),
      volumeM3: volume,
    }),
  ),
  base: z.discriminatedUnion('variant', [
    z.strictObject({
      variant: z.literal('A'),
      rain: z.enum(['mean-annual', 'actual-year']),
      rainMm: volume,
      areaM2: volume,
    }),
    z.strictObject({ variant: z.literal('B'), tapWaterM3: volume }),
  ]),
  target: z.number().min(0).max(1).nullable().default(null),
})

/** What is computed from the figures of a year. */
export const YEARLY_FORMULAS: readonly FigureFormula[] = [
  figureFormula({
    id: 'leakage',
    unit: '1',
    inputs: leakageInputs,
    words: text(
      'R_WL = (suppliedM3 − consumedM3)/suppliedM3；R_BL = R_WL − (R1 + R2 + R3 + R4)，R1 居民抄表到户、R2 单位供水量管长、R3 出厂压力、R4 冻土修正（CJJ 92-2016 2018 年局部修订）；以 R_BL 不大于 12 % 为达标',
      'R_WL = (suppliedM3 − consumedM3)/suppliedM3; R_BL = R_WL − (R1 + R2 + R3 + R4), corrections for household metering, pipe length per supply, outlet pressure and frost (CJJ 92-2016, revision of 2018); PASS when R_BL is at most 12 %',
    ),
    compute: (year) => leakageOutcome(leakage(year)),
  }),
  figureFormula({
    id: 'wastewater-reuse',
    unit: '1',
    inputs: reuseInputs,
    words: text(
      'R = 再生利用量/treatedM3；厂内自用不计，生态补水仅在出水不低于 IV 类时计入；人均水资源不低于 500 m³ 或城内水体不劣于 IV 类的城市不适用；不低于 20 % 为达标',
      'R = reused volume/treatedM3; plant-internal use left out, ecological replenishment counted from class IV up; not asked of cities with 500 m³ or more per person or with inner water of class IV or better; PASS from 20 %',
    ),
    compute: ({ reused, treatedM3, resourcesM3PerPerson, innerWaterClass }) => {
      const asked = isReuseAsked(resourcesM3PerPerson, rangeOf(innerWaterClass))
      const found = wastewaterReuse(
        reused.map((use) => ({ ...use, effluentClass: rangeOf(use.effluentClass) })),
        treatedM3,
      )
      const steps = { ...found, asked, minRatio: REUSE_RULE.minRatio }
      const common = { value: found.ratio, unverified: found.unverified, steps }
      if (asked === false) {
        return { ...common, verdict: 'NOT_APPLICABLE', reason: NOT_ASKED }
      }
      if (asked === null) return { ...common, verdict: 'NOT_EVALUATED', reason: ASKED_OPEN }
      return { ...common, ...judged(found.meetsMin, found.reason, REUSE_RULE.minRatio) }
    },
  }),
  figureFormula({
    id: 'rainwater-use',
    unit: '1',
    inputs: rainwaterInputs,
    words: text(
      '变式 A：R = 利用量/(rainMm·areaM2)；变式 B：R = 利用量/tapWaterM3；进入景观水体及自然入渗的不计；不低于 target 为达标',
      'variant A: R = used volume/(rainMm·areaM2); variant B: R = used volume/tapWaterM3; water into scenic bodies and natural infiltration left out; PASS from target upwards',
    ),
    compute: ({ used, base, target }) => {
      const found = rainwaterUse(used, base)
      const meets = found.ratio === null || target === null ? null : found.ratio >= target
      const why = found.reason ?? (target === null ? 'no_target' : null)
      return {
        ...{ value: found.ratio, unverified: found.unverified, steps: { ...found, target } },
        ...judged(meets, why, target),
      }
    },
  }),
]

const NOT_ASKED = text(
  '水资源不紧缺或城内水体不劣于 IV 类，不适用',
  'not asked of a city with enough water or with inner water of class IV or better',
)
const ASKED_OPEN = text(
  '未给出 resourcesM3PerPerson、innerWaterClass，是否适用不明',
  'resourcesM3PerPerson and innerWaterClass are not given: whether it is asked of the city is open',
)

function leakageOutcome(found: Leakage): FormulaOutcome {
  const missing = found.missing.join(', ')
  const why =
    found.reason === null ? null : `${found.reason}${missing === '' ? '' : `: ${missing}`}`
  return {
    ...{ value: found.gradedRatio, unverified: found.unverified, steps: { ...found } },
    ...judged(found.within635.graded, why, LEAKAGE_RULE.limit635.max),
  }
}

function rangeOf<Grade extends string>(
  grade: Grade | null,
): { readonly best: Grade; readonly worst: Grade } | null {
  return grade === null ? null : { best: grade, worst: grade }
}
