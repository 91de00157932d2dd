import { z } from 'zod'
import {
  areaWeightedShare,
  auditedShare,
  type AuditedSurface,
} from '../facility/audited-capture.js'
import { detentionScale, retentionScale } from '../facility/facility-volume.js'
import { modelCardSchema, modelFaults, type ModelCard } from '../facility/model-card.js'
import { text } from '../indicators/indicator.js'
import { rounded } from '../rounding.js'
import { figureFormula, judged } from './figure-formula.js'

const positive = z.number().positive()
const amount = z.number().nonnegative()

/** What a facility holds: its volume as audited, or what it is worked out from. */
const volume = z.union([
  z.strictObject({ volumeM3: amount }),
  z.strictObject({
    retention: z.strictObject({
      storageM3: amount,
      conductivityMh: amount,
      gradient: amount.default(1),
      areaM2: amount,
      rainH: amount,
    }),
  }),
  z.strictObject({
    detention: z.strictObject({ storageM3: amount, drawdownH: positive, rainH: amount }),
  }),
])

const surface = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('facility'),
    areaM2: positive,
    coefficient: positive.max(1),
    holds: volume,
  }),
  z.strictObject({ kind: z.literal('uncontrolled-impervious'), areaM2: positive }),
  z.strictObject({ kind: z.literal('uncontrolled-pervious'), areaM2: positive, lossMm: amount }),
])

const inputs = z.strictObject({
  curve: z
    .array(z.strictObject({ depthMm: positive, ratio: positive.max(1) }))
    .min(2)
    .refine(
      (points) =>
        points.every((point, i) => {
          const before = points[i - 1]
          return (
            before === undefined || (point.depthMm > before.depthMm && point.ratio > before.ratio)
          )
        }),
      'points of the local curve, rising in depth and ratio (rainledger design-rain gives them)',
    ),
  projects: z
    .array(z.strictObject({ id: z.string().min(1), surfaces: z.array(surface).min(1) }))
    .min(1),
  target: z.number().min(0).max(1).nullable().default(null),
  built: z.enum(['new', 'retrofit']).nullable().default(null).meta({
    description: 'kind of district; of a retrofit the target is a 不宜 clause',
  }),
  model: modelCardSchema.nullable().default(null),
})

/** The audited volume capture ratio of projects and the zone they make up. */
export const AUDITED_CAPTURE_RATIO = figureFormula({
  id: 'audited-capture-ratio',
  unit: '1',
  inputs,
  words: text(
    '设施控制规模 Vin = Vs + K·J·A·ts，Ved = Vs + Vs/Td·tp；控制雨量 H = V/(10·φ·F)，由当地 α–H 曲线查 α（线性插值）；未控制硬化面 α = 0，未控制透水面按其损失雨量查 α；项目 α = ΣαF/ΣF，分区 α 按面积加权；不低于 target 为达标，仅改扩建区（built: retrofit）为“不宜”；达标须有模型报告（model）：核查降雨年数、率定与验证场次及 NSE，以 modelled 并列，其值也须不低于 target，缺模型或模型不成立不能判定（GB/T 51345-2018 第 5.1.1–5.1.3 条，据摘录 S5；分区加权、新建与改扩建之别未核实 unverified；两值兼判 (recommended)）',
    'control scale Vin = Vs + K·J·A·ts, Ved = Vs + Vs/Td·tp; controlled depth H = V/(10·φ·F), its α read off the local curve (straight between points); 0 for uncontrolled impervious surfaces, uncontrolled pervious ones by their losses; project α = ΣαF/ΣF, the zone weighted by area; PASS from target upwards, which is preferred (不宜) for a retrofit district alone; to pass it wants a model card, which stands beside it as modelled, checked for rain years, events and NSE, and must reach the target, too; without one that stands the verdict is open (GB/T 51345-2018, clauses 5.1.1–5.1.3 as read in an excerpt, S5; the zone, and what tells new from retrofit, (unverified); that both values decide (recommended))',
  ),
  compute: ({ curve, projects, target, built, model }) => {
    const shareOf = (depthMm: number): number => onCurve(curve, depthMm)
    const audited = projects.map(({ id, surfaces }) => {
      const parts = surfaces.map((one) => auditedShare(surfaceOf(one), shareOf))
      const areaM2 = parts.reduce((sum, part) => sum + part.areaM2, 0)
      return { id, areaM2, share: areaWeightedShare(parts) ?? 0, surfaces: parts }
    })
    const share = areaWeightedShare(audited)
    // Rounded, so that a ratio on its target is not put below it by the last bit of a sum.
    const value = share === null ? null : rounded(share)
    const card = model === null ? null : modelled(model)
    return {
      value,
      ...byBoth(value, card, target),
      breaksMust: built !== 'retrofit',
      unverified: true,
      steps: { projects: audited, target, built, modelled: card },
    }
  },
})

interface Modelled {
  readonly ratio: number
  readonly stands: boolean
  readonly faults: readonly string[]
}

/**
 * Audit and model decide together (standards sheet 11, recommended). A zone is judged by continuous
 * simulation (sheet 3.4.4, unverified), so an audit alone can fail it and not pass it.
 */
function byBoth(audited: number | null, card: Modelled | null, target: number | null) {
  if (audited === null || target === null) return judged(null, 'no_target', null)
  if (audited < target) return judged(false, null, target)
  if (card === null) return judged(null, 'model_missing', null)
  if (!card.stands) return judged(null, `model_does_not_stand: ${card.faults.join('; ')}`, null)
  if (card.ratio >= target) return judged(true, null, target)
  const reason = text(
    `核算值 ${audited} 达到、模型值 ${card.ratio} 低于目标 ${target}`,
    `the audited ratio ${audited} reaches the target ${target}, the modelled one ${card.ratio} does not`,
  )
  return { verdict: 'FAIL' as const, reason }
}

/** The modelled ratio beside the audited one, and why it does not stand. */
function modelled(card: ModelCard): Modelled {
  const faults = modelFaults(card)
  return { ratio: card.ratio, stands: faults.length === 0, faults }
}

type Surface = z.output<typeof surface>

function surfaceOf(given: Surface): AuditedSurface {
  if (given.kind !== 'facility') return given
  const { kind, areaM2, coefficient, holds } = given
  const volumeM3 =
    'volumeM3' in holds
      ? holds.volumeM3
      : 'retention' in holds
        ? retentionScale(holds.retention).totalM3
        : detentionScale(
            holds.detention.storageM3,
            holds.detention.drawdownH,
            holds.detention.rainH,
          ).totalM3
  return { kind, areaM2, coefficient, volumeM3 }
}

/** Straight from the origin through the points; beyond the last the curve is not known and stays level. */
function onCurve(
  curve: readonly { readonly depthMm: number; readonly ratio: number }[],
  depthMm: number,
): number {
  let before = { depthMm: 0, ratio: 0 }
  for (const point of curve) {
    if (depthMm <= point.depthMm) {
      const share = (depthMm - before.depthMm) / (point.depthMm - before.depthMm)
      return before.ratio + share * (point.ratio - before.ratio)
    }
    before = point
  }
  return before.ratio
}
