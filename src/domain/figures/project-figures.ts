import { z } from 'zod'
import { text } from '../indicators/indicator.js'
import { isUnverified } from '../standard-fact.js'
import { eachIdOnce, figureFormula } from './figure-formula.js'
import { judgedWhole, type JudgedPart } from './judged-parts.js'
import {
  capturePart,
  hardenedParts,
  inspectedPart,
  peakPart,
  plotFigures,
  PROJECT_RULE,
  treatedPart,
} from './project-parts.js'
import { solidsPart } from './solids-part.js'

const told = z.boolean().nullable().default(null)
const common = {
  id: z.string().trim().min(1),
  areaM2: z.number().positive(),
  built: z.enum(['new', 'retrofit']),
}

const project = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('building-plot'),
    ...common,
    ...plotFigures,
    hardened: z
      .strictObject({
        groundM2: z.number().positive(),
        hardenedM2: z.number().nonnegative(),
        formerRatio: z.number().min(0).max(1).nullable().default(null),
      })
      .nullable()
      .default(null),
  }),
  z.strictObject({ kind: z.literal('parking-or-plaza'), ...common, ...plotFigures }),
  z.strictObject({
    kind: z.literal('road'),
    ...common,
    pollutionAsDesigned: told.meta({ description: 'runoff pollution is controlled as designed' }),
    floodPathKept: z
      .union([z.boolean(), z.literal('no-flood-path')])
      .nullable()
      .default(null),
  }),
  z.strictObject({
    kind: z.literal('park'),
    ...common,
    captureRatio: z.number().min(0).max(1).nullable().default(null),
    surroundingsTaken: told.meta({ description: 'takes runoff from around it as designed' }),
  }),
])

type Project = z.output<typeof project>

/** GB/T 51345-2018 item 2: what each kind of source-reduction project has to show. */
export const SOURCE_PROJECTS = figureFormula({
  id: 'source-projects',
  unit: '1',
  inputs: z.strictObject({ projects: z.array(project).min(1).superRefine(eachIdOnce) }),
  words: text(
    '每个项目按类型：建筑小区 α 不低于分区或规划下限；SS 年削减率 新建 ≥ 70 %、改扩建 ≥ 40 % 或规划值（η = α·设施平均 SS 去除率，或实测 (ΣM入 − ΣM出)/ΣM入，M = Σ(Q·C) 梯形积分，须 CMA 实验室，不少于 3 场 S28）；不透水面径流污染控制比例 新建 100 %、改扩建 ≥ 60 %；管渠与内涝防治重现期下峰值均不高于建设（改造）前；硬化地面率（不含屋面与透水铺装）新建 ≤ 40 %、改扩建 ≤ 70 % 且不高于原值；停车场与广场同前（无硬化地面率）；道路按设计控制径流污染并保持行泄通道；公园绿地 α ≥ 90 % 并按设计接纳周边径流。改扩建的 α、SS 削减率、新建的峰值、硬化地面率上限为“不宜”。value 为全部符合的项目面积比例（GB/T 51345-2018 第 2 项，未核实 (unverified)）',
    'each project by its kind: building plots with α from the bound of zone or plan upwards; annual reduction of solids from 70 % (new), 40 % (retrofit) or what the plan asks (η = α·mean removal of the facilities, or measured (ΣM in − ΣM out)/ΣM in, M = Σ(Q·C) by trapezoid, by a CMA laboratory, at least 3 events, S28); runoff treated of all impervious area (new), 60 % (retrofit); peaks at the return periods of sewer and waterlogging not above those before; hardened ground, without roofs and pervious pavement, at most 40 % (new), 70 % and not above what it was (retrofit); parking lots and plazas the same without hardened ground; roads control runoff pollution as designed and keep their flood path; parks with α from 90 % that take runoff from around as designed. Preferred only (不宜): α of retrofits, the reduction of solids, peaks of new projects and the limits of hardened ground. value: share by area of the projects that meet everything (GB/T 51345-2018, item 2 (unverified))',
  ),
  compute: ({ projects }) => {
    const subjects = projects.map((one) => ({
      id: one.id,
      weight: one.areaM2,
      parts: partsOf(one),
    }))
    const unverified = isUnverified([PROJECT_RULE])
    return { ...judgedWhole(subjects), unverified, steps: { subjects } }
  },
})

function partsOf(one: Project): readonly JudgedPart[] {
  switch (one.kind) {
    case 'building-plot':
      return [...plotParts(one), ...hardenedParts(one.hardened, one.built)]
    case 'parking-or-plaza':
      return plotParts(one)
    case 'road': {
      const isKept = one.floodPathKept === 'no-flood-path' ? 'not-asked' : one.floodPathKept
      return [
        inspectedPart('pollution', text('径流污染控制', 'pollution'), one.pollutionAsDesigned),
        inspectedPart('flood-path', text('行泄通道', 'flood path'), isKept),
      ]
    }
    case 'park': {
      const { captureRatio: ratio, surroundingsTaken } = one
      return [
        capturePart(ratio === null ? null : { ratio, bound: PROJECT_RULE.parkCapture }, one.built),
        inspectedPart('surroundings', text('接纳周边径流', 'surroundings'), surroundingsTaken),
      ]
    }
    default:
      return one satisfies never
  }
}

function plotParts(
  one: Extract<Project, { kind: 'building-plot' | 'parking-or-plaza' }>,
): readonly JudgedPart[] {
  return [
    capturePart(one.capture, one.built),
    solidsPart(one.solids, one.built, one.planSolidsReduction),
    treatedPart(one.impervious, one.built),
    peakPart(one.peaks, one.built),
  ]
}
